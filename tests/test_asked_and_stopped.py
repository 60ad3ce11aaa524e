"""A volunteer who stops, takes a break or says that it is too much: what was asked of them ends with it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actors import web
from notifications import delivery
from notifications.models import Channel, Message, State
from requests_app import escalation, lifecycle, notices, stopping
from requests_app.models import Event, RequestAsk
from tests import make
from tests.cast import as_reader
from tests.make import NOW
from tests.racing import at_once, overtaken
from volunteers import verbs
from volunteers.models import Ask, Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

BREAK = NOW + timedelta(days=7)


@pytest.fixture
def samira(beesd):
    return make.volunteer(beesd, "Samira")


@pytest.fixture
def help_request(beesd, riet, samira):
    """Riet asks; Samira was asked, and her mail waits."""
    posted = make.help_request(beesd, author=riet)
    escalation.ask_volunteers_now(posted.pk, actor=web(riet), now=NOW)
    assert mail_to(samira).state == State.DUE
    return posted


def mail_to(volunteer):
    return Message.objects.get(user=volunteer.user, kind="volunteer.asked", channel=Channel.MAIL)


def ask_of(volunteer):
    return Ask.objects.filter(volunteer=volunteer).values_list("answer", flat=True).get()


def press(client, name, **data):
    return client.post(reverse(name), data, follow=True)


def test_who_stops_has_no_open_ask_and_gets_no_mail_about_it(client, help_request, samira):
    as_reader(client, samira.user)

    press(client, "volunteer_stop")
    delivery.deliver(NOW)

    assert Volunteer.objects.get(pk=samira.pk).ended_at is not None
    assert ask_of(samira) == Ask.Answer.WITHDRAWN
    assert mail_to(samira).state == State.DROPPED
    assert not Message.objects.filter(user=samira.user, channel=Channel.IN_APP, read_at=None).exists()


def test_instead_of_who_stops_somebody_else_is_asked(beesd, help_request, samira):
    joris = make.volunteer(beesd, "Joris")

    stopping.stop(samira.pk, now=NOW)
    stopping.stop(samira.pk, now=NOW)

    assert ask_of(joris) == Ask.Answer.OPEN
    assert Ask.objects.count() == 2
    assert help_request.events.filter(kind=Event.Kind.ASKED, params__instead=1).count() == 1


def test_mail_of_the_others_goes_on(beesd, riet):
    volunteers = [make.volunteer(beesd) for _ in range(12)]
    posted = make.help_request(beesd, author=riet)
    escalation.ask_volunteers_now(posted.pk, actor=web(riet), now=NOW)
    asked = [one for one in volunteers if Ask.objects.filter(volunteer=one).exists()]

    stopping.stop(asked[0].pk, now=NOW)

    assert len(asked) > 1
    assert {mail_to(one).state for one in asked[1:]} == {State.DUE}
    assert mail_to(asked[0]).state == State.DROPPED


def test_break_ends_what_was_not_heard_of_and_counts_for_no_week(client, beesd, help_request, samira):
    joris = make.volunteer(beesd, "Joris")
    as_reader(client, samira.user)

    press(client, "volunteer_pause", until=f"{BREAK:%d-%m-%Y}")

    assert Volunteer.objects.get(pk=samira.pk).paused_until is not None
    assert (ask_of(samira), ask_of(joris)) == (Ask.Answer.WITHDRAWN, Ask.Answer.OPEN)
    assert mail_to(samira).state == State.DROPPED


def test_what_was_heard_of_before_a_break_may_be_answered_but_no_mail_goes_out(help_request, samira):
    Message.objects.filter(user=samira.user, channel=Channel.IN_APP).update(read_at=NOW)

    stopping.pause(samira.pk, BREAK, now=NOW)
    lifecycle.edit(help_request.pk, changes={"title": "Iets anders"}, actor=web(help_request.author), now=NOW)
    delivery.deliver(NOW)

    assert ask_of(samira) == Ask.Answer.OPEN
    assert mail_to(samira).state == State.DROPPED
    assert not Message.objects.filter(user=samira.user, kind="request.changed").exists()


def test_break_that_staff_note_stops_the_mail_too(help_request, samira):
    verbs.pause(samira.pk, BREAK, NOW)  # as admin does

    delivery.deliver(NOW)

    assert mail_to(samira).state == State.DROPPED


def test_a_break_that_is_refused_ends_nothing(help_request, samira):
    with pytest.raises(verbs.NotAllowed):
        stopping.pause(samira.pk, NOW, now=NOW)

    assert ask_of(samira) == Ask.Answer.OPEN


def test_everything_stops_ends_what_was_asked_too(client, help_request, samira):
    link = RequestAsk.objects.get()
    Message.objects.filter(user=samira.user, channel=Channel.IN_APP).update(read_at=NOW)
    as_reader(client, samira.user)

    press(client, "volunteer_too_much")

    assert link.ask_id not in notices.unheard(help_request)
    assert ask_of(samira) == Ask.Answer.WITHDRAWN
    assert mail_to(samira).state == State.DROPPED


def test_who_was_asked_nothing_stops_and_pauses_as_before(beesd):
    quiet = make.volunteer(beesd)

    stopping.pause(quiet.pk, BREAK, now=NOW)
    stopping.stop(quiet.pk, now=NOW)

    assert Volunteer.objects.get(pk=quiet.pk).ended_at == NOW


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["stops", "takes a break", "everything stops"])
def test_who_is_chosen_in_the_very_moment_they_stop_is_not_asked_any_more(beesd, riet, samira, way):
    posted = make.help_request(beesd, author=riet)
    verb = {
        "stops": lambda: stopping.stop(samira.pk, now=NOW),
        "takes a break": lambda: stopping.pause(samira.pk, BREAK, now=NOW),
        "everything stops": lambda: stopping.everything_stops(
            samira.user, call=False, actor=web(samira.user), now=NOW
        ),
    }[way]

    overtaken(lambda: escalation.ask_volunteers_now(posted.pk, actor=web(riet), now=NOW), verb)

    stopped = Volunteer.objects.get(pk=samira.pk)
    assert stopped.ended_at or stopped.paused_until
    assert ask_of(samira) == Ask.Answer.WITHDRAWN
    assert mail_to(samira).state == State.DROPPED


@pytest.mark.django_db(transaction=True)
def test_stopping_and_being_asked_at_once_never_wait_for_each_other(beesd, riet, samira):
    posted = make.help_request(beesd, author=riet)
    others = [make.volunteer(beesd) for _ in range(3)]

    at_once(
        lambda: escalation.ask_volunteers_now(posted.pk, actor=web(riet), now=NOW),
        *(lambda one=one: stopping.stop(one.pk, now=NOW) for one in (samira, *others)),
        at=beesd,
    )

    assert not Ask.objects.open().exists()
