"""The notice board of one village, for the neighbours who live there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from requests_app.cards import card
from requests_app.categories import Category
from requests_app.models import HelpRequest, HelpRequestQuerySet
from requests_app.views.answers import Request, show
from requests_app.words import HALF_A_DAY
from villages import residencies
from villages.models import Residency, home_of

BOARD_LENGTH = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Where a page of the board ends: microseconds of ``needed_by``, and the pk among those of one moment.
CURSOR = re.compile(r"\A(\d{1,17})-(\d{1,18})\Z", re.ASCII)


class Filter(forms.Form):
    """Time first: how long somebody has, then what they like."""

    minutes = forms.TypedChoiceField(
        label=_("How much time do you have?"),
        choices=[
            ("", _("Any time")),
            ("20", _("20 minutes")),
            ("60", _("1 hour")),
            (str(HALF_A_DAY), _("Half a day")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    kind = forms.MultipleChoiceField(
        label=_("Kind of job"),
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    after = forms.RegexField(CURSOR, required=False, max_length=40, widget=forms.HiddenInput)

    def narrow(self, board: HelpRequestQuerySet) -> HelpRequestQuerySet:
        """What fits in the time somebody has, of what they like, after the page they saw."""
        chosen = self.cleaned_data
        if chosen["minutes"]:  # "as long as you like" fits in any time
            board = board.filter(Q(minutes__lte=chosen["minutes"]) | Q(minutes=None))
        if chosen["kind"]:
            board = board.filter(category__in=chosen["kind"])
        if match := CURSOR.fullmatch(chosen["after"]):
            needed_by = EPOCH + timedelta(microseconds=int(match[1]))
            board = board.filter(Q(needed_by__gt=needed_by) | Q(pk__gt=int(match[2])), needed_by__gte=needed_by)
        return board

    def query(self, **extra: str) -> str:
        """The chosen filters as the end of an address."""
        chosen = self.cleaned_data
        pairs = [("minutes", str(chosen["minutes"]))] if chosen["minutes"] else []
        pairs += [("kind", kind) for kind in chosen["kind"]]
        return urlencode(pairs + list(extra.items()))


@require_safe
@cache_control(private=True, no_cache=True)
@conditional_page
def board(request: Request) -> HttpResponse:
    now = timezone.now()
    home = home_of(request.user)
    if home is None or not home.is_proven(now):
        return render(request, "requests_app/not_yet.html", {"home": home, "village": home and home.village})
    chosen = Filter(request.GET)
    if not chosen.is_valid():
        raise Http404
    village = home.village
    rows = chosen.narrow(HelpRequest.objects.on_board_of(village.pk, now)).select_related("author")
    found = list(rows[: BOARD_LENGTH + 1])
    if request.method == "GET" and not (chosen.query() or chosen.cleaned_data["after"]):
        newest = max((row.posted_at for row in found if row.posted_at), default=None)
        residencies.saw_board(home, newest, now)  # a read mark
    context = {
        "village": village,
        "filter": chosen,
        "narrowed": bool(chosen.query()),
        "cards": [card(_in(help_request, home), request.user, home, now) for help_request in found[:BOARD_LENGTH]],
        "all_url": reverse("board"),
        "next_url": _more(chosen, found[BOARD_LENGTH - 1]) if len(found) > BOARD_LENGTH else "",
        "previous_url": f"{reverse('board')}?{chosen.query()}" if chosen.cleaned_data["after"] else "",
    }
    return show(request, "requests_app/board.html", "cards", context)


def _in(help_request: HelpRequest, home: Residency) -> HelpRequest:
    help_request.village = home.village  # known already, with its contact person
    return help_request


def _more(chosen: Filter, last: HelpRequest) -> str:
    if last.needed_by is None:
        raise ValueError("on the board without a moment")
    microseconds = (last.needed_by - EPOCH) // timedelta(microseconds=1)
    return f"{reverse('board')}?{chosen.query(after=f'{microseconds}-{last.pk}')}"
