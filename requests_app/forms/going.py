"""What a neighbour does anyway, on one page: where to, when, what fits; and a word from who joins."""

from __future__ import annotations

import datetime as dt  # a form field is called date, another time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.example_day import with_day
from accounts.sentence import Sentence
from requests_app import going
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
from requests_app.models import SpareOffer, What
from requests_app.models.going import MAX_PLACES, NOTE_LENGTH, SPARE_TITLE_LENGTH, SpareKind
from requests_app.texts import FURTHEST_SPARE

# The same questions for something to share, in its own words.
SHARING_WORDS: dict[str, tuple[Any, Any]] = {
    "title": (_("What do you have to share?"), _("For example: three portions of soup")),
    "day": (_("When can a neighbour fetch it?"), ""),
    "time": (_("What time?"), _("For example 17.30")),
    "places": (_("For how many neighbours is there a portion?"), ""),
    "note": (_("Where can they fetch it?"), _("Only who takes a portion sees this. For example: at the church door.")),
}


class SpareForm(forms.Form):
    """One page. ``words`` is what ``going`` takes."""

    title = Sentence(
        label=_("Where are you going?"),
        help_text=_("For example: the Spar, or Assen"),
        max_length=SPARE_TITLE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say it in a few words")},
    )
    day = forms.ChoiceField(
        label=_("When are you going?"),
        choices=[
            (TODAY, _("Today")),
            (TOMORROW, _("Tomorrow")),
            (OTHER, _("Another day")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a day")},
    )
    date = day_field(
        label=_("Which day?"),
        help_text=with_day(_("Only for another day. For example %(day)s, or Thursday")),
        required=False,
    )
    time = time_field(label=_("What time do you leave?"), help_text=_("For example 10.15"))
    what = forms.MultipleChoiceField(
        label=_("What can you take?"),
        choices=[choice for choice in What.choices if choice[0] != What.PORTION],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you can take")},
    )
    places = forms.TypedChoiceField(
        label=_("For how many neighbours?"),
        choices=[(str(n), str(n)) for n in range(1, MAX_PLACES + 1)],
        coerce=int,
        initial="1",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for how many neighbours")},
    )
    note = Sentence(
        label=_("Where do you meet?"),
        help_text=_("Only who joins sees this. For example: I stop at the church."),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, kind: str, now: dt.datetime, fixed: bool = False, **kwargs: Any) -> None:
        """``fixed``: what fits cannot be changed any more, people said yes to it."""
        super().__init__(*args, **kwargs)
        self.kind, self.now, self.today = kind, now, timezone.localdate(now)
        if fixed or kind == SpareKind.SHARING:
            del self.fields["what"]
        if kind == SpareKind.SHARING:
            for name, (label, hint) in SHARING_WORDS.items():
                self.fields[name].label, self.fields[name].help_text = label, hint

    def clean_title(self) -> str:
        return " ".join(not_private(self.cleaned_data["title"]).split()).rstrip(".")

    def clean_note(self) -> str:
        return " ".join(not_private(self.cleaned_data["note"]).split())

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        on = day_chosen(self, self.today, furthest=going.FURTHEST, too_far=FURTHEST_SPARE)
        at = time_chosen(self)
        if on is not None and at is not None:
            leaves_at = moment_chosen(self, on, at)
            data["leaves_at"] = leaves_at and leaves_at.astimezone(dt.UTC)
            if leaves_at and leaves_at <= self.now:
                self.add_error("time", BEGUN)
            elif leaves_at and leaves_at > self.now + going.FURTHEST:
                self.add_error("date", FURTHEST_SPARE)
        return data

    def words(self) -> dict[str, Any]:
        """All that was filled in, with the moment it makes."""
        words = {name: self.cleaned_data[name] for name in ("title", "places", "note", "leaves_at")}
        if "what" in self.fields:
            words["what"] = self.cleaned_data["what"]
        elif self.kind == SpareKind.SHARING:
            words["what"] = [What.PORTION]
        return words


class WishForm(forms.Form):
    """What the author may bring, or should know."""

    wish = Sentence(
        label=_("What would you like to say about it?"),
        help_text=_("For example: one loaf of bread and milk."),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_wish(self) -> str:
        return " ".join(not_private(self.cleaned_data["wish"]).split())


def answers_of(spare: SpareOffer, now: dt.datetime) -> dict[str, Any]:
    """What was filled in, to change it."""
    at = timezone.localtime(spare.leaves_at)
    day = {0: TODAY, 1: TOMORROW}.get((at.date() - timezone.localdate(now)).days, OTHER)
    return {
        "title": spare.title,
        "day": day,
        "date": f"{at.day}-{at.month}-{at.year}" if day == OTHER else "",
        "time": f"{at.hour}.{at.minute:02d}",
        "places": spare.places,
        "note": spare.note,
    }
