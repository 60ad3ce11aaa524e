"""Who is told what happens in a conversation: that there is something, never what was written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from notifications import outbox
from requests_app import moments
from requests_app.models import ConversationMessage, Event, PickUp, ProposedMoment


def about(pick_up: PickUp, reader: User | int) -> str:
    """How the keys begin of what this reader is told and has seen once the conversation is open before them."""
    return f"pick-up-{pick_up.pk}:user-{getattr(reader, 'pk', reader)}:news"


def message(pick_up: PickUp, reader: User, now: datetime) -> None:
    """The other wrote something; told once until the reader opens the conversation."""
    if outbox.is_unseen(reader, about(pick_up, reader)):
        return
    _tell(pick_up, "message.new", [reader], f"{about(pick_up, reader)}-{now:%Y%m%d%H%M%S%f}", now)


def proposed(pick_up: PickUp, question: ProposedMoment, now: datetime) -> None:
    """The other: another time is asked."""
    reader = pick_up.help_request.author if question.by_id == pick_up.helper_id else pick_up.neighbour
    outbox.drop(_questions(pick_up))  # one that was replaced before it was mailed
    _tell(pick_up, "pickup.changed", [reader], f"{_questions(pick_up)}{question.pk}", now, question=question.pk)


def taken_back(pick_up: PickUp, question: ProposedMoment) -> None:
    """What was not mailed yet need not be."""
    outbox.drop(f"{_questions(pick_up)}{question.pk}")


def agreed(event: Event, pick_up: PickUp, moment_at: datetime, now: datetime) -> None:
    """Both: this is the appointment now."""
    key = f"request-event-{event.pk}:pickup.agreed"
    _tell(pick_up, "pickup.agreed", _both(pick_up), key, now, moment=moment_at.isoformat())


def reminder(pick_up: PickUp, now: datetime) -> None:
    """Both: it is tomorrow."""
    key = f"pick-up-{pick_up.pk}:reminder-{pick_up.times_agreed}"
    _tell(pick_up, "pickup.reminder", _both(pick_up), key, now, times=pick_up.times_agreed)


def thanks(pick_up: PickUp, said: ConversationMessage, now: datetime) -> None:
    """Who came: the asker says thanks, with a ready sentence."""
    _tell(pick_up, "thanks.received", [pick_up.neighbour], f"pick-up-{pick_up.pk}:thanks", now, sentence=said.text)


def wants_to_talk(event: Event, pick_up: PickUp, by: User, now: datetime) -> None:
    """The contact person: somebody would like to talk. Nothing more. And who said so: we heard you."""
    contact = pick_up.help_request.village.contact_person
    if contact:
        _tell(pick_up, "team.talk", [contact.user], f"request-event-{event.pk}:team.talk", now)
        _tell(pick_up, "talk.heard", [by], _heard_key(now), now)


def too_much(event: Event, pick_up: PickUp, now: datetime) -> None:
    """The contact person: a job was too much for who helped. And who said so: we heard you."""
    contact = pick_up.help_request.village.contact_person
    if contact:
        _tell(pick_up, "team.too_much", [contact.user], f"request-event-{event.pk}:team.too_much", now)
    _tell(pick_up, "talk.heard", [pick_up.neighbour], _heard_key(now), now)


def _heard_key(now: datetime) -> str:
    """Once a day, also for who gives back three jobs at once; with the person it is ``volunteers.notices``'s own."""
    return f"heard-{now:%Y%m%d}"


def _tell(pick_up: PickUp, kind: str, readers: Iterable[User], key: str, now: datetime, **params: int | str) -> None:
    """Mail waits for the end of the village's quiet hours."""
    help_request = pick_up.help_request
    not_before = moments.awake_in(help_request.village)(now)
    facts = {"help_request": help_request.pk, "pick_up": pick_up.pk, **params}
    outbox.enqueue_many(
        [
            outbox.Fact(
                kind=kind,
                recipient=reader,
                key=f"{key}:user-{reader.pk}",
                params=facts,
                municipality=help_request.municipality_id,
                not_before=not_before,
            )
            for reader in readers
        ],
        now=now,
    )


def _both(pick_up: PickUp) -> list[User]:
    return [pick_up.help_request.author, pick_up.neighbour]


def _questions(pick_up: PickUp) -> str:
    return f"pick-up-{pick_up.pk}:question-"
