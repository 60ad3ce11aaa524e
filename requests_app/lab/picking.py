"""Whom a wave asks: the product's own choice (``choosing``) over the simulated volunteers. Nothing else knows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from requests_app.choosing import Candidate
from requests_app.choosing import wave as choose
from requests_app.lab.people import Volunteer
from requests_app.lab.worlds import Posted

LOOK_BACK = timedelta(days=90)  # jobs that count for whose turn it is, as in ``volunteers.asking``


@dataclass(frozen=True, slots=True)
class Goal:
    """What a wave wants; ``already`` is the chance that still runs, for the replacement of somebody who declined."""

    chance: float
    cap: int
    already: float = 0.0


def pick(people: Iterable[Volunteer], need: Posted, goal: Goal, now: datetime) -> list[tuple[Volunteer, float]]:
    """Of these, who may all be asked: whom to ask, each with the chance of a yes that the record shows."""
    by_pk = {one.pk: one for one in people}
    candidates = (_candidate(one, need, now) for one in by_pk.values())
    chosen = choose(candidates, goal=goal.chance, cap=goal.cap, now=now, seed=need.pk, already=goal.already)
    return [(by_pk[one.candidate.pk], one.chance) for one in chosen]


def _candidate(one: Volunteer, need: Posted, now: datetime) -> Candidate:
    while one.jobs and one.jobs[0] <= now - LOOK_BACK:
        one.jobs.popleft()
    return Candidate(
        pk=one.pk,
        asked=one.asked,
        yes=one.yes,
        jobs_90=len(one.jobs),
        last_asked_at=one.last_asked_at,
        chosen_category=need.category in one.likes,
        chosen_moment=need.moment in one.moments,
    )
