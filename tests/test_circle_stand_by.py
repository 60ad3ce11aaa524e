"""A second yes from the circle is not lost: who came too late hears it when a place is free again, and only they."""

import re
from datetime import timedelta

import pytest

from accounts.actors import web
from notifications.delivery import deliver
from notifications.models import Message
from requests_app import circle, circle_links, circle_stop, escalation, lifecycle, offers
from requests_app.models import Audience, CircleInvite, HelpRequest, PickUp, Status
from requests_app.models.help_request import Rung
from requests_app.transitions import TooLate
from tests import make
from tests.cast import as_reader
from tests.make import NOW
from volunteers.models import Ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "english")]

SOON, LATER = NOW + timedelta(minutes=30), NOW + timedelta(hours=1)
MORNING = NOW.replace(day=11, hour=7, minute=0)  # the circle's own time is over, the day before it is needed


@pytest.fixture
def els(riet):
    return make.in_circle(riet, "Els")


@pytest.fixture
def fatma(riet):
    return make.in_circle(riet, "Fatma")


@pytest.fixture
def henk(riet):
    return make.in_circle(riet, "Henk", by_phone=True)


@pytest.fixture
def taken(beesd, riet, els, fatma, henk):
    """Riet asked all three; Henk was the first to say yes."""
    asked = make.circle_request(beesd, els, fatma, henk, author=riet)
    deliver(NOW)
    circle.accept(invite_of(henk).pk, now=SOON)
    deliver(SOON)
    return asked


def invite_of(contact):
    return CircleInvite.objects.get(contact=contact)


def link(contact):
    return circle_links.path(invite_of(contact))


def mails(now):
    """Whom a mail asked, in order, once all that can go at ``now`` went."""
    deliver(now)
    asked = Message.objects.filter(kind="circle.asked", state="sent").order_by("pk")
    return list(asked.values_list("address", flat=True))


def fresh(help_request):
    return HelpRequest.objects.get(pk=help_request.pk)


def read(client, page):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|hx-headers=\S+', "", client.get(page).content.decode())


def come_late(*contacts):
    for minutes, contact in enumerate(contacts, start=31):
        circle.stand_by(invite_of(contact).pk, now=NOW + timedelta(minutes=minutes))


def test_who_says_yes_too_late_can_say_let_me_know_and_take_that_back(client, taken, els):
    page = client.post(link(els), {"answer": "yes"})
    assert page.status_code == 409
    assert 'value="stand_by"' in page.content.decode()
    assert invite_of(els).stands_by_at is None  # looking, and coming too late, promises nothing yet

    page = client.post(link(els), {"answer": "stand_by"}, follow=True).content.decode()
    assert "je een e-mail van ons" in page
    assert invite_of(els).stands_by_at == NOW

    client.post(link(els), {"answer": "no"})
    assert invite_of(els).stands_by_at is None


@pytest.mark.parametrize("back", ["circle", "asker"])
def test_when_a_place_is_free_again_they_are_asked_in_turn_long_after_the_circles_own_time(
    beesd, riet, taken, els, fatma, henk, back
):
    come_late(fatma, els)
    before = len(mails(LATER))

    if back == "circle":
        circle.give_back(invite_of(henk).pk, now=MORNING)
    else:
        lifecycle.call_off(taken.pk, pick_up_pk=PickUp.objects.get().pk, actor=web(riet), now=MORNING)

    assert fresh(taken).audience == Audience.NEIGHBOURS
    assert mails(MORNING)[before:] == [fatma.email, els.email]
    circle.accept(invite_of(els).pk, now=MORNING)
    assert fresh(taken).status == Status.TAKEN


def test_the_ladder_does_not_wait_for_who_of_the_circle_stands_by_and_their_yes_still_counts(
    beesd, riet, taken, els, henk
):
    samira = make.volunteer(beesd, "Samira")
    come_late(els)
    HelpRequest.objects.filter(pk=taken.pk).update(rung=Rung.VOLUNTEERS)  # neighbours had their share before

    circle.give_back(invite_of(henk).pk, now=MORNING)
    escalation.sweep(MORNING)

    assert Ask.objects.open().get().volunteer == samira
    circle.accept(invite_of(els).pk, now=MORNING + timedelta(minutes=5))
    assert fresh(taken).status == Status.TAKEN
    assert not Ask.objects.open().exists()


