"""The code on the letters of a village."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.utils import timezone

# Letters and digits that cannot be mistaken for each other on paper.
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
CODE_VALID = timedelta(days=365)


def new_code() -> str:
    """A code for the letters of one village: 40 bits, easy to type from paper."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def code_end() -> datetime:
    """Until when a code that is made now is good."""
    return timezone.now() + CODE_VALID
