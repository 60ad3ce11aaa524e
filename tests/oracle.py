"""A second opinion on every moment: docs/ladder.md worked out the dumb way, minute by minute.

It shares no code with what it judges: not the ladder, not the quiet hours, not the holidays, not even the time zone.
Slow on purpose. Whoever changes a rule changes docs/ladder.md first, and then both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
A_MONTH = timedelta(days=30)  # who finds no free minute in those never will
MOST_WAVES = 12
SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Case:
    """One request, one policy, one village. Shares are decimals in words, as somebody types them."""

    since: datetime
    needed_by: datetime  # a whole minute
    quiet: tuple[time, time]
    quiet_days: frozenset[str] = frozenset()  # of the village: "monday" and so on, and "holidays"
    audience: str = "neighbours"
    neighbours: bool = True
    groups: bool = False
    volunteers: bool = True
    volunteers_now: bool = False
    circle: str = "0.25"
    group: str = "0.12"
    first_wave: str = "0.25"
    first_wave_within_a_day: str = "0.1"
    between_waves: str = "0.12"
    contact: str = "0.7"
    circle_after: timedelta | None = None
    group_after: timedelta | None = None
    first_wave_after: timedelta | None = None
    between_waves_after: timedelta | None = None
    contact_after: timedelta | None = None
    office_hours: int = 4
    own_quiet: tuple[time, time] | None = None  # of whoever gets a message about it
    own_days: frozenset[str] = frozenset()

    @property
    def village(self) -> tuple[Rest, ...]:
        """When nobody there is asked."""
        return self.quiet, self.quiet_days

    @property
    def reader(self) -> tuple[Rest, ...]:
        """What a message waits for, the weightiest first."""
        return (*self.village, *([self.own_quiet] if self.own_quiet else []), self.own_days)


Rest = tuple[time, time] | frozenset[str]
Told = tuple[datetime, str, str, int]


# -- The clock on the wall in the Netherlands: summer time from the last Sunday of March to that of October, 1.00 UTC.


@cache
def last_sunday(year: int, month: int) -> datetime:
    day = date(year, month, 31)
    while day.isoweekday() != 7:
        day -= DAY
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def wall(at: datetime) -> datetime:
    """What the clock shows, as a moment without a zone."""
    summer = last_sunday(at.year, 3) <= at < last_sunday(at.year, 10)
    return at.replace(tzinfo=None) + timedelta(hours=2 if summer else 1)


@cache
def minutes_of(day: date) -> list[tuple[datetime, time]]:
    """Every minute of that day in order, with what the clock shows: 1380, 1440 or 1500 of them."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)
    all_minutes = (start + n * MINUTE for n in range(30 * 60))
    return [(at, shown.time()) for at in all_minutes if (shown := wall(at)).date() == day]


@cache
def first_time(day: date, clock: time) -> datetime:
    """The first minute of that day at which the clock shows that time, or a later one when it skips it."""
    return next(at for at, shown in minutes_of(day) if shown >= clock)


@cache
def last_time(day: date, clock: time) -> datetime:
    """The last minute at which the clock shows that time; the first later one when it skips it."""
    shown = [at for at, shown in minutes_of(day) if shown == clock]
    return shown[-1] if shown else first_time(day, clock)


# -- Quiet


def is_quiet(at: datetime, hours: tuple[time, time]) -> bool:
    evening, morning = hours
    day = wall(at).date()
    if evening == morning:
        return False
    if evening < morning:
        return first_time(day, evening) <= at < last_time(day, morning)
    since_yesterday = at < last_time(day, morning)
    return since_yesterday or at >= first_time(day, evening)


def wake(at: datetime, *rests: Rest) -> datetime:
    """The first moment from then on in nobody's rest; who cannot be suited gives way, the last named first."""
    minute = at
    while minute < at + A_MONTH:
        if any(_is_quiet_day(wall(minute).date(), rest) for rest in rests if isinstance(rest, frozenset)):
            minute = minutes_of(wall(minute).date() + DAY)[0][0]  # only to be sooner at the next day
        elif any(is_quiet(minute, rest) for rest in rests if isinstance(rest, tuple)):
            minute = minute.replace(second=0, microsecond=0) + MINUTE
        else:
            return minute
    return wake(at, *rests[:-1])