def test_neighbour_who_gives_back_frees_a_place_for_the_circle_too(beesd, riet, els, fatma):
    asked = make.circle_request(beesd, els, fatma, author=riet, match_mode="first")
    deliver(NOW)
    escalation.sweep(asked.next_at)
    joris = make.neighbour(beesd, "Joris")
    offers.say_yes(asked.pk, helper=joris, actor=web(joris), now=MORNING)
    circle.stand_by(invite_of(els).pk, now=MORNING)
    before = len(mails(MORNING))

    lifecycle.give_back(asked.pk, helper=joris, actor=web(joris), now=MORNING + timedelta(hours=1))

    assert mails(MORNING + timedelta(hours=1))[before:] == [els.email]


def test_in_the_circles_own_time_nobody_is_mailed_twice(taken, els, henk):
    come_late(els)

    circle.give_back(invite_of(henk).pk, now=LATER)

    assert mails(LATER).count(els.email) == 2  # the first ask, and this one


def test_other_words_of_an_open_request_ask_nobody_again_and_a_next_free_place_does(taken, riet, els, henk):
    come_late(els)
    circle.give_back(invite_of(henk).pk, now=MORNING)
    told = len(mails(MORNING))

    lifecycle.edit(taken.pk, changes={"minutes": 60}, actor=web(riet), now=MORNING + timedelta(minutes=5))
    assert len(mails(MORNING + timedelta(minutes=5))) == told

    circle.accept(invite_of(henk).pk, now=MORNING + timedelta(minutes=6))
    circle.give_back(invite_of(henk).pk, now=MORNING + timedelta(minutes=7))
    assert mails(MORNING + timedelta(minutes=7))[told:] == [els.email]


def test_who_said_no_before_can_be_let_known_too(taken, els, henk):
    circle.decline(invite_of(els).pk, now=SOON)
    come_late(els)

    circle.give_back(invite_of(henk).pk, now=MORNING)

    assert mails(MORNING)[-1] == els.email


def test_who_did_not_ask_for_it_or_wants_no_mail_any_more_is_not_mailed(taken, els, fatma, henk):
    come_late(els)
    before = mails(LATER)
    circle_stop.stop(els.fingerprint, LATER)

    circle.give_back(invite_of(henk).pk, now=MORNING)

    assert mails(MORNING) == before


def test_nobody_is_promised_a_mail_that_we_do_not_send(client, beesd, riet, henk, els):
    make.circle_request(beesd, henk, els, author=riet)
    circle.accept(invite_of(els).pk, now=NOW)

    assert 'value="stand_by"' not in client.get(link(henk)).content.decode()
    client.post(link(henk), {"answer": "stand_by"})
    assert invite_of(henk).stands_by_at is None


def test_while_somebody_is_looked_for_there_is_nothing_to_wait_for(beesd, riet, els):
    make.circle_request(beesd, els, author=riet)

    circle.stand_by(invite_of(els).pk, now=SOON)

    assert invite_of(els).stands_by_at is None
    circle.accept(invite_of(els).pk, now=SOON)


def test_nobody_else_learns_of_it(client, riet, taken, els):
    as_reader(client, riet)
    page = read(client, taken.get_absolute_url())
    messages = Message.objects.count()

    come_late(els)

    assert read(client, taken.get_absolute_url()) == page
    assert Message.objects.count() == messages


def test_page_says_the_same_when_it_was_withdrawn(client, riet, taken, els):
    found = read(client, link(els))
    lifecycle.withdraw(taken.pk, actor=web(riet), now=LATER)

    assert read(client, link(els)) == found
    with pytest.raises(TooLate):
        circle.accept(invite_of(els).pk, now=LATER)
