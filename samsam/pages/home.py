"""The first page, the public page of a village, and where somebody goes after signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from samsam.context import VILLAGE_COOKIE, last_seen
from samsam.pages.letters import keep
from samsam.pages.visitors import liveliest, neighbours_to_publish, visitor_cards
from villages import search
from villages.models import Residency, Village, home_of


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Two doors; for visitors the choice of a village, for residents their own."""
    residency = _home(request)
    featured = residency.village if residency else last_seen(request) or liveliest()
    context = {
        "home": residency,
        "joined": _has_joined(residency),
        "villages": [] if residency else search.switched_on(),
        "featured": featured,
        "cards": visitor_cards(featured, timezone.now()) if featured else [],
    }
    if residency:
        context["village"] = residency.village
    return render(request, "pages/home.html", context)


@login_not_required
@require_safe
def village(request: HttpRequest, slug: str) -> HttpResponse:
    """What everybody may know of a village; of a place where SamSam is not yet, who can switch it on."""
    places = Village.objects.select_related("municipality", "contact_person")
    place = get_object_or_404(places, slug=slug)
    if place.switched_on_at is None:
        return render(request, "pages/village_off.html", {"place": place})
    residency = _home(request)
    lives_here = residency is not None and residency.village_id == place.pk
    context = {
        "village": place,
        "lives_here": lives_here,
        "joined": lives_here and _has_joined(residency),
        "neighbours": neighbours_to_publish(place),
        "cards": visitor_cards(place, timezone.now()),
    }
    response = render(request, "pages/village.html", context)
    if not request.user.is_authenticated:
        keep(response, VILLAGE_COOKIE, place.slug)
    return response


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where somebody goes who signed in without saying where to."""
    assert isinstance(request.user, User)  # the middleware asks for a login
    residency = home_of(request.user)
    if residency is None:
        return redirect("admin:index" if request.user.is_staff else "welcome")
    if not residency.street or not request.user.first_name:
        return redirect("welcome_street" if not residency.street else "welcome_name")
    if not _has_joined(residency):
        return redirect("join_village", residency.village.slug)
    return redirect("board")


def _home(request: HttpRequest) -> Residency | None:
    return home_of(request.user) if isinstance(request.user, User) else None


def _has_joined(residency: Residency | None) -> bool:
    return residency is not None and residency.is_proven(timezone.now())
