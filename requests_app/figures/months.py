"""Months and quarters of the Netherlands: first days in, moments out. No Django, no clock, no database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MOST = 24  # months that are looked at together
# After this long a month is closed: what was asked for is over by then, and who asked is not forgotten yet.
SETTLED = timedelta(days=31)


def month_of(moment: datetime) -> date:
    """The first day of the month this moment is in, in the Netherlands."""
    return moment.astimezone(AMSTERDAM).date().replace(day=1)


def later(month: date, months: int) -> date:
    """So many months further, or back."""
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def quarter_of(month: date) -> date:
    """The first month of its quarter."""
    return month.replace(month=month.month - (month.month - 1) % 3)


def starts(month: date) -> datetime:
    """Its first moment."""
    return datetime.combine(month, time(), AMSTERDAM)


def closes(month: date, months: int = 1) -> datetime:
    """From when on the figures of so many months do not change any more."""
    return starts(later(month, months)) + SETTLED


def through(first: date, last: date) -> Iterator[date]:
    """Every month from the one to the other, both included."""
    while first <= last:
        yield first
        first = later(first, 1)
