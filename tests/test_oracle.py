"""The ladder against a second opinion that shares no code with it: a part of the cases here, all in ``make audit``."""

import ast
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from requests_app import ladder
from tests import oracle
from tests.oracle_cases import case_of, cases, difference
from villages import daylight

SOME = 200  # each odd day there is, and as many more as take a few seconds


def test_ladder_and_oracle_agree_on_every_odd_day_and_some_more():
    found = [(case, words) for case in cases(SOME, seed=1) if (words := difference(case))]

    assert found == []


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.none() | st.datetimes(datetime(2026, 1, 2), datetime(2032, 12, 30)))  # noqa: DTZ001
def test_ladder_and_oracle_agree_on_what_hypothesis_thinks_of(seed, near):
    case = case_of(Random(seed), near.replace(microsecond=0, tzinfo=UTC) if near else None)

    assert difference(case) == ""


def test_oracle_shares_no_code_with_what_it_judges():
    tree = ast.parse(Path(oracle.__file__).read_text(encoding="utf-8"))
    named = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    named |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}

    assert named == {"__future__", "dataclasses", "datetime", "fractions", "functools"}


def test_cases_hold_every_night_on_which_the_clock_changes_and_every_leap_day():
    windows = [(case.since, case.needed_by) for case in cases(SOME, seed=1)]
    nights = [oracle.last_sunday(year, month) for year in range(2026, 2033) for month in (3, 10)]
    leap_days = [datetime(year, 2, 29, 9, tzinfo=UTC) for year in (2028, 2032)]

    for moment in nights + leap_days:
        assert any(since <= moment <= needed_by for since, needed_by in windows), moment


@pytest.mark.parametrize("year", range(2026, 2033))
def test_oracle_knows_the_same_holidays_as_the_calendar(year):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    off = oracle.holidays_of(year)

    assert [day for day in days if (day.weekday() < 5 and day not in off) != daylight.is_working_day(day)] == []


# A fault in what is judged must show. Each of these once was, or could be, a slip of the pen.


def _quiet_in_utc(at, *quiets):
    if quiets and quiets[0].from_ > quiets[0].until and (at.time() >= quiets[0].from_ or at.time() < quiets[0].until):
        day = at.date() + timedelta(days=at.time() >= quiets[0].from_)
        return datetime.combine(day, quiets[0].until, tzinfo=UTC)
    return at


FAULTS = {
    "quiet hours in UTC": (daylight, "awake", _quiet_in_utc),
    "no office rule": (daylight, "last_office_at", lambda _needed_by, _hours: None),
    "opens at eight": (daylight, "OPENS", time(8)),
    "no holidays": (daylight, "_public_holidays", lambda _year: frozenset()),
    "thirteen waves": (ladder, "MOST_WAVES", 13),
    "at once at any time": (ladder, "_is_at_once", lambda *_: True),
    "never at once": (ladder, "_is_at_once", lambda *_: False),
}


@pytest.fixture
def nothing_kept():
    """What the fault made is kept for no other test."""
    yield
    daylight.working_hours.cache_clear()


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("fault", FAULTS)
def test_oracle_sees_a_planted_fault(fault, monkeypatch):
    monkeypatch.setattr(*FAULTS[fault])
    daylight.working_hours.cache_clear()  # nothing of before the fault

    assert any(difference(case) for case in cases(SOME, seed=1))
