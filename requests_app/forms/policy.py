"""Numbers for the ladder as staff type them: a comma in Dutch, refused with the reason, seen before they count."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.formats import localize_input
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from requests_app import sensible
from requests_app.ladder import Numbers
from requests_app.models import Policy
from requests_app.models.policy import default_caps, default_goals
from requests_app.sensible import Fault

SHARE = _("A share of the time between posting and the moment help is needed: 0.25 is a quarter of it.")
FIXED = _("Hours:minutes:seconds, like 0:30:00. Wins over the share above. Empty: the share counts.")
HELP = {
    **dict.fromkeys(sensible.SHARES, SHARE),
    **dict.fromkeys(
        ("circle_after", "group_after", "first_wave_after", "between_waves_after", "contact_after"), FIXED
    ),
    "goals": _("How sure each wave wants to be that somebody says yes. A space between them: 0.6 0.8 0.9."),
    "caps": _("How many volunteers each wave asks at most, as many numbers as there are chances: 5 8 12."),
    "office_hours": _("So many working hours before the help is needed, it is with the contact person. 0: none."),
    "skips_neighbours": _("Then a request starts with a group in the village, or with volunteers."),
    "skips_groups": _("Then volunteers come after the neighbours."),
    "skips_volunteers": _("What neighbours leave then goes to the contact person."),
}
REASONS = {
    Fault.SHARE: _("Write a share from 0 up to 1: 0.25 is a quarter."),
    Fault.NEVER_ENDS: _("With so little time between them the waves never end. Write 0.01 or more."),
    Fault.TOO_SHORT: _("Nobody can answer in that time. Write five minutes or more."),
    Fault.TOO_LONG: _("Nobody waits that long. Write 60 days at most."),
    Fault.CONTACT_FIRST: _("The contact person would come before the volunteers. Write a later moment."),
    Fault.CONTACT_TOO_LATE: _("At 1 the help is needed at that very moment. Write less."),
    Fault.CONTACT_ALONE: _("Give the first volunteers a fixed time too. A share of a long time would come later."),
    Fault.NO_CIRCLE: _("At 0 the own circle has no time to answer. Write more."),
    Fault.CIRCLE_LATE: _("The own circle would keep it until the contact person comes. Write less."),
    Fault.GROUP_LATE: _("Groups would come after whom we ask next. Write an earlier moment."),
    Fault.NOBODY: _("Then only the contact person is left. Keep neighbours, groups or volunteers."),
    Fault.NO_GOAL: _("Write at least one chance, like 0.6."),
    Fault.GOAL: _("A chance lies between 0 and 1, like 0.6."),
    Fault.GOALS_FALL: _("Each wave aims at least as high as the one before, like 0.6 0.8 0.9."),
    Fault.MANY_WAVES: _("A request has twelve waves at most."),
    Fault.CAP: _("Each wave asks at least 1 volunteer, and 200 at most."),
    Fault.CAPS_COUNT: _("Write as many numbers as there are chances."),
    Fault.OFFICE_HOURS: _("Write 0 to 40 working hours. More than a week is no rule."),
}

# Subscripting is for the type checker only: Django's own class does not know it when it runs.
if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Policy]
else:
    _ModelForm = forms.ModelForm


def as_typed(numbers: list[float] | list[int]) -> str:
    """Some numbers as somebody would type them here: with a comma in Dutch."""
    return " ".join(str(localize_input(one)) for one in numbers)


class ManyNumbers(forms.CharField):
    """Some numbers in a row, with a space or a semicolon between them; or a comma, where a point is in them."""

    def __init__(self, *, number: type[forms.Field], **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)  # why none is refused has better words
        self.whole = number is forms.IntegerField
        self.one = number(localize=True)

    def prepare_value(self, value: Any) -> Any:
        """A list as somebody would type it here."""
        return as_typed(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Raises ValidationError where one of them is no number."""
        text: str = super().to_python(value) or ""
        separators = r"[\s;,]+" if self.whole or "." in text else r"[\s;]+"
        return [self.one.clean(part) for part in re.split(separators, text) if part]


class PolicyForm(_ModelForm):
    """Numbers that make sense, and whose meaning was looked at: until then it is not valid, without an error."""

    goals = ManyNumbers(number=forms.FloatField, label=capfirst(_("chance of a yes per wave")), initial=default_goals)
    caps = ManyNumbers(number=forms.IntegerField, label=capfirst(_("most asked per wave")), initial=default_caps)
    # What was shown when the button to save was pressed.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        localized_fields = (*sensible.SHARES, "office_hours")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in HELP.items():
            if name in self.fields:
                self.fields[name].help_text = words

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        # What this form does not ask, or could not read, is as the row has it.
        whole = {name: data.get(name, getattr(self.instance, name)) for name in (*NUMBERS, *LEFT_OUT)}
        unread = set(self.errors)
        for name, fault in sensible.faults(Policy(**whole).numbers):
            if name not in unread:
                beside = name if name in self.fields else None
                self.add_error(beside, ValidationError(REASONS[fault], code=fault.value))
        return data

    def validate_constraints(self) -> None:
        """Those of the database have no words for people: only where nothing else is wrong."""
        if not self.errors:
            super().validate_constraints()

    def is_valid(self) -> bool:
        """Right, and somebody looked at what it means."""
        return super().is_valid() and "_look" not in self.data and self.data.get("seen", "") == self.mark()

    def mark(self) -> str:
        """Of these numbers: another number, another mark."""
        shown = {name: str(value) for name, value in sorted(self.cleaned_data.items()) if name != "seen"}
        return salted_hmac("requests_app.policy", json.dumps(shown)).hexdigest()[:20]

    def is_to_be_looked_at(self) -> bool:
        """Nothing is wrong with it."""
        return self.is_bound and not self.errors


RUNGS = ("neighbours", "groups", "volunteers")
LEFT_OUT = tuple(f"skips_{rung}" for rung in RUNGS)
NUMBERS = tuple(field.name for field in fields(Numbers) if field.name not in RUNGS)
