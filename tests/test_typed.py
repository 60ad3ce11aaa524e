"""What people type for a day and a time."""

from datetime import date, time

import pytest

from requests_app import typed

TUESDAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12-3-2026", date(2026, 3, 12)),
        ("12/3", date(2026, 3, 12)),
        ("12.03.26", date(2026, 3, 12)),
        (" 12  Maart ", date(2026, 3, 12)),
        ("12 mrt 2026", date(2026, 3, 12)),
        ("12 March", date(2026, 3, 12)),
        ("donderdag 12 maart", date(2026, 3, 12)),
        ("2026-03-12", date(2026, 3, 12)),
        ("vandaag", TUESDAY),
        ("morgen", date(2026, 3, 11)),
        ("donderdag", date(2026, 3, 12)),
        ("dinsdag", date(2026, 3, 17)),
        ("3-3", date(2026, 3, 3)),  # just past: said so, not taken for next year
        ("2 jan", date(2026, 1, 2)),
        ("1 dec", date(2026, 12, 1)),
    ],
)
def test_day_is_understood_as_people_type_it(text, day):
    assert typed.day(text, TUESDAY) == day


def test_day_without_a_year_is_that_of_next_year_once_it_is_long_past():
    assert typed.day("12 maart", date(2026, 11, 22)) == date(2027, 3, 12)


@pytest.mark.parametrize(
    "text", ["", "ooit", "31-2-2026", "0-0-0", "12-13", "99999-1-1", "12 maa rt", "1" * 400, "\0", "١٢/٣"]
)
def test_day_that_makes_no_sense_is_not_guessed(text):
    assert typed.day(text, TUESDAY) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("10.15", time(10, 15)),
        ("10:15", time(10, 15)),
        ("10u15", time(10, 15)),
        ("9 uur", time(9)),
        ("10.15 uur", time(10, 15)),
        ("0.30", time(0, 30)),
        ("7", time(7)),
    ],
)
def test_time_is_understood_as_people_type_it(text, at):
    assert typed.clock_time(text) == at


@pytest.mark.parametrize("text", ["", "24.00", "10.60", "kwart over tien", "10.1", "-1", "9" * 50, "١٠"])
def test_time_that_makes_no_sense_is_not_guessed(text):
    assert typed.clock_time(text) is None
