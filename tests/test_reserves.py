"""A second yes: who was just too late stands by, is asked first when a place comes free, and nobody else knows."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import web
from moderation import blocking
from notifications.models import Message
from requests_app import circle, escalation, first_word, groups, lifecycle, moments, offers, reserves, timeline
from requests_app.models import Audience, CircleInvite, Event, HelpRequest, MatchMode, Offer, Reserve, Status
from requests_app.transitions import NotAllowed, TooLate
from tests import make
from tests.cast import as_reader
from tests.make import NOW
from tests.racing import REFUSED, at_once
from volunteers.models import Ask, Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

LATER = NOW + timedelta(hours=1)
SOON = NOW + timedelta(hours=2)
NIGHT = NOW.replace(hour=22)  # 23:00 in the village


@pytest.fixture
def bram(beesd):
    return make.neighbour(beesd, "Bram")


@pytest.fixture
def els(beesd):
    return make.neighbour(beesd, "Els")


@pytest.fixture
def help_request(beesd, riet, bram):
    """Riet asks, Bram comes."""
    posted = make.help_request(beesd, author=riet)
    return yes(posted, bram)


def yes(help_request, helper, now=NOW):
    return offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=now)


def give_back(help_request, helper, now=LATER):
    return lifecycle.give_back(help_request.pk, helper=helper, actor=web(helper), now=now)


def stand_by(help_request, helper, now=NOW, **more):
    return reserves.begin(help_request.pk, helper=helper, now=now, **more)


def neighbours_had_theirs(help_request):
    """The ladder is at the volunteers, so that a place that comes free is theirs at once."""
    HelpRequest.objects.filter(pk=help_request.pk).update(rung="volunteers")


def told(person, *, since=0):
    rows = Message.objects.filter(user=person, channel="in_app", pk__gt=since).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def press(client, name, *args):
    return client.post(reverse(name, args=args), follow=True)


def ask_wave(help_request, now=NOW):
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=now)


# -- standing by


def test_who_stands_by_is_asked_first_and_the_ladder_waits_so_long(help_request, bram, els):
    neighbours_had_theirs(help_request)
    assert stand_by(help_request, els)
    before = told(els)

    given_back = give_back(help_request, bram)

    reserve = Reserve.objects.get()
    assert before == []
    assert told(els) == ["reserve.asked"]
    assert (reserve.helper, reserve.asked_at, reserve.answer_before) == (els, LATER, LATER + timedelta(hours=2))
    assert given_back.next_at == reserve.answer_before
    assert given_back.events.filter(kind=Event.Kind.RESERVE_ASKED).count() == 1


def test_without_anybody_who_stands_by_the_ladder_does_not_wait(help_request, bram):
    neighbours_had_theirs(help_request)

    assert give_back(help_request, bram).next_at < LATER + timedelta(hours=2)


def test_nobody_else_hears_or_reads_of_who_stands_by(client, help_request, riet, bram, els):
    stand_by(help_request, els)
    marks = {person: Message.objects.order_by("-pk").values_list("pk", flat=True).first() for person in (riet, bram)}
    give_back(help_request, bram)

    lines = [line.what for line in timeline.timeline(HelpRequest.objects.get(pk=help_request.pk), LATER)]
    as_reader(client, riet)
    page = client.get(help_request.get_absolute_url()).content.decode()

    assert told(riet, since=marks[riet]) == ["pickup.given_back"]
    assert told(bram, since=marks[bram]) == []
    assert "Els" not in page
    assert [line for line in lines if "first" in line or "Els" in line] == []


def test_asker_reads_a_moment_that_is_still_to_come_while_the_ladder_waits(help_request, bram, els):
    make.volunteer(help_request.village)  # whom the next wave can ask
    stand_by(help_request, els)
    neighbours_had_theirs(help_request)
    given_back = give_back(help_request, bram)

    lines = timeline.timeline(HelpRequest.objects.get(pk=help_request.pk), LATER)

    ahead = [line.at for line in lines if line.state == "next" and line.at]
    assert ahead[0] == given_back.next_at > LATER


def test_yes_of_who_is_asked_first_is_a_yes(help_request, bram, els):
    stand_by(help_request, els)
    give_back(help_request, bram)

    taken = yes(help_request, els, LATER)

    assert taken.status == Status.TAKEN
    assert Reserve.objects.get().end == Reserve.End.YES
    assert taken.pick_ups.get(ended_at=None).helper == els


def test_yes_of_who_is_asked_first_waits_for_the_asker_who_chooses(beesd, riet, bram, els):
    posted = make.help_request(beesd, author=riet, match_mode=MatchMode.CHOOSE)
    yes(posted, bram)
    offers.accept(posted.pk, offer_pk=Offer.objects.get().pk, actor=web(riet), now=NOW)
    stand_by(posted, els)
    give_back(posted, bram)

    asked = yes(posted, els, LATER)

    assert asked.offers_waiting == 1
    assert Reserve.objects.get().end == Reserve.End.YES


def test_asker_who_chooses_says_yes_please_to_a_reserve_of_what_is_on_no_board(client, beesd, riet, bram, els):
    """The first word let them in; their yes ended that, and lets them in still."""
    make.group(beesd, members=(bram,))
    posted = make.help_request(beesd, author=riet, match_mode=MatchMode.CHOOSE, audience=Audience.GROUP)
    escalation.sweep(NOW)
    yes(posted, bram)
    offers.accept(posted.pk, offer_pk=Offer.objects.get().pk, actor=web(riet), now=NOW)
    stand_by(posted, els)
    give_back(posted, bram)

    yes(posted, els, LATER)
    as_reader(client, els)

    assert client.get(posted.get_absolute_url()).status_code == 200
    assert offers.accept(posted.pk, offer_pk=Offer.objects.waiting().get().pk, actor=web(riet), now=LATER)


def test_who_stands_by_longest_is_asked_first_and_the_others_hear_nothing(beesd, help_request, bram, els):
    second = make.neighbour(beesd, "Zeki")
    stand_by(help_request, els)
    stand_by(help_request, second)

    give_back(help_request, bram)

    assert (told(els), told(second)) == (["reserve.asked"], [])


def test_no_of_who_is_asked_first_asks_the_next_and_then_the_ladder_goes_on_now(beesd, help_request, bram, els):
    neighbours_had_theirs(help_request)
    second = make.neighbour(beesd, "Zeki")
    stand_by(help_request, els)
    stand_by(help_request, second)
    give_back(help_request, bram)

    reserves.step_down(help_request.pk, helper=els, now=LATER)
    after_the_first = HelpRequest.objects.get(pk=help_request.pk).next_at
    reserves.step_down(help_request.pk, helper=second, now=LATER)

    assert told(second) == ["reserve.asked"]
    assert after_the_first == LATER + timedelta(hours=2)
    assert HelpRequest.objects.get(pk=help_request.pk).next_at < after_the_first
    assert set(Reserve.objects.values_list("end", flat=True)) == {Reserve.End.NO}


def test_without_an_answer_the_next_wave_asks_volunteers(beesd, help_request, bram, els):
    volunteer = make.volunteer(beesd)
    stand_by(help_request, els)
    neighbours_had_theirs(help_request)
    given_back = give_back(help_request, bram)

    escalation.sweep(given_back.next_at - timedelta(seconds=1))
    early = told(volunteer.user)
    escalation.sweep(given_back.next_at)

    assert early == []
    assert told(volunteer.user) == ["volunteer.asked"]


def test_somebody_else_who_is_first_settles_it_and_who_stood_by_stands_by_again(beesd, help_request, bram, els):
    stand_by(help_request, els)
    give_back(help_request, bram)

    other = make.neighbour(beesd, "Zeki")
    yes(help_request, other, LATER)

    assert told(els) == ["reserve.asked", "reserve.settled"]
    assert Reserve.objects.get().asked_at is None
    give_back(help_request, other, LATER + timedelta(minutes=1))
    assert Reserve.objects.get().asked_at is not None


def test_who_the_asker_does_not_need_after_all_leaves_a_place_for_who_stands_by(help_request, riet, bram, els):
    stand_by(help_request, els)
    pick_up = help_request.pick_ups.get()

    lifecycle.call_off(help_request.pk, pick_up_pk=pick_up.pk, actor=web(riet), now=LATER)

    assert told(els) == ["reserve.asked"]


@pytest.mark.parametrize("ends", ["withdraw", "finish"])
def test_nobody_stands_by_for_what_is_over(help_request, riet, els, ends):
    stand_by(help_request, els)

    more = {"worked": True} if ends == "finish" else {}
    getattr(lifecycle, ends)(help_request.pk, actor=web(riet), now=LATER, **more)

    assert Reserve.objects.get().end == Reserve.End.CLOSED


def test_who_is_asked_first_hears_of_another_day(help_request, riet, bram, els):
    stand_by(help_request, els)
    give_back(help_request, bram)

    lifecycle.edit(help_request.pk, changes={"part": "morning"}, actor=web(riet), now=LATER)

    assert told(els) == ["reserve.asked", "request.changed"]


# -- a volunteer of a wave


def test_second_yes_of_a_wave_stands_by_by_itself_and_counts_for_no_week(client, beesd, riet):
    first, second = make.volunteer(beesd, "Samira"), make.volunteer(beesd, "Hassan")
    posted = make.help_request(beesd, author=riet)
    ask_wave(posted)
    yes(posted, first.user)
    as_reader(client, second.user)

    answer = press(client, "take", posted.pk)

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "sorted already" in text
    assert "You stand by" in text
    reserve = Reserve.objects.get()
    assert (reserve.helper, reserve.was_asked) == (second.user, True)
    assert Ask.objects.get(volunteer=second).answer == Ask.Answer.WITHDRAWN


def test_second_yes_for_volunteers_only_may_come_by_the_way_it_came(client, beesd, riet):
    first, second = make.volunteer(beesd, "Samira"), make.volunteer(beesd, "Hassan")
    posted = make.help_request(
        beesd, author=riet, audience=Audience.VOLUNTEERS, match_mode=MatchMode.CHOOSE, volunteer_at_once=True
    )
    ask_wave(posted)
    yes(posted, first.user)
    as_reader(client, second.user)
    assert press(client, "take", posted.pk).status_code == 409
    over = client.get(posted.get_absolute_url()).content.decode()
    assert "sorted already" in over
    assert "You stand by" in over
    assert "Riet" not in over

    give_back(posted, first.user, NOW)
    page = client.get(posted.get_absolute_url()).content.decode()
    press(client, "take", posted.pk)

    assert "You are the first we ask." in page
    assert posted.pick_ups.get(ended_at=None).helper == second.user


def test_second_yes_who_rather_not_after_all_says_so_on_the_same_page(client, help_request, els):
    as_reader(client, els)
    late = press(client, "take", help_request.pk)
    assert "Ask me if it doesn't go on" in late.content.decode().replace("&#x27;", "'")
    assert not Reserve.objects.exists()

    press(client, "stand_by", help_request.pk)
    page = client.get(help_request.get_absolute_url()).content.decode()
    press(client, "step_down", help_request.pk)

    assert "You stand by" in page
    assert Reserve.objects.get().end == Reserve.End.NO


def test_who_may_not_see_it_cannot_stand_by(client, help_request):
    as_reader(client, make.neighbour(make.village(), "Vreemde"))

    assert client.post(reverse("stand_by", args=[help_request.pk])).status_code == 404
    assert client.post(reverse("step_down", args=[help_request.pk])).status_code == 404
    assert client.get(reverse("stand_by", args=[help_request.pk])).status_code == 302
    assert not Reserve.objects.exists()


# -- who is passed over


def test_who_has_no_contact_with_the_asker_does_not_stand_by(help_request, riet, els):
    blocking.block(riet, els, now=NOW)

    with pytest.raises(NotAllowed):
        stand_by(help_request, els)


@pytest.mark.parametrize("keep", [blocking.block, blocking.keep_apart])
def test_who_is_kept_apart_meanwhile_is_passed_over(beesd, help_request, riet, bram, els, keep):
    second = make.neighbour(beesd, "Zeki")
    stand_by(help_request, els)
    stand_by(help_request, second)
    keep(els, riet, now=NOW)

    give_back(help_request, bram)

    assert (told(els), told(second)) == ([], ["reserve.asked"])


@pytest.mark.parametrize("why", ["break", "job", "moved", "left"])
def test_who_cannot_come_any_more_is_passed_over(beesd, help_request, bram, why):
    volunteer = make.volunteer(beesd)
    stand_by(help_request, volunteer.user)
    if why == "break":
        Volunteer.objects.update(paused_until=NOW + timedelta(days=7))
    elif why == "job":
        volunteer.jobs.create(subject=-1, on=help_request.help_on, taken_at=NOW)
    elif why == "moved":
        volunteer.user.residencies.update(ended_at=NOW)
    else:
        type(volunteer.user).objects.filter(pk=volunteer.user_id).update(is_active=False)

    give_back(help_request, bram)

    assert told(volunteer.user) == []


def test_message_to_who_stands_by_goes_unsaid_when_it_is_not_true_any_more(beesd, help_request, bram, els):
    stand_by(help_request, els)
    give_back(help_request, bram)
    yes(help_request, make.neighbour(beesd), LATER)

    mail = Message.objects.get(user=els, kind="reserve.asked", channel="mail")

    assert mail.state == Message.State.DROPPED


# -- the time there is


@pytest.mark.parametrize(
    ("left", "contact", "waits"),
    [
        (timedelta(days=5), None, timedelta(hours=2)),
        (timedelta(hours=10), None, timedelta(hours=1)),
        (timedelta(minutes=30), None, timedelta(minutes=10)),
        (timedelta(minutes=5), None, timedelta(minutes=5)),
        (timedelta(days=5), timedelta(minutes=40), timedelta(minutes=40)),
        (timedelta(0), None, timedelta(0)),
    ],
)
def test_first_word_is_a_tenth_of_the_time_and_never_past_the_contact_person(left, contact, waits):
    until = first_word.until_when(NOW, NOW + left, NOW + contact if contact else None)

    assert until - NOW == waits


def test_given_back_in_the_night_the_first_word_begins_in_the_morning(beesd, help_request, bram, els):
    stand_by(help_request, els)

    give_back(help_request, bram, NIGHT)

    morning = moments.awake_in(beesd)(NIGHT)
    assert Reserve.objects.get().answer_before > morning
    assert Message.objects.get(user=els, kind="reserve.asked", channel="mail").not_before == morning


# -- guards and races


def test_database_refuses_a_second_first_word(help_request, els, riet):
    stand_by(help_request, els)
    help_request.reserves.create(helper=riet)

    with pytest.raises(IntegrityError, match="reserve_one_asked"):
        Reserve.objects.update(asked_at=NOW, answer_before=LATER)


def test_database_refuses_to_stand_by_twice(help_request, els):
    assert stand_by(help_request, els)
    assert stand_by(help_request, els)
    assert Reserve.objects.count() == 1

    with pytest.raises(IntegrityError, match="reserve_once"):
        help_request.reserves.create(helper=els)


def test_only_so_many_stand_by(beesd, help_request, monkeypatch):
    monkeypatch.setattr(first_word, "MOST", 1)
    stand_by(help_request, make.neighbour(beesd))

    with pytest.raises(NotAllowed):
        stand_by(help_request, make.neighbour(beesd))


@pytest.mark.django_db(transaction=True)
def test_give_back_and_stand_by_at_once_always_leave_a_way_to_come():
    village = make.village(quiet=False)
    bram, els = make.neighbour(village), make.neighbour(village)
    posted = yes(make.help_request(village), bram)

    _back, stands_by = at_once(lambda: give_back(posted, bram, NOW), lambda: stand_by(posted, els), at=posted)

    assert told(els) == (["reserve.asked"] if stands_by else [])
    assert yes(posted, els, LATER).status == Status.TAKEN


@pytest.mark.django_db(transaction=True)
def test_place_that_comes_free_goes_to_one_of_who_stood_by_and_who_was_quick():
    village = make.village(quiet=False)
    bram, els, zeki = (make.neighbour(village) for _ in range(3))
    posted = yes(make.help_request(village), bram)
    stand_by(posted, els)
    give_back(posted, bram, NOW)

    came = at_once(lambda: yes(posted, els, LATER), lambda: yes(posted, zeki, LATER), at=posted, refused=TooLate)

    assert came.count(REFUSED) == 1
    assert posted.pick_ups.filter(ended_at=None).count() == 1
    helper = posted.pick_ups.get(ended_at=None).helper
    assert Reserve.objects.get().end == (Reserve.End.YES if helper == els else "")
    assert not Reserve.objects.asked().exists()


@pytest.mark.django_db(transaction=True)
def test_give_back_and_take_at_once_never_leave_two_or_a_reserve_who_waits_for_nothing():
    village = make.village(quiet=False)
    bram, els, zeki = (make.neighbour(village) for _ in range(3))
    posted = yes(make.help_request(village), bram)
    stand_by(posted, els)

    _back, took = at_once(
        lambda: give_back(posted, bram, NOW), lambda: yes(posted, zeki, NOW), at=posted, refused=TooLate
    )

    active = posted.pick_ups.filter(ended_at=None)
    assert active.count() == (0 if took == REFUSED else 1)
    assert Reserve.objects.asked().exists() == (took == REFUSED)


def test_only_one_module_writes_who_stands_by():
    writes = re.compile(r"\b[Rr]eserves?\b[\w.() =]*\.(create|get_or_create|update|bulk_create|save|delete)\(")

    writers = {path.name for path in Path(reserves.__file__).parent.rglob("*.py") if writes.search(path.read_text())}

    assert writers == {"stand_by.py"}


# -- a place is free, however it came free


def test_a_place_that_somebody_of_the_circle_gives_back_is_told_to_who_stands_by(beesd, riet, els):
    posted = make.circle_request(beesd, make.in_circle(riet, "Piet"), author=riet)
    circle.go_on_now(posted.pk, actor=web(riet), now=NOW)
    invite = CircleInvite.objects.get()
    circle.accept(invite.pk, now=NOW)
    stand_by(posted, els)

    circle.give_back(invite.pk, now=LATER)

    assert told(els) == ["reserve.asked"]


def test_a_place_that_a_host_gives_back_is_told_to_who_stands_by(beesd, riet, els):
    hanna = make.neighbour(beesd, "Hanna")
    jan = make.group(beesd, host=hanna, members=("Jan",)).members.get()
    posted = make.help_request(beesd, author=riet, audience=Audience.GROUP)
    escalation.sweep(NOW)
    groups.say_yes_for(posted.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW)
    stand_by(posted, els)

    groups.give_back_for(posted.pk, member=jan.pk, host=hanna, actor=web(hanna), now=LATER)

    assert told(els) == ["reserve.asked"]


def test_a_place_more_is_told_to_who_stands_by(help_request, riet, els):
    stand_by(help_request, els)

    lifecycle.edit(help_request.pk, changes={"slots": 2}, actor=web(riet), now=LATER)

    assert "reserve.asked" in told(els)


def test_of_two_places_the_second_is_for_who_stands_by_next_once_the_first_said_yes(beesd, riet, bram, els):
    joris, zeki = make.neighbour(beesd, "Joris"), make.neighbour(beesd, "Zeki")
    posted = make.help_request(beesd, author=riet, slots=2)
    for helper in (bram, joris):
        yes(posted, helper)
    for helper in (els, zeki):
        stand_by(posted, helper)
    for helper in (bram, joris):
        give_back(posted, helper)
    before = told(zeki)

    yes(posted, els, LATER)

    assert (before, told(zeki)) == ([], ["reserve.asked"])


def test_with_no_time_left_for_an_answer_nobody_is_asked_to_give_one(help_request, bram, els):
    stand_by(help_request, els)

    given_back = give_back(help_request, bram, help_request.needed_by - timedelta(hours=2))

    assert moments.contact_at(given_back) <= given_back.next_at
    assert told(els) == []


def test_a_new_moment_leaves_who_is_asked_first_the_time_that_was_promised(help_request, riet, bram, els):
    neighbours_had_theirs(help_request)
    stand_by(help_request, els)
    give_back(help_request, bram)

    day = {"help_on": make.THURSDAY + timedelta(days=1)}
    moved = lifecycle.edit(help_request.pk, changes=day, actor=web(riet), now=LATER + timedelta(minutes=1))

    assert moved.next_at == Reserve.objects.get().answer_before


def test_waiting_for_who_is_asked_first_is_not_late(help_request, riet, bram, els, english):
    neighbours_had_theirs(help_request)
    stand_by(help_request, els)
    give_back(help_request, bram)
    posted = HelpRequest.objects.select_related("village__contact_person", "policy", "author").get(pk=help_request.pk)
    until = Reserve.objects.get().answer_before

    assert timeline.late_words(posted, LATER + timedelta(minutes=30)) == ""
    assert "should have happened" in timeline.late_words(posted, until + timedelta(minutes=10))


# -- no answer in time


def two_stand_by(beesd, help_request, els):
    zeki = make.neighbour(beesd, "Zeki")
    for helper in (els, zeki):
        stand_by(help_request, helper)
    return zeki


def now_is(help_request):
    return HelpRequest.objects.get(pk=help_request.pk)


def test_without_an_answer_the_next_who_stands_by_has_the_first_word(beesd, help_request, bram, els):
    volunteer = make.volunteer(beesd)
    neighbours_had_theirs(help_request)
    zeki = two_stand_by(beesd, help_request, els)
    until = give_back(help_request, bram).next_at

    escalation.sweep(until - timedelta(seconds=1))
    early = told(zeki)
    escalation.sweep(until)

    assert (early, told(zeki)) == ([], ["reserve.asked"])
    assert told(volunteer.user) == []  # the ladder waits for Zeki now
    assert Reserve.objects.get(helper=zeki).answer_before == now_is(help_request).next_at > until
    assert told(els) == ["reserve.asked"]
    escalation.sweep(now_is(help_request).next_at)
    assert told(volunteer.user) == ["volunteer.asked"]
    assert (told(els), told(zeki)) == (["reserve.asked"], ["reserve.asked"])  # nobody is asked twice


def test_of_two_places_the_second_who_stands_by_need_not_wait_for_the_next_step(beesd, riet, bram, els):
    joris = make.neighbour(beesd, "Joris")
    posted = make.help_request(beesd, author=riet, slots=2)
    for helper in (bram, joris):
        yes(posted, helper)
    zeki = two_stand_by(beesd, posted, els)
    for helper in (bram, joris):
        freed = give_back(posted, helper)
    until = Reserve.objects.get(helper=els).answer_before
    next_step = moments.next_at(freed, moments.steps_of(freed), LATER)

    escalation.sweep(until)

    assert until < next_step  # neighbours have their time still
    assert told(zeki) == ["reserve.asked"]
    yes(posted, zeki, until)
    taken = yes(posted, els, until)  # who was silent says yes as anybody
    assert taken.status == Status.TAKEN
    assert set(Reserve.objects.values_list("end", flat=True)) == {Reserve.End.YES}


def test_asker_reads_when_the_next_step_is_not_when_who_stands_by_must_answer(help_request, riet, bram, els):
    stand_by(help_request, els)

    freed = give_back(help_request, bram)

    promised = Message.objects.get(user=riet, kind="pickup.given_back", channel="mail").params["until"]
    step = moments.next_at(freed, moments.steps_of(freed), LATER)
    assert promised == step.isoformat()
    assert freed.next_at == Reserve.objects.get().answer_before < step


def test_just_before_the_contact_person_nobody_next_has_the_first_word(beesd, help_request, bram, els):
    zeki = two_stand_by(beesd, help_request, els)
    contact_at = moments.contact_at(now_is(help_request))
    give_back(help_request, bram, contact_at - timedelta(minutes=15))
    first = Reserve.objects.get(helper=els)

    escalation.sweep(contact_at)

    assert first.answer_before == contact_at
    assert told(zeki) == []
    assert now_is(help_request).owner is not None


def test_who_let_the_first_word_pass_and_says_no_takes_it_from_nobody(beesd, help_request, bram, els):
    zeki = two_stand_by(beesd, help_request, els)
    until = give_back(help_request, bram).next_at
    escalation.sweep(until)
    waits = now_is(help_request).next_at

    reserves.step_down(help_request.pk, helper=els, now=until)

    assert now_is(help_request).next_at == waits == Reserve.objects.get(helper=zeki).answer_before


def test_page_says_who_is_asked_first_only_as_long_as_it_is_so(client, beesd, help_request, bram, els):
    two_stand_by(beesd, help_request, els)
    until = give_back(help_request, bram).next_at
    as_reader(client, els)
    before = client.get(help_request.get_absolute_url()).content.decode()

    escalation.sweep(until)

    after = client.get(help_request.get_absolute_url()).content.decode()
    assert "You are the first we ask." in before
    assert "You are the first we ask." not in after
    assert "Can you come after all?" in after


def test_who_hurries_the_ladder_does_not_wait_for_who_stands_by_next(beesd, help_request, bram, els):
    volunteer = make.volunteer(beesd)
    two_stand_by(beesd, help_request, els)
    until = give_back(help_request, bram).next_at

    ask_wave(help_request, until)

    assert told(volunteer.user) == ["volunteer.asked"]


def test_sweep_costs_the_same_for_one_first_word_that_ran_out_and_for_five(beesd, bram, els):
    def sweep_of(count):
        for _ in range(count):
            posted = yes(make.help_request(beesd, author=make.neighbour(beesd)), bram)
            stand_by(posted, els)
            give_back(posted, bram)
        until = max(Reserve.objects.with_first_word().values_list("answer_before", flat=True))
        with CaptureQueriesContext(connection) as seen:
            assert escalation.sweep(until) == count
        assert not Reserve.objects.with_first_word().exists()
        return len(seen)

    assert sweep_of(1) == sweep_of(5)
