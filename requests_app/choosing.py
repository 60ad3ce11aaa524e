"""Whom a wave asks, fairly: no Django, no clock, no database.

The best answerers are not asked first: that would give all the work to a fifth of the people.
Who may be asked at all (budget, pause, blocks, quiet hours, category) is decided by the caller.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b

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
    FEWER_JOBS = "fewer_jobs"  # fewer jobs in 90 days than the candidates did on average
    ROOM = "room"  # the budget allows it; true of every candidate
    VILLAGE = "village"  # lives where it is asked; true of every candidate


@dataclass(frozen=True)
class Candidate:
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


@dataclass(frozen=True)
class Chosen:
    """One of a wave: ``rank`` counts from 1, ``chance_so_far`` is that of one yes from all up to this one.

    ``reasons`` are exactly three, the most telling first.
    """

    candidate: Candidate
    rank: int
    chance: float
    chance_so_far: float
    reasons: tuple[Reason, ...]


def wave(
    candidates: Iterable[Candidate], *, goal: float, cap: int, now: datetime, seed: int, already: float = 0.0
) -> list[Chosen]:
    """The fewest people from the top of the fair order who together give the chance ``goal`` of one yes.

    At most ``cap``; everybody there is, if that is not enough. The order: newcomers who wait for their first ask,
    then fewest jobs in 90 days, then longest not asked; those who are equal take turns by ``seed`` (the request's
    pk), the same each time. ``already`` is the chance that runs: 0 for a wave, which counts newly asked people only;
    for the replacement of somebody who declined, that of the others in the wave (``chance_of_one_yes``).
    """
    people = sorted(candidates, key=lambda candidate: _order(candidate, seed))
    average = sum(candidate.jobs_90 for candidate in people) / max(len(people), 1)
    chosen: list[Chosen] = []
    chance_so_far = already
    for rank, candidate in enumerate(people[:cap], start=1):
        if chance_so_far >= goal - ROUNDING:
            break
        chance_so_far = 1 - (1 - chance_so_far) * (1 - candidate.chance)
        reasons = _reasons(candidate, average, now)
        chosen.append(Chosen(candidate, rank, candidate.chance, chance_so_far, reasons))
    return chosen


def chance_of_one_yes(candidates: Iterable[Candidate]) -> float:
    """The chance that at least one of them says yes; 0.0 of nobody."""
    nobody = 1.0
    for candidate in candidates:
        nobody *= 1 - candidate.chance
    return 1 - nobody


def _order(candidate: Candidate, seed: int) -> tuple[bool, int, datetime, bytes]:
    # A draw of lots that anyone can repeat: else the longest registered would always come first.
    lot = blake2b(f"{seed}:{candidate.pk}".encode(), digest_size=8).digest()
    return not candidate.newcomer_waits, candidate.jobs_90, candidate.last_asked_at or NEVER, lot


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
