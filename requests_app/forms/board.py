"""What somebody looks for on the notice board: time first, then the day, what they like, and how near."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from django import forms
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Trim
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from requests_app.categories import Category
from requests_app.days import Days, span
from requests_app.models import HelpRequestQuerySet
from requests_app.moments import local_moment
from requests_app.words import HALF_A_DAY
from villages.models import Residency

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Where a page of a list ends: microseconds of its moment, and the pk among those of one moment.
CURSOR = re.compile(r"\A(\d{1,17})-(\d{1,18})\Z", re.ASCII)
NEAR = "near"
MOST_NAMED = 3  # choices in the sentence that says nothing was found

Rows = TypeVar("Rows", bound="QuerySet[Any]")


class Place(forms.Form):
    """Where in a list ordered by a moment and the pk somebody is."""

    after = forms.RegexField(CURSOR, required=False, max_length=40, widget=forms.HiddenInput)

    def beyond(self, rows: Rows, moment: str) -> Rows:
        """What comes after the page they saw."""
        match = CURSOR.fullmatch(self.cleaned_data["after"])
        if match is None:
            return rows
        at = EPOCH + timedelta(microseconds=int(match[1]))
        return rows.filter(Q(**{f"{moment}__gt": at}) | Q(pk__gt=int(match[2])), **{f"{moment}__gte": at})


def place_of(row: Model, moment: str) -> str:
    """The place right after this row."""
    return f"{(getattr(row, moment) - EPOCH) // timedelta(microseconds=1)}-{row.pk}"


class Filter(Place):
    """Time first: how long somebody has, then when, what they like, and how near."""

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
    day = forms.ChoiceField(
        label=_("When do you have time?"),
        choices=[
            ("", _("Any day")),
            (Days.TODAY, _("Today")),
            (Days.TOMORROW, _("Tomorrow")),
            (Days.WEEK, _("This week")),
            (Days.WEEKEND, _("In the weekend")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    kind = forms.MultipleChoiceField(
        label=_("What do you like to do?"),
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    band = forms.ChoiceField(
        label=_("How near?"),
        choices=[("", _("In the village")), (NEAR, _("Around the corner"))],
        required=False,
        widget=forms.RadioSelect,
    )

    def narrow(self, board: HelpRequestQuerySet, home: Residency, now: datetime) -> HelpRequestQuerySet:
        """What fits in the time somebody has, on their day, of what they like and as near, after the page they saw."""
        chosen = self.cleaned_data
        if chosen["minutes"]:  # "as long as you like" fits in any time
            board = board.filter(Q(minutes__lte=chosen["minutes"]) | Q(minutes=None))
        if chosen["day"]:  # "any time" fits on any day until its last
            first, last = span(Days(chosen["day"]), timezone.localdate(now))
            any_time = Q(help_on=None, needed_by__gt=local_moment(first, time()))
            board = board.filter(Q(help_on__range=(first, last)) | any_time)
        if chosen["kind"]:
            board = board.filter(category__in=chosen["kind"])
        if chosen["band"]:  # the same street; who gave none has no corner
            street = home.street.strip()
            board = board.alias(trimmed=Trim("street")).filter(trimmed__iexact=street) if street else board.none()
        return self.beyond(board, "needed_by")

    def is_folded(self) -> bool:
        """Nothing is chosen of what stands below the time."""
        return not any(self.cleaned_data[name] for name in ("day", "kind", "band"))

    def query(self, **extra: str) -> str:
        """The chosen filters as the end of an address."""
        chosen = self.cleaned_data
        pairs = [(name, str(chosen[name])) for name in ("minutes", "day") if chosen[name]]
        pairs += [("kind", kind) for kind in chosen["kind"]]
        pairs += [("band", chosen["band"])] if chosen["band"] else []
        return urlencode(pairs + list(extra.items()))

    def address(self, **extra: str) -> str:
        """The board with these filters."""
        query = self.query(**extra)
        return reverse("board") + (f"?{query}" if query else "")

    def here(self) -> str:
        """This page of the board, as the end of an address."""
        after = self.cleaned_data["after"]
        return self.query(after=after) if after else self.query()

    def nothing_found(self) -> str:
        """The sentence for an empty list, with what was chosen in it as far as that reads well."""
        chosen = self.cleaned_data
        names = [
            str(dict(self.fields[name].choices)[str(chosen[name])])  # type: ignore[attr-defined]  # all have choices
            for name in ("minutes", "day", "band")
            if chosen[name]
        ]
        names += [str(Category(kind).label) for kind in chosen["kind"]]
        if not names or len(names) > MOST_NAMED:
            return gettext("Nothing found for what you chose.")
        return gettext("Nothing found for %(choices)s.") % {"choices": ", ".join(map(_lower, names))}


def board_address(query: QueryDict) -> str:
    """The board as somebody left it, from what the address of a request carries along; nonsense is left out."""
    chosen = Filter(query)
    if not chosen.is_valid():
        return reverse("board")
    after = chosen.cleaned_data["after"]
    return chosen.address(after=after) if after else chosen.address()


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
