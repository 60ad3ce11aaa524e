"""Question 2 of asking: when it suits, how long it takes, where it is."""

from __future__ import annotations

import datetime as dt  # a form field is called date, another time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.example_day import with_day
from accounts.sentence import Sentence
from requests_app import moments
from requests_app.categories import MINUTES
from requests_app.forms.gentle import not_private
from requests_app.forms.moment import (
    BEGUN,
    OTHER,
    TODAY,
    TOMORROW,
    day_chosen,
    day_field,
    moment_chosen,
    time_chosen,
    time_field,
)
from requests_app.models import HelpRequest, Part, Place
from requests_app.words import HALF_A_DAY

UNKNOWN = "unknown"
LENGTHS = [
    ("20", _("20 minutes")),
    ("30", _("30 minutes")),
    ("60", _("1 hour")),
    (str(HALF_A_DAY), _("Half a day")),
    (UNKNOWN, _("I don't know")),
]
ANY = "any"


class WhenForm(forms.Form):
    """Question 2: the moment, how long, where; the address is kept apart."""

    takes_out = True  # its pages have the button that takes something private out

    day = forms.ChoiceField(
        label=_("When does it suit you?"),
        choices=[
            (TODAY, _("Today")),
            (TOMORROW, _("Tomorrow")),
            (OTHER, format_lazy("{}\n{}", _("Another day"), _("Choose the day below"))),
            (ANY, format_lazy("{}\n{}", _("Any time"), _("When somebody has a moment, within 7 days"))),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a day")},
    )
    date = day_field(label=_("Which day?"), help_text=with_day(_("For example %(day)s")), required=False)
    part = forms.ChoiceField(
        label=_("Which moment?"),
        choices=[choice for choice in Part.choices if choice[0] != Part.ANY],
        required=False,
        widget=forms.RadioSelect,
    )
    time = time_field(label=_("What time?"), help_text=_("Only for a fixed time. For example 10.15"), required=False)
    minutes = forms.ChoiceField(
        label=_("About how long does it take?"),
        choices=LENGTHS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose about how long it takes")},
    )
    place = forms.ChoiceField(
        label=_("Where is it?"),
        choices=Place.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where it is")},
    )
    place_text = Sentence(
        label=_("Which place, or from where to where?"),
        help_text=_("Not at your home? Then say it here. Neighbours see this."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = Sentence(
        label=_("Your street and house number"),
        help_text=_("Only the neighbour who comes sees your address, and only as long as the appointment runs."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )

    def __init__(self, *args: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.today = timezone.localdate(now)

    def clean_place_text(self) -> str:
        return not_private(self.cleaned_data["place_text"], house_number=True)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("place") == Place.HOME and "address" in data and not any(map(str.isdigit, data["address"])):
            self.add_error("address", _("Write your street and house number"))
        if data.get("day") == ANY:
            data |= {"help_on": None, "help_at": None, "moment": Part.ANY}
        elif "day" in data:
            self._clean_moment(data)
        return data

    def _clean_moment(self, data: dict[str, Any]) -> None:
        on, part = day_chosen(self, self.today), data.get("part", "")
        if not part and "part" not in self.errors:
            self.add_error("part", _("Choose morning, afternoon, evening or a fixed time"))
        at = time_chosen(self) if part == Part.FIXED else None
        if on is None or not part or (part == Part.FIXED and at is None):
            return
        help_at = None if at is None else moment_chosen(self, on, at)
        if at is not None and help_at is None:
            return
        if moments.needed_by(HelpRequest(part=part, help_on=on, help_at=help_at), self.now) <= self.now:
            field = "part" if at is None else "time"
            self.add_error(field, BEGUN)
        data |= {"help_on": on, "help_at": help_at, "moment": part}

    def changes(self) -> dict[str, Any]:
        """What could be understood: after an error that is less than all."""
        data = self.cleaned_data
        changes: dict[str, Any] = {name: data[name] for name in ("place", "place_text", "address") if name in data}
        if "moment" in data and not self.errors.keys() & {"part", "time", "date"}:
            changes |= {"part": data["moment"], "help_on": data["help_on"], "help_at": data["help_at"]}
        if "minutes" in data:
            changes["minutes"] = None if data["minutes"] == UNKNOWN else int(data["minutes"])
        return changes


def when_of(help_request: HelpRequest, address: str, now: dt.datetime) -> dict[str, Any]:
    """The answers to question 2 so far, and what is likely for the rest; of the address the street that is known."""
    initial: dict[str, Any] = {"place": help_request.place, "place_text": help_request.place_text}
    initial["address"] = address or f"{help_request.street} ".lstrip()
    answered = help_request.part or help_request.minutes
    initial["minutes"] = (help_request.minutes if answered else MINUTES.get(help_request.category)) or UNKNOWN
    if not answered or help_request.part == Part.ANY:
        initial["day"] = ANY
    elif help_request.help_on:
        on = help_request.help_on
        away = (on - timezone.localdate(now)).days
        initial |= {"day": {0: TODAY, 1: TOMORROW}.get(away, OTHER), "part": help_request.part}
        initial["date"] = f"{on.day}-{on.month}-{on.year}" if initial["day"] == OTHER else ""
        at = help_request.help_at and timezone.localtime(help_request.help_at)
        initial["time"] = f"{at.hour}.{at.minute:02d}" if at else ""
    return initial
