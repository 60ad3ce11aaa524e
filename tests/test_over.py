"""Who was asked opens the link of the mail when it is over: a kind page that is true and tells no more than that."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from accounts.actors import CLOCK, staff, web
from moderation import blocking
from requests_app import contact_rung, escalation, lifecycle, moderating, offers, reserves
from requests_app.contact_hours import Reason
from requests_app.models import Audience, HelpRequest, Status
from tests import make
from tests.cast import as_reader
from tests.make import NOW
from volunteers.models import Ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SOON, PAST = NOW + timedelta(minutes=30), NOW + timedelta(days=3)
SETTLED, DATE = "It's sorted already", "The date has passed"
NOT_NEEDED, STOPPED, NOT_YOU = (
    "This is not needed any more",
    "We are not looking any more",
    "You are not asked any more",
)


@pytest.fixture
def samira(beesd):
    return make.volunteer(beesd, "Samira")


@pytest.fixture
def asked(beesd, riet, samira):
    """Riet's groceries, which only volunteers see; Samira was asked."""
    help_request = make.help_request(beesd, author=riet, audience=Audience.VOLUNTEERS)
    with time_machine.travel(NOW, tick=False):
        escalation.sweep(NOW)
    assert Ask.objects.get().volunteer == samira
    return help_request


def opened(client, person, help_request, at=SOON):
    """The page behind the link of the mail."""
    as_reader(client, person)
    with time_machine.travel(at, tick=False):
        return client.get(help_request.get_absolute_url())


def says(response, title):
    """This title, kindly, and nothing of the request."""
    page = unescape(response.content.decode())
    assert response.status_code == 200
    assert f"<h1>{title}</h1>" in page
    for detail in ("Riet", "Boodschappen", "Spar", "Voorstraat", "Joris", "Thursday"):
        assert detail not in page
    return page


def somebody_comes(help_request, beesd):
    joris = make.neighbour(beesd, "Joris")
    HelpRequest.objects.filter(pk=help_request.pk).update(audience=Audience.NEIGHBOURS)
    with time_machine.travel(SOON, tick=False):
        offers.say_yes(help_request.pk, helper=joris, actor=web(joris), now=SOON)
    HelpRequest.objects.filter(pk=help_request.pk).update(audience=Audience.VOLUNTEERS)


def test_after_the_date_who_was_asked_and_did_not_answer_reads_that_it_passed(client, asked, samira):
    escalation.sweep(PAST)
    escalation.sweep(PAST)
    asked.refresh_from_db()
    assert asked.status == Status.LAPSED

    page = says(opened(client, samira.user, asked, PAST), DATE)

    assert SETTLED not in page
    assert "Thank you for looking" in page


def test_where_somebody_comes_it_is_sorted_and_who_was_asked_may_stand_by(client, beesd, asked, samira):
    somebody_comes(asked, beesd)

    page = says(opened(client, samira.user, asked), SETTLED)

    assert "Ask me if it doesn't go on" in page


def test_done_is_sorted_too_also_after_the_date(client, beesd, asked, riet, samira):
    somebody_comes(asked, beesd)
    lifecycle.finish(asked.pk, worked=True, actor=web(riet), now=PAST)

    page = says(opened(client, samira.user, asked, PAST), SETTLED)

    assert "Ask me if" not in page


@pytest.mark.parametrize("at", [SOON, PAST])
def test_withdrawn_is_not_needed_any_more(client, asked, riet, samira, at):
    lifecycle.withdraw(asked.pk, actor=web(riet), now=SOON)

    page = says(opened(client, samira.user, asked, at), NOT_NEEDED)

    assert SETTLED not in page


def test_where_the_contact_person_found_nobody_we_are_not_looking_any_more(client, beesd, asked, samira):
    escalation.hand_to_contact(asked.pk, actor=CLOCK, now=SOON)
    marieke = beesd.contact_person.user
    contact_rung.nobody_found(asked.pk, reason=Reason.NOBODY_COULD, actor=staff(marieke), now=SOON)

    says(opened(client, samira.user, asked), STOPPED)


def test_who_said_no_reads_that_nothing_is_asked_of_them(client, asked, samira):
    escalation.decline(Ask.objects.get().pk, actor=web(samira.user), now=SOON)

    says(opened(client, samira.user, asked), NOT_YOU)


def test_yes_from_a_page_of_before_gets_the_same_words(client, asked, riet, samira):
    lifecycle.withdraw(asked.pk, actor=web(riet), now=SOON)
    as_reader(client, samira.user)

    with time_machine.travel(SOON, tick=False):
        response = client.post(reverse("take", args=[asked.pk]))

    assert response.status_code == 409
    assert NOT_NEEDED in response.content.decode()


def test_who_stood_by_reads_it_too(client, beesd, riet):
    help_request, els = make.help_request(beesd, author=riet), make.neighbour(beesd, "Els")
    somebody_comes(help_request, beesd)
    HelpRequest.objects.filter(pk=help_request.pk).update(audience=Audience.NEIGHBOURS)
    with time_machine.travel(SOON, tick=False):
        assert reserves.begin(help_request.pk, helper=els, was_asked=False, now=SOON)
    lifecycle.withdraw(help_request.pk, actor=web(riet), now=SOON)

    says(opened(client, els, help_request), NOT_NEEDED)


@pytest.mark.parametrize("why", ["hidden", "blocked", "never asked"])
def test_hidden_by_staff_blocked_or_never_asked_it_is_not_there(client, beesd, asked, riet, samira, why):
    person = samira.user
    if why == "hidden":
        marieke = beesd.contact_person.user
        moderating.hide(asked.pk, reason="Er staat een adres in.", actor=staff(marieke), now=SOON)
    if why == "blocked":
        blocking.block(riet, samira.user, now=SOON)
    if why == "never asked":
        person = make.volunteer(beesd, "Hassan").user
    lifecycle.withdraw(asked.pk, actor=web(riet), now=SOON)

    assert opened(client, person, asked).status_code == 404
