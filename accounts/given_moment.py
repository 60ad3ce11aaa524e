"""The moment a command works at: now, or one given by hand where that is allowed."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime


def given_moment(text: str | None) -> datetime:
    """The moment given by hand, where that is allowed; otherwise now. Without a zone it is the time in the village."""
    if not text:
        return timezone.now()
    if not settings.ALLOW_NOW:
        raise CommandError("--now only works with SAMSAM_ALLOW_NOW=1: moving time sends real messages.")
    try:
        at = parse_datetime(text)
    except ValueError:  # the shape of a moment, but no such day or hour
        at = None
    if at is None:
        raise CommandError(f"'{text}' is no moment. Write it like 2026-11-22T14:00:00+01:00.")
    return at if timezone.is_aware(at) else timezone.make_aware(at)
