"""What is mine: what I asked and what I do for others. What runs first, then what is past, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from moderation import blocking
from requests_app import talk_list
from requests_app.cards import Card, card
from requests_app.going_cards import spare_cards
from requests_app.models import HelpRequest, PickUp, SpareOffer, Status
from requests_app.models.going import joined_by
from requests_app.states import BoardState
from requests_app.views.answers import Request
from villages.models import Group, Residency, home_of

RUNNING = (Status.DRAFT, Status.OPEN, Status.TAKEN)
MOST_RUNNING = 20  # more than three open requests cannot be; drafts and jobs could grow
PAST_PAGE = 10
MOST_TALKS = 3  # the rest is on a page of its own


class Paging(forms.Form):
    """Where the lists of what is past go on."""

    asked_before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    helped_before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


@require_safe
@never_cache
def mine(request: Request) -> HttpResponse:
    now, user = timezone.now(), request.user
    paging = Paging(request.GET)
    if not paging.is_valid():
        raise Http404
    home = home_of(user)
    asked_before, helped_before = paging.cleaned_data["asked_before"], paging.cleaned_data["helped_before"]
    context: dict[str, Any] = {
        **_asked(user, home, now, asked_before),
        **_helped(user, home, now, helped_before),
        **_anyway(user, now),
        "groups": list(Group.objects.of(user, now).select_related("place")),
        "is_first_page": not (asked_before or helped_before),
    }
    if context["is_first_page"]:
        context["talks"], context["more_talks"] = talk_list.conversations_of(user, most=MOST_TALKS)
    if home:
        context["village"] = home.village
    return render(request, "pages/mine.html", context)


def _asked(user: User, home: Residency | None, now: datetime, before: int | None) -> dict[str, Any]:
    rows = HelpRequest.objects.filter(author=user).select_related("author", "village__contact_person").order_by("-pk")
    running = rows.filter(status__in=RUNNING)[:MOST_RUNNING]
    past = rows.exclude(status__in=RUNNING)
    page = list((past.filter(pk__lt=before) if before else past)[: PAST_PAGE + 1])
    shown = _cards(running, user, home, now)
    return {
        "drafts": [(help_request.pk, it) for help_request, it in shown if help_request.status == Status.DRAFT],
        "running": [it for help_request, it in shown if help_request.status != Status.DRAFT],
        "past": [(row.pk, it) for row, it in _cards(page[:PAST_PAGE], user, home, now)],
        "past_more": _more("asked_before", page[PAST_PAGE - 1].pk) if len(page) > PAST_PAGE else "",
    }


def _helped(user: User, home: Residency | None, now: datetime, before: int | None) -> dict[str, Any]:
    rows = PickUp.objects.filter(helper=user).order_by("-pk")
    rows = rows.select_related("help_request__author", "help_request__village__contact_person")
    active = rows.filter(ended_at=None)[:MOST_RUNNING]
    ended = rows.exclude(ended_at=None).filter(help_request__hidden_at=None)
    ended = ended.exclude(help_request__author__in=blocking.blocked_with(user.pk))
    page = list((ended.filter(pk__lt=before) if before else ended)[: PAST_PAGE + 1])
    jobs, done = (row.help_request for row in active), (row.help_request for row in page[:PAST_PAGE])
    return {
        "jobs": [replace(it, state=BoardState.OPEN) for _row, it in _cards(jobs, user, home, now)],
        "jobs_past": [it for _row, it in _cards(done, user, home, now)],
        "jobs_more": _more("helped_before", page[PAST_PAGE - 1].pk) if len(page) > PAST_PAGE else "",
    }


def _anyway(user: User, now: datetime) -> dict[str, Any]:
    """What they do anyway, and what of others they joined: still to come, soonest first."""
    rows = SpareOffer.objects.visible_to(user).filter(leaves_at__gt=now, withdrawn_at=None)
    rows = rows.filter(Q(author=user) | joined_by(user)).with_street_and(user).order_by("leaves_at", "pk")
    shown = spare_cards(rows[:MOST_RUNNING], user, now)
    return {
        "spares": [card for card in shown if card.state == "yours"],
        "joined": [card for card in shown if card.state != "yours"],
    }


def _cards(
    rows: Iterable[HelpRequest], user: User, home: Residency | None, now: datetime
) -> list[tuple[HelpRequest, Card]]:
    return [(help_request, card(help_request, user, home, now)) for help_request in rows]


def _more(name: str, pk: int) -> str:
    return f"{reverse('mine')}?{name}={pk}"
