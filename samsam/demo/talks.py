"""What two neighbours of the demonstration wrote to each other about an appointment."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from accounts.actors import web
from accounts.models import User
from requests_app import conversation, reminders
from requests_app.models import ConversationMessage, PickUp
from requests_app.moments import local_moment
from samsam.demo.hours import AMSTERDAM

MINUTE = timedelta(minutes=1)
SAID = [
    ("Joris", "Hoi Fatma! Ik loop morgen toch een rondje langs de Linge. Zal ik Bobbie om 19.00 uur ophalen?"),
    ("Fatma", "Wat fijn, graag! De bel doet het niet. Klop maar op het raam."),
    ("Joris", "Doe ik. Tot morgen!"),
]


def tell(people: dict[str, User], now: datetime) -> None:
    """A short talk about the dog, with the time they agree on, and the reminders that are due by now."""
    pick_up = PickUp.objects.filter(helper=people["Joris"], help_request__author=people["Fatma"], ended_at=None).get()
    at = max(pick_up.taken_at, now - 30 * MINUTE)
    for number, (name, text) in enumerate(SAID, start=1):
        kind = ConversationMessage.Kind.WORDS
        at += MINUTE
        conversation.say(pick_up.pk, by=people[name], kind=kind, text=text, key=UUID(int=number), now=at)
    tomorrow = now.astimezone(AMSTERDAM).date() + timedelta(days=1)
    joris, fatma = people["Joris"], people["Fatma"]
    conversation.propose(pick_up.pk, by=joris, moment_at=local_moment(tomorrow, time(19)), now=at)
    question = pick_up.proposed_moments.get()
    conversation.accept(pick_up.pk, question_pk=question.pk, by=fatma, actor=web(fatma), now=at + MINUTE)
    reminders.sweep(now)
