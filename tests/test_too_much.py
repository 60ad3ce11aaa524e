""" "This is too much for me", and a talk after a hard visit: it reaches the contact person, and never the asker."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from accounts.actors import web
from notifications.models import Message
from requests_app import lifecycle, offers, stopping, timeline
from requests_app.models import Event, HelpRequest, Status
from requests_app.models.help_request import Rung
from requests_app.stopping import Stops
from tests import make, team
from tests.cast import as_reader
from tests.make import NOW
from tests.racing import at_once
from volunteers.models import Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WHY = ("too much", "hard", "te veel", "zwaar")


@pytest.fixture
def samira(beesd):
    return make.volunteer(beesd, "Samira")


@pytest.fixture
def pick_up(beesd, riet, samira):
    """Samira comes to Riet."""
    posted = make.help_request(beesd, author=riet)
    taken = offers.say_yes(posted.pk, helper=samira.user, actor=web(samira.user), now=NOW)
    return taken.pick_ups.get()


def told(person):
    return list(Message.objects.filter(user=person, channel="in_app").order_by("pk").values_list("kind", flat=True))


def too_much(pick_up, stops, *, call=False):
    stopping.too_much(pick_up.pk, by=pick_up.helper, stops=stops, call=call, actor=web(pick_up.helper), now=NOW)


def text_of(response):
    return unescape(response.content.decode())


def press(client, name, *args, **data):
    return client.post(reverse(name, args=args), data, follow=True)


def now_is(pick_up):
    return HelpRequest.objects.get(pk=pick_up.help_request_id)


def test_job_that_is_too_much_goes_back_and_the_contact_person_knows(client, beesd, pick_up, samira):
    as_reader(client, samira.user)
    talk = text_of(client.get(reverse("conversation", args=[pick_up.pk])))
    page = text_of(client.get(reverse("too_much", args=[pick_up.pk])))

    done = press(client, "too_much", pick_up.pk, stops="0", call="on")

    assert "This is too much for me" in talk
    assert "Riet only hears that you can't make it." in page
    assert "Let Marieke call me" in page
    assert "It's taken care of. You don't have to explain." in text_of(done)
    assert now_is(pick_up).status == Status.OPEN
    event = Event.objects.get(kind=Event.Kind.TOO_MUCH)
    assert event.params == {"pick_up": pick_up.pk, "stops": 0, "call": 1}
    assert told(beesd.contact_person.user) == ["team.too_much"]
    assert told(samira.user)[-1] == "talk.heard"
    assert Volunteer.objects.get().paused_until is None


def test_everything_stops_gives_back_all_and_begins_a_break(client, beesd, pick_up, samira):
    other = make.help_request(beesd, title="Nog iets")
    offers.say_yes(other.pk, helper=samira.user, actor=web(samira.user), now=NOW)
    as_reader(client, samira.user)
    page = text_of(client.get(reverse("volunteer_too_much")))

    done = press(client, "volunteer_too_much")

    assert "2 jobs you promised go back." in page
    assert "You are taking a break" in text_of(done)
    assert not samira.user.pick_ups.filter(ended_at=None).exists()
    assert Volunteer.objects.get().paused_until > NOW + timedelta(days=27)
    assert sorted(told(beesd.contact_person.user)) == ["team.too_much", "team.too_much", "team.volunteer_rests"]
    assert told(samira.user).count("talk.heard") == 1
    assert "volunteer.heard" not in told(samira.user)  # it was said already


def test_volunteer_without_a_job_says_so_too(client, beesd, samira):
    as_reader(client, samira.user)
    assert "This is too much for me" in text_of(client.get(reverse("volunteer")))

    press(client, "volunteer_too_much")
    press(client, "volunteer_too_much")

    assert told(beesd.contact_person.user) == ["team.volunteer_rests"]
    assert told(samira.user) == ["volunteer.heard"]


def test_longer_break_is_not_made_shorter(samira):
    until = NOW + timedelta(days=100)
    Volunteer.objects.update(paused_until=until)

    stopping.everything_stops(samira.user, call=False, actor=web(samira.user), now=NOW)

    assert Volunteer.objects.get().paused_until == until


def test_more_than_neighbours_can_do_lies_with_the_contact_person_at_once(beesd, pick_up):
    too_much(pick_up, Stops.BEYOND)

    help_request = now_is(pick_up)
    assert (help_request.rung, help_request.owner) == (Rung.CONTACT, beesd.contact_person.user)


@pytest.mark.parametrize("stops", list(Stops))
def test_asker_hears_and_reads_what_anybody_does_whose_helper_cannot_come(client, riet, pick_up, stops):
    too_much(pick_up, stops, call=True)

    as_reader(client, riet)
    pages = [text_of(client.get(url)) for url in (pick_up.help_request.get_absolute_url(), pick_up.get_absolute_url())]
    lines = [line.what + line.detail for line in timeline.timeline(now_is(pick_up), NOW)]

    kinds = [kind for kind in told(riet) if kind not in {"request.posted", "request.taken", "request.to_contact"}]
    assert kinds == ["pickup.given_back"]
    assert [(why, said) for why in WHY for said in (*pages, *lines) if why in said.lower()] == []


def test_twice_is_once_and_somebody_else_cannot_say_it(client, beesd, riet, pick_up, samira):
    too_much(pick_up, Stops.JOB)
    too_much(pick_up, Stops.JOB)
    as_reader(client, riet)

    assert Event.objects.filter(kind=Event.Kind.TOO_MUCH).count() == 1
    assert client.get(reverse("too_much", args=[pick_up.pk])).status_code == 404
    as_reader(client, samira.user)
    assert client.get(reverse("too_much", args=[pick_up.pk])).url == reverse("afterwards", args=[pick_up.pk])


def test_choice_that_makes_no_sense_is_said(client, pick_up, samira):
    as_reader(client, samira.user)

    answer = client.post(reverse("too_much", args=[pick_up.pk]), {"stops": "9"})

    assert answer.status_code == 422
    assert now_is(pick_up).status == Status.TAKEN


def test_what_has_been_is_not_put_back_on_the_board(pick_up):
    after = pick_up.help_request.needed_by + timedelta(days=1)

    stopping.too_much(pick_up.pk, by=pick_up.helper, stops=Stops.JOB, call=True, actor=web(pick_up.helper), now=after)

    assert now_is(pick_up).status == Status.TAKEN
    assert Event.objects.filter(kind=Event.Kind.TOO_MUCH).count() == 1


def test_who_helps_nobody_and_is_no_volunteer_has_nothing_to_stop(client, beesd):
    as_reader(client, make.neighbour(beesd))

    assert client.get(reverse("volunteer_too_much")).status_code == 404


def test_neighbour_who_is_no_volunteer_stops_too(beesd, riet):
    bram = make.neighbour(beesd, "Bram")
    posted = make.help_request(beesd, author=riet)
    offers.say_yes(posted.pk, helper=bram, actor=web(bram), now=NOW)

    assert stopping.everything_stops(bram, call=False, actor=web(bram), now=NOW) == 1
    assert told(beesd.contact_person.user) == ["team.too_much"]


def test_after_a_hard_visit_a_talk_is_offered_and_heard(client, beesd, riet, pick_up, samira):
    lifecycle.finish(pick_up.help_request_id, worked=True, actor=web(riet), now=NOW)
    as_reader(client, samira.user)
    page = text_of(client.get(reverse("afterwards", args=[pick_up.pk])))

    after = press(client, "ask_to_talk", pick_up.pk, hard="1")

    assert "Was it a hard visit?" in page
    assert "Riet doesn't hear of it." in page
    assert "Marieke knows that you would like to talk." in text_of(after)
    assert told(beesd.contact_person.user) == ["team.talk"]
    assert told(samira.user)[-1] == "talk.heard"
    assert Event.objects.get(kind=Event.Kind.WANTS_TO_TALK).params == {"pick_up": pick_up.pk, "hard": 1}
    as_reader(client, riet)
    seen = [client.get(reverse("afterwards", args=[pick_up.pk])), client.get(pick_up.help_request.get_absolute_url())]
    assert [why for why in WHY for one in seen if why in text_of(one).lower()] == []
    assert "team.talk" not in told(riet)


def test_contact_person_with_number_stands_at_each_job(client, pick_up, samira):
    as_reader(client, samira.user)

    page = text_of(client.get(pick_up.help_request.get_absolute_url()))

    assert "Call Marieke" in page
    assert "06 - 12 34 56 78" in page


@pytest.mark.django_db(transaction=True)
def test_two_who_stop_at_once_wait_for_each_other_and_not_for_ever():
    village = make.village(quiet=False)
    one, other = make.volunteer(village), make.volunteer(village)
    for slots, helpers in ((2, (one, other)), (2, (other, one))):
        posted = make.help_request(village, slots=slots)
        for helper in helpers:
            offers.say_yes(posted.pk, helper=helper.user, actor=web(helper.user), now=NOW)

    def stops(who):
        return lambda: stopping.everything_stops(who.user, call=False, actor=web(who.user), now=NOW)

    assert at_once(stops(one), stops(other)) == [2, 2]


def test_contact_person_reads_at_the_request_who_said_what(beesd, riet, pick_up):
    too_much(pick_up, Stops.BEYOND, call=True)
    desk = team.at_work(team.colleague(beesd.municipality))
    desk.cookies["django_language"] = "en"

    page = text_of(desk.get(reverse("admin:requests_app_helprequest_change", args=[pick_up.help_request_id])))

    assert "this was too much for who helped" in page
    assert "more than neighbours can do, would like to be called" in page


@pytest.mark.parametrize(
    ("kind", "params", "said"),
    [
        (Event.Kind.TOO_MUCH, {"stops": 0, "call": 0}, "only this job stops"),
        (Event.Kind.TOO_MUCH, {"stops": 1, "call": 0}, "everything stops for now"),
        (Event.Kind.WANTS_TO_TALK, {"hard": 1}, "it was a hard visit"),
        (Event.Kind.POSTED, {}, ""),
    ],
)
@pytest.mark.usefixtures("english")
def test_what_was_said_with_it_is_in_words_for_staff(kind, params, said):
    assert stopping.in_words(Event(kind=kind, params=params)) == said


@pytest.mark.django_db(transaction=True)
def test_everything_stops_while_one_of_the_jobs_is_withdrawn_and_neither_waits_for_ever():
    village = make.village(quiet=False)
    volunteer = make.volunteer(village)
    first, second = (make.help_request(village) for _ in range(2))
    for posted in (first, second):
        offers.say_yes(posted.pk, helper=volunteer.user, actor=web(volunteer.user), now=NOW)

    gave_back, _withdrawn = at_once(
        lambda: stopping.everything_stops(volunteer.user, call=False, actor=web(volunteer.user), now=NOW),
        lambda: lifecycle.withdraw(second.pk, actor=web(second.author), now=NOW),
        at=second,
    )

    assert gave_back in {1, 2}
    assert not volunteer.user.pick_ups.filter(ended_at=None).exists()
    assert HelpRequest.objects.get(pk=second.pk).status == Status.WITHDRAWN
