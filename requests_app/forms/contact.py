"""What the contact person notes of a request."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from requests_app import contact_hours, contact_rung, words
from requests_app.forms import first_name
from requests_app.models import HelpRequest

NOT_HERE = "none"  # this name is of somebody without an account


class CalledForm(forms.Form):
    """Until when the contact person looks on."""

    until = forms.ChoiceField(label=gettext_lazy("Until when do you look on?"), widget=forms.RadioSelect)

    def __init__(self, data: Any, *, help_request: HelpRequest, now: datetime) -> None:
        super().__init__(data)
        ends = contact_hours.look_on(help_request, now)
        self.fields["until"].choices = [(name, words.moment(at, now)) for name, at in ends.items()]  # type: ignore[attr-defined]


class FoundForm(forms.Form):
    """A first name; and whether that is a neighbour with an account, where somebody is called so."""

    name = forms.CharField(
        label=gettext_lazy("First name of who comes"),
        max_length=40,
        help_text=gettext_lazy("The asker reads this name. Only a first name."),
    )
    who = forms.ChoiceField(label=gettext_lazy("Who is it?"), widget=forms.RadioSelect, required=False)

    def __init__(self, data: Any, *, help_request: HelpRequest, now: datetime) -> None:
        super().__init__(data)
        self.namesakes: dict[str, User] = {}
        if data and data.get("name"):
            found = contact_rung.neighbours_called(help_request, data["name"], now)
            self.namesakes = {str(user.pk): user for user in found}
        if not self.namesakes:
            del self.fields["who"]
            return
        named = [
            (
                pk,
                _("%(name)s, %(mail)s: sees the address and hears it from us")
                % {"name": user.first_name, "mail": user.email},
            )
            for pk, user in self.namesakes.items()
        ]
        self.fields["who"].choices = [*named, (NOT_HERE, _("Somebody else: you tell them"))]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return first_name.one_in(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        if self.namesakes and not self.cleaned_data.get("who") and "who" not in self.errors:
            self.add_error("who", _("Choose who it is"))
        return self.cleaned_data

    @property
    def answer(self) -> dict[str, Any]:
        """For the verb."""
        helper = self.namesakes.get(self.cleaned_data.get("who", ""))
        return {"helper": helper, "name": self.cleaned_data["name"]}


class NobodyForm(forms.Form):
    """Why nobody was found."""

    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why not? The asker reads this."),
        choices=contact_hours.Reason.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
