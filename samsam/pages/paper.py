"""What leaves the screen: a poster for everybody; a letter and a list for a table, which staff print."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actors import staff
from accounts.models import User
from requests_app import cards, deeds, tables, words
from requests_app.models import HelpRequest, Status
from samsam.pages.door import for_staff
from villages.journal import note
from villages.models import Group, Village, VillageQuerySet

STRIPS = 8  # to tear off
# On a table nobody leafs through more; the soonest stand first.
MOST_ON_A_TABLE = 30
ON_PAPER = {"theme": "light", "text_size": ""}  # ink, in the sizes of the paper


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
        "host_and_path": _as_typed(page).split("/", 1),  # a narrow strip may break it there
        "strips": range(STRIPS),
        "back": page,
    }
    return render(request, "paper/poster.html", context | ON_PAPER)


@for_staff
def letter(request: HttpRequest, slug: str) -> HttpResponse:
    """A4, for the letter boxes of a village: its code, how long that works and whom to call. Each look is noted."""
    village = _own(request, slug)
    now = timezone.now()
    _note("letter_looked_at", village, request)
    page = reverse("join_village", args=[village.slug])
    context: dict[str, Any] = {
        "village": village,
        "works": village.letter_code_until > now,
        "code": f"{village.letter_code[:4]} {village.letter_code[4:]}",
        "until": words.full_day(timezone.localdate(village.letter_code_until), now),
        "url": settings.SITE_URL + page,
        "address": _as_typed(page),
        "back": _desk(village),
    }
    return render(request, "paper/letter.html", context | ON_PAPER)


@for_staff
def table_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What neighbours see of the open requests, in large print, for a table in the village. Each look is noted."""
    village = _own(request, slug)
    now = timezone.now()
    _note("table_list_looked_at", village, request)
    found = HelpRequest.objects.on_board_of(village.pk, now).filter(status=Status.OPEN).select_related("author")
    rows = [_row(help_request, now) for help_request in found[:MOST_ON_A_TABLE]]
    context = {
        "village": village,
        "rows": rows,
        "printed": words.exact(now, now),
        "back": _desk(village),
    }
    return render(request, "paper/table_list.html", context | ON_PAPER)


@require_safe
@never_cache
def group_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What lies before a group, in large print, for its table; for its hosts. Nothing but what neighbours see."""
    assert isinstance(request.user, User)  # the middleware asks for a login
    hosted = Group.objects.hosted_by(request.user).select_related("place__village__contact_person")
    group = get_object_or_404(hosted, pk=pk)
    now = timezone.now()
    found = tables.lying_before(group, request.user, now).filter(status=Status.OPEN)
    rows = [
        {
            **_row(help_request, now),
            "coming": [tables.with_part(pick_up) for pick_up in tables.known_of(help_request, {group.pk})],
            "parts": deeds.deeds_of(help_request.category),
        }
        for help_request in found[:MOST_ON_A_TABLE]
    ]
    context = {
        "group": group,
        "place": group.place,
        "village": group.place.village,
        "rows": rows,
        "printed": words.exact(now, now),
        "back": group.get_absolute_url(),
    }
    return render(request, "paper/group_list.html", context | ON_PAPER)


def _row(help_request: HelpRequest, now: datetime) -> dict[str, Any]:
    """What neighbours see of it."""
    return {
        "number": help_request.pk,
        "title": words.title(help_request),
        "who": cards.name_and_street(help_request),
        "when": words.when(help_request, now, full=True),
        "length": words.length(help_request.minutes),
        "places_left": cards.places_left(help_request),
    }


def _switched_on() -> VillageQuerySet:
    return Village.objects.switched_on().select_related("municipality", "contact_person")


def _own(request: HttpRequest, slug: str) -> Village:
    """A village that this member of staff works for; to others it does not exist."""
    own = admin.site.get_model_admin(Village).get_queryset(request)
    return get_object_or_404(_switched_on().filter(pk__in=own.values("pk")), slug=slug)


def _note(what: str, village: Village, request: HttpRequest) -> None:
    assert isinstance(request.user, User)  # the door of the admin looked
    note(what, village.pk, actor=staff(request.user), now=timezone.now())


def _desk(village: Village) -> str:
    return reverse("admin:villages_village_change", args=[village.pk])


def _as_typed(path: str) -> str:
    """An address as it stands on paper: without what people need not type."""
    return settings.SITE_URL.split("://", 1)[1] + path.rstrip("/")
