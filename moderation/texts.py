"""A gentle check of what somebody wrote for all neighbours: private things are better given to one of them."""

from __future__ import annotations

import re
from enum import StrEnum

_PHONE = re.compile(r"(?<![\w,.])(?:\+|00)?\d(?:[ \-./()]{0,3}\d){8,12}(?!\w)")
_MAIL = re.compile(r"\S+@\S+\.\w")
_BANK = re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{4}(?: ?\d){8,12}\b", re.IGNORECASE)


class Private(StrEnum):
    """What stood in a text and is not for all neighbours."""

    PHONE = "phone"
    MAIL = "mail"
    BANK = "bank"


def private_in(text: str) -> Private | None:
    """The first private thing in ``text``: a bank account, an e-mail address or a phone number."""
    for kind, pattern in ((Private.BANK, _BANK), (Private.MAIL, _MAIL), (Private.PHONE, _PHONE)):
        if pattern.search(text):
            return kind
    return None
