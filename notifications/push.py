"""Push messages: to which devices, after whose yes, and what a locked screen shows."""

from __future__ import annotations

import json
from collections.abc import Collection, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from accounts.models import User
from notifications import push_crypto, push_service
from notifications.kinds import Kind, Words
from notifications.models import Channel, Message, PushSubscription

# So many devices a person; the one that was added first makes room.
MOST_DEVICES = 5
LENGTH = 512  # bytes: each message is this long, whatever it says
# In a session: which subscription belongs to this browser.
HERE = "push"


class NoDevice(Exception):
    """There is no device (any more) that wants this."""


@dataclass(frozen=True)
class Push:
    """One message for all devices of a person. A later one with the same topic takes its place on the way."""

    user: User
    text: bytes
    topic: str
    urgent: bool
    at: datetime


def who_said_yes(users: Collection[User]) -> frozenset[int]:
    """The pks of these people who have a device that wants push messages; asks nothing where push is off."""
    if not users or not push_service.is_on():
        return frozenset()
    rows = PushSubscription.objects.filter(user__in=users)
    return frozenset(rows.values_list("user", flat=True))


@transaction.atomic
def subscribe(user: User, *, endpoint: str, p256dh: str, auth: str, device: str, now: datetime) -> PushSubscription:
    """This browser wants push messages for ``user``, whoever it belonged to before. Said twice it changes nothing.

    What is at ``endpoint`` is the caller's to look at (``push_service.place_of``), outside a transaction.
    """
    facts = {"user": user, "p256dh": p256dh, "auth": auth, "device": device}
    made = {**facts, "created_at": now}
    subscription, _ = PushSubscription.objects.update_or_create(facts, endpoint=endpoint, create_defaults=made)
    kept = PushSubscription.objects.filter(user=user).order_by("-created_at", "-pk")[:MOST_DEVICES]
    PushSubscription.objects.filter(user=user).exclude(pk__in=[it.pk for it in kept]).delete()
    return subscription


def unsubscribe(user: User, pk: int) -> bool:
    """No more push messages on that device of theirs; answers whether there was one."""
    return bool(PushSubscription.objects.filter(user=user, pk=pk).delete()[0])


def forget_here(session: MutableMapping[str, Any]) -> None:
    """Whoever signs out gets nothing on this device any more."""
    if pk := session.pop(HERE, None):
        PushSubscription.objects.filter(pk=pk).delete()


def worded(message: Message, kind: Kind, words: Words, now: datetime) -> Push | None:
    """What the phone shows, in the language that is active; None when it was read on the site already."""
    seen = Message.objects.filter(key=message.key, channel=Channel.IN_APP).exclude(read_at=None)
    if message.user is None or not kind.push or seen.exists():
        return None
    url = words.url or reverse("inbox")
    topic = salted_hmac("notifications.push", f"{message.user.pk} {words.url or message.key}", algorithm="sha256")
    name = topic.hexdigest()[:32]  # the most that a topic may have
    facts = {"title": str(kind.push), "url": url, "tag": name, "lang": get_language()}
    return Push(message.user, json.dumps(facts, ensure_ascii=False).encode(), name, message.urgent, now)


def send(push: Push) -> None:
    """To every device of this person; sent when at least one service took it.

    A device whose service says that it is gone is forgotten. NoDevice when there is none left; Refused, of
    ``push_service``, when none took it: then the same message goes again later.
    """
    trouble, taken = None, False
    devices = PushSubscription.objects.filter(user=push.user) if push_service.is_on() else []
    for device in devices:
        body = push_crypto.locked(push.text, device.p256dh, device.auth, length=LENGTH)
        try:
            push_service.post(device.endpoint, body, topic=push.topic, urgent=push.urgent)
        except push_service.Gone:
            device.delete()
        except push_service.Refused as refusal:
            trouble = refusal
        else:
            taken = True
            PushSubscription.objects.filter(pk=device.pk).update(last_ok_at=push.at)
    if not taken:
        raise trouble or NoDevice
