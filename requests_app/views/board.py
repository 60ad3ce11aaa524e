"""The notice board of one village, for the neighbours who live there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from accounts.models import User
from notifications.inbox import unread_of_outer_user
from requests_app.cards import Card, card
from requests_app.forms.board import Filter, place_of
from requests_app.going_cards import spare_cards
from requests_app.models import HelpRequest, SpareOffer, Status
from requests_app.views.answers import Request, show
from villages import residencies
from villages.models import Residency, homes_of
from volunteers.models import Volunteer

BOARD_LENGTH = 20
MOST_SPARE = 4  # of what neighbours do anyway: the rest stands on a page of its own


@require_safe
@cache_control(private=True, no_cache=True)
@conditional_page
def board(request: Request) -> HttpResponse:
    now = timezone.now()
    home = _home(request.user)
    if home is None or not home.is_proven(now):
        return render(request, "requests_app/not_yet.html", {"home": home, "village": home and home.village})
    chosen = Filter(request.GET)
    if not chosen.is_valid():
        raise Http404
    rows = HelpRequest.objects.on_board_of(home.village_id, now).without_blocked(request.user).select_related("author")
    found = list(chosen.narrow(rows, home, now)[: BOARD_LENGTH + 1])
    shown = sorted(found[:BOARD_LENGTH], key=lambda row: row.status != Status.OPEN)  # where somebody is needed first
    after = chosen.cleaned_data["after"]
    last = place_of(found[BOARD_LENGTH - 1], "needed_by") if len(found) > BOARD_LENGTH else ""
    spares = list(SpareOffer.objects.on_board_of(home.village_id, now).cards_for(request.user)[: MOST_SPARE + 1])
    if request.method == "GET" and not (chosen.query() or after):
        posted = [row.on_board_at for row in found if row.on_board_at] + [row.posted_at for row in spares[:MOST_SPARE]]
        residencies.saw_board(home, max(posted, default=None), now)  # a read mark
    context = {
        "village": home.village,
        "filter": chosen,
        "narrowed": bool(chosen.query()),
        "cards": [_card(help_request, home, request.user, chosen, now) for help_request in shown],
        "all_url": reverse("board"),
        "next_url": chosen.address(after=last) if last else "",
        "previous_url": chosen.address() if after else "",
        "spares": spare_cards(spares[:MOST_SPARE], request.user, now),
        "spares_more_url": reverse("spare_offers") if len(spares) > MOST_SPARE else "",
        **_menu(home),
    }
    response = show(request, "requests_app/board.html", "cards", context)
    if request.htmx:  # without the empty fields of the form
        response["HX-Push-Url"] = chosen.address(after=after) if after else chosen.address()
    return response


def _card(help_request: HelpRequest, home: Residency, viewer: User, chosen: Filter, now: datetime) -> Card:
    """A card whose address carries the filter along, for the way back."""
    help_request.village = home.village  # known already, with its contact person
    shown, here = card(help_request, viewer, home, now), chosen.here()
    return replace(shown, url=f"{shown.url}?{here}") if here else shown


def _home(viewer: User) -> Residency | None:
    """Where this person lives. In the same query what the menu shows: so a read mark costs no more than others pay."""
    volunteer = Volunteer.objects.filter(user=OuterRef("user"), ended_at=None)
    return homes_of(viewer).annotate(volunteers=Exists(volunteer), new=unread_of_outer_user("user")).first()


def _menu(home: Residency) -> dict[str, Any]:
    return {"is_volunteer": home.volunteers, "unread": len(home.new)}  # type: ignore[attr-defined]  # annotated
