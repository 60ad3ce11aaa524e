"""What two people with an appointment do in their conversation: write, agree on a time, give a number, say thanks.

Each verb is one transaction, with the request's row locked first. It raises NotAllowed for who is not one of the two,
for what is over, and for two people of whom one wants no contact any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from moderation import blocking
from requests_app import appointments, conversation_notices, moments, pace, transitions
from requests_app.models import ConversationMessage, Event, PickUp, ProposedMoment, Status
from requests_app.record import record
from requests_app.texts import GONE
from requests_app.transitions import NotAllowed, TooLate

# After an appointment there is still a forgotten bag to talk about.
WRITE_AFTER = timedelta(days=7)
FURTHEST = timedelta(days=365)
Answer = ProposedMoment.Answer


def other_of(pick_up: PickUp, person: User) -> User:
    """The other of the two."""
    return pick_up.help_request.author if person.pk == pick_up.helper_id else pick_up.neighbour


def is_over(pick_up: PickUp, now: datetime) -> bool:
    """Nothing is written any more: the appointment ended long enough ago."""
    return pick_up.ended_at is not None and now >= pick_up.ended_at + WRITE_AFTER


def out_of_touch(pick_up: PickUp) -> bool:
    """One of the two wants no contact any more; which one, nobody is told."""
    author = pick_up.help_request.author_id
    return blocking.blocked_with(author).filter(pk=pick_up.neighbour.pk).exists()


@transaction.atomic
def say(
    pk: int, *, by: User, kind: ConversationMessage.Kind, text: str, key: UUID, now: datetime
) -> ConversationMessage | None:
    """A message to the other, who hears of it once until reading it.

    The same form with the same words again: a no-op that answers None. Very many in a short time: TooFast.
    """
    pick_up = _lock(pk, by, now)
    once = uuid5(key, f"{kind}:{text}")
    if pick_up.messages.filter(author=by, key=once).exists():
        return None
    pace.check_messages(pick_up, by, now)
    message = pick_up.messages.create(author=by, kind=kind, text=text, key=once, at=now)
    conversation_notices.message(pick_up, other_of(pick_up, by), now)
    return message


@transaction.atomic
def thank(pk: int, *, by: User, sentence: str, now: datetime) -> None:
    """The asker's ready sentence to who came, once for each appointment. Twice: a no-op."""
    pick_up = _lock(pk, by, now)
    if by.pk == pick_up.helper_id or pick_up.end != PickUp.End.DONE:
        raise NotAllowed(GONE)
    if pick_up.messages.filter(kind=ConversationMessage.Kind.THANKS).exists():
        return
    key = uuid5(UUID(int=pick_up.pk), ConversationMessage.Kind.THANKS)
    message = pick_up.messages.create(author=by, kind=ConversationMessage.Kind.THANKS, text=sentence, key=key, at=now)
    conversation_notices.thanks(pick_up, message, now)


@transaction.atomic
def propose(pk: int, *, by: User, moment_at: datetime, now: datetime) -> None:
    """Another time, for the other to answer; it takes the place of a question that was still open.

    Twice: a no-op. Very often in a short time: TooFast.
    """
    pick_up = _lock_running(pk, by, now)
    if not now < moment_at <= now + FURTHEST:
        raise NotAllowed(_("Choose a day that is still to come"))
    if moment_at == moments.appointment_at(pick_up):
        raise NotAllowed(_("That is the time you already have"))
    question = pick_up.proposed_moments.filter(answer=Answer.OPEN).first()
    if question and question.by_id == by.pk and question.moment_at == moment_at:
        return
    pace.check_times_asked(pick_up, by, now)
    appointments.close_question(pick_up, Answer.REPLACED, now)
    question = pick_up.proposed_moments.create(by=by, moment_at=moment_at, made_at=now)
    conversation_notices.proposed(pick_up, question, now)


@transaction.atomic
def accept(pk: int, *, question_pk: int, by: User, actor: Actor, now: datetime) -> None:
    """The other time is good: that is the appointment now, and both hear it. Twice: a no-op.

    TooLate when the question was taken back, replaced, or its moment is past.
    """
    pick_up = _lock_running(pk, by, now)
    question = _question(pick_up, question_pk)
    if question.by_id == by.pk:
        raise NotAllowed(GONE)
    if question.answer == Answer.ACCEPTED:
        return
    if question.answer != Answer.OPEN or question.moment_at <= now:
        raise TooLate(_question_closed())
    appointments.close_question(pick_up, Answer.ACCEPTED, now)
    appointments.agree(pick_up, question.moment_at, now)
    help_request = pick_up.help_request
    if help_request.status == Status.TAKEN:  # whether it worked out is asked after the new moment
        help_request.next_at = max(moments.ask_done_at(help_request), now)
        transitions.save(help_request, "next_at")
    event = record(help_request, Event.Kind.AGREED, actor, now, pick_up=pick_up.pk)
    conversation_notices.agreed(event, pick_up, question.moment_at, now)


