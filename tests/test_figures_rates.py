"""What a figure means: plain values in, plain values out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.figures import months, rates
from requests_app.figures.rates import Counts, Fact, Outcome, Usual, count, gini, outcome, usual, within

POSTED = datetime(2026, 3, 10, 8, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPEN = Fact(1, "ride", 7, POSTED, None, None, None, "open", False, False, (), False, False, 0, 0)
FOUND = replace(OPEN, reacted_at=POSTED + HOUR, found_at=POSTED + 5 * HOUR, status="taken", helpers=(8,))
DONE = replace(FOUND, status="done", closed_at=POSTED + 90 * HOUR)


@pytest.mark.parametrize(
    ("fact", "ended"),
    [
        (OPEN, Outcome.RUNNING),
        (FOUND, Outcome.NEIGHBOUR),
        (DONE, Outcome.NEIGHBOUR),
        (replace(DONE, helper_was_asked=True), Outcome.VOLUNTEER),
        (replace(DONE, helpers=(8, 9), helper_was_asked=True), Outcome.GROUP),
        (replace(DONE, by_group=True), Outcome.GROUP),
        (replace(DONE, by_group=True, helper_was_asked=True), Outcome.VOLUNTEER),
        (replace(DONE, helpers=(), handed=True), Outcome.TEAM),
        (replace(DONE, helpers=()), Outcome.NOT_NEEDED),  # "It's done already", and nobody of ours came
        (replace(DONE, failed=True), Outcome.NOBODY),
        (replace(OPEN, status="lapsed"), Outcome.NOBODY),
        (replace(FOUND, status="withdrawn"), Outcome.NOT_NEEDED),
    ],
)
def test_each_request_has_one_outcome(fact, ended):
    assert outcome(fact) == ended


def test_fill_rate_leaves_out_what_was_not_needed_and_what_still_runs():
    counts = Counts(asked=14, neighbour=3, group=1, volunteer=2, team=2, nobody=2, not_needed=3)

    assert counts.found == 8
    assert counts.running == 1
    assert counts.fill == 0.8
    assert Counts(asked=3, not_needed=3).fill is None


@pytest.mark.parametrize(
    ("found_after", "closed_after", "looked_after", "known", "still_open"),
    [
        (5, None, 50, (1, 1), (0, 0)),
        (24, None, 50, (1, 1), (0, 0)),
        (25, None, 50, (1, 1), (1, 0)),
        (None, None, 50, (1, 1), (1, 1)),
        (None, 10, 50, (1, 1), (0, 0)),  # withdrawn: nobody waits
        (None, None, 30, (1, 0), (1, 0)),  # of 48 hours we do not know yet
        (None, None, 23, (0, 0), (0, 0)),
    ],
)
def test_open_after_a_day_and_two_is_counted_once_it_can_be_known(
    found_after, closed_after, looked_after, known, still_open
):
    at = [None if hours is None else POSTED + hours * HOUR for hours in (found_after, closed_after)]

    counts = count(replace(OPEN, found_at=at[0], closed_at=at[1]), POSTED + looked_after * HOUR)

    assert (counts.known_24, counts.known_48) == known
    assert (counts.open_24, counts.open_48) == still_open


def test_first_reaction_is_counted_in_steps_and_half_had_one_within_so_many_hours():
    waits = [rates.step(hours * HOUR) for hours in (0.2, 1, 1.01, 7, 200)]

    assert waits == [0, 0, 1, 6, len(rates.HOURS)]
    assert within((1, 0, 0, 2, *[0] * 15), 0.5) == 4
    assert within((0,) * 19, 0.5) is None
    assert within((*[0] * 18, 3), 0.5) is None  # longer than the longest step


def test_asks_per_yes_is_nothing_without_a_yes():
    assert Counts(asks=7, yes=2).asks_per_yes == 3.5
    assert Counts(asks=7).asks_per_yes is None


@given(st.lists(st.integers(0, 3), min_size=2, max_size=6))
def test_counts_of_parts_add_up_to_the_whole(hours):
    each = [count(replace(FOUND, reacted_at=POSTED + number * 10 * HOUR), POSTED + 90 * HOUR) for number in hours]

    whole = rates.total(each)

    assert whole.asked == whole.neighbour == sum(whole.waits) == len(hours)
    assert rates.total(each[:1]) + rates.total(each[1:]) == whole


@given(st.lists(st.integers(0, 20), min_size=1, max_size=12))
def test_gini_is_half_the_mean_difference_between_two_people(loads):
    """The definition itself: over all pairs, relative to the mean."""
    if not sum(loads):
        assert gini(loads) is None
        return
    differences = 2 * sum(abs(a - b) for a, b in combinations(loads, 2))

    assert gini(loads) == pytest.approx(differences / (2 * len(loads) * sum(loads)), abs=1e-9)


def test_gini_of_an_even_load_is_nothing_and_of_one_who_carries_all_nearly_one():
    assert gini([2, 2, 2]) == pytest.approx(0)
    assert gini([0] * 99 + [5]) == pytest.approx(0.99)


def test_usual_wait_is_told_from_twenty_requests_on():
    waits = [hours * HOUR for hours in range(1, 21)]

    assert usual(waits[:19]) is None
    assert usual(waits) == Usual(20, 10 * HOUR, 16 * HOUR)


def test_who_found_nobody_waits_longest():
    waits = [hours * HOUR for hours in range(1, 21)]

    assert usual(waits[:15] + [None] * 5) == Usual(20, 10 * HOUR, None)
    assert usual(waits[:16] + [None] * 4) == Usual(20, 10 * HOUR, 16 * HOUR)
    assert usual(waits[:9] + [None] * 11) is None


@given(st.lists(st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(30)), min_size=20, max_size=80))
def test_half_of_them_took_no_longer_and_8_in_10_neither(waits):
    told = usual(waits)

    def part(limit):
        return sum(wait is not None and wait <= limit for wait in waits) / len(waits)

    if told is None:
        assert sum(wait is not None for wait in waits) / len(waits) < 0.5
    else:
        assert part(told.half) >= 0.5
        assert part(told.half - timedelta.resolution) < 0.5
        assert told.most is None or part(told.most) >= 0.8


@given(st.datetimes(datetime(2026, 1, 1), datetime(2032, 1, 1)))  # noqa: DTZ001 (made aware below)
def test_every_moment_is_in_exactly_one_month_and_quarter(moment):
    moment = moment.replace(tzinfo=UTC)
    month = months.month_of(moment)

    assert months.starts(month) <= moment < months.starts(months.later(month, 1))
    quarter = months.quarter_of(month)
    assert month in set(months.through(quarter, months.later(quarter, 2)))


def test_months_run_over_the_year_and_close_a_month_later():
    assert months.later(date(2026, 11, 1), 3) == date(2027, 2, 1)
    assert months.later(date(2026, 2, 1), -3) == date(2025, 11, 1)
    assert months.month_of(datetime(2026, 3, 31, 22, 30, tzinfo=UTC)) == date(2026, 4, 1)  # summer time
    assert months.closes(date(2026, 1, 1), 3) == months.starts(date(2026, 4, 1)) + timedelta(31)
