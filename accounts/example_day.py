"""A day to write as an example: one that is still to come, whenever the page is read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.utils import timezone
from django.utils.functional import lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

FROM_NOW = timedelta(days=2)  # neither "today" nor "tomorrow", and within every limit that a form has


def _filled_in(words: str | StrPromise) -> str:
    on = timezone.localdate() + FROM_NOW
    return str(words) % {"day": f"{on.day}-{on.month}-{on.year}"}


def with_day(words: str | StrPromise) -> StrPromise:
    """These words, with a day to come for ``%(day)s``: not before they are read, in the reader's language."""
    return cast("StrPromise", lazy(_filled_in, str)(words))
