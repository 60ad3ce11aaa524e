"""Days and moments as people say them."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from accounts.saying import (
    before_in_words,
    by_in_words,
    date_in_words,
    day_in_words,
    moment_in_words,
    phone_in_words,
)

NOW = datetime(2026, 3, 10, 8, 10, tzinfo=UTC)  # Tuesday 10 March, 9.10 in the village
TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("at", "dutch", "english"),
    [
        (datetime(2026, 3, 10, 13, tzinfo=UTC), "vandaag om 14.00 uur", "today at 14:00"),
        (datetime(2026, 3, 10, 17, tzinfo=UTC), "vanavond om 18.00 uur", "tonight at 18:00"),
        (datetime(2026, 3, 10, 23, 5, tzinfo=UTC), "morgen om 0.05 uur", "tomorrow at 0:05"),
        (datetime(2026, 3, 11, 18, tzinfo=UTC), "morgen om 19.00 uur", "tomorrow at 19:00"),
        (datetime(2026, 3, 9, 18, tzinfo=UTC), "gisteren om 19.00 uur", "yesterday at 19:00"),
        (datetime(2026, 3, 12, 13, 5, tzinfo=UTC), "donderdag om 14.05 uur", "Thursday at 14:05"),
        (datetime(2026, 3, 16, 8, tzinfo=UTC), "maandag om 9.00 uur", "Monday at 9:00"),
        (datetime(2026, 3, 17, 8, tzinfo=UTC), "dinsdag 17 maart om 9.00 uur", "Tuesday 17 March at 9:00"),
        (datetime(2026, 3, 5, 8, tzinfo=UTC), "donderdag 5 maart om 9.00 uur", "Thursday 5 March at 9:00"),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), "zondag 29 maart om 3.00 uur", "Sunday 29 March at 3:00"),
        (
            datetime(2027, 1, 1, 12, tzinfo=UTC),
            "vrijdag 1 januari 2027 om 13.00 uur",
            "Friday 1 January 2027 at 13:00",
        ),
    ],
)
def test_moment_is_said_as_people_say_it(at, dutch, english):
    assert moment_in_words(at, NOW, "nl") == dutch
    assert moment_in_words(at, NOW, "en") == english


@pytest.mark.parametrize(
    ("at", "by", "before", "english"),
    [
        (datetime(2026, 3, 11, 7, tzinfo=UTC), "morgen om 8.00 uur", "morgen 8.00 uur", "8:00 tomorrow"),
        (datetime(2026, 3, 12, 11, tzinfo=UTC), "donderdag om 12.00 uur", "donderdag 12.00 uur", "12:00 on Thursday"),
        (datetime(2026, 3, 10, 18, tzinfo=UTC), "vanavond om 19.00 uur", "vanavond 19.00 uur", "19:00 tonight"),
    ],
)
def test_deadline_is_said_as_people_say_it(at, by, before, english):
    assert by_in_words(at, NOW, "nl") == by
    assert before_in_words(at, NOW, "nl") == before
    assert by_in_words(at, NOW, "en") == before_in_words(at, NOW, "en") == english


def test_day_in_the_same_week_needs_no_date():
    assert day_in_words(date(2026, 3, 12), TODAY, "nl") == "donderdag"
    assert date_in_words(date(2026, 3, 12), TODAY, "nl") == "donderdag 12 maart"


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "morgen om 8.00 uur, morgen 8.00 uur, morgen"), ("en", "tomorrow at 8:00, 8:00 tomorrow, tomorrow")],
)
def test_templates_say_moments_in_the_language_of_the_page(language, words):
    page = Template("{% load saying %}{{ at|moment:now }}, {{ at|before:now }}, {{ on|day:now }}{{ none|moment }}")
    facts = {"at": datetime(2026, 3, 11, 7, tzinfo=UTC), "on": date(2026, 3, 11), "now": NOW, "none": None}

    with translation.override(language):
        assert page.render(Context(facts)) == words


@pytest.mark.parametrize(
    ("national", "words"),
    [("06 12345678", "06 - 12 34 56 78"), ("030 123 4567", "030 123 4567"), ("0800 1234", "0800 1234")],
)
def test_phone_number_is_written_as_it_is_read_out(national, words):
    assert phone_in_words(national) == words
