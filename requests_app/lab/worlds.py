"""What the simulated village is like: how often and for when it asks, and what its people do.

Where each number comes from stands in ``docs/policy-lab.md``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from math import exp, log
from random import Random
from statistics import NormalDist

from accounts.quiet import AMSTERDAM, Quiet, moment_of

BEGINS = date(2026, 1, 5)  # a Monday; a simulated year is 52 weeks
WEEKS = 52
NIGHT = Quiet(time(21), time(8))
MINUTE, HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
URGENT = A_DAY  # needed within a day of being asked
ANY_TIME = timedelta(days=7)
PART_STARTS = {"morning": time(9), "afternoon": time(12), "evening": time(18)}
AFTERNOON, EVENING = time(12), time(18)

# Nothing is published about what is asked, or for when: assumed.
CATEGORIES = {
    "groceries": 20,
    "ride": 20,
    "company": 15,
    "house": 12,
    "device": 10,
    "garden": 8,
    "pet": 5,
    "paperwork": 5,
    "other": 5,
}
ANY_TIME_SHARE = 0.30
DAYS_AHEAD = {0: 10, 1: 20, 2: 20, 3: 15, 4: 12, 5: 12, 6: 11}
ASKED_FROM, ASKED_UNTIL = 8 * 60, 22 * 60  # minutes of the day: when people write a request
SOONEST = 60  # minutes: for sooner than this a request is for the day after

# The logarithm of the hours until somebody reacts: 45 % within 6 hours, 80 % within 36.
REACTS = NormalDist(2.03, 1.85)
SAMPLE = 4000  # requests looked at, to know how many of them a reaction can reach in time


@dataclass(frozen=True, slots=True)
class Past:
    """Of a request that there was: when, for when and what kind; nothing else."""

    posted: int  # minutes since Monday 0.00 on the clock of the village
    window: int  # minutes until the help was needed
    category: str
    any_time: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """A simulated request, and when a neighbour comes by itself; None: never."""

    pk: int
    category: str
    posted_at: datetime
    needed_by: datetime
    on: date
    moment: str  # of the week, like "3-evening"; empty: any time
    neighbour_at: datetime | None

    @property
    def urgent(self) -> bool:
        """Help is needed within a day."""
        return self.needed_by - self.posted_at < URGENT


@dataclass(frozen=True)
class World:
    """A village. ``past`` is its own history, drawn from with replacement; empty: as is published or assumed."""

    volunteers: int
    requests_a_year: float
    past: tuple[Past, ...] = ()
    neighbours_fill: float = 0.60  # of all requests, by neighbours alone
    yes: tuple[float, float] = (0.8, 3.2)  # each volunteer's own chance of a yes: a Beta, a fifth on average
    answers: float = 0.70  # of the asked, those who say anything at all
    # The chance that one ask makes a volunteer switch us off. Of who is asked for everything that neighbours leave,
    # 144 times a year in the base world, one in three stops in a year.
    mutes: float = 1 - (2 / 3) ** (1 / 144)
    likes: float = 0.5  # the chance that a volunteer chose a category
    any_moment: float = 0.5  # volunteers who chose no moments of the week
    moments: int = 10  # of the 21, for who did
    certificates: float = 0.25  # volunteers with a certificate of conduct
    contact_person_finds: float = 0.85  # of what is handed over, if there is time
    contact_person_hours: int = 4  # working hours in which that is so, at least one
    quiet: Quiet = NIGHT

    @cached_property
    def reach(self) -> float:
        """The chance that a neighbour would come if there were time for ever.

        Chosen so that ``neighbours_fill`` of all come in time: who needs it soon is helped less often.
        """
        lots = Random("how soon")
        windows = [self._drawn(lots).window for _ in range(SAMPLE)]
        return min(1.0, self.neighbours_fill * SAMPLE / sum(map(_in_time, windows)))

    def year(self, seed: int, number: int) -> Iterator[Posted]:
        """The requests of a year in order of time; the first year is 0. The same seed, the same requests."""
        lots = Random(f"{seed} {number}")
        drawn = [(lots.randrange(WEEKS), self._drawn(lots)) for _ in range(_poisson(lots, self.requests_a_year))]
        monday = BEGINS + number * WEEKS * 7 * A_DAY
        for n, (week, past) in enumerate(sorted(drawn, key=lambda one: (one[0], one[1].posted))):
            yield self._posted(number * 1_000_000 + n, monday + 7 * week * A_DAY, past, lots.random())

    def _drawn(self, lots: Random) -> Past:
        return lots.choice(self.past) if self.past else _invented(lots)

    def _posted(self, pk: int, monday: date, past: Past, lot: float) -> Posted:
        posted_at, needed_by = _moment(monday, past.posted), _moment(monday, past.posted + past.window)
        neighbour_at = None
        if 0 < lot < self.reach:
            neighbour_at = posted_at + exp(REACTS.inv_cdf(lot / self.reach)) * HOUR if lot / self.reach < 1 else None
        local = needed_by.astimezone(AMSTERDAM)
        return Posted(
            pk=pk,
            category=past.category,
            posted_at=posted_at,
            needed_by=max(needed_by, posted_at),
            on=local.date(),
            moment="" if past.any_time else f"{local.weekday()}-{part_of(local.time())}",
            neighbour_at=neighbour_at if neighbour_at and neighbour_at < needed_by else None,
        )


def base(inhabitants: int = 12_000) -> World:
    """The world of the published figures: 30 requests a year and 8 volunteers for every 1,000 inhabitants."""
    return World(volunteers=max(1, round(inhabitants * 0.008)), requests_a_year=inhabitants * 0.030)


def part_of(clock: time) -> str:
    """The part of the day, as volunteers choose them."""
    if clock < AFTERNOON:
        return "morning"
    return "afternoon" if clock < EVENING else "evening"


def _invented(lots: Random) -> Past:
    day, minute = lots.randrange(7), lots.randrange(ASKED_FROM, ASKED_UNTIL)
    category = lots.choices(list(CATEGORIES), list(CATEGORIES.values()))[0]
    if lots.random() < ANY_TIME_SHARE:
        return Past(day * 24 * 60 + minute, int(ANY_TIME / MINUTE), category, any_time=True)
    ahead = lots.choices(list(DAYS_AHEAD), list(DAYS_AHEAD.values()))[0]
    start = lots.choice(list(PART_STARTS.values()))
    window = ahead * 24 * 60 + start.hour * 60 - minute
    return Past(day * 24 * 60 + minute, window if window >= SOONEST else window + 24 * 60, category)


def _moment(monday: date, minutes: int) -> datetime:
    days, rest = divmod(minutes, 24 * 60)
    return moment_of(monday + days * A_DAY, time(rest // 60, rest % 60)).astimezone(UTC)


def _in_time(window: int) -> float:
    return REACTS.cdf(log(window / 60)) if window > 0 else 0.0


def _poisson(lots: Random, mean: float) -> int:
    """How many came in a year, when each comes by itself."""
    count, at = 0, lots.expovariate(1.0)
    while at < mean:
        count += 1
        at += lots.expovariate(1.0)
    return count
