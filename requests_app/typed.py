"""What people type for a day and a time, understood: no Django, no clock."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

# The first letters say which month; "maart" is shortened in two ways.
MONTHS = {"jan": 1, "feb": 2, "maa": 3, "mrt": 3, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7}
MONTHS |= {"aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12}
WEEKDAYS = {"maandag": 0, "dinsdag": 1, "woensdag": 2, "donderdag": 3, "vrijdag": 4, "zaterdag": 5, "zondag": 6}
WEEKDAYS |= {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
NEAR = {"vandaag": 0, "today": 0, "morgen": 1, "tomorrow": 1, "overmorgen": 2}
# A day without a year that lies this far back at most is the past one, a longer ago one is that of next year.
JUST_PAST = timedelta(days=90)

_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d{2}))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_MONTH_NAME = re.compile(r"(\d{1,2})\.? ?([a-z]{3,9})\.?(?: (\d{4}))?", re.ASCII)
_TIME = re.compile(r"(\d{1,2})(?: ?[.:u] ?(\d{2}))?(?: ?(?:uur|u|h))?", re.ASCII)


def day(text: str, today: date) -> date | None:
    """The day meant by "12-3-2026", "12/3", "12 maart", "donderdag" or "morgen"; None if it cannot be understood."""
    words = " ".join(text.lower().split())
    if words in NEAR:
        return today + timedelta(days=NEAR[words])
    if words in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS[words] - today.weekday()) % 7 or 7)
    for name in WEEKDAYS:  # "donderdag 12 maart": the date says it
        words = words.removeprefix(f"{name} ")
    if match := _ISO.fullmatch(words):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.fullmatch(words):
        return _with_year(match[3], int(match[2]), int(match[1]), today)
    if (match := _MONTH_NAME.fullmatch(words)) and (month := MONTHS.get(match[2][:3])):
        return _with_year(match[3], month, int(match[1]), today)
    return None


def clock_time(text: str) -> time | None:
    """The time meant by "10.15", "10:15", "10u15" or "10 uur"; None if it cannot be understood."""
    match = _TIME.fullmatch(" ".join(text.lower().split()))
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    return time(int(match[1]), int(match[2] or 0))


def _with_year(year: str | None, month: int, number: int, today: date) -> date | None:
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, number)
    this_year = _date(today.year, month, number)
    if this_year is not None and this_year >= today - JUST_PAST:
        return this_year
    return _date(today.year + 1, month, number)


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:  # 31 February, the year 0
        return None
