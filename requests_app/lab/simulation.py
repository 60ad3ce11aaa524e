"""Years of a village in seconds: every request walks the product's own ladder, on a clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count, islice
from random import Random
from typing import Protocol

from accounts.quiet import AMSTERDAM, awake
from requests_app.choosing import chance_of_one_yes
from requests_app.lab.measures import By, Measures, Tally, measured
from requests_app.lab.people import RESTS, Answer, Says, Volunteer, answer, contact_person, newcomers
from requests_app.lab.picking import Goal, pick
from requests_app.lab.worlds import HOUR, Posted, World
from requests_app.ladder import Audience, Numbers, Rung, Step, aim, due, next_at, plan, widens_at
from villages.daylight import last_office_at

REPLACED_BY = 2  # as in the product (``escalation``): who declines is replaced by at most so many
# The numbers of the ladder, by category; "" is for all others.
Policy = Mapping[str, Numbers]


class Watch(Protocol):
    """Sees every ask of a run; for the tests."""

    def __call__(self, volunteer: Volunteer, need: Posted, at: datetime) -> None: ...


@dataclass(slots=True, eq=False)
class Ask:
    """Of one volunteer, for one request."""

    volunteer: Volunteer
    at: datetime
    wave: int
    chance: float
    answer: Answer
    open: bool = True


@dataclass(slots=True, eq=False)
class Running:
    """One request on its way up."""

    need: Posted
    numbers: Numbers
    steps: Sequence[Step]
    walked: int = 0
    waves: int = 0
    asks: dict[int, Ask] = field(default_factory=dict)
    over: bool = False


class Simulation:
    """One village under one policy. ``seed`` decides everything that is left to chance."""

    def __init__(self, world: World, policy: Policy, seed: int, watch: Watch | None = None) -> None:
        self.world, self.policy, self.seed, self.watch = world, policy, seed, watch
        self.tally = Tally()
        self._pool = newcomers(world, Random(f"{seed} people"), 1)
        self._volunteers = list(islice(self._pool, world.volunteers))
        self._agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._turn = count()

    def run_year(self, number: int) -> None:
        """One year more; ``number`` counts from 0. Who muted us is replaced, what runs goes on into the next year."""
        self._volunteers = [next(self._pool) if one.muted else one for one in self._volunteers]
        for volunteer in self._volunteers:
            volunteer.jobs_this_year = 0
        for need in self.world.year(self.seed, number):
            self._run_until(need.posted_at)
            self._post(need)
        self.tally.with_job += sum(one.jobs_this_year > 0 for one in self._volunteers)
        self.tally.volunteer_years += len(self._volunteers)

    def finish(self) -> None:
        """Let every request that runs come to its end."""
        self._run_until(None)

    def _run_until(self, until: datetime | None) -> None:
        while self._agenda and (until is None or self._agenda[0][0] < until):
            now, _turn, do = heappop(self._agenda)
            do(now)

    def _later(self, at: datetime, do: Callable[[datetime], None]) -> None:
        heappush(self._agenda, (at, next(self._turn), do))

    def _awake(self, at: datetime) -> datetime:
        return awake(at, self.world.quiet)

    def _post(self, need: Posted) -> None:
        numbers = self.policy.get(need.category) or self.policy[""]
        steps = plan(
            need.posted_at,
            need.needed_by,
            numbers,
            audience=Audience.NEIGHBOURS,
            last_office_at=last_office_at(need.needed_by, numbers.office_hours),
            awake=self._awake,
        )
        running = Running(need, numbers, steps)
        self.tally.requests += 1
        self.tally.urgent += need.urgent
        if need.neighbour_at:
            self._later(need.neighbour_at, lambda now: self._fill(running, now, By.NEIGHBOUR))
        self._walk(running, need.posted_at)

    def _walk(self, running: Running, now: datetime) -> None:
        while not running.over:
            step, running.walked = due(running.steps, running.walked, now, awake=self._awake)
            if step is None:
                at = next_at(running.steps, running.walked, now, awake=self._awake)
                if at:
                    self._later(at, lambda later: self._walk(running, later))
                return
            if step.rung == Rung.CLOSE:
                self._close(running, now)
            elif step.rung == Rung.CONTACT:
                self._hand_over(running, now)
            else:
                self._ask_wave(running, now)

    def _hand_over(self, running: Running, now: datetime) -> None:
        self.tally.handed += 1
        found_at = contact_person(self.world, self.seed, running.need, now)
        if found_at:
            self._later(found_at, lambda at: self._fill(running, at, By.CONTACT))

    def _ask_wave(self, running: Running, now: datetime) -> None:
        wave = running.waves + 1
        if self._ask(running, now, wave, Goal(*aim(running.numbers, running.steps, running.walked, wave))):
            running.waves = wave

    def _replace(self, running: Running, declined: Ask, now: datetime) -> None:
        open_asks = (ask for ask in running.asks.values() if ask.open and ask.wave == declined.wave)
        already = chance_of_one_yes(ask.chance for ask in open_asks)
        chance, _most = aim(running.numbers, running.steps, running.walked, declined.wave)
        self._ask(running, now, declined.wave, Goal(chance, REPLACED_BY, already))

    def _ask(self, running: Running, now: datetime, wave: int, goal: Goal) -> bool:
        need, today = running.need, now.astimezone(AMSTERDAM).date()
        wide = now >= widens_at(need.posted_at, need.needed_by, running.numbers)
        people = (
            one
            for one in self._volunteers
            if one.pk not in running.asks and one.may_be_asked(need, now, today, wide=wide)
        )
        chosen = pick(people, need, goal, now)
        self.tally.reached += bool(chosen and not running.asks)
        for volunteer, chance in chosen:
            self._ask_one(running, volunteer, now, wave, chance)
        return bool(chosen)

    def _ask_one(self, running: Running, volunteer: Volunteer, now: datetime, wave: int, chance: float) -> None:
        if self.watch:
            self.watch(volunteer, running.need, now)
        says = answer(self.world, self.seed, running.need, volunteer, now)
        ask = Ask(volunteer, now, wave, chance, says)
        running.asks[volunteer.pk] = ask
        volunteer.ask(now, now.astimezone(AMSTERDAM).date())
        self.tally.asks += 1
        if says.says != Says.NOTHING:
            self._later(says.at, lambda at: self._answered(running, ask, at))
        if says.mutes:
            volunteer.muted = True  # what is open may still be answered
            self.tally.muted += 1

    def _answered(self, running: Running, ask: Ask, now: datetime) -> None:
        if ask.answer.says == Says.YES:
            self.tally.yes += 1
            self.tally.too_late += running.over
        if not ask.open:
            return
        ask.open, ask.volunteer.silences = False, 0
        if ask.answer.says == Says.YES:
            ask.volunteer.take_on(running.need, now)
            self._fill(running, now, By.VOLUNTEER)
        else:
            ask.volunteer.busy = False
            if self._awake(now) <= now:
                self._replace(running, ask, now)

    def _fill(self, running: Running, now: datetime, by: By) -> None:
        if running.over:
            return
        running.over = True
        self.tally.found[by] += 1
        self.tally.urgent_filled += running.need.urgent
        self.tally.waits.append((now - running.need.posted_at) / HOUR)
        for other in running.asks.values():
            if other.open:
                other.open = False
                other.volunteer.settle(other.at)

    def _close(self, running: Running, now: datetime) -> None:
        running.over = True
        for ask in running.asks.values():
            if ask.open:
                ask.open, ask.volunteer.busy = False, False
                ask.volunteer.resting_until = now + RESTS[min(ask.volunteer.silences, len(RESTS) - 1)]
                ask.volunteer.silences += 1


def simulate(
    *worlds: World, policy: Policy, seed: int, years: int, told: Callable[[int], None] = lambda _done: None
) -> Measures:
    """So many years of these villages, each with its own volunteers, under one policy.

    ``told`` hears after each year of a village how many are done, and may raise to end it.
    """
    tally = Tally()
    for village, world in enumerate(worlds):
        simulation = Simulation(world, policy, seed + village)
        for number in range(years):
            simulation.run_year(number)
            told(village * years + number + 1)
        simulation.finish()
        tally.add(simulation.tally)
    return measured(tally)
