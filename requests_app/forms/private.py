"""What does not belong in a text that all neighbours read: said so, gently, in the form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.texts import Private, private_in

PRIVATE = {
    Private.PHONE: _("Your text has a phone number. Please remove it. You can share it with your neighbour later"),
    Private.MAIL: _("Your text has an e-mail address. Please remove it. You can share it with your neighbour later"),
    Private.BANK: _("Your text has a bank account number. Please remove it"),
    Private.HOUSE: _("Your text has a house number. Please remove it. Only the neighbour who comes gets your address"),
}


def not_private(text: str, *, house_number: bool = False) -> str:
    """The text itself; with something private in it an error that says so. A place may have a ``house_number``."""
    kind = private_in(text)
    if kind and not (kind == Private.HOUSE and house_number):
        raise forms.ValidationError(PRIVATE[kind], code="private")
    return text
