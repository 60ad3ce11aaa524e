"""Quiet hours and working time in the Netherlands: pure, no Django, no clock, no database.

Every moment that goes in is aware (in any zone) and every moment that comes out is in UTC. People's
own hours are hours of the clock in Europe/Amsterdam, right on both nights that it changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OPENS, CLOSES = time(9), time(17)  # the team's working day
SATURDAY = 5
A_DAY = timedelta(days=1)
NOTHING = timedelta()
# An hour that is free every day is found within a day; in March the clock may skip it once.
FAR_ENOUGH = timedelta(days=2, hours=1)


@dataclass(frozen=True)
class Quiet:
    """Hours in which nobody is asked, every day: ``from_`` up to, not including, ``until``.

    ``until`` may be on the next morning. Equal times: never quiet.
    """

    from_: time = time(21)
    until: time = time(8)

    def ends_at(self, at: datetime) -> datetime | None:
        """When the quiet hours that ``at`` falls in are over; None if it falls in none.

        An hour that the clock repeats counts as quiet until its second time; a moment that the
        clock skips is the moment after the skip.
        """
        today = at.astimezone(AMSTERDAM).date()
        if self.from_ < self.until:
            nights = [(today, today)]
        elif self.from_ > self.until:
            nights = [(today - A_DAY, today), (today, today + A_DAY)]
        else:
            nights = []
        for evening, morning in nights:
            end = _moment(morning, self.until.replace(fold=1))
            if _moment(evening, self.from_) <= at < end:
                return end
        return None


def awake(at: datetime, *quiets: Quiet) -> datetime:
    """The first moment from ``at`` on that is in nobody's quiet hours.

    Name the weightiest quiet hours first (the village's, then a person's): if together they leave
    no moment of the day, the last named give way, one by one. It always answers.
    """
    start = moment = at.astimezone(UTC)
    while moment <= start + FAR_ENOUGH:
        ends = [end for quiet in quiets if (end := quiet.ends_at(moment))]
        if not ends:
            return moment
        moment = max(ends)
    return awake(at, *quiets[:-1])


def is_working_day(day: date) -> bool:
    """Monday to Friday, not a Dutch public holiday.

    Good Friday is one: the law names it with the others and many town halls are shut; where they are
    not, the team only hears sooner. 5 May is one in lustrum years (2025, 2030), as in most work agreements.
    """
    return day.weekday() < SATURDAY and day not in _public_holidays(day.year)


def working_hours(day: date) -> tuple[datetime, datetime] | None:
    """From when until when the team works on ``day`` (9.00 to 17.00 on the clock); None on a day off."""
    if not is_working_day(day):
        return None
    return _moment(day, OPENS), _moment(day, CLOSES)


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


def _moment(day: date, clock: time) -> datetime:
    """What the clock says on that day, as a moment; ``fold=1`` picks the second of a repeated hour."""
    local = datetime.combine(day, clock, tzinfo=AMSTERDAM)
    moment = local.astimezone(UTC)
    if moment.astimezone(AMSTERDAM).time() != clock:
        # Skipped: on the last Sunday of March the Dutch clock goes from 2 to 3.
        return _moment(day, time(3))
    return moment


@cache
def _public_holidays(year: int) -> frozenset[date]:
    # A year at a time, not one shared table: that one is filled as it is read, unsafe between threads.
    return frozenset(holidays.country_holidays("NL", years=year))