@cache
def _is_quiet_day(day: date, named: frozenset[str]) -> bool:
    return f"{day:%A}".lower() in named or ("holidays" in named and day in holidays_of(day.year))


# -- Working time


@cache
def holidays_of(year: int) -> set[date]:
    easter = _easter(year)
    kings_day = date(year, 4, 27)
    found = {date(year, 1, 1), kings_day - DAY if kings_day.isoweekday() == 7 else kings_day}
    found |= {date(year, 12, 25), date(year, 12, 26)}
    found |= {easter + n * DAY for n in (-2, 0, 1, 39, 49, 50)}
    return found | ({date(year, 5, 5)} if year % 5 == 0 else set())


def _easter(year: int) -> date:
    # The Sunday after the first full moon of spring, by Gauss's table for 1900 to 2099.
    moon = (19 * (year % 19) + 24) % 30
    day = moon + (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7
    if moon == 29 and day - moon == 6:
        day -= 7
    if moon == 28 and day - moon == 6 and year % 19 > 10:
        day -= 7
    return date(year, 3, 22) + day * DAY


@cache
def working_minutes(day: date) -> list[datetime]:
    if day.isoweekday() > 5 or day in holidays_of(day.year):
        return []
    return [at for at, shown in minutes_of(day) if time(9) <= shown < time(17)]


def last_office(needed_by: datetime, hours: int) -> datetime | None:
    """Counts working minutes back from the moment until there are enough."""
    if hours <= 0:
        return None
    left, day = hours * 60, wall(needed_by).date()
    while True:
        for at in reversed(working_minutes(day)):
            if at < needed_by:
                left -= 1
                if left == 0:
                    return at
        day -= DAY


def deadline(now: datetime, hours: int) -> datetime:
    """Counts working minutes on from the moment until there are enough."""
    if hours <= 0:
        return now
    left, day = hours * 60, wall(now).date()
    while True:
        for at in working_minutes(day):
            if at >= now:
                left -= 1
                if left == 0:
                    return at + MINUTE
        day += DAY


# -- The ladder


def ladder(case: Case) -> list[Told]:
    """Every step: when, which rung, why, and the number of the wave."""
    since, needed_by = case.since, max(case.needed_by, case.since)
    order = _order(case)
    audience = order[0]
    contact = _contact(case, since, needed_by, audience)
    ends = [contact, (needed_by, "close", "needed_by", 0)]
    if order in (["contact"], ["circle", "contact"]) or needed_by == since:
        return ends
    opening = (
        [_opening(case, since, needed_by, contact[0])] if audience == "circle" and not case.volunteers_now else []
    )
    start = opening[0][0] if opening else since
    # Who comes first of all after the circle's time; the circle itself has had it where volunteers are wanted now.
    begins = order[1] if opening else audience
    waves = _waves(case, since, needed_by, begins, contact, start) if "volunteers" in order else []
    groups = _groups(case, since, needed_by, begins, contact, start, waves) if "group" in order else []
    return [*opening, *groups, *waves, *ends]


def _order(case: Case) -> list[str]:
    """The rungs of this request from below. Whom the asker wants comes first; if that is not there, what is above."""
    there = {"neighbours": case.neighbours, "group": case.groups, "volunteers": case.volunteers, "contact": True}
    above = [rung for rung in ("neighbours", "group", "volunteers", "contact") if there[rung]]
    if case.audience == "circle_only":
        return ["circle", "contact"]
    if case.audience == "circle":
        return ["circle", *above]
    rungs = ["neighbours", "group", "volunteers", "contact"]
    return [rung for rung in above if rungs.index(rung) >= rungs.index(case.audience)]


def _groups(
    case: Case, since: datetime, needed_by: datetime, begins: str, contact: Told, start: datetime, waves: list[Told]
) -> list[Told]:
    before = waves[0][0] if waves else contact[0]
    now = case.volunteers_now or begins == "group" or contact[0] <= wake(since, *case.village)
    if not now:
        fixed = case.group_after
        if fixed is not None and timedelta() <= fixed < before - start:
            own, why = start + fixed, "fixed"
        else:
            own, why = start + _part(needed_by - since, case.group, _left(contact[0], since, start)), "share"
        at = wake(own, *case.village)
        if at < before:
            return [(at, "group", why if at == own else "morning", 0)]
    at = wake(start, *case.village)
    if at > before:
        return []
    return [(at, "group", "at_once" if at == start else "morning", 0)]


def _left(contact_at: datetime, since: datetime, start: datetime) -> Fraction:
    if start == since:
        return Fraction(1)
    return Fraction((contact_at - start) // MICROSECOND, (contact_at - since) // MICROSECOND)


def _opening(case: Case, since: datetime, needed_by: datetime, contact_at: datetime) -> Told:
    begins, fixed = wake(since, *case.village), case.circle_after
    if fixed is not None and timedelta() <= fixed < contact_at - begins:
        own, why = begins + fixed, "fixed"
    else:
        own, why = begins + min(_part(needed_by - since, case.circle), DAY), "share"
    at = wake(own, *case.village)
    if at >= contact_at:
        return since, "neighbours", "at_once", 0
    return at, "neighbours", why if at == own else "morning", 0


def _part(window: timedelta, share: str, left: Fraction = Fraction(1)) -> timedelta:
    # Exact, then to the microsecond: a share typed as 0.12 is twelve hundredths.
    return timedelta(microseconds=round(Fraction(share) * left * (window // MICROSECOND)))


def _contact(case: Case, since: datetime, needed_by: datetime, audience: str) -> Told:
    window = needed_by - since
    fixed = case.contact_after
    if fixed is not None and timedelta() <= fixed < window:
        own, why = since + fixed, "fixed"
    else:
        own, why = since + _part(window, case.contact), "share"
    at = wake(own, *case.village)
    if at != own:
        why = "morning"
    office = last_office(needed_by, case.office_hours)
    if office is not None and office < at:
        at, why = office, "office"
    too_late = at + timedelta(hours=1) > needed_by if why == "morning" else at >= needed_by
    if audience != "contact" and since < at and not too_late:
        return at, "contact", why, 0
    morning = wake(since, *case.village)
    if morning == since or morning + timedelta(hours=1) > needed_by:
        return since, "contact", "at_once", 0
    return morning, "contact", "morning", 0


def _waves(
    case: Case, since: datetime, needed_by: datetime, audience: str, contact: Told, start: datetime
) -> list[Told]:
    window, contact_at = needed_by - since, contact[0]
    at_once = case.volunteers_now or audience == "volunteers" or contact_at <= wake(since, *case.village)
    if at_once:
        own, why = start, "at_once"
    elif case.first_wave_after is not None and start <= start + case.first_wave_after < contact_at:
        own, why = start + case.first_wave_after, "fixed"
    else:
        under_a_day = window < DAY
        share = case.first_wave_within_a_day if under_a_day else case.first_wave
        own, why = start + _part(window, share, _left(contact_at, since, start)), "share"
    if case.between_waves_after is None:
        between, why_next = _part(window, case.between_waves), "share"
    else:
        between, why_next = case.between_waves_after, "fixed"
    between = max(between, SECOND)
    told: list[Told] = []
    while len(told) < MOST_WAVES and own <= contact_at:
        if not told or own > told[-1][0]:  # else it is the same wave: both fell in one night
            at = wake(own, *case.village)
            with_contact = at == contact_at and at_once and not told
            if at >= contact_at and not with_contact:
                break
            told.append((at, "volunteers", why if at == own else "morning", len(told) + 1))
        own, why = own + between, why_next
    return told
