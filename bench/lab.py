"""The policy lab: what the default numbers mean in the base world of ``docs/policy-lab.md``, and what a run costs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from statistics import median

from bench.figure import Figure, at_least, at_most, dosed, full_dose, under
from requests_app.lab.measures import Measures
from requests_app.lab.simulation import simulate
from requests_app.lab.worlds import World, base
from requests_app.ladder import Numbers

YEARS, SEEDS = 16, 5
SMALL = 3_500  # inhabitants
EVERYBODY = Numbers(first_wave_after=timedelta(hours=24), goals=(0.999_999,), caps=(100_000,))


def default() -> Iterator[Figure]:
    """The default policy: medians of five draws, each of sixteen years."""
    runs, seconds = _runs(base(), Numbers())
    years = dosed(YEARS, least=4)
    yield at_least(
        0.98, "lab: requests filled in time, the contact person's calls included", _of(runs, "fill"), "share"
    )
    yield Figure("lab: filled in time by neighbours and volunteers alone", _alone(runs), "share")
    yield at_most(10, "lab: asks per request", _of(runs, "asks_per_request"), "asks")
    yield under(0.10, "lab: volunteers muted in a year", _of(runs, "muted"), "share")
    yield under(10, f"lab: {years} years simulated", seconds, "CPU seconds")
    yield from _shown("lab", runs)


def beside() -> Iterator[Figure]:
    """The same village when everybody is asked after a day, and the default in a small village: shown only."""
    for name, world, numbers in (
        ("lab, everybody after 24 h", base(), EVERYBODY),
        (f"lab, {SMALL:,} inhabitants", base(SMALL), Numbers()),
    ):
        runs, _seconds = _runs(world, numbers)
        for words, measure, unit in (
            ("requests filled in time", "fill", "share"),
            ("asks per request", "asks_per_request", "asks"),
            ("volunteers muted in a year", "muted", "share"),
        ):
            yield Figure(f"{name}: {words}", _of(runs, measure), unit)
        yield Figure(f"{name}: filled in time by neighbours and volunteers alone", _alone(runs), "share")
        yield from _shown(name, runs)
    runs, _seconds = _runs(replace(base(), contact_person_finds=0), Numbers())
    yield Figure("lab, the contact person finds nobody: requests filled in time", _of(runs, "fill"), "share")


def _shown(name: str, runs: list[Measures]) -> Iterator[Figure]:
    yield Figure(f"{name}: filled of those needed within a day", _of(runs, "urgent_fill"), "share")
    yield Figure(f"{name}: asks per request that came to volunteers", _of(runs, "asks_when_asked"), "asks")
    yield Figure(f"{name}: handed to the contact person", _of(runs, "handed"), "share")
    yield Figure(f"{name}: volunteers with a job in a year", _of(runs, "with_job"), "share")
    yield Figure(f"{name}: median wait", _of(runs, "wait"), "hours")


def _runs(world: World, numbers: Numbers) -> tuple[list[Measures], float]:
    """One run a draw, and the median of their CPU seconds."""
    runs, seconds = [], []
    for seed in range(1, (SEEDS if full_dose() else 1) + 1):
        begun = time.process_time()
        runs.append(simulate(world, policy={"": numbers}, seed=seed, years=dosed(YEARS, least=4)))
        seconds.append(time.process_time() - begun)
    return runs, median(seconds)


def _of(runs: list[Measures], measure: str) -> float:
    return median(getattr(run, measure) or 0.0 for run in runs)


def _alone(runs: list[Measures]) -> float:
    return median((run.by_neighbours or 0.0) + (run.by_volunteers or 0.0) for run in runs)
