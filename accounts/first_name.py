"""What a first name is that others read: no Django, no clock, no database."""

import re

NO_NAME = re.compile(r"[\d@]|https?:|www\.")  # a phone number, a mail address, a site


def tidy(typed: str) -> str:
    """As it was typed, without spaces too many."""
    return " ".join(typed.split())


def is_one(name: str) -> bool:
    """Letters, and no number or address in it."""
    return not NO_NAME.search(name) and any(map(str.isalpha, name))
