"""Cases for the second opinion: made at random from a seed, with every night and day on which calendars go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from accounts.quiet import Rest
from requests_app import ladder
from tests import oracle
from tests.oracle import Case
from villages import daylight

YEARS = range(2026, 2033)
QUIETS = [
    (time(21), time(8)),
    (time(21), time(8)),
    (time(0), time(0)),
    (time(22, 30), time(2, 30)),
    (time(2), time(3)),
]
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
AUDIENCES = ["neighbours", "neighbours", "circle", "circle", "circle_only", "group", "volunteers", "contact"]
# Besides the two nights on which the clock changes: leap days, and what surrounds holidays.
ODD_DAYS = [(2, 28), (2, 29), (3, 1), (4, 26), (4, 27), (5, 5), (12, 24), (12, 25), (12, 26), (12, 31), (1, 1)]


def cases(count: int, seed: int) -> Iterator[Case]:
    """The same ones each time: first one at each odd day there is, the rest anywhere in seven years."""
    random = Random(seed)
    odd = list(_odd_moments())
    for n in range(count):
        # A third lies around an odd day: there a mistake shows.
        near = odd[n % len(odd)] if n < len(odd) or random.random() < 1 / 3 else None
        yield case_of(random, near, within=n < len(odd))


def difference(case: Case) -> str:
    """What the product and the oracle do not agree on; empty when they do."""
    own = case.own_quiet
    rests = [*_village(case), *([daylight.Quiet(*own)] if own else []), daylight.Days(_numbers(case.own_days))]
    pairs = {
        "ladder": (_plan(case), oracle.ladder(case)),
        "office": (
            daylight.last_office_at(case.needed_by, case.office_hours),
            oracle.last_office(case.needed_by, case.office_hours),
        ),
        "deadline": (
            daylight.working_deadline(case.needed_by, case.office_hours),
            oracle.deadline(case.needed_by, case.office_hours),
        ),
        "message": (daylight.awake(case.since, *rests), oracle.wake(case.since, *case.reader)),
    }
    return "; ".join(f"{what}: {ours} is not {theirs}" for what, (ours, theirs) in pairs.items() if ours != theirs)


def _plan(case: Case) -> list[oracle.Told]:
    numbers = ladder.Numbers(
        circle=float(case.circle),
        group=float(case.group),
        first_wave=float(case.first_wave),
        first_wave_within_a_day=float(case.first_wave_within_a_day),
        between_waves=float(case.between_waves),
        contact=float(case.contact),
        circle_after=case.circle_after,
        group_after=case.group_after,
        first_wave_after=case.first_wave_after,
        between_waves_after=case.between_waves_after,
        contact_after=case.contact_after,
        office_hours=case.office_hours,
        neighbours=case.neighbours,
        groups=case.groups,
        volunteers=case.volunteers,
    )
    steps = ladder.plan(
        case.since,
        case.needed_by,
        numbers,
        audience=ladder.Audience(case.audience),
        last_office_at=daylight.last_office_at(case.needed_by, case.office_hours),
        awake=lambda at: daylight.awake(at, *_village(case)),
        volunteers_now=case.volunteers_now,
    )
    return [(step.at, step.rung.value, step.why.value, step.wave) for step in steps]


def _village(case: Case) -> tuple[Rest, ...]:
    weekdays = tuple(sorted(_numbers(case.quiet_days)))
    return daylight.rests(*case.quiet, weekdays, "holidays" in case.quiet_days)


def _numbers(days: frozenset[str]) -> frozenset[int]:
    return frozenset(DAYS.index(day) for day in days if day in DAYS)


def _odd_moments() -> Iterator[datetime]:
    """Every clock-change night of 2026 to 2032, before, in and after the hour; leap days; holidays."""
    for year in YEARS:
        for month in (3, 10):
            change = oracle.last_sunday(year, month)
            yield from (change + timedelta(minutes=minutes) for minutes in (-600, -61, -30, 0, 30, 61, 600))
        for month, day in ODD_DAYS:
            if (month, day) != (2, 29) or year % 4 == 0:
                yield datetime(year, month, day, 9, tzinfo=UTC)


def case_of(random: Random, near: datetime | None, *, within: bool = False) -> Case:
    """One case, around this moment (a whole second) if there is one; ``within``: its window holds that moment."""
    if near is None:
        days = (date(2033, 1, 1) - date(2026, 1, 1)).days
        near = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=random.randrange(days))
    window = random.choice([_minutes(random, 60), _minutes(random, 24 * 60), _minutes(random, 5 * 24 * 60)])
    window = random.choice([window, window, _minutes(random, 30 * 24 * 60), timedelta(minutes=-5)])
    # The odd moment lies before, in or after the window.
    middle = near + timedelta(minutes=random.randint(-720, 720))
    since = middle - random.choice([0, 0.5, 1]) * window
    if within:
        window = abs(window)
        since = near - timedelta(seconds=window // timedelta(seconds=2))
    needed_by = (since + window).replace(second=0, microsecond=0)
    return Case(
        since=since,
        needed_by=needed_by,
        quiet=_quiet(random),
        audience=random.choice(AUDIENCES),
        neighbours=random.random() < 0.9,
        groups=random.random() < 0.5,
        volunteers=random.random() < 0.9,
        volunteers_now=random.random() < 0.2,
        circle=random.choice(["0.25", _share(random)]),
        group=random.choice(["0.12", "0.12", _share(random)]),
        first_wave=_share(random),
        first_wave_within_a_day=_share(random),
        between_waves=random.choice(["0.12", "0.12", "0.01", _share(random)]),
        contact=random.choice(["0.7", "0.7", "0.9", _share(random)]),
        circle_after=_fixed(random),
        group_after=_fixed(random),
        first_wave_after=_fixed(random),
        between_waves_after=_fixed(random),
        contact_after=_fixed(random),
        office_hours=random.choice([0, 1, 4, 4, 4, 8, 16]),
        own_quiet=_quiet(random) if random.random() < 0.5 else None,
        own_days=_days(random),
        quiet_days=_days(random) | random.choice([frozenset(), frozenset(["holidays"])]),
    )


def _quiet(random: Random) -> tuple[time, time]:
    anything = time(random.randrange(24), random.randrange(60)), time(random.randrange(24), random.randrange(60))
    return random.choice([*QUIETS, anything, anything])


def _days(random: Random) -> frozenset[str]:
    """None, the Sunday, or any of them but never all."""
    some = random.sample(DAYS, random.randint(1, len(DAYS) - 1))
    return random.choice([frozenset(), frozenset(["sunday"]), frozenset(["saturday", "sunday"]), frozenset(some)])


def _share(random: Random) -> str:
    return str(random.randint(0, 100) / 100)


def _minutes(random: Random, most: int) -> timedelta:
    return timedelta(minutes=random.randint(1, most), seconds=random.choice([0, 0, random.randrange(60)]))


def _fixed(random: Random) -> timedelta | None:
    return random.choice([None, None, None, _minutes(random, 120), _minutes(random, 3 * 24 * 60)])
