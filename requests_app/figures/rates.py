"""What a figure means: outcomes, rates, waits and how even a load is. No Django, no clock, no database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

# Waits are counted per step, so that months and villages can be added up: up to and with so many hours; then longer.
HOURS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 36, 48, 72, 96, 120, 168)
DAY, TWO_DAYS = timedelta(hours=24), timedelta(hours=48)
HALF, EIGHT_IN_TEN = 0.5, 0.8
ENOUGH = 20  # requests, before a village's own wait is told
SOON = timedelta(days=14)  # a new volunteer hopes to hear something within this


class Outcome(StrEnum):
    """How a request ended, or where it is."""

    NEIGHBOUR = "neighbour"
    GROUP = "group"  # two or more people came, or somebody of a group that it lay before
    VOLUNTEER = "volunteer"  # one who was asked
    TEAM = "team"  # the contact person found somebody, or it was done after it was handed to them
    NOBODY = "nobody"  # the date passed, or it did not work out
    NOT_NEEDED = "not_needed"  # withdrawn, or done without us
    RUNNING = "running"  # nobody yet, and its date is still to come


FOUND = (Outcome.NEIGHBOUR, Outcome.GROUP, Outcome.VOLUNTEER, Outcome.TEAM)


@dataclass(frozen=True)
class Fact:
    """One request, as its events and asks tell it. ``helpers`` are those who came and did not give back."""

    village: int
    category: str
    asker: int
    posted_at: datetime
    reacted_at: datetime | None  # the first who offered, or came
    found_at: datetime | None  # the first who came
    closed_at: datetime | None
    status: str
    failed: bool  # "No, it didn't work out"
    handed: bool  # to the contact person
    helpers: Sequence[int]
    helper_was_asked: bool
    by_group: bool  # who came is of a group that it lay before
    asks: int
    yes: int
    by_team: bool = False  # the contact person found who came


def outcome(fact: Fact) -> Outcome:  # noqa: PLR0911 (a list of cases)
    """The one outcome of this request."""
    if fact.status == "withdrawn":
        return Outcome.NOT_NEEDED
    if fact.failed or fact.status == "lapsed":
        return Outcome.NOBODY
    if fact.by_team:
        return Outcome.TEAM
    if len(fact.helpers) > 1:
        return Outcome.GROUP
    if fact.helpers:
        one = Outcome.GROUP if fact.by_group else Outcome.NEIGHBOUR
        return Outcome.VOLUNTEER if fact.helper_was_asked else one
    if fact.status == "done":
        return Outcome.TEAM if fact.handed else Outcome.NOT_NEEDED
    return Outcome.RUNNING


@dataclass(frozen=True)
class Counts:
    """What can be added up over categories, villages and months.

    ``known_24``: requests of which we know how it was after 24 hours; ``open_24``: nobody was found by then.
    ``waits``: first reactions per step of ``HOURS``, the last number those that took longer.
    """

    asked: int = 0
    neighbour: int = 0
    group: int = 0
    volunteer: int = 0
    team: int = 0
    nobody: int = 0
    not_needed: int = 0
    known_24: int = 0
    open_24: int = 0
    known_48: int = 0
    open_48: int = 0
    asks: int = 0
    yes: int = 0
    waits: tuple[int, ...] = (0,) * (len(HOURS) + 1)

    def __add__(self, other: Counts) -> Counts:
        sums = {name: getattr(self, name) + getattr(other, name) for name in NUMBERS}
        return Counts(**sums, waits=tuple(map(sum, zip(self.waits, other.waits, strict=True))))

    @property
    def found(self) -> int:
        return self.neighbour + self.group + self.volunteer + self.team

    @property
    def running(self) -> int:
        return self.asked - self.found - self.nobody - self.not_needed

    @property
    def fill(self) -> float | None:
        """Of the requests that are over and were needed: the share for which somebody was found."""
        return share(self.found, self.found + self.nobody)

    @property
    def asks_per_yes(self) -> float | None:
        return self.asks / self.yes if self.yes else None

    @property
    def half_reacted_within(self) -> int | None:
        """Hours in which half of those with a reaction had the first one; rounded up to a step of ``HOURS``."""
        return within(self.waits, HALF)


NUMBERS = tuple(field.name for field in fields(Counts) if field.name != "waits")
NOTHING = Counts()


def count(fact: Fact, now: datetime) -> Counts:
    """One request as counts."""
    ended = outcome(fact)
    known = {24: _known(fact, DAY, now), 48: _known(fact, TWO_DAYS, now)}
    waits = [0] * (len(HOURS) + 1)
    if fact.reacted_at is not None:
        waits[step(fact.reacted_at - fact.posted_at)] = 1
    return Counts(
        asked=1,
        **({} if ended == Outcome.RUNNING else {ended.value: 1}),
        known_24=known[24],
        open_24=known[24] and _still_open(fact, DAY),
        known_48=known[48],
        open_48=known[48] and _still_open(fact, TWO_DAYS),
        asks=fact.asks,
        yes=fact.yes,
        waits=tuple(waits),
    )


def total(counts: Iterable[Counts]) -> Counts:
    """All of these together."""
    return sum(counts, NOTHING)


def step(wait: timedelta) -> int:
    """Which step of ``HOURS`` this wait falls in."""
    return next((at for at, hours in enumerate(HOURS) if wait <= timedelta(hours=hours)), len(HOURS))


def within(waits: Sequence[int], part: float) -> int | None:
    """In how many hours ``part`` of these had it; None: there are none, or it took longer than the longest step."""
    wanted = ceil(sum(waits) * part)
    so_far = 0
    for hours, number in zip(HOURS, waits, strict=False):
        so_far += number
        if wanted and so_far >= wanted:
            return hours
    return None


def share(part: int, whole: int) -> float | None:
    """None where there is nothing to take a share of."""
    return part / whole if whole else None


def gini(loads: Collection[int]) -> float | None:
    """How uneven a load is: 0 when all carry the same, near 1 when one carries all; None without any load."""
    carried = sum(loads)
    if not carried:
        return None
    rank_weighted = sum(rank * load for rank, load in enumerate(sorted(loads), start=1))
    return (2 * rank_weighted / carried - len(loads) - 1) / len(loads)


@dataclass(frozen=True)
class Usual:
    """How long finding somebody takes here: half within ``half``, 8 in 10 within ``most`` (None: not 8 in 10)."""

    requests: int
    half: timedelta
    most: timedelta | None


def usual(waits: Collection[timedelta | None]) -> Usual | None:
    """Of requests that found somebody after a wait, or nobody (None). Nothing before there are ``ENOUGH`` of them.

    Who found nobody counts as the longest wait; when that is half of them, there is nothing to tell.
    """
    if len(waits) < ENOUGH:
        return None
    found = sorted(wait for wait in waits if wait is not None)
    half, most = (ceil(len(waits) * part) for part in (HALF, EIGHT_IN_TEN))
    if len(found) < half:
        return None
    return Usual(len(waits), found[half - 1], found[most - 1] if len(found) >= most else None)


def _known(fact: Fact, after: timedelta, now: datetime) -> int:
    return int(now - fact.posted_at >= after)


def _still_open(fact: Fact, after: timedelta) -> int:
    until = fact.posted_at + after
    return int(all(at is None or at > until for at in (fact.found_at, fact.closed_at)))
