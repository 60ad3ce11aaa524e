"""The day, week and month that the budget of a volunteer counts by, on the Dutch clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.quiet import AMSTERDAM


def start_of_day(now: datetime) -> datetime:
    """Midnight in the Netherlands, of the day that ``now`` is in."""
    return now.astimezone(AMSTERDAM).replace(hour=0, minute=0, second=0, microsecond=0)


def start_of_week(now: datetime) -> datetime:
    """Monday 0.00 in the Netherlands: "we won't ask again before Monday"."""
    today = start_of_day(now)
    return today - timedelta(days=today.weekday())


def start_of_month(now: datetime) -> datetime:
    """Midnight in the Netherlands, of the first of the month that ``now`` is in."""
    return start_of_day(now).replace(day=1)