@transaction.atomic
def keep(pk: int, *, question_pk: int, by: User, now: datetime) -> None:
    """It stays as it was: the other can't then, or who asked takes the question back. Answered already: a no-op."""
    pick_up = _lock_running(pk, by, now)
    question = _question(pick_up, question_pk)
    if question.answer == Answer.ACCEPTED:
        raise TooLate(_question_closed())
    if question.answer != Answer.OPEN:
        return
    own = question.by_id == by.pk
    appointments.close_question(pick_up, Answer.TAKEN_BACK if own else Answer.KEPT, now)
    if own:
        conversation_notices.taken_back(pick_up, question)
    else:
        conversation_notices.message(pick_up, question.by, now)


@transaction.atomic
def share_phone(pk: int, *, by: User, phone: str = "", actor: Actor, now: datetime) -> None:
    """The other may have my number (``phone``, if it is not known yet): shown once both said so. Twice: a no-op.

    Both are shown only while the appointment runs; each showing is an event.
    """
    pick_up = _lock_running(pk, by, now)
    if phone:
        by.phone = phone
        by.save(update_fields=["phone"])
    if not by.phone:
        raise NotAllowed(_("Write your phone number first"))
    mine = "helper_phone_at" if by.pk == pick_up.helper_id else "author_phone_at"
    if getattr(pick_up, mine):
        return
    setattr(pick_up, mine, now)
    pick_up.save(update_fields=[mine])
    if pick_up.author_phone_at and pick_up.helper_phone_at:
        for helper in (0, 1):
            record(pick_up.help_request, Event.Kind.PHONE_SHOWN, actor, now, pick_up=pick_up.pk, helper=helper)
    conversation_notices.message(pick_up, other_of(pick_up, by), now)


@transaction.atomic
def ask_to_talk(pk: int, *, by: User, hard: bool = False, actor: Actor, now: datetime) -> None:
    """The contact person hears that this person would like to talk, not what about. Twice: a no-op.

    ``hard``: the visit was. Only the two hear of it, never the other of the appointment.
    """
    pick_up = _lock_of_two(pk, by)
    facts = {"kind": Event.Kind.WANTS_TO_TALK, "by": by, "params__pick_up": pick_up.pk}
    if pick_up.help_request.events.filter(**facts).exists():
        return
    params = {"pick_up": pick_up.pk} | ({"hard": 1} if hard else {})
    event = record(pick_up.help_request, Event.Kind.WANTS_TO_TALK, actor, now, **params)
    conversation_notices.wants_to_talk(event, pick_up, by, now)


def _lock_of_two(pk: int, by: User) -> PickUp:
    """The pick-up as it is now, its request locked before it; for one of the two only."""
    help_request = transitions.lock(PickUp.objects.values_list("help_request", flat=True).get(pk=pk))
    rows = PickUp.objects.select_for_update(of=("self",), no_key=True).select_related("helper")
    pick_up = rows.get(pk=pk)
    pick_up.help_request = help_request
    if pick_up.helper_id is None or by.pk not in {pick_up.helper_id, help_request.author_id}:
        raise NotAllowed(GONE)
    return pick_up


def _lock(pk: int, by: User, now: datetime) -> PickUp:
    """The same, for two people who may still write to each other."""
    pick_up = _lock_of_two(pk, by)
    if out_of_touch(pick_up):
        raise NotAllowed(_("You can't write to each other here any more"))
    if is_over(pick_up, now):
        raise NotAllowed(_("This conversation is over. You can still read it"))
    return pick_up


def _lock_running(pk: int, by: User, now: datetime) -> PickUp:
    """The same, while the appointment runs."""
    pick_up = _lock(pk, by, now)
    if pick_up.ended_at:
        raise NotAllowed(_("This appointment is over"))
    return pick_up


def _question(pick_up: PickUp, pk: int) -> ProposedMoment:
    question = pick_up.proposed_moments.filter(pk=pk).select_related("by").first()
    if question is None:
        raise NotAllowed(GONE)
    return question


def _question_closed() -> str:
    return _("That time is not asked any more. Have a look at how it stands now")
