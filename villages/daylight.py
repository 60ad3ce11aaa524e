"""Working time in the Netherlands, beside the quiet hours of ``accounts.quiet``: pure, no clock, no database.

Every moment that goes in is aware (in any zone) and every moment that comes out is in UTC. People's
own hours are hours of the clock in Europe/Amsterdam, right on both nights that it changes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache

import holidays

from accounts.quiet import A_DAY, AMSTERDAM, Days, Quiet, Rest, awake, moment_of

__all__ = [  # a day has both: who asks for one, mostly asks for the other
    "AMSTERDAM",
    "A_DAY",
    "Days",
    "Quiet",
    "VillageDays",
    "awake",
    "is_quiet_day",
    "is_working_day",
    "last_office_at",
    "moment_of",
    "quiet_days",
    "rests",
    "waker",
    "working_deadline",
    "working_hours",
]

OPENS, CLOSES = time(9), time(17)  # the team's working day
SATURDAY = 5
NOTHING = timedelta()


@dataclass(frozen=True)
class VillageDays(Days):
    """Days on which a village asks nobody: some of the week, and public holidays if it keeps those."""

    holidays: bool = False

    def includes(self, day: date) -> bool:
        """Whether this is a quiet day."""
        return super().includes(day) or (self.holidays and day in _public_holidays(day.year))


@lru_cache(maxsize=1024)  # most villages sleep at the same hours
def rests(from_: time, until: time, weekdays: tuple[int, ...] = (), holidays: bool = False) -> tuple[Rest, ...]:  # noqa: FBT001, FBT002 (a row's values)
    """What a village chose: its quiet hours, and its quiet days if it has any."""
    days = (VillageDays(frozenset(weekdays), holidays),) if weekdays or holidays else ()
    return (Quiet(from_, until), *days)


@lru_cache(maxsize=1024)
def waker(kept: tuple[Rest, ...]) -> Callable[[datetime], datetime]:
    """Answers the first moment from the given one on that is in none of these."""
    return lambda at: awake(at, *kept)


def quiet_days(since: datetime, until: datetime, rests: Iterable[Rest]) -> list[date]:
    """The quiet days among ``rests`` that lie between these moments, the day of ``until`` not included."""
    day, last = since.astimezone(AMSTERDAM).date(), until.astimezone(AMSTERDAM).date()
    between = [day + n * A_DAY for n in range((last - day).days)]
    return [day for day in between if is_quiet_day(day, rests)]


def is_quiet_day(day: date, rests: Iterable[Rest]) -> bool:
    """Whether one of these is a rest of days, and this is one of its days."""
    return any(isinstance(rest, Days) and rest.includes(day) for rest in rests)


def is_working_day(day: date) -> bool:
    """Monday to Friday, not a Dutch public holiday.

    Good Friday is one: the law names it with the others and many town halls are shut; where they are
    not, the team only hears sooner. 5 May is one in lustrum years (2025, 2030), as in most work agreements.
    """
    return day.weekday() < SATURDAY and day not in _public_holidays(day.year)


@lru_cache(maxsize=4096)  # a sweep asks the same few days for every request
def working_hours(day: date) -> tuple[datetime, datetime] | None:
    """From when until when the team works on ``day`` (9.00 to 17.00 on the clock); None on a day off."""
    if not is_working_day(day):
        return None
    return moment_of(day, OPENS), moment_of(day, CLOSES)


def last_office_at(needed_by: datetime, hours: int) -> datetime | None:
    """The latest moment in working time with at least ``hours`` working hours between it and ``needed_by``.

    None if ``hours`` is 0 or less: then the team has no such rule.
    """
    if hours <= 0:
        return None
    left = timedelta(hours=hours)
    days = _working_days(needed_by, -A_DAY)
    opens, end = next(days)
    end = min(end, needed_by.astimezone(UTC))
    while end - opens < left:
        left -= max(end - opens, NOTHING)
        opens, end = next(days)
    return end - left


def working_deadline(now: datetime, hours: int) -> datetime:
    """The first moment that is ``hours`` working hours after ``now``; ``now`` itself if that is 0 or less."""
    if hours <= 0:
        return now.astimezone(UTC)
    left = timedelta(hours=hours)
    days = _working_days(now, A_DAY)
    start, closes = next(days)
    start = max(start, now.astimezone(UTC))
    while closes - start < left:
        left -= max(closes - start, NOTHING)
        start, closes = next(days)
    return start + left


def _working_days(at: datetime, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """Working hours day by day, from the day of ``at`` on, forwards or backwards, without end."""
    day = at.astimezone(AMSTERDAM).date()
    while True:
        if hours := working_hours(day):
            yield hours
        day += step


@cache
def _public_holidays(year: int) -> frozenset[date]:
    # A year at a time, not one shared table: that one is filled as it is read, unsafe between threads.
    return frozenset(holidays.country_holidays("NL", years=year))
