"""Days as somebody chooses them on the board: no Django, no clock."""

from datetime import date, timedelta
from enum import StrEnum

SATURDAY, SUNDAY = 5, 6  # date.weekday()


class Days(StrEnum):
    """When somebody has time."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEK = "week"
    WEEKEND = "weekend"


def span(days: Days, today: date) -> tuple[date, date]:
    """The first and the last of these days, from today on: a week ends on Sunday, a weekend that runs is this one."""
    sunday = today + timedelta(days=SUNDAY - today.weekday())
    if days == Days.TODAY:
        return today, today
    if days == Days.TOMORROW:
        tomorrow = today + timedelta(days=1)
        return tomorrow, tomorrow
    if days == Days.WEEK:
        return today, sunday
    return max(today, sunday - timedelta(days=1)), sunday
