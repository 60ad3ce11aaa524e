"""The simulated volunteers: the budget of the product, and what somebody answers who is asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from math import exp
from random import Random

from accounts.quiet import AMSTERDAM, awake
from requests_app.lab.worlds import CATEGORIES, HOUR, PART_STARTS, REACTS, Posted, World
from villages.daylight import working_deadline

# The product's budget (volunteers.asking, volunteers.models, requests_app.categories); a test holds them equal.
WEEK_LIMIT, MONTH_LIMIT = 2, 4
RESTS = (timedelta(days=3), timedelta(days=7), timedelta(days=14), timedelta(days=28))  # after silences in a row
WITH_CERTIFICATE = frozenset({"paperwork"})
MOMENTS = [f"{day}-{part}" for day in range(7) for part in PART_STARTS]
SCALE = 2**32


class Says(StrEnum):
    """What becomes of an ask."""

    YES = "yes"
    NO = "no"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says, when, and whether the ask was one too many."""

    says: Says
    at: datetime
    mutes: bool


@dataclass(slots=True, eq=False)
class Volunteer:
    """Somebody who may be asked, with what the budget and the fair choice look at."""

    pk: int
    chance: float  # of a yes: what they are like; the choice knows the record only
    likes: frozenset[str]
    moments: frozenset[str]  # empty: any
    certificate: bool
    asked: int = 0
    yes: int = 0
    last_asked_at: datetime | None = None
    last_day: date | None = None
    week: tuple[int, int] = (0, 0)
    asks_this_week: int = 0
    month: tuple[int, int] = (0, 0)
    jobs_this_month: int = 0
    silences: int = 0
    jobs: deque[datetime] = field(default_factory=deque)
    job_days: set[date] = field(default_factory=set)
    resting_until: datetime | None = None
    busy: bool = False  # an ask is open
    muted: bool = False
    jobs_this_year: int = 0

    def may_be_asked(self, need: Posted, now: datetime, today: date, *, wide: bool) -> bool:
        """As ``volunteers.asking.available`` decides it; who answered this request before is the caller's."""
        tired = self.resting_until is not None and now < self.resting_until
        if self.muted or self.busy or tired or self.last_day == today:
            return False
        if self.week == _week(today) and self.asks_this_week >= WEEK_LIMIT:
            return False
        if self.month == (today.year, today.month) and self.jobs_this_month >= MONTH_LIMIT:
            return False
        return need.on not in self.job_days and self._would(need, wide=wide)

    def _would(self, need: Posted, *, wide: bool) -> bool:
        suits = not need.moment or not self.moments or need.moment in self.moments
        allowed = self.certificate or need.category not in WITH_CERTIFICATE
        return suits and allowed and (wide or need.category in self.likes)

    def ask(self, now: datetime, today: date) -> None:
        """One ask more, and it is open."""
        if self.week != _week(today):
            self.week, self.asks_this_week = _week(today), 0
        self.asks_this_week += 1
        self.asked += 1
        self.last_asked_at, self.last_day = now, today
        self.busy = True

    def settle(self, asked_at: datetime) -> None:
        """It was arranged before the answer: the ask does not count."""
        self.busy = False
        self.asked -= 1
        if self.week == _week(asked_at.astimezone(AMSTERDAM).date()):
            self.asks_this_week -= 1

    def take_on(self, need: Posted, now: datetime) -> None:
        """A job."""
        self.busy = False
        self.yes += 1
        today = now.astimezone(AMSTERDAM).date()
        if self.month != (today.year, today.month):
            self.month, self.jobs_this_month = (today.year, today.month), 0
        self.jobs_this_month += 1
        self.jobs_this_year += 1
        self.jobs.append(now)
        self.job_days = {day for day in self.job_days if day >= today} | {need.on}


def newcomers(world: World, lots: Random, first: int) -> Iterator[Volunteer]:
    """Volunteers without end, numbered from ``first``."""
    number = first
    while True:
        yield Volunteer(
            pk=number,
            chance=lots.betavariate(*world.yes),
            likes=frozenset(name for name in CATEGORIES if lots.random() < world.likes),
            moments=frozenset(() if lots.random() < world.any_moment else lots.sample(MOMENTS, world.moments)),
            certificate=lots.random() < world.certificates,
        )
        number += 1


def answer(world: World, seed: int, need: Posted, volunteer: Volunteer, now: datetime) -> Answer:
    """What this person says to this request: the same under every policy, only the moment moves along."""
    says, talks, when, mutes = _lots(f"{seed} {need.pk} {volunteer.pk}", 4)
    delay = exp(REACTS.inv_cdf(min(max(when, 1e-6), 1 - 1e-6))) * HOUR
    at = awake(now + delay, world.quiet)
    if at > now + delay:
        at += talks * HOUR  # the morning is an hour, not a moment
    if says < volunteer.chance:
        what = Says.YES
    else:
        silent = (1 - world.answers) / (1 - _mean(world))
        what = Says.NOTHING if talks < silent else Says.NO
    return Answer(what, at, mutes < world.mutes)


def contact_person(world: World, seed: int, need: Posted, now: datetime) -> datetime | None:
    """When the contact person, who was told ``now``, has found somebody by calling; None: not, or not in time."""
    finds, when = _lots(f"{seed} {need.pk} contact person", 2)
    if finds >= world.contact_person_finds:
        return None
    soonest, latest = working_deadline(now, 1), working_deadline(now, world.contact_person_hours)
    at = soonest + when * (latest - soonest)
    return at if at < need.needed_by else None


def _lots(what: str, count: int) -> list[float]:
    """Numbers between 0 and 1, always the same for the same words."""
    digest = blake2b(what.encode(), digest_size=4 * count).digest()
    return [int.from_bytes(digest[n : n + 4]) / SCALE for n in range(0, 4 * count, 4)]


def _mean(world: World) -> float:
    yes, no = world.yes
    return yes / (yes + no)


def _week(today: date) -> tuple[int, int]:
    year, week, _day = today.isocalendar()
    return year, week
