"""What two neighbours of the demonstration wrote to each other about an appointment."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import User
from requests_app import conversation, reminders
from requests_app.models import ConversationMessage, PickUp

MINUTE = timedelta(minutes=1)
SAID = [
    ("Joris", "Hoi Fatma! Ik loop morgen toch een rondje langs de Linge. Zal ik Bobbie om 19.00 uur ophalen?"),
    ("Fatma", "Wat fijn, graag! De bel doet het niet. Klop maar op het raam."),
    ("Joris", "Doe ik. Tot morgen!"),
]


def tell(people: dict[str, User], now: datetime) -> None:
    """A short talk about the dog, and the reminders that are due by now."""
    pick_up = PickUp.objects.filter(helper=people["Joris"], help_request__author=people["Fatma"], ended_at=None).get()
    at = max(pick_up.taken_at, now - 30 * MINUTE)
    for number, (name, text) in enumerate(SAID, start=1):
        kind = ConversationMessage.Kind.WORDS
        at += MINUTE
        conversation.say(pick_up.pk, by=people[name], kind=kind, text=text, key=UUID(int=number), now=at)
    reminders.sweep(now)
