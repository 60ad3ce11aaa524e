"""A first name that somebody writes down of somebody else, and that others read."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import first_name


def one_in(typed: str) -> str:
    """As it was meant. A number or an address is refused: ValidationError."""
    name = first_name.tidy(typed)
    if not first_name.is_one(name):
        raise ValidationError(_("Write a first name only, without digits or an address"))
    return name
