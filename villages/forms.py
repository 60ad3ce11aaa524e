"""What people fill in to take part in a village."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import first_name
from villages.codes import CODE_LENGTH
from villages.models import Village

# "Voorstraat 12", "Voorstraat 12 a"; but "Plein 1944" and "Plein 40-45" are names of streets.
HOUSE_NUMBER = re.compile(r"\s\d{1,3}\s?[a-z]{0,2}$", re.IGNORECASE)


class SearchForm(forms.Form):
    q = forms.CharField(max_length=80, required=False)


class VillageForm(forms.Form):
    """Any village that is on may be chosen; those shown are a selection of them."""

    village = forms.ModelChoiceField(
        label=gettext_lazy("Which village do you live in?"),
        queryset=Village.objects.none(),
        to_field_name="slug",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose the village you live in")),
    )

    def __init__(self, *args: Any, shown: Iterable[Village], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["village"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Village.objects.switched_on().select_related("municipality")
        field.widget.choices = [(village.slug, village.label) for village in shown]


class StreetForm(forms.Form):
    street = forms.CharField(
        label=gettext_lazy("Which street do you live in?"),
        help_text=gettext_lazy("Neighbours see your street. They never see your house number."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
        error_messages={"required": gettext_lazy("Write the name of your street")},
    )

    def clean_street(self) -> str:
        street = " ".join(self.cleaned_data["street"].split())
        if HOUSE_NUMBER.search(street):
            raise ValidationError(_("Leave out the house number. The street is enough"))
        return street


def sixteen_field() -> forms.BooleanField:
    return forms.BooleanField(
        label=gettext_lazy("I am 16 or older"),
        error_messages={"required": gettext_lazy("Taking part is possible from 16 years. Are you? Then tick this")},
    )


class NameForm(forms.Form):
    first_name = forms.CharField(
        label=gettext_lazy("What may we call you?"),
        help_text=gettext_lazy("Your first name is enough."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": gettext_lazy("Write your first name")},
    )
    sixteen = sixteen_field()

    def clean_first_name(self) -> str:
        name = first_name.tidy(self.cleaned_data["first_name"])
        if not first_name.is_one(name):
            raise ValidationError(_("Write your first name only, without digits. Neighbours read it everywhere"))
        return name


class JoinForm(forms.Form):
    """How somebody shows where they live: the code of a letter, or the contact person."""

    CODE = "code"
    CONTACT = "contact"

    way = forms.ChoiceField(
        label=gettext_lazy("How would you like to show it?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose one of the two ways")),
    )
    code = forms.CharField(
        label=gettext_lazy("The code from your letter"),
        help_text=gettext_lazy("8 letters and digits. Capitals don't matter."),
        max_length=4 * CODE_LENGTH,  # with the spaces and dashes people type
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    sixteen = sixteen_field()

    def __init__(self, *args: Any, contact_name: str, ask_age: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        way = self.fields["way"]
        assert isinstance(way, forms.ChoiceField)
        by_letter = _("With the code from a letter.") + "\n" + _("No letter yet? Your contact person gives you one.")
        knows_me = _("%(name)s knows me.") % {"name": contact_name}
        way.choices = [
            (self.CODE, by_letter),
            (self.CONTACT, knows_me + "\n" + _("Call, or drop in during open hours.")),
        ]
        way.initial = self.CODE
        if not ask_age:
            del self.fields["sixteen"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way") == self.CODE and "code" not in self.errors and not cleaned.get("code"):
            self.add_error("code", _("Fill in the code from your letter"))
        return cleaned
