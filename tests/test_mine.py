"""What is mine: what I asked and what I do for others, in bounded lists."""

import pytest
from django.urls import reverse

from accounts.actors import web
from requests_app import lifecycle, offers, pace
from requests_app.models import HelpRequest, PickUp, Status
from samsam.pages.mine import PAST_PAGE
from tests import make
from tests.cast import as_reader
from tests.make import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def riet(client, beesd):
    person = make.neighbour(beesd, "Riet")
    as_reader(client, person)
    return person


def mine(client, **query):
    return client.get(reverse("mine"), query)


def titles(response, section):
    return [it[1].title if isinstance(it, tuple) else it.title for it in response.context[section]]


def test_mine_shows_what_runs_apart_from_what_is_past(client, beesd, riet):
    make.help_request(beesd, author=riet, title="Loopt")
    gone = make.help_request(beesd, author=riet, title="Weg")
    lifecycle.withdraw(gone.pk, actor=web(riet), now=NOW)
    draft = make.draft(beesd, author=riet, title="Half af")
    make.help_request(beesd, title="Van een ander")

    response = mine(client)

    assert titles(response, "running") == ["Loopt"]
    assert titles(response, "past") == ["Weg"]
    assert titles(response, "drafts") == ["Half af"]
    assert reverse("ask_again", args=[gone.pk]) in response.content.decode()
    assert "Van een ander" not in response.content.decode()
    # The link of a title covers its own card, and not the whole screen with all its buttons.
    draft_card = response.content.decode().split(reverse("ask_what", args=[draft.pk]))[0]
    assert draft_card.rindex('class="req ') > draft_card.rindex("<li>")
    assert reverse("ask_what", args=[draft.pk]) in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_mine_shows_what_i_do_for_others_without_an_address(client, beesd, riet):
    doing = make.help_request(beesd, title="Doe ik", address="Molendijk 7")
    done = make.help_request(beesd, title="Deed ik")
    for help_request in (doing, done):
        offers.say_yes(help_request.pk, helper=riet, actor=web(riet), now=NOW)
    lifecycle.finish(done.pk, worked=True, actor=web(done.author), now=NOW)

    response = mine(client)

    assert titles(response, "jobs") == ["Doe ik"]
    assert titles(response, "jobs_past") == ["Deed ik"]
    assert "Molendijk 7" not in response.content.decode()
    assert "Someone found" not in response.content.decode()


def test_mine_is_empty_with_a_way_on(client, riet):
    text = mine(client).content.decode()

    assert "You are not asking anything now." in text
    assert "You are not helping with anything now. No obligation." in text


def test_draft_without_a_title_has_a_name_all_the_same(client, beesd, riet):
    make.draft(beesd, author=riet, title="", category="")

    assert "A request without a title yet" in mine(client).content.decode()


def test_hidden_request_stays_with_its_asker_and_with_who_has_an_appointment(client, beesd, riet):
    own = make.help_request(beesd, author=riet, title="Van mij")
    job, past = make.help_request(beesd, title="Klus"), make.help_request(beesd, title="Voorbij")
    for taken in (job, past):
        offers.say_yes(taken.pk, helper=riet, actor=web(riet), now=NOW)
    lifecycle.give_back(past.pk, helper=riet, actor=web(riet), now=NOW)
    HelpRequest.objects.filter(pk__in=[own.pk, job.pk, past.pk]).update(hidden_at=NOW)

    response = mine(client)

    assert titles(response, "running") == ["Van mij"]
    assert titles(response, "jobs") == ["Klus"]
    assert titles(response, "jobs_past") == []


def test_past_lists_go_on_page_by_page(client, monkeypatch, beesd, riet):
    monkeypatch.setattr(pace, "MOST_REQUESTS", 99)  # as if it were on many days
    for number in range(PAST_PAGE + 2):
        own = make.help_request(beesd, author=riet, title=f"Vraag {number}")
        lifecycle.withdraw(own.pk, actor=web(riet), now=NOW)
        job = make.help_request(beesd, author=make.neighbour(beesd), title=f"Klus {number}")
        offers.say_yes(job.pk, helper=riet, actor=web(riet), now=NOW)
        lifecycle.give_back(job.pk, helper=riet, actor=web(riet), now=NOW)

    first = mine(client)
    asked = client.get(first.context["past_more"])
    helped = client.get(first.context["jobs_more"])

    assert len(titles(first, "past")) == len(titles(first, "jobs_past")) == PAST_PAGE
    assert titles(asked, "past") == ["Vraag 1", "Vraag 0"]
    assert titles(helped, "jobs_past") == ["Klus 1", "Klus 0"]
    assert asked.context["past_more"] == helped.context["jobs_more"] == ""


@pytest.mark.parametrize("count", [1, 8])
def test_mine_takes_as_many_queries_however_much_there_is(client, beesd, riet, count, django_assert_max_num_queries):
    for _ in range(count):
        own = make.help_request(beesd, author=riet)
        lifecycle.withdraw(own.pk, actor=web(riet), now=NOW)
        job = make.help_request(beesd, author=make.neighbour(beesd))
        offers.say_yes(job.pk, helper=riet, actor=web(riet), now=NOW)

    with django_assert_max_num_queries(14):
        response = mine(client)

    assert len(titles(response, "past")) == count
    assert len(titles(response, "jobs")) == PickUp.objects.count() == count
    assert HelpRequest.objects.filter(status=Status.TAKEN).count() == count


@pytest.mark.parametrize("query", [{"asked_before": "x"}, {"helped_before": "\0"}, {"asked_before": "9" * 40}])
def test_place_in_the_list_that_makes_no_sense_is_a_page_that_is_not_there(client, riet, query):
    assert mine(client, **query).status_code == 404


def test_who_has_no_village_yet_sees_an_empty_page(client):
    client.force_login(make.user("Fatma"))

    assert mine(client).status_code == 200


def test_visitor_is_sent_to_the_login(client):
    assert mine(client).headers["Location"].startswith(reverse("account_login"))
