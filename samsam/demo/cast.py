"""The demo village as a whole: places, people, what they asked; and from then on a ladder of three minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import Municipality, User
from notifications.models import Channel, Message, State
from samsam.demo import circle, history, klokhuis, stories, talks
from samsam.demo.people import fast_policy, make_people, slow_policy
from villages import reference


@transaction.atomic
def make(now: datetime, *, with_keys: bool) -> bool:
    """The demo, where it is not there yet; answers whether it was made.

    ``with_keys`` gives staff a second factor and villages a letter code that everybody knows.
    """
    if User.objects.filter(email="riet@samsam.example").exists():
        return False
    reference.load()
    people = make_people(now, with_keys=with_keys)
    west_betuwe = Municipality.objects.get(name="West Betuwe")
    slow = slow_policy(west_betuwe)
    klokhuis.make(people, now)
    stories.tell(people, now)
    klokhuis.tell(people, now)
    talks.tell(people, now)
    circle.tell(people, now)
    fast_policy(west_betuwe)
    _as_if_read(now)
    history.tell(people, slow, now)
    return True


def _as_if_read(now: datetime) -> None:
    """The messages of these stories were sent in their own time: nobody gets a pile of mail at once."""
    ours = "@samsam.example"
    told = Message.objects.filter(Q(user__email__endswith=ours) | Q(address__endswith=ours))
    told.filter(state=State.DUE).update(state=State.SENT, sent_at=now)
    told.filter(channel=Channel.IN_APP, created_at__lt=now - timedelta(days=1)).update(read_at=now)
