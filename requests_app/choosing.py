"""Whom a wave asks, fairly: no Django, no clock, no database.

The best answerers are not asked first: that would give all the work to a fifth of the people.
Who may be asked at all (budget, pause, blocks, quiet hours, category) is decided by the caller.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from itertools import groupby, islice
from typing import Generic, NamedTuple, Protocol, TypeVar

# What is believed of somebody never asked: one yes in five asks, a Beta(1, 4) prior.
PRIOR_YES, PRIOR_NO = 1, 4
REASONS = 3  # exactly: as many as one reads
A_WHILE = timedelta(days=14)  # "you haven't been asked for a while" is said after this
ROUNDING = 1e-9  # a goal that is met exactly must not cost one more person an ask
NEVER = datetime.min.replace(tzinfo=UTC)  # asked longest ago of all


class Reason(StrEnum):
    """Why this person, for "Why are you asking me?"."""

    CATEGORY = "category"  # chose this category
    WIDER = "wider"  # did not, and nobody has been found yet
    MOMENT = "moment"  # said that this moment of the week suits
    NEVER_ASKED = "never_asked"
    LONG_NOT_ASKED = "long_not_asked"  # not in the last fourteen days
    FEWER_JOBS = "fewer_jobs"  # fewer jobs in 90 days than who might be asked did on average
    ROOM = "room"  # the budget allows it; true of every candidate
    VILLAGE = "village"  # lives where it is asked; true of every candidate


class Person(Protocol):
    """What the fair order looks at."""

    @property
    def pk(self) -> int:
        """Who: those who are equal stand in this order."""
        ...

    @property
    def jobs_90(self) -> int:
        """Jobs accepted in the last 90 days."""
        ...

    @property
    def last_asked_at(self) -> datetime | None:
        """An aware moment; None: never asked."""
        ...

    @property
    def newcomer_waits(self) -> bool:
        """Welcomed a week ago or longer, and never asked."""
        ...


P = TypeVar("P", bound=Person)


class Candidate(NamedTuple):
    """A volunteer who may be asked, with the own record that counts."""

    pk: int
    asked: int  # times asked, ever
    yes: int  # of those, times the answer was yes
    jobs_90: int  # jobs accepted in the last 90 days
    last_asked_at: datetime | None  # aware; None: never asked
    chosen_category: bool
    chosen_moment: bool = False
    newcomer_waits: bool = False  # welcomed a week ago or longer, and never asked: these come first

    @property
    def chance(self) -> float:
        """The chance of a yes when asked, between 0 and 1: the own record, on top of the prior."""
        return (PRIOR_YES + self.yes) / (PRIOR_YES + PRIOR_NO + self.asked)


class Chosen(NamedTuple):
    """One of a wave: ``rank`` counts from 1, ``chance_so_far`` is that of one yes from all up to this one.

    ``reasons`` are exactly three, the most telling first.
    """

    candidate: Candidate
    rank: int
    chance: float
    chance_so_far: float
    reasons: tuple[Reason, ...]


class Queue(Generic[P]):
    """Everybody of one village who might be asked, in the fair order, for one request after another.

    The order: newcomers who wait for their first ask, then fewest jobs in 90 days, then longest not asked. Those who
    are equal stand by pk and take turns: the request's pk draws who of them is first, the same each time. Who is asked
    leaves.
    """

    def __init__(self, people: Iterable[P]) -> None:
        waiting = sorted(people, key=lambda person: (*_order(person), person.pk))
        self.average = sum(person.jobs_90 for person in waiting) / max(len(waiting), 1)
        self._equals = {order: list(equals) for order, equals in groupby(waiting, key=_order)}

    def in_turn(self, seed: int) -> Iterator[P]:
        """One by one, for the request with this pk."""
        # A draw of lots that anyone can repeat: else the longest registered would always come first.
        lot = int.from_bytes(blake2b(str(seed).encode(), digest_size=8).digest())
        for equals in self._equals.values():
            if equals:
                first = lot % len(equals)
                yield from equals[first:]
                yield from equals[:first]

    def leave(self, person: P) -> None:
        """This one was asked: not in the queue for the next request."""
        self._equals[_order(person)].remove(person)


def wave(
    candidates: Iterable[Candidate], *, goal: float, cap: int, now: datetime, seed: int, already: float = 0.0
) -> list[Chosen]:
    """The fewest people from the top of the fair order who together give the chance ``goal`` of one yes.

    At most ``cap``; everybody there is, if that is not enough. The order is that of a ``Queue`` of these candidates,
    for the request whose pk is ``seed``. ``already`` is the chance that runs: 0 for a wave, which counts newly asked
    people only; for the replacement of somebody who declined, that of the others in the wave
    (``chance_of_one_yes``).
    """
    queue = Queue(candidates)
    return fewest(queue.in_turn(seed), goal=goal, cap=cap, now=now, average=queue.average, already=already)


def fewest(
    in_turn: Iterable[Candidate], *, goal: float, cap: int, now: datetime, average: float, already: float = 0.0
) -> list[Chosen]:
    """The same of who stands in order already; ``average`` is that of the jobs of everybody who might be asked.

    Looks no further down the queue than it has to.
    """
    chosen: list[Chosen] = []
    chance_so_far = already
    if chance_so_far >= goal - ROUNDING:
        return chosen
    for rank, candidate in enumerate(islice(in_turn, cap), start=1):
        chance = candidate.chance
        chance_so_far = 1 - (1 - chance_so_far) * (1 - chance)
        chosen.append(Chosen(candidate, rank, chance, chance_so_far, _reasons(candidate, average, now)))
        if chance_so_far >= goal - ROUNDING:
            break
    return chosen


def chance_of_one_yes(chances: Iterable[float]) -> float:
    """The chance that at least one of people with these chances says yes; 0.0 of nobody."""
    nobody = 1.0
    for chance in chances:
        nobody *= 1 - chance
    return 1 - nobody


def _order(person: Person) -> tuple[bool, int, datetime]:
    return not person.newcomer_waits, person.jobs_90, person.last_asked_at or NEVER


def _reasons(candidate: Candidate, average: float, now: datetime) -> tuple[Reason, ...]:
    reasons = [Reason.CATEGORY if candidate.chosen_category else Reason.WIDER]
    if candidate.chosen_moment:
        reasons.append(Reason.MOMENT)
    if candidate.last_asked_at is None:
        reasons.append(Reason.NEVER_ASKED)
    elif now - candidate.last_asked_at >= A_WHILE:
        reasons.append(Reason.LONG_NOT_ASKED)
    if candidate.jobs_90 < average:
        reasons.append(Reason.FEWER_JOBS)
    return (*reasons, Reason.ROOM, Reason.VILLAGE)[:REASONS]
