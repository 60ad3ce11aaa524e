"""A gentle check of what somebody wrote for all neighbours: private things are better given to one of them."""

from __future__ import annotations

import re
from enum import StrEnum

_PHONE = re.compile(r"(?<![\w,.])(?:\+|00)?\d(?:[ \-./()]{0,3}\d){8,12}(?!\w)")
_MAIL = re.compile(r"\S+@\S+\.\w")
_BANK = re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{4}(?: ?\d){8,12}\b", re.IGNORECASE)
# "Voorstraat 12", "kerkweg 3a"; not "onderweg 20 minuten" and not "Voorstraat 12 uur".
_HOUSE = re.compile(
    r"\b(?!onderweg|halverwege)[a-z]{2,}(?:straat|laan|weg|plein|dijk|kade|singel|gracht|steeg|dreef|plantsoen)"
    r" +\d{1,4}(?: ?[a-z])?\b(?![.:]\d)(?! ?(?:uur|min|keer|dagen|km|euro))",
    re.IGNORECASE,
)


class Private(StrEnum):
    """What stood in a text and is not for all neighbours."""

    PHONE = "phone"
    MAIL = "mail"
    BANK = "bank"
    HOUSE = "house"


def private_in(text: str) -> Private | None:
    """The first private thing in ``text``: a bank account, an e-mail address, a phone number or a house number."""
    patterns = {Private.BANK: _BANK, Private.MAIL: _MAIL, Private.PHONE: _PHONE, Private.HOUSE: _HOUSE}
    for kind, pattern in patterns.items():
        if pattern.search(text):
            return kind
    return None
