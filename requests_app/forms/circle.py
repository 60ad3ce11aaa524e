"""Somebody for one's own circle, and whom of it a request asks first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import PhoneNumber, to_python
from phonenumbers import PhoneNumberType

from accounts import saying
from accounts.sentence import Sentence
from requests_app.models import Audience, CircleContact
from requests_app.models.circle import NAME_LENGTH

ADD = "add"  # what the button says that puts somebody in the circle
WAY = _("Write an e-mail address, or a phone number like this: 06 12 34 56 78")
# Of a company, and often at a price per minute: 0800, 0900.
NOBODYS = frozenset({PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
# Of a house or an office: it rings, and reads nothing.
LANDLINES = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.UAN, PhoneNumberType.VOIP})


class ContactForm(forms.Form):
    """A first name, and an e-mail address or a phone number: one field for both, told apart by their look."""

    name = Sentence(
        label=_("First name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Write the first name"),
            "max_length": _("Make the name shorter. %(limit_value)d characters fit"),
        },
    )
    way = Sentence(
        label=_("E-mail address or phone number"),
        help_text=_("To an e-mail address we write. For a phone number you get a text to send yourself."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": WAY, "max_length": WAY},
    )

    def __init__(self, *args: Any, mails: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not mails:
            self.fields["way"].help_text = _("You get a text to send yourself.")

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_way(self) -> str:
        text = str(self.cleaned_data["way"]).strip()
        if not text:
            return ""
        if "@" in text:
            try:
                validate_email(text)
            except ValidationError as error:
                raise ValidationError(WAY, code="way") from error
            return text.lower()
        number = _phone(text)
        if not number:
            raise ValidationError(WAY, code="way")
        if phonenumbers.number_type(number) in NOBODYS:
            raise ValidationError(_("To this number you cannot send a message. Write another one"), code="way")
        return text

    def who(self) -> dict[str, Any]:
        """What the verbs take."""
        way = self.cleaned_data["way"]
        reached = {"email": way} if "@" in way else {"phone": _phone(way)}
        return {"name": self.cleaned_data["name"], **reached}


class CircleFields(ContactForm):
    """A part of question 3: whom of one's circle is asked first, and room for one more."""

    circle = forms.TypedMultipleChoiceField(
        label=_("My circle"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: Sequence[CircleContact], mails: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, mails=mails, **kwargs)
        self.fields["name"].required = self.fields["way"].required = False
        field = self.fields["circle"]
        assert isinstance(field, forms.ChoiceField)  # (for the type checker)
        field.choices = [(str(person.pk), f"{person.name}\n{how(person, mails=mails)}") for person in people]

    @property
    def adds(self) -> bool:
        """Somebody was typed, to put in the circle."""
        return bool(self.cleaned_data.get("name") or self.cleaned_data.get("way"))

    def check_circle(self) -> None:
        """Both words of who is added; and somebody, where the circle is asked first."""
        data = self.cleaned_data
        wants_to_add = self.data.get("then") == ADD or self.adds
        for name in ("name", "way"):
            if wants_to_add and not data.get(name) and name not in self.errors:
                error = str(self.fields[name].error_messages["required"])
                self.add_error(name, ValidationError(error, code="half"))
        if data.get("audience") == Audience.CIRCLE and not data.get("circle") and not wants_to_add:
            self.add_error("circle", ValidationError(_("Choose whom we ask first, or add someone"), code="required"))


class AfterCircleForm(forms.Form):
    """What happens if nobody of the circle can: the asker chooses, nothing is ticked beforehand."""

    after_circle = forms.ChoiceField(
        label=_("If nobody in your circle can"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happens if nobody in your circle can")},
    )

    def __init__(self, *args: Any, village: str, contact: str, neighbours: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {"village": village, "name": contact}
        goes_on, seen = gettext("Then you look on for me"), gettext("Nobody sees whom you asked first.")
        if neighbours:
            goes_on = gettext("Then all neighbours may see it")
            seen = gettext("Your request goes on the board of %(village)s. Nobody sees whom you asked first.") % names
        alone = gettext("Nobody yet? Then %(name)s helps to look and calls you.") % names
        field = self.fields["after_circle"]
        assert isinstance(field, forms.ChoiceField)  # (for the type checker)
        field.choices = [
            (Audience.CIRCLE, f"{goes_on}\n{seen}"),
            (Audience.CIRCLE_ONLY, f"{gettext('Only my circle')}\n{alone}"),
        ]

    def changes(self) -> dict[str, Any]:
        return {"audience": self.cleaned_data["after_circle"]}


def how(person: CircleContact, *, mails: bool = True) -> str:
    """How somebody of the circle is asked; not ``mails``: by the asker, also who has an address."""
    if person.email and not mails:
        return gettext("You send an e-mail to %(email)s") % {"email": person.email}
    if person.email:
        return gettext("Gets an e-mail")
    if is_landline(person.phone):
        return gettext("You call %(phone)s") % {"phone": _number(person.phone)}
    return gettext("You send a message to %(phone)s") % {"phone": _number(person.phone)}


def is_landline(phone: PhoneNumber) -> bool:
    """Whether it takes no text message."""
    return phonenumbers.number_type(phone) in LANDLINES


def typed(person: CircleContact) -> str:
    """How somebody is reached, as it can be typed again."""
    return person.email or _number(person.phone)


def _number(phone: PhoneNumber) -> str:
    return saying.number_in_words(phone.country_code, phone.as_national, phone.as_international)


def _phone(text: str) -> PhoneNumber | None:
    number = to_python(text, region="NL")
    return number if number and number.is_valid() else None
