"""Quiet hours and working time, the two nights that the clock changes included."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from villages.daylight import (
    AMSTERDAM,
    Quiet,
    awake,
    is_working_day,
    last_office_at,
    working_deadline,
    working_hours,
)


def hours_between(start, end):
    """Working hours between two moments, counted day by day apart from the code under test."""
    days = [start.astimezone(AMSTERDAM).date() + timedelta(days=n) for n in range((end - start).days + 3)]
    hours = [worked for day in days if (worked := working_hours(day))]
    spans = [min(closes, end) - max(opens, start) for opens, closes in hours]
    return sum((max(span, timedelta()) for span in spans), timedelta()) / timedelta(hours=1)


# Feast days and clock changes as listed apart from the package we count with.
CALENDAR = list(
    csv.DictReader((Path(__file__).parent / "data/nl_calendar.csv").read_text(encoding="utf-8").splitlines())
)
NIGHT = Quiet(time(21), time(8))


def at(month, day, hour, minute=0, *, year=2026, fold=0):
    return datetime(year, month, day, hour, minute, fold=fold, tzinfo=AMSTERDAM)


def utc(month, day, hour, minute=0, *, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


# Quiet hours


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (at(3, 10, 20, 59), at(3, 10, 20, 59)),
        (at(3, 10, 21), at(3, 11, 8)),  # from the first minute
        (at(3, 11, 0), at(3, 11, 8)),
        (at(3, 11, 7, 59), at(3, 11, 8)),
        (at(3, 11, 8), at(3, 11, 8)),  # until is awake
    ],
)
def test_awake_moves_the_night_to_the_morning(asked, answered):
    moment = awake(asked, NIGHT)

    assert moment == answered
    assert moment.tzinfo == UTC


def test_quiet_hours_are_from_nine_to_eight_unless_stated():
    assert Quiet() == NIGHT


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (at(3, 10, 12, 59), at(3, 10, 12, 59)),
        (at(3, 10, 13), at(3, 10, 15)),
        (at(3, 10, 15), at(3, 10, 15)),
        (at(3, 10, 23), at(3, 10, 23)),
    ],
)
def test_awake_knows_quiet_hours_within_a_day(asked, answered):
    assert awake(asked, Quiet(time(13), time(15))) == answered


@pytest.mark.parametrize("clock", [time(0), time(9), time(21)])
def test_awake_with_equal_times_is_never_quiet(clock):
    assert awake(at(3, 10, 21), Quiet(clock, clock)) == at(3, 10, 21)


def test_awake_without_quiet_hours_is_the_moment_itself():
    assert awake(at(3, 10, 3)) == at(3, 10, 3)


def test_awake_waits_for_everybody():
    late_sleeper = Quiet(time(22), time(10, 30))

    assert awake(at(3, 10, 21, 30), NIGHT, late_sleeper) == at(3, 11, 10, 30)
    assert awake(at(3, 10, 21, 30), late_sleeper, NIGHT) == at(3, 11, 10, 30)
    assert awake(at(3, 11, 7), NIGHT, Quiet(time(8), time(9)), Quiet(time(9), time(9, 30))) == at(3, 11, 9, 30)


def test_awake_lets_the_last_named_give_way_when_no_moment_of_the_day_is_left():
    night_worker = Quiet(time(7), time(22))

    assert awake(at(3, 10, 23), NIGHT, night_worker) == at(3, 11, 8)
    assert awake(at(3, 10, 23), night_worker, NIGHT) == at(3, 10, 23)


def test_awake_finds_the_one_free_hour_even_when_the_clock_skips_it():
    all_but_two_to_three = Quiet(time(3), time(2))

    assert awake(at(3, 28, 12), all_but_two_to_three) == at(3, 30, 2)


def test_awake_is_eight_by_the_clock_after_both_clock_changes():
    assert awake(at(3, 28, 23), NIGHT) == utc(3, 29, 6)  # summer time: 8.00 is 6.00 UTC
    assert awake(at(10, 24, 23), NIGHT) == utc(10, 25, 7)  # winter time


def test_awake_at_a_moment_that_the_clock_skips_is_the_moment_after_the_skip():
    assert awake(at(3, 29, 1), Quiet(time(23), time(2, 30))) == utc(3, 29, 1)  # 3.00 summer time
    assert awake(at(3, 29, 1, 59), Quiet(time(2, 10), time(2, 50))) == utc(3, 29, 0, 59)
    assert awake(utc(3, 29, 1), Quiet(time(2, 10), time(2, 50))) == utc(3, 29, 1)


def test_awake_in_an_hour_that_the_clock_repeats_waits_for_its_second_time():
    second_half_past_two = utc(10, 25, 1, 30)

    assert awake(at(10, 25, 2, 15), Quiet(time(23), time(2, 30))) == second_half_past_two
    assert awake(at(10, 25, 2, 45), Quiet(time(23), time(2, 30))) == second_half_past_two
    assert awake(at(10, 25, 2, 45), Quiet(time(2, 30), time(4))) == utc(10, 25, 3)
    assert awake(at(10, 25, 2, 15, fold=1), Quiet(time(2, 30), time(4))) == utc(10, 25, 3)


# Working days


def test_working_days_are_those_of_the_dutch_calendar():
    feasts = {date.fromisoformat(row["date"]): row["kind"] for row in CALENDAR if row["kind"] != "clock_change"}
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range((date(2033, 1, 1) - date(2026, 1, 1)).days)]

    not_worked = {day for day in days if day.weekday() < 5 and not is_working_day(day)}

    assert not_worked == {day for day, kind in feasts.items() if kind == "public_holiday" and day.weekday() < 5}
    assert not any(is_working_day(day) for day in days if day.weekday() >= 5)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 5, 5), True),  # 5 May, a common day off once in five years only
        (date(2025, 5, 5), False),
        (date(2026, 4, 27), False),  # King's Day
        (date(2025, 4, 27), False),  # King's Day would be a Sunday,
        (date(2025, 4, 28), True),  # and is kept on the Saturday before
        (date(2026, 3, 14), False),
        (date(2026, 3, 13), True),
    ],
)
def test_working_day_of_days_that_people_ask_about(day, works):
    assert is_working_day(day) is works


def test_working_hours_are_nine_to_five_by_the_clock():
    assert working_hours(date(2026, 3, 27)) == (utc(3, 27, 8), utc(3, 27, 16))
    assert working_hours(date(2026, 3, 30)) == (utc(3, 30, 7), utc(3, 30, 15))  # summer time
    assert working_hours(date(2026, 3, 29)) is None


@pytest.mark.parametrize(
    ("needed_by", "hours", "moment"),
    [
        (at(3, 12, 12), 4, at(3, 11, 16)),  # three hours on Thursday, one on Wednesday
        (at(3, 12, 13), 4, at(3, 12, 9)),  # all on one day: not the evening before
        (at(3, 12, 17), 4, at(3, 12, 13)),
        (at(3, 12, 23), 4, at(3, 12, 13)),
        (at(3, 12, 8), 4, at(3, 11, 13)),  # before work begins
        (at(3, 15, 14), 4, at(3, 13, 13)),  # Sunday: Friday
        (at(3, 16, 11), 4, at(3, 13, 15)),  # Monday and Friday
        (at(4, 7, 11), 4, at(4, 2, 15)),  # over Easter: Tuesday and the Thursday before
        (at(3, 30, 10), 4, at(3, 27, 14)),  # over the clock change
        (at(3, 12, 17), 8, at(3, 12, 9)),
        (at(3, 12, 12), 20, at(3, 9, 16)),
    ],
)
def test_last_office_moment_leaves_the_team_its_hours(needed_by, hours, moment):
    assert last_office_at(needed_by, hours) == moment


def test_last_office_moment_is_none_without_office_rule():
    assert last_office_at(at(3, 12, 12), 0) is None


@pytest.mark.parametrize(
    ("now", "hours", "deadline"),
    [
        (at(3, 12, 9), 4, at(3, 12, 13)),
        (at(3, 12, 13), 4, at(3, 12, 17)),  # the end of the day, not the next morning
        (at(3, 12, 15), 4, at(3, 13, 11)),
        (at(3, 13, 15), 4, at(3, 16, 11)),  # Friday: Monday
        (at(3, 12, 3), 4, at(3, 12, 13)),
        (at(3, 12, 22), 4, at(3, 13, 13)),
        (at(4, 2, 16), 4, at(4, 7, 12)),  # over Easter
        (at(3, 12, 3), 0, at(3, 12, 3)),
    ],
)
def test_working_deadline_counts_working_hours_only(now, hours, deadline):
    assert working_deadline(now, hours) == deadline


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(3, 12, 9), at(3, 12, 13), 4.0),
        (at(3, 12, 16, 30), at(3, 13, 9, 30), 1.0),
        (at(3, 13, 0), at(3, 16, 23), 16.0),  # Friday and Monday
        (at(3, 14, 0), at(3, 15, 23), 0.0),
        (at(3, 13, 12), at(3, 12, 12), 0.0),
    ],
)
def test_hours_between_counts_working_hours_only(start, end, hours):
    assert hours_between(start, end) == hours


# What holds for every moment

anything = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
moments = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 (bounds are naive)
    *(
        st.datetimes(night, night + timedelta(days=2))
        for night in (datetime(2026, 3, 28), datetime(2026, 10, 24))  # noqa: DTZ001 (as above)
    ),
).map(lambda moment: moment.replace(tzinfo=UTC))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@anything
@given(moments, st.builds(Quiet, clocks, clocks))
def test_awake_is_the_first_moment_that_is_not_quiet(moment, quiet):
    def is_quiet(moment):
        clock = moment.astimezone(AMSTERDAM).time()
        if quiet.from_ <= quiet.until:
            return quiet.from_ <= clock < quiet.until
        return clock >= quiet.from_ or clock < quiet.until

    first = awake(moment, quiet)

    assert first >= moment
    assert not is_quiet(first)
    assert awake(first, quiet) == first
    # Up to the minute before it is quiet, but for the hour that the clock repeats.
    before = [moment, first - timedelta(minutes=1), moment + (first - moment) / 2]
    repeated = {earlier.astimezone(AMSTERDAM).hour for earlier in before} & {2}
    assert first == moment or repeated or all(is_quiet(earlier) for earlier in before if earlier >= moment)


@anything
@given(moments, st.lists(st.builds(Quiet, clocks, clocks), max_size=4))
def test_awake_always_answers_and_keeps_to_the_first_named(moment, quiets):
    first = awake(moment, *quiets)

    assert moment <= first <= moment + timedelta(days=3)
    assert not quiets or quiets[0].ends_at(first) is None


@anything
@given(moments, st.integers(1, 40))
def test_last_office_moment_and_working_deadline_are_each_others_mirror(moment, hours):
    asked_at = last_office_at(moment, hours)
    deadline = working_deadline(moment, hours)

    assert hours_between(asked_at, moment) == pytest.approx(hours)
    assert hours_between(moment, deadline) == pytest.approx(hours)
    opens, closes = working_hours(asked_at.astimezone(AMSTERDAM).date())
    assert opens <= asked_at < closes
    assert working_deadline(asked_at, hours) <= moment


@anything
@given(moments, st.integers(1, 40), st.timedeltas(timedelta(seconds=1), timedelta(days=5)))
def test_no_later_working_moment_leaves_the_team_its_hours(needed_by, hours, later):
    moment = last_office_at(needed_by, hours) + later
    opens, closes = working_hours(moment.astimezone(AMSTERDAM).date()) or (moment, moment)
    assume(opens <= moment < closes)

    assert hours_between(moment, needed_by) < hours
