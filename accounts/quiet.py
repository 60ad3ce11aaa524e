"""When nobody wants to be disturbed: pure, no Django, no clock, no database.

Every moment that goes in is aware (in any zone) and every moment that comes out is in UTC. People's
own hours are hours of the clock in Europe/Amsterdam, right on both nights that it changes.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
A_DAY = timedelta(days=1)
A_WEEK = 7  # days
# Whoever keeps one day a week free finds an hour within three weeks, also when a holiday falls on that day twice in a
# row (Christmas and New Year); in October they are an hour longer, and in March the clock may skip it once.
FAR_ENOUGH = timedelta(days=23)


class Rest(Protocol):
    """Some hours in which somebody is not disturbed."""

    def ends_at(self, at: datetime) -> datetime | None:
        """When the rest that ``at`` falls in is over; None if it falls in none."""
        ...


@dataclass(frozen=True)
class Quiet:
    """Hours in which nobody is asked, every day: ``from_`` up to, not including, ``until``.

    ``until`` may be on the next morning. Equal times: never quiet.
    """

    from_: time = time(21)
    until: time = time(8)

    def lasts(self) -> timedelta:
        """How much of a day that is, by the clock; nothing for two equal times."""
        minutes = [clock.hour * 60 + clock.minute for clock in (self.from_, self.until)]
        return timedelta(minutes=(minutes[1] - minutes[0]) % (24 * 60))

    def ends_at(self, at: datetime) -> datetime | None:
        """When the quiet hours that ``at`` falls in are over; None if it falls in none.

        An hour that the clock repeats counts as quiet until its second time; a moment that the
        clock skips is the moment after the skip.
        """
        if self.from_ == self.until:
            return None
        for start, end in _nights(self.from_, self.until, at.astimezone(UTC).date()):
            if start <= at < end:
                return end
        return None


@dataclass(frozen=True)
class Days:
    """The whole of some days of the week, every week; Monday is 0."""

    weekdays: frozenset[int] = frozenset()

    def includes(self, day: date) -> bool:
        """Whether this is a quiet day."""
        return day.weekday() in self.weekdays

    def ends_at(self, at: datetime) -> datetime | None:
        """Midnight after the last of the quiet days that ``at`` falls in; None on another day.

        Of who left no day at all, after a week: then nobody waits for it (``awake``).
        """
        day = at.astimezone(AMSTERDAM).date()
        if not self.includes(day):
            return None
        last = day + A_WEEK * A_DAY
        while day < last and self.includes(day):
            day += A_DAY
        return moment_of(day, time())


def awake(at: datetime, *quiets: Rest) -> datetime:
    """The first moment from ``at`` on that is in nobody's quiet hours.

    Name the weightiest quiet hours first (the village's, then a person's): if together they leave
    no moment, the last named give way, one by one. It always answers.
    """
    start = moment = at.astimezone(UTC)
    if len(quiets) == 1 and quiets[0].ends_at(moment) is None:  # most of the time: a sweep asks very often
        return moment
    while moment <= start + FAR_ENOUGH:
        ends = [end for quiet in quiets if (end := quiet.ends_at(moment))]
        if not ends:
            return moment
        moment = max(ends)
    return awake(at, *quiets[:-1])


@lru_cache(maxsize=4096)  # a sweep asks the same few days for every request
def _nights(from_: time, until: time, today: date) -> tuple[tuple[datetime, datetime], ...]:
    """The quiet hours that touch this day of UTC, from when until when."""
    overnight = A_DAY if from_ > until else timedelta()
    until = until.replace(fold=1)
    evenings = (today - A_DAY, today, today + A_DAY)
    return tuple((moment_of(evening, from_), moment_of(evening + overnight, until)) for evening in evenings)


def moment_of(day: date, clock: time) -> datetime:
    """What the clock says on that day, as a moment; ``fold=1`` picks the second of a repeated hour.

    A time that the clock skips is the moment after the skip.
    """
    local = datetime.combine(day, clock, tzinfo=AMSTERDAM)
    moment = local.astimezone(UTC)
    if moment.astimezone(AMSTERDAM).time() != clock:
        # Skipped: on the last Sunday of March the Dutch clock goes from 2 to 3.
        return moment_of(day, time(3))
    return moment
