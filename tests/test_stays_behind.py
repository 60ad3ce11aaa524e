"""What stays behind: open requests that neighbours left, for staff, in order of need, with what was tried."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from accounts.actors import staff, web
from requests_app import escalation, offers
from requests_app.models import HelpRequest
from requests_app.models.help_request import STAYS_BEHIND
from tests import make, team
from tests.make import NOW

pytestmark = pytest.mark.django_db
LIST = "admin:requests_app_staysbehind_changelist"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def village():
    return make.village("Beesd", quiet=False)


@pytest.fixture
def client(village):
    browser = team.at_work(team.colleague(village.municipality))
    browser.cookies["django_language"] = "en"
    return browser


def left_by_neighbours(village, title, *, needed_in=48 * HOUR, **fields):
    """On the volunteers' rung, and nobody came."""
    help_request = make.help_request(village, title=title, **fields)
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)
    HelpRequest.objects.filter(pk=help_request.pk).update(needed_by=NOW + needed_in)
    return help_request


def handed(village, title, *, reacts_in, needed_in=48 * HOUR):
    help_request = make.help_request(village, title=title)
    escalation.hand_to_contact(help_request.pk, actor=staff(village.contact_person.user), now=NOW)
    moments = {"owner_deadline_at": NOW + reacts_in, "needed_by": NOW + needed_in}
    HelpRequest.objects.filter(pk=help_request.pk).update(**moments)
    return help_request


def titles(answer):
    return [row.title for row in answer.context["cl"].result_list]


def test_order_is_that_of_need(client, village):
    left_by_neighbours(village, "vrijwilligers, later")
    left_by_neighbours(village, "vrijwilligers, eerst", needed_in=3 * HOUR)
    handed(village, "bij Marieke", reacts_in=5 * HOUR)
    handed(village, "bij Marieke, eerst", reacts_in=6 * HOUR, needed_in=8 * HOUR)
    handed(village, "te laat", reacts_in=-HOUR)
    make.help_request(village, title="nog bij buren")
    riet = make.neighbour(village, "Riet")
    make.circle_request(village, make.in_circle(riet), author=riet, title="nog bij de eigen kring")
    taken = left_by_neighbours(village, "al geregeld")
    helper = make.neighbour(village)
    offers.say_yes(taken.pk, helper=helper, actor=web(helper), now=NOW)

    answer = client.get(reverse(LIST))

    order = ["te laat", "bij Marieke, eerst", "bij Marieke", "vrijwilligers, eerst", "vrijwilligers, later"]
    assert titles(answer) == order
    assert titles(client.get(reverse(LIST), {"need": "1"})) == ["te laat"]


def test_each_line_says_what_was_tried_and_leads_to_the_request(client, village):
    for _ in range(2):
        make.volunteer(village)
    help_request = left_by_neighbours(village, "Heg knippen")
    ask = help_request.request_asks.first().ask
    escalation.decline(ask.pk, actor=web(ask.volunteer.user), now=NOW)
    handed(village, "Ritje", reacts_in=-HOUR)

    page = client.get(reverse(LIST)).content.decode()

    assert "<li>4 neighbours can see it</li>" in page
    assert "<li>2 volunteers asked, 1 said no</li>" in page
    assert "<li>no volunteer was asked</li><li>with the team since 10 mar 09:10</li>" in page
    assert "<li>the promised moment has passed</li>" in page
    assert (
        f'<a href="{reverse("admin:requests_app_helprequest_change", args=[help_request.pk])}">Heg knippen</a>' in page
    )


def test_verb_of_the_list_hands_it_to_the_contact_person(client, village):
    help_request = left_by_neighbours(village, "Heg knippen")

    client.post(reverse(LIST), {"action": "hand_to_contact", "_selected_action": [help_request.pk]})

    help_request.refresh_from_db()
    assert help_request.owner == village.contact_person.user


def test_first_page_says_how_many_stay_behind_and_shows_the_first(client, village):
    for n in range(7):
        left_by_neighbours(village, f"vraag {n}", needed_in=(n + 3) * HOUR)

    behind = client.get(reverse("admin:index")).context["waiting"][0]

    assert behind.count == "7"
    assert [item.what for item in behind.items] == [f"vraag {n}" for n in range(5)]
    assert "What stays behind (7)" in client.get(reverse("admin:index")).content.decode()


def test_list_is_in_pages(client, village, monkeypatch):
    monkeypatch.setattr("requests_app.admin_behind.StaysBehindAdmin.list_per_page", 2)
    for n in range(3):
        left_by_neighbours(village, f"vraag {n}", needed_in=(n + 3) * HOUR)

    assert titles(client.get(reverse(LIST))) == ["vraag 0", "vraag 1"]
    assert titles(client.get(reverse(LIST), {"p": "2"})) == ["vraag 2"]


def test_list_is_read_by_its_index(village):
    help_request = left_by_neighbours(village, "Heg knippen")
    rows = HelpRequest.objects.filter(STAYS_BEHIND, municipality=village.municipality).order_by("needed_by")
    with connection.cursor() as cursor:
        # Of so few rows any index will do; only the right one also gives their order.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")

    assert "request_stays_behind" in rows.explain()
    assert list(rows) == [help_request]
