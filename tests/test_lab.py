"""The policy lab: the same seed says the same, nobody is asked beyond the budget or at night."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.quiet import AMSTERDAM, Quiet, awake
from requests_app import categories, escalation
from requests_app.lab import people, picking, simulation, worlds
from requests_app.lab.measures import Measures
from requests_app.lab.simulation import Simulation, simulate
from requests_app.lab.worlds import Past, World, base
from requests_app.ladder import Numbers
from volunteers import asking, rest
from volunteers import models as volunteer_models

DEFAULT = {"": Numbers()}
VILLAGE = base(2000)
BUSY = World(volunteers=6, requests_a_year=500, neighbours_fill=0, any_moment=1, likes=1)  # too few people for it all
POLICIES = st.builds(
    Numbers,
    first_wave=st.floats(0, 0.6),
    first_wave_within_a_day=st.floats(0, 0.6),
    between_waves=st.floats(0.02, 0.3),
    contact=st.floats(0.3, 1),
    goals=st.sampled_from([(0.6, 0.8), (0.95,), (0.999999,)]),
    caps=st.sampled_from([(5, 10), (36,), (1000,)]),
    office_hours=st.integers(0, 8),
)
QUIETS = st.builds(Quiet, st.times().map(whole := lambda at: at.replace(microsecond=0)), st.times().map(whole))


def so_far(who, at):
    """Asks that count for this week, before this one."""
    return who.asks_this_week if who.week == people._week(at.astimezone(AMSTERDAM).date()) else 0


def asks_of(world, policy, seed, years=1):
    """Every ask of a run, with the volunteer as that was just before it."""
    asks = []
    run = Simulation(world, policy, seed, watch=lambda who, need, at: asks.append((who, need, at, so_far(who, at))))
    for number in range(years):
        run.run_year(number)
    run.finish()
    return asks


def test_same_seed_says_the_same_and_another_says_something_else():
    once, again = (simulate(VILLAGE, policy=DEFAULT, seed=7, years=2) for _ in range(2))

    assert once == again
    assert simulate(VILLAGE, policy=DEFAULT, seed=8, years=2) != once


@settings(max_examples=6, deadline=None)
@given(policy=POLICIES, seed=st.integers(0, 10**9))
def test_no_volunteer_is_asked_over_the_budget(policy, seed):
    asks = asks_of(BUSY, {"": policy}, seed)

    days = Counter((who.pk, at.astimezone(AMSTERDAM).date()) for who, _need, at, _week in asks)
    assert all(times == 1 for times in days.values())
    assert all(week < people.WEEK_LIMIT for _who, _need, _at, week in asks)
    assert all(times == 1 for times in Counter((who.pk, need.pk) for who, need, _at, _week in asks).values())


@settings(max_examples=6, deadline=None)
@given(policy=POLICIES, quiet=QUIETS, seed=st.integers(0, 10**9))
def test_nobody_is_asked_in_quiet_hours(policy, quiet, seed):
    world = World(volunteers=12, requests_a_year=40, quiet=quiet)

    assert all(awake(at, quiet) == at for _who, _need, at, _week in asks_of(world, {"": policy}, seed))


def test_jobs_of_a_month_stay_within_the_budget_and_never_two_on_a_day():
    run = Simulation(World(volunteers=6, requests_a_year=2000, neighbours_fill=0), DEFAULT, seed=3)
    taken = []
    take_on = people.Volunteer.take_on

    class Seen(people.Volunteer):
        __slots__ = ()

        def take_on(self, need, now):
            taken.append((self.pk, need.on, now.astimezone(AMSTERDAM)))
            take_on(self, need, now)

    for volunteer in run._volunteers:
        volunteer.__class__ = Seen
        volunteer.chance = 1.0

    run.run_year(0)

    months = Counter((pk, at.year, at.month) for pk, _on, at in taken)
    assert max(months.values()) == people.MONTH_LIMIT
    assert max(Counter((pk, on) for pk, on, _at in taken).values()) == 1


def test_budget_of_the_lab_is_that_of_the_product():
    assert people.WEEK_LIMIT == volunteer_models.WEEK_LIMIT
    assert people.MONTH_LIMIT == volunteer_models.MONTH_LIMIT
    assert people.MOMENTS == volunteer_models.MOMENTS
    assert people.RESTS == rest.RESTS
    assert picking.LOOK_BACK == asking.LOOK_BACK
    assert simulation.REPLACED_BY == escalation.REPLACED_BY
    assert people.WITH_CERTIFICATE == categories.WITH_CERTIFICATE
    assert set(worlds.CATEGORIES) == set(categories.Category.values)


def test_without_a_ladder_neighbours_fill_what_is_published():
    nobody = World(volunteers=0, requests_a_year=360, contact_person_finds=0)

    measures = simulate(nobody, policy=DEFAULT, seed=1, years=6)

    assert measures.fill == pytest.approx(0.60, abs=0.02)
    assert measures.urgent_fill < measures.fill
    assert (measures.by_volunteers, measures.asks_per_request) == (0, 0)


def test_asking_everybody_disturbs_more_people():
    everybody = {"": Numbers(first_wave_after=timedelta(hours=24), goals=(0.999999,), caps=(1000,))}

    few, many = (simulate(base(6000), policy=policy, seed=1, years=3) for policy in (DEFAULT, everybody))

    assert many.asks_per_request > 1.5 * few.asks_per_request
    assert many.too_late > few.too_late
    assert many.muted > few.muted


def test_policy_of_a_category_counts_for_that_category_only():
    never = Numbers(caps=(0,))

    asks = asks_of(VILLAGE, {"": Numbers(), "ride": never}, seed=1)

    assert asks
    assert not any(need.category == "ride" for _who, need, _at, _week in asks)


def test_own_history_is_drawn_from_with_its_moments_windows_and_categories():
    monday_ten = Past(posted=10 * 60, window=90, category="pet")
    world = World(volunteers=5, requests_a_year=50, past=(monday_ten,))

    year = list(world.year(seed=1, number=0))

    local = [one.posted_at.astimezone(AMSTERDAM) for one in year]
    assert {(at.weekday(), at.hour, at.minute) for at in local} == {(0, 10, 0)}
    assert {one.needed_by - one.posted_at for one in year} == {timedelta(minutes=90)}
    assert {(one.category, one.moment) for one in year} == {("pet", "0-morning")}


@given(seed=st.integers(0, 10**9), number=st.integers(0, 15))
@settings(max_examples=10, deadline=None)
def test_requests_of_a_year_come_in_order_and_need_help_later(seed, number):
    year = list(VILLAGE.year(seed, number))

    assert all(before.posted_at <= after.posted_at for before, after in pairwise(year))
    assert all(one.posted_at < one.needed_by <= one.posted_at + worlds.ANY_TIME + worlds.HOUR for one in year)
    assert all(one.posted_at < one.neighbour_at < one.needed_by for one in year if one.neighbour_at)


def test_contact_person_finds_somebody_in_working_hours_only():
    saturday = datetime(2026, 3, 7, 9, tzinfo=UTC)
    need = worlds.Posted(1, "ride", saturday, saturday + timedelta(days=7), saturday.date(), "", None)
    world = World(volunteers=1, requests_a_year=1, contact_person_finds=1.0)

    found = [people.contact_person(world, seed, need, saturday).astimezone(AMSTERDAM) for seed in range(50)]

    assert {at.weekday() for at in found} == {0}
    assert all(10 <= at.hour <= 13 for at in found)


def test_measures_survive_being_stored():
    measures = simulate(VILLAGE, policy=DEFAULT, seed=1, years=1)

    assert Measures.from_json(measures.as_json()) == measures
    assert Measures.from_json({"requests": 1}).fill is None


def test_run_tells_how_far_it_is():
    told = []

    simulate(World(volunteers=2, requests_a_year=5), policy=DEFAULT, seed=1, years=3, told=told.append)

    assert told == [1, 2, 3]


def test_villages_together_are_as_many_requests_as_apart():
    apart = [simulate(VILLAGE, policy=DEFAULT, seed=seed, years=1).requests for seed in (4, 5)]

    assert simulate(VILLAGE, VILLAGE, policy=DEFAULT, seed=4, years=1).requests == sum(apart)
