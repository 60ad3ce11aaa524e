"""Who asks hears how long finding somebody mostly takes in this village; before that can be told, nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.actors import web
from requests_app import lifecycle
from requests_app.models import HelpRequest, UsualWait
from requests_app.views.usual import in_words
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def village():
    return make.village("Beesd")


def told(village, *, half=4.2 * HOUR, most=20 * HOUR, category="groceries"):
    UsualWait.objects.create(village=village, category=category, requests=20, half=half, most=most, made_at=NOW)


def page(client, author, name, pk):
    client.force_login(author)
    client.cookies["django_language"] = "en"
    return client.get(reverse(name, args=[pk])).content.decode()


def test_asker_hears_it_before_posting_and_while_waiting(client, village):
    told(village)
    draft = make.draft(village)
    sentence = "somebody in Beesd was mostly found within 5 hours. In 8 out of 10 cases within 20 hours."

    before = page(client, draft.author, "ask_check", draft.pk)
    lifecycle.ask(draft.pk, actor=web(draft.author), now=NOW)
    waiting = page(client, draft.author, "help_request", draft.pk)
    lifecycle.withdraw(draft.pk, actor=web(draft.author), now=NOW)
    withdrawn = page(client, draft.author, "help_request", draft.pk)

    assert sentence in before
    assert sentence in waiting
    assert sentence not in withdrawn


def test_nothing_is_told_of_another_village_or_category(client, village):
    told(make.village("Rumpt"))
    told(village, category="ride")
    help_request = make.help_request(village)

    assert "was mostly found" not in page(client, help_request.author, "help_request", help_request.pk)


def test_neighbour_who_looks_is_not_told(client, village):
    told(village)
    help_request = make.help_request(village)

    assert "was mostly found" not in page(client, make.neighbour(village), "help_request", help_request.pk)


def test_where_two_in_ten_found_nobody_only_the_half_is_told(client, village):
    told(village, most=None)
    help_request = make.help_request(village)

    shown = page(client, help_request.author, "help_request", help_request.pk)

    assert "mostly found within 5 hours." in shown
    assert "8 out of 10" not in shown


def test_page_pays_one_query_for_it_and_counts_nothing(client, village):
    told(village)
    help_request = make.help_request(village)

    with CaptureQueriesContext(connection) as captured:
        page(client, help_request.author, "help_request", help_request.pk)

    about_it = [query["sql"] for query in captured if "usualwait" in query["sql"]]
    assert len(about_it) == 1
    assert not any("monthfigures" in query["sql"] for query in captured)


@pytest.mark.parametrize(
    ("left", "half", "most"),
    [(12 / 60, False, False), (4.5, False, False), (6, True, False), (21, True, True)],
)
def test_wait_that_does_not_fit_in_the_time_that_is_left_is_not_told(client, village, left, half, most):
    """Said are 5 hours and 20 hours: who has 12 minutes left is not comforted by those."""
    told(village)
    help_request = make.help_request(village)
    draft = make.draft(village, part="fixed", help_on=NOW.date(), help_at=NOW + left * HOUR)
    HelpRequest.objects.filter(pk=help_request.pk).update(needed_by=NOW + left * HOUR)

    waiting = page(client, help_request.author, "help_request", help_request.pk)
    before = page(client, draft.author, "ask_check", draft.pk)

    for shown in (waiting, before):
        assert ("mostly found within 5 hours." in shown) is half
        assert ("8 out of 10 cases within 20 hours." in shown) is most


@pytest.mark.parametrize(
    ("wait", "dutch"),
    [
        (timedelta(minutes=2), "een uur"),
        (HOUR, "een uur"),
        (HOUR + timedelta(seconds=1), "2 uur"),
        (22.5 * HOUR, "23 uur"),
        (23.5 * HOUR, "een dag"),
        (25 * HOUR, "2 dagen"),
    ],
)
def test_wait_is_rounded_up_so_that_it_is_true(wait, dutch):
    with translation.override("nl"):
        assert in_words(wait) == dutch
