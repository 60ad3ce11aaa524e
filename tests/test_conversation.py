"""What two people with an appointment do in their conversation, and what the database never lets happen."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from accounts.actors import web
from moderation import blocking
from moderation.models import Block
from notifications import outbox
from notifications.models import Channel, Message, State
from requests_app import conversation, conversation_notices, escalation, lifecycle, offers
from requests_app.models import ConversationMessage, Event, HelpRequest, Part, PickUp, ProposedMoment, Status
from tests import make
from tests.make import NOW, THURSDAY
from tests.racing import REFUSED, at_once
from volunteers.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FRIDAY_10 = NOW.replace(day=13, hour=9, minute=0)
SATURDAY_10 = NOW.replace(day=14, hour=9, minute=0)
Kind, Answer = ConversationMessage.Kind, ProposedMoment.Answer


@pytest.fixture
def village():
    return make.village("Beesd", quiet=False)


@pytest.fixture
def riet(village):
    return make.neighbour(village, "Riet", phone="+31687654321")


@pytest.fixture
def joris(village):
    return make.neighbour(village, "Joris", street="Achterstraat", phone="+31611112222")


@pytest.fixture
def pick_up(village, riet, joris):
    return appointment(village, riet, joris)


def appointment(village, author, helper, **fields):
    help_request = make.help_request(village, author=author, **fields)
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)
    return PickUp.objects.get(help_request=help_request, helper=helper)


def say(pick_up, by, text="Tot donderdag.", *, key=None, now=NOW, kind=Kind.WORDS):
    return conversation.say(pick_up.pk, by=by, kind=kind, text=text, key=key or uuid4(), now=now)


def propose(pick_up, by, at=FRIDAY_10, now=NOW):
    conversation.propose(pick_up.pk, by=by, moment_at=at, now=now)
    return pick_up.proposed_moments.get(answer=Answer.OPEN)


def accept(pick_up, question, by, now=NOW):
    conversation.accept(pick_up.pk, question_pk=question.pk, by=by, actor=web(by), now=now)


def told(person, kind):
    return Message.objects.filter(user=person, kind=kind, channel=Channel.IN_APP).count()


def kinds_of(pick_up):
    return list(pick_up.help_request.events.values_list("kind", flat=True))


# -- writing


def test_a_message_is_told_to_the_other_and_to_nobody_else(pick_up, riet, joris):
    say(pick_up, joris)

    assert pick_up.messages.get().text == "Tot donderdag."
    assert (told(riet, "message.new"), told(joris, "message.new")) == (1, 0)
    assert "Tot donderdag" not in str(list(Message.objects.values_list("params", flat=True)))


def test_the_same_form_sent_twice_is_one_message(pick_up, joris):
    key = uuid4()

    assert say(pick_up, joris, key=key) is not None
    assert say(pick_up, joris, key=key) is None
    assert say(pick_up, joris, "Of vrijdag?", key=key) is not None  # the back button, and other words: another message

    assert [message.text for message in pick_up.messages.all()] == ["Tot donderdag.", "Of vrijdag?"]


def test_news_is_told_once_until_it_is_read(pick_up, riet, joris):
    for _ in range(3):
        say(pick_up, joris)
    assert told(riet, "message.new") == 1
    assert Message.objects.filter(kind="message.new", channel=Channel.MAIL, state=State.DUE).count() == 1

    outbox.seen(riet, conversation_notices.about(pick_up, riet), NOW)
    assert not Message.objects.filter(kind="message.new", channel=Channel.MAIL, state=State.DUE).exists()
    say(pick_up, joris, now=NOW + timedelta(minutes=1))

    assert told(riet, "message.new") == 2


def test_somebody_else_writes_nothing_also_not_the_other_helper(village, riet, joris):
    pick_up = appointment(village, riet, joris, slots=2)
    bram = make.neighbour(village, "Bram")
    offers.say_yes(pick_up.help_request_id, helper=bram, actor=web(bram), now=NOW)

    for stranger in (bram, make.neighbour(village)):
        with pytest.raises(lifecycle.NotAllowed):
            say(pick_up, stranger)

    assert not pick_up.messages.exists()


@pytest.mark.parametrize("blocker", ["riet", "joris"])
def test_two_people_of_whom_one_wants_no_contact_write_and_agree_nothing(pick_up, riet, joris, blocker):
    question = propose(pick_up, joris)
    one, other = (riet, joris) if blocker == "riet" else (joris, riet)
    blocking.block(one, other, now=NOW)

    for person in (riet, joris):
        with pytest.raises(lifecycle.NotAllowed, match="can't write"):
            say(pick_up, person)
        with pytest.raises(lifecycle.NotAllowed, match="can't write"):
            propose(pick_up, person, SATURDAY_10)
        with pytest.raises(lifecycle.NotAllowed, match="can't write"):
            conversation.share_phone(pick_up.pk, by=person, actor=web(person), now=NOW)
    with pytest.raises(lifecycle.NotAllowed, match="can't write"):
        accept(pick_up, question, riet)


def test_rather_not_together_again_leaves_the_conversation_as_it_is(pick_up, riet, joris):
    blocking.keep_apart(riet, joris, now=NOW)

    assert say(pick_up, joris) is not None


def test_a_week_after_the_appointment_nothing_is_written_any_more(pick_up, riet, joris):
    lifecycle.finish(pick_up.help_request_id, worked=True, actor=web(riet), now=NOW)

    assert say(pick_up, joris, now=NOW + timedelta(days=6, hours=23)) is not None
    with pytest.raises(lifecycle.NotAllowed, match="over"):
        say(pick_up, joris, now=NOW + timedelta(days=7))


def test_database_refuses_the_same_message_and_a_second_thanks(pick_up, riet, joris):
    message = say(pick_up, joris)
    same = ConversationMessage(pick_up=pick_up, author=joris, text="Nog eens", key=message.key)

    with pytest.raises(IntegrityError, match="conversation_message_once"):
        same.save()


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_is_one_message():
    village = make.village()
    author, helper = make.neighbour(village), make.neighbour(village)
    pick_up, key = appointment(village, author, helper), uuid4()

    outcomes = at_once(*[lambda: say(pick_up, helper, key=key)] * 2, at=pick_up.help_request)

    assert sorted(outcome is None for outcome in outcomes) == [False, True]
    assert pick_up.messages.count() == 1


# -- another time


def test_another_time_waits_for_the_other_and_then_is_the_appointment(pick_up, riet, joris):
    question = propose(pick_up, joris)
    pick_up.refresh_from_db()
    assert pick_up.agreed_at is None
    assert (told(riet, "pickup.changed"), told(joris, "pickup.changed")) == (1, 0)

    for _ in range(2):
        accept(pick_up, question, riet)

    pick_up.refresh_from_db()
    assert (pick_up.agreed_at, pick_up.times_agreed) == (FRIDAY_10, 1)
    assert (told(riet, "pickup.agreed"), told(joris, "pickup.agreed")) == (1, 1)
    assert kinds_of(pick_up).count(Event.Kind.AGREED) == 1


def test_who_asks_for_another_time_does_not_answer_it(pick_up, joris):
    question = propose(pick_up, joris)

    with pytest.raises(lifecycle.NotAllowed):
        accept(pick_up, question, joris)


def test_the_same_question_twice_is_one_and_another_takes_its_place(pick_up, riet, joris):
    first = propose(pick_up, joris)
    assert propose(pick_up, joris) == first

    second = propose(pick_up, riet, SATURDAY_10)

    first.refresh_from_db()
    assert (first.answer, second.by) == (Answer.REPLACED, riet)
    with pytest.raises(conversation.TooLate):
        accept(pick_up, first, riet)


def test_database_refuses_a_second_open_question(pick_up, riet, joris):
    propose(pick_up, joris)

    with pytest.raises(IntegrityError, match="proposed_moment_one_open"):
        pick_up.proposed_moments.create(by=riet, moment_at=SATURDAY_10)


def test_it_stays_as_it_was_when_the_other_cannot_or_the_question_is_taken_back(pick_up, riet, joris):
    kept = propose(pick_up, joris)
    conversation.keep(pick_up.pk, question_pk=kept.pk, by=riet, now=NOW)
    assert told(joris, "message.new") == 1
    back = propose(pick_up, joris)
    conversation.keep(pick_up.pk, question_pk=back.pk, by=joris, now=NOW)

    kept.refresh_from_db()
    back.refresh_from_db()
    pick_up.refresh_from_db()
    assert (kept.answer, back.answer, pick_up.agreed_at) == (Answer.KEPT, Answer.TAKEN_BACK, None)
    with pytest.raises(conversation.TooLate):
        accept(pick_up, back, riet)


@pytest.mark.parametrize("at", [NOW, NOW - timedelta(hours=1), NOW + timedelta(days=366)])
def test_a_time_that_is_past_or_far_away_is_not_asked(pick_up, joris, at):
    with pytest.raises(lifecycle.NotAllowed, match="still to come"):
        propose(pick_up, joris, at)


def test_a_time_that_has_passed_meanwhile_is_not_agreed(pick_up, riet, joris):
    question = propose(pick_up, joris)

    with pytest.raises(conversation.TooLate):
        accept(pick_up, question, riet, now=FRIDAY_10)


def test_whether_it_worked_out_is_asked_after_the_agreed_time_and_not_before(pick_up, riet, joris):
    help_request = pick_up.help_request
    accept(pick_up, propose(pick_up, joris, FRIDAY_10), riet)

    escalation.sweep(help_request.needed_by + timedelta(hours=8))
    assert told(riet, "request.ask_done") == 0
    escalation.sweep(FRIDAY_10 + timedelta(minutes=30))

    assert told(riet, "request.ask_done") == 1


def test_in_a_group_it_is_asked_after_the_last_who_comes(village, riet, joris):
    pick_up = appointment(village, riet, joris, slots=2)
    bram = make.neighbour(village, "Bram")
    offers.say_yes(pick_up.help_request_id, helper=bram, actor=web(bram), now=NOW)

    accept(pick_up, propose(pick_up, joris, NOW + timedelta(hours=3)), riet)  # Bram comes on Thursday

    assert HelpRequest.objects.get().next_at.isoformat() == "2026-03-12T17:00:00+00:00"


def test_an_appointment_weeks_later_does_not_close_before_it_was(pick_up, riet, joris):
    later = NOW + timedelta(days=20)
    accept(pick_up, propose(pick_up, joris, later), riet)

    escalation.sweep(NOW + timedelta(days=12))
    pick_up.refresh_from_db()
    assert pick_up.ended_at is None

    for days in (21, 28):
        escalation.sweep(NOW + timedelta(days=days))
    assert HelpRequest.objects.get().status == Status.DONE


def test_the_day_of_a_volunteer_moves_with_the_agreed_time(village, riet):
    samira = make.volunteer(village, "Samira").user
    pick_up = appointment(village, riet, samira)

    accept(pick_up, propose(pick_up, samira), riet)

    assert Job.objects.get().on == FRIDAY_10.date()


def test_a_request_moved_to_another_day_starts_the_appointment_over(pick_up, riet, joris):
    accept(pick_up, propose(pick_up, joris), riet)
    open_one = propose(pick_up, joris, SATURDAY_10)
    changes = {"part": Part.MORNING, "help_on": THURSDAY + timedelta(days=7)}

    lifecycle.edit(pick_up.help_request_id, changes=changes, actor=web(riet), now=NOW)

    pick_up.refresh_from_db()
    open_one.refresh_from_db()
    assert (pick_up.agreed_at, pick_up.times_agreed, open_one.answer) == (None, 2, Answer.REPLACED)
    assert pick_up.remind_at.isoformat() == "2026-03-18T15:00:00+00:00"


@pytest.mark.parametrize("verb", ["say", "propose"])
def test_other_words_do_not_start_the_appointment_over(pick_up, riet, joris, verb):
    accept(pick_up, propose(pick_up, joris), riet)

    lifecycle.edit(pick_up.help_request_id, changes={"title": "Bij de bakker"}, actor=web(riet), now=NOW)

    pick_up.refresh_from_db()
    assert pick_up.agreed_at == FRIDAY_10


@pytest.mark.django_db(transaction=True)
def test_yes_and_taking_back_at_once_leave_one_truth():
    village = make.village()
    author, helper = make.neighbour(village), make.neighbour(village)
    pick_up = appointment(village, author, helper)
    question = propose(pick_up, helper)

    outcomes = at_once(
        lambda: accept(pick_up, question, author),
        lambda: conversation.keep(pick_up.pk, question_pk=question.pk, by=helper, now=NOW),
        at=pick_up.help_request,
        refused=conversation.TooLate,
    )

    question.refresh_from_db()
    pick_up.refresh_from_db()
    assert outcomes.count(REFUSED) == 1
    assert (pick_up.agreed_at is not None) == (question.answer == Answer.ACCEPTED)


@pytest.mark.django_db(transaction=True)
def test_two_other_times_at_once_leave_one_open_question():
    village = make.village()
    author, helper = make.neighbour(village), make.neighbour(village)
    pick_up = appointment(village, author, helper)

    outcomes = at_once(
        lambda: conversation.propose(pick_up.pk, by=author, moment_at=FRIDAY_10, now=NOW),
        lambda: conversation.propose(pick_up.pk, by=helper, moment_at=SATURDAY_10, now=NOW),
        at=pick_up.help_request,
    )

    assert outcomes == [None, None]
    assert pick_up.proposed_moments.filter(answer=Answer.OPEN).count() == 1


# -- phone numbers


def test_phone_numbers_are_shown_when_both_said_so_and_each_showing_is_an_event(pick_up, riet, joris):
    conversation.share_phone(pick_up.pk, by=joris, actor=web(joris), now=NOW)
    assert Event.Kind.PHONE_SHOWN not in kinds_of(pick_up)
    assert told(riet, "message.new") == 1

    for _ in range(2):
        conversation.share_phone(pick_up.pk, by=riet, actor=web(riet), now=NOW)

    shown = pick_up.help_request.events.filter(kind=Event.Kind.PHONE_SHOWN)
    assert [event.params for event in shown] == [
        {"pick_up": pick_up.pk, "helper": 0},
        {"pick_up": pick_up.pk, "helper": 1},
    ]


def test_who_has_no_number_writes_it_first(village, riet):
    bram = make.neighbour(village, "Bram")
    pick_up = appointment(village, riet, bram)

    with pytest.raises(lifecycle.NotAllowed, match="phone number first"):
        conversation.share_phone(pick_up.pk, by=bram, actor=web(bram), now=NOW)
    conversation.share_phone(pick_up.pk, by=bram, phone="+31612340000", actor=web(bram), now=NOW)

    bram.refresh_from_db()
    assert str(bram.phone) == "+31612340000"


# -- afterwards


def test_thanks_are_for_who_came_once_and_only_from_the_asker(pick_up, riet, joris):
    for person in (riet, joris):  # not yet
        with pytest.raises(lifecycle.NotAllowed):
            conversation.thank(pick_up.pk, by=person, sentence="came", now=NOW)
    lifecycle.finish(pick_up.help_request_id, worked=True, partly=True, actor=web(riet), now=NOW)
    assert Event.Kind.PARTLY_DONE in kinds_of(pick_up)

    with pytest.raises(lifecycle.NotAllowed):
        conversation.thank(pick_up.pk, by=joris, sentence="came", now=NOW)
    for sentence in ("came", "help"):
        conversation.thank(pick_up.pk, by=riet, sentence=sentence, now=NOW)

    assert pick_up.messages.get().text == "came"
    assert told(joris, "thanks.received") == 1


def test_done_in_part_does_not_trouble_the_contact_person(pick_up, riet, village):
    lifecycle.finish(pick_up.help_request_id, worked=True, partly=True, actor=web(riet), now=NOW)

    assert told(village.contact_person.user, "team.not_done") == 0


def test_the_contact_person_hears_once_that_somebody_wants_to_talk(pick_up, joris, village):
    for _ in range(2):
        conversation.ask_to_talk(pick_up.pk, by=joris, actor=web(joris), now=NOW)

    assert told(village.contact_person.user, "team.talk") == 1
    assert pick_up.help_request.events.get(kind=Event.Kind.WANTS_TO_TALK).by == joris


def test_nobody_is_told_of_rather_not_together_again(pick_up, riet, joris):
    before = Message.objects.count()

    blocking.keep_apart(riet, joris, now=NOW)

    assert Message.objects.count() == before
    assert Block.objects.get().kind == Block.Kind.APART
