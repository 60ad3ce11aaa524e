"""Moments and lengths in the reader's words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from requests_app import words
from requests_app.models import HelpRequest, Part, Place

NOW = datetime(2026, 3, 10, 8, 10, tzinfo=UTC)  # a Tuesday, 9.10 in the Netherlands


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(0), "today at 9:10"),
        (timedelta(hours=-10), "yesterday at 23:10"),
        (timedelta(days=1), "tomorrow at 9:10"),
        (timedelta(days=2), "Thursday at 9:10"),
        (timedelta(days=7), "Tuesday 17 March at 9:10"),
        (timedelta(hours=10), "tonight at 19:10"),
    ],
)
def test_moment_is_said_as_somebody_in_the_village_would_say_it(settings, later, said):
    settings.LANGUAGE_CODE = "en"

    assert words.moment(NOW + later, NOW) == said


@pytest.mark.parametrize(
    ("on", "part", "said"),
    [
        (date(2026, 3, 10), Part.EVENING, "Today, in the evening"),
        (date(2026, 3, 12), Part.AFTERNOON, "Thursday, in the afternoon"),
        (date(2026, 3, 16), Part.MORNING, "Monday, in the morning"),
        (date(2026, 3, 17), Part.MORNING, "Tuesday 17 March, in the morning"),
    ],
)
def test_day_has_its_date_once_its_name_alone_could_be_another(settings, on, part, said):
    settings.LANGUAGE_CODE = "en"

    assert words.when(HelpRequest(part=part, help_on=on), NOW) == said


def test_full_day_always_has_its_date(settings):
    settings.LANGUAGE_CODE = "en"
    help_request = HelpRequest(part=Part.AFTERNOON, help_on=date(2026, 3, 10))

    assert words.when(help_request, NOW, full=True) == "Tuesday 10 March, in the afternoon"


def test_fixed_time_is_the_time_of_the_village(settings):
    settings.LANGUAGE_CODE = "en"
    at = datetime(2026, 7, 1, 8, 15, tzinfo=UTC)
    help_request = HelpRequest(part=Part.FIXED, help_on=date(2026, 7, 1), help_at=at)

    assert words.when(help_request, NOW) == "Wednesday 1 July at 10:15"
    assert words.part_of_day(help_request) == "In the morning"


def test_any_time_is_said_so(settings):
    settings.LANGUAGE_CODE = "en"

    assert words.when(HelpRequest(part=Part.ANY), NOW) == "Any time"
    assert words.part_of_day(HelpRequest(part=Part.ANY)) == "Any time"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (None, "As long as you like"),
        (20, "About 20 minutes"),
        (60, "About 1 hour"),
        (120, "About 2 hours"),
        (240, "Half a day"),
    ],
)
def test_length_is_about(settings, minutes, said):
    settings.LANGUAGE_CODE = "en"

    assert words.length(minutes) == said


def test_where_at_home_is_the_street_only(settings):
    settings.LANGUAGE_CODE = "en"

    assert words.where(HelpRequest(place=Place.HOME, street="Voorstraat")) == "Voorstraat"
    assert words.where(HelpRequest(place=Place.HOME)) == "At home"
    assert words.where(HelpRequest(place=Place.VILLAGE, place_text="Het Klokhuis")) == "Het Klokhuis"
    assert words.where(HelpRequest(place=Place.WAY)) == "On the way"


def test_title_is_the_category_when_the_asker_left_it_empty(settings):
    settings.LANGUAGE_CODE = "en"

    assert words.title(HelpRequest(category="ride")) == "A lift"
    assert words.title(HelpRequest(category="ride", title="Naar de dokter")) == "Naar de dokter"
