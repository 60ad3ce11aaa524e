"""Whom a wave asks: few enough, in a fair order, and with the reasons why."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.choosing import Candidate, Reason, chance_of_one_yes, wave

NOW = datetime(2026, 3, 11, 7, 0, tzinfo=UTC)


def candidate(pk, *, asked=0, yes=0, jobs=0, days_ago=None, chosen=True):
    last_asked_at = None if days_ago is None else NOW - timedelta(days=days_ago)
    return Candidate(pk, asked, yes, jobs, last_asked_at, chosen_category=chosen)


def asked_by(candidates, *, goal=0.999, cap=100, seed=7, **more):
    return [one.candidate.pk for one in wave(candidates, goal=goal, cap=cap, now=NOW, seed=seed, **more)]


@pytest.mark.parametrize(
    ("asked", "yes", "chance"),
    [(0, 0, 1 / 5), (5, 5, 6 / 10), (5, 0, 1 / 10), (95, 19, 20 / 100)],
)
def test_chance_of_a_yes_starts_at_one_in_five_and_follows_the_record(asked, yes, chance):
    assert candidate(1, asked=asked, yes=yes).chance == pytest.approx(chance)


def test_wave_asks_fewest_jobs_first_then_longest_not_asked():
    people = [
        candidate(1, jobs=2, days_ago=300),
        candidate(2, jobs=0, days_ago=1),
        candidate(3, jobs=0, days_ago=90),
        candidate(4, jobs=1),
        candidate(5, jobs=0),
    ]

    assert asked_by(people) == [5, 3, 2, 4, 1]


def test_wave_does_not_ask_the_best_answerers_first():
    keen = candidate(1, asked=20, yes=20, jobs=3, days_ago=5)
    others = [candidate(pk, asked=10, days_ago=30) for pk in range(2, 6)]

    assert asked_by([keen, *others])[-1] == keen.pk


def test_wave_asks_the_fewest_people_who_make_the_goal():
    newcomers = [candidate(pk) for pk in range(20)]

    def size(goal):
        return len(asked_by(newcomers, goal=goal))

    # One yes in five each: 20, 36, 49, 59, 67, 74, 79, 83 percent.
    assert [size(goal) for goal in (0.2, 0.36, 0.6, 0.8)] == [1, 2, 5, 8]


def test_wave_asks_at_most_the_cap():
    assert len(asked_by([candidate(pk) for pk in range(50)], goal=0.95, cap=12)) == 12
    assert asked_by([candidate(1)], cap=0) == []


def test_wave_asks_everybody_there_is_when_that_is_not_enough():
    assert sorted(asked_by([candidate(1), candidate(2)], goal=0.95)) == [1, 2]
    assert asked_by([]) == []


def test_wave_that_replaces_who_declined_fills_up_to_the_goal_only():
    left = [candidate(pk) for pk in range(4)]
    spare = [candidate(pk) for pk in range(10, 20)]

    assert len(asked_by(spare, goal=0.6, already=chance_of_one_yes(one.chance for one in left))) == 1
    assert asked_by(spare, goal=0.6, already=0.6) == []
    assert len(asked_by(spare, goal=0.6)) == 5


def test_wave_tells_rank_and_chances_so_far():
    first, second = wave(
        [candidate(1, jobs=1), candidate(2, asked=5, yes=5, jobs=2, days_ago=3)], goal=0.95, cap=5, now=NOW, seed=1
    )

    assert (first.rank, first.candidate.pk, first.chance, first.chance_so_far) == (1, 1, 0.2, pytest.approx(0.2))
    assert (second.rank, second.candidate.pk, second.chance) == (2, 2, 0.6)
    assert second.chance_so_far == pytest.approx(1 - 0.8 * 0.4)


def test_wave_lets_equals_take_turns_by_seed_and_the_same_each_time():
    people = [candidate(pk) for pk in range(1, 11)]

    firsts = {asked_by(people, goal=0.2, seed=seed)[0] for seed in range(200)}

    assert firsts == set(range(1, 11))
    assert asked_by(people, seed=3) == asked_by(reversed(people), seed=3)


@pytest.mark.parametrize(
    ("person", "reasons"),
    [
        (candidate(1), (Reason.CATEGORY, Reason.NEVER_ASKED, Reason.FEWER_JOBS)),
        (candidate(1, chosen=False, jobs=3), (Reason.WIDER, Reason.NEVER_ASKED, Reason.ROOM)),
        (candidate(1, jobs=3, days_ago=14), (Reason.CATEGORY, Reason.LONG_NOT_ASKED, Reason.ROOM)),
        (candidate(1, jobs=3, days_ago=13), (Reason.CATEGORY, Reason.ROOM, Reason.VILLAGE)),
        (candidate(1, jobs=1, days_ago=2), (Reason.CATEGORY, Reason.FEWER_JOBS, Reason.ROOM)),
    ],
)
def test_wave_tells_each_only_what_is_true_of_them(person, reasons):
    busy = candidate(2, jobs=3, days_ago=400)

    chosen = wave([person, busy], goal=0.999, cap=5, now=NOW, seed=1)

    assert {one.candidate.pk: one.reasons for one in chosen}[1] == reasons


def test_chance_of_one_yes_of_nobody_is_none():
    assert chance_of_one_yes([]) == 0.0
    assert chance_of_one_yes([candidate(1).chance, candidate(2).chance]) == pytest.approx(0.36)


records = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted)
people = st.lists(
    st.builds(
        lambda pk, record, jobs, days: candidate(pk, asked=record[1], yes=record[0], jobs=jobs, days_ago=days),
        st.integers(1, 10_000),
        records,
        st.integers(0, 10),
        st.none() | st.integers(0, 400),
    ),
    max_size=40,
    unique_by=lambda one: one.pk,
)


@given(people, st.floats(0.05, 0.99), st.integers(0, 40), st.integers())
def test_every_wave_is_the_shortest_top_of_the_fair_order(candidates, goal, cap, seed):
    chosen = wave(candidates, goal=goal, cap=cap, now=NOW, seed=seed)
    everybody = wave(candidates, goal=2, cap=len(candidates), now=NOW, seed=seed)

    assert chosen == everybody[: len(chosen)]
    assert len(chosen) <= cap
    assert [one.rank for one in chosen] == list(range(1, len(chosen) + 1))
    assert all(one.chance_so_far < goal for one in chosen[:-1])
    assert len(chosen) in (cap, len(candidates)) or chosen[-1].chance_so_far >= goal - 1e-9
    assert all(
        one.chance_so_far == pytest.approx(chance_of_one_yes(c.chance for c in chosen[: one.rank])) for one in chosen
    )


@given(people, st.integers())
def test_who_did_more_jobs_than_another_never_comes_before_them(candidates, seed):
    order = [one.candidate for one in wave(candidates, goal=2, cap=40, now=NOW, seed=seed)]

    assert [one.jobs_90 for one in order] == sorted(one.jobs_90 for one in order)
    assert {one.pk for one in order} == {one.pk for one in candidates}
    rerecorded = [one._replace(asked=50, yes=50) for one in candidates]
    assert [one.candidate.pk for one in wave(rerecorded, goal=2, cap=40, now=NOW, seed=seed)] == [
        one.pk for one in order
    ]
