"""The words of the ladder: its rungs, whom somebody can ask first, what a policy states. No Django, no clock."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class Rung(StrEnum):
    """How far a request went. By being posted it starts at the circle or the neighbours: that needs no step."""

    CIRCLE = "circle"
    NEIGHBOURS = "neighbours"
    GROUP = "group"
    VOLUNTEERS = "volunteers"
    CONTACT = "contact"
    CLOSE = "close"


IN_THE_DAY = frozenset({Rung.GROUP, Rung.VOLUNTEERS})  # nobody of these is asked in the night, or on a quiet day


class Audience(StrEnum):
    """Whom the asker wants first; the rungs below it are left out. After the circle alone comes the contact person."""

    CIRCLE = "circle"
    CIRCLE_ONLY = "circle_only"
    NEIGHBOURS = "neighbours"
    GROUP = "group"
    VOLUNTEERS = "volunteers"
    CONTACT = "contact"


class Why(StrEnum):
    """Why a step has the moment it has."""

    SHARE = "share"  # the policy's share of the request's own window
    FIXED = "fixed"  # the policy's fixed time after the start
    MORNING = "morning"  # its own moment fell in quiet hours, or on a quiet day
    OFFICE = "office"  # the last working moment that leaves the team its hours
    AT_ONCE = "at_once"  # asked for now, or there is no time left to wait
    NEEDED_BY = "needed_by"  # the help would come too late


@dataclass(frozen=True)
class Numbers:
    """What a policy states. Shares are of the request's own window; a fixed time wins where it fits in it."""

    circle: float = 0.25
    group: float = 0.12
    first_wave: float = 0.25
    first_wave_within_a_day: float = 0.10  # for a window under a day
    between_waves: float = 0.12
    contact: float = 0.70
    circle_after: timedelta | None = None
    group_after: timedelta | None = None
    first_wave_after: timedelta | None = None
    between_waves_after: timedelta | None = None
    contact_after: timedelta | None = None
    goals: tuple[float, ...] = (0.60, 0.80, 0.90, 0.98)  # chance of one yes that each wave aims at
    caps: tuple[int, ...] = (12, 24, 36, 36)  # most people each wave asks
    widen_share: float = 0.5  # from here on also volunteers who chose other categories
    office_hours: int = 4  # working hours the team needs before needed_by; 0: no office rule
    # Rungs that are there; False: left out by policy or village, or nobody is there.
    neighbours: bool = True
    groups: bool = False  # a group in the village does such things
    volunteers: bool = True

    def goal(self, wave: int) -> float:
        """The chance that wave number ``wave`` (the first is 1) aims at; after the last one stated it stays there."""
        return self.goals[min(wave, len(self.goals)) - 1]

    def cap(self, wave: int) -> int:
        """The most people that wave number ``wave`` (the first is 1) asks; as ``goal``, the last one stays."""
        return self.caps[min(wave, len(self.caps)) - 1]


@lru_cache(maxsize=1024)  # a sweep asks it of every request, and there are few policies
def among(numbers: Numbers, *, neighbours: bool = True, groups: bool = True, volunteers: bool = True) -> Numbers:
    """The same numbers, of the rungs that are there: what the policy leaves out stays left out."""
    return replace(
        numbers,
        neighbours=neighbours and numbers.neighbours,
        groups=groups and numbers.groups,
        volunteers=volunteers and numbers.volunteers,
    )


class Step(NamedTuple):
    """One moment at which the request goes up; ``wave`` counts the volunteers' waves from 1, else 0.

    ``own_at`` is the moment it would have had, where the village's rest moved it.
    """

    at: datetime
    rung: Rung
    why: Why
    wave: int = 0
    own_at: datetime | None = None


def begins_with(audience: Audience, numbers: Numbers) -> Audience:
    """Whom a request starts with: whom the asker wants, or the next rung that is not left out."""
    if audience == Audience.CIRCLE and begins_with(Audience.NEIGHBOURS, numbers) == Audience.CONTACT:
        return Audience.CIRCLE_ONLY
    if audience == Audience.NEIGHBOURS and not numbers.neighbours:
        audience = Audience.GROUP
    if audience == Audience.GROUP and not numbers.groups:
        audience = Audience.VOLUNTEERS
    if audience == Audience.VOLUNTEERS and not numbers.volunteers:
        audience = Audience.CONTACT
    return audience
