"""What leaves the screen: a poster for everybody."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from villages.models import Village, VillageQuerySet

STRIPS = 8  # to tear off


@login_not_required
@require_safe
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    """A4, for the shop and the village hall: the public address of a village and whom to call; never its code."""
    village = get_object_or_404(_switched_on(), slug=slug)
    page = reverse("village", args=[village.slug])
    context = {
        "village": village,
        "url": settings.SITE_URL + page,
        "address": _as_typed(page),
        "strips": range(STRIPS),
        "back": page,
        "theme": "light",  # ink on paper
    }
    return render(request, "paper/poster.html", context)


def _switched_on() -> VillageQuerySet:
    return Village.objects.switched_on().select_related("municipality", "contact_person")


def _as_typed(path: str) -> str:
    """An address as it stands on paper: without what people need not type."""
    return settings.SITE_URL.split("://", 1)[1] + path.rstrip("/")
