"""What does not belong in a text that all neighbours read: said so, gently, in the form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.texts import Private, private_in

PRIVATE = {
    Private.PHONE: _("Your text has a phone number. Please remove it. You can share it with your neighbour later"),
    Private.MAIL: _("Your text has an e-mail address. Please remove it. You can share it with your neighbour later"),
    Private.BANK: _("Your text has a bank account number. Please remove it"),
}


def not_private(text: str) -> str:
    """The text itself; with a phone number, an e-mail address or a bank account in it an error that says so."""
    if kind := private_in(text):
        raise forms.ValidationError(PRIVATE[kind], code="private")
    return text
