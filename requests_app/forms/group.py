"""What a host of a group fills in: a first name, and who does what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.sentence import Sentence
from requests_app.deeds import Deed
from requests_app.forms import first_name
from villages.models import Member
from villages.models.groups import NAME_LENGTH


class PersonForm(forms.Form):
    """Somebody without a phone or an account."""

    name = Sentence(
        label=_("First name"),
        help_text=_("The group sees this name, and so does whom they help. Ask first whether it is all right."),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Write the first name"),
            "max_length": _("Make the name shorter. %(limit_value)d characters fit"),
        },
    )

    def clean_name(self) -> str:
        return first_name.one_in(self.cleaned_data["name"])


class DoesForm(forms.Form):
    """Who of the group does it, and which part."""

    member = forms.TypedChoiceField(
        label=_("Who does it?"), coerce=int, error_messages={"required": _("Choose who does it")}
    )
    deed = forms.ChoiceField(label=_("Which part?"), required=False)

    def __init__(self, *args: Any, people: Sequence[Member], deeds: Sequence[Deed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self.ask_of(people)
        fields["deed"].choices = [("", _("No part")), *((deed.value, deed.label) for deed in deeds)]

    def ask_of(self, people: Sequence[Member]) -> None:
        """Who can be chosen: these."""
        member: Any = self.fields["member"]
        member.choices = [("", _("Choose a name")), *((str(person.pk), person.name) for person in people)]
