"""What goes along with what, and which days are meant: pure rules."""

from datetime import UTC, date, datetime, timedelta

import pytest

from requests_app.days import Days, span
from requests_app.fitting import goes_along, part_of_day

THURSDAY = date(2026, 3, 12)
AT_14 = datetime(2026, 3, 12, 13, tzinfo=UTC)  # in the village
ASKED = {"category": "groceries", "part": "afternoon", "help_on": THURSDAY, "help_at": None}
ASKED |= {"needed_by": datetime(2026, 3, 12, 11, tzinfo=UTC), "what": ["groceries", "person"], "leaves_at": AT_14}


def fixed(minutes):
    return {"part": "fixed", "help_at": AT_14 + timedelta(minutes=minutes)}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"category": "ride"},
        {"category": "other", "what": ["parcel"]},
        {"leaves_at": datetime(2026, 3, 12, 11, tzinfo=UTC)},  # 12.00, the first of the afternoon
        {"part": "any", "help_on": None, "needed_by": AT_14},
        fixed(60),
        fixed(-60),
    ],
)
def test_right_kind_on_the_right_day_and_part_goes_along(change):
    assert goes_along(**{**ASKED, **change})


@pytest.mark.parametrize(
    "change",
    [
        {"category": "garden"},
        {"category": "ride", "what": ["groceries"]},
        {"what": ["portion"]},
        {"help_on": THURSDAY + timedelta(days=1)},
        {"part": "morning"},
        {"leaves_at": datetime(2026, 3, 12, 17, tzinfo=UTC)},  # 18.00, the evening
        {"part": "any", "help_on": None, "needed_by": AT_14 - timedelta(minutes=1)},
        fixed(61),
        fixed(-61),
    ],
)
def test_another_kind_day_or_part_does_not(change):
    assert not goes_along(**{**ASKED, **change})


def test_part_of_the_day_is_that_of_the_village_in_summer_and_winter():
    assert part_of_day(datetime(2026, 7, 1, 10, tzinfo=UTC)) == "afternoon"
    assert part_of_day(datetime(2026, 1, 1, 10, tzinfo=UTC)) == "morning"


@pytest.mark.parametrize(
    ("days", "today", "first", "last"),
    [
        (Days.TODAY, 12, 12, 12),
        (Days.TOMORROW, 12, 13, 13),
        (Days.WEEK, 12, 12, 15),
        (Days.WEEK, 15, 15, 15),  # on Sunday the week is nearly over
        (Days.WEEKEND, 12, 14, 15),
        (Days.WEEKEND, 14, 14, 15),
        (Days.WEEKEND, 15, 15, 15),
    ],
)
def test_days_are_counted_from_today_on(days, today, first, last):
    march = [date(2026, 3, day) for day in (today, first, last)]

    assert span(days, march[0]) == (march[1], march[2])
