"""The only way to tell somebody something: a row in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from django.db import connection
from django.utils import timezone

from accounts.models import Municipality, User
from notifications import doorbell, push
from notifications.kinds import KINDS, Kind
from notifications.models import Channel, Message, State

# An e-mail address of somebody without an account (yet).
Address = NewType("Address", str)


@dataclass(frozen=True)
class Fact:
    """One thing to tell one person. ``key`` names both: telling it again is a no-op.

    ``params`` holds ids and moments (ISO) only: the text is made when it is read or sent.
    """

    kind: str
    recipient: User | Address
    key: str
    params: Mapping[str, int | str]
    municipality: Municipality | int | None = None  # itself or its pk
    not_before: datetime | None = None


def enqueue(
    kind: str,
    recipient: User | Address,
    key: str,
    params: Mapping[str, int | str],
    *,
    municipality: Municipality | int | None = None,
    not_before: datetime | None = None,
    now: datetime | None = None,
) -> None:
    """Record a message in the caller's transaction; ring the doorbell once that commits.

    One row for each channel of the kind that reaches this recipient: on the site at once, mail and push when
    ``not_before`` has come, which the caller sets (quiet hours; an urgent kind goes at once). Telling a ``key``
    again changes nothing. Outside a transaction a message could outlive its change: RuntimeError.
    """
    enqueue_many([Fact(kind, recipient, key, params, municipality, not_before)], now=now)


def enqueue_many(facts: Sequence[Fact], *, now: datetime | None = None) -> None:
    """The same for many, in one query; one more where push messages can be sent."""
    if not connection.in_atomic_block:
        raise RuntimeError("enqueue() must be called inside transaction.atomic().")
    now = now or timezone.now()
    with_push = push.who_said_yes({it.recipient for it in facts if isinstance(it.recipient, User)})
    rows = [row for fact in facts for row in _rows(fact, KINDS[fact.kind], now, with_push)]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    if any(row.state == State.DUE and row.not_before <= now for row in rows):
        doorbell.ring_after_commit()


def drop(key_prefix: str, *, kinds: Sequence[str] = ()) -> int:
    """Forget what was not sent yet and whose key begins like this; answers how many. Stops the bell.

    Reads the unique index of keys, so its cost is that of the rows it finds. What is on the site already stays.
    """
    if not key_prefix:
        raise ValueError("An empty key would drop everything.")
    unsent = Message.objects.filter(key__startswith=key_prefix, state=State.DUE)
    if kinds:
        unsent = unsent.filter(kind__in=kinds)
    return unsent.update(state=State.DROPPED, params={})


def _rows(fact: Fact, kind: Kind, now: datetime, with_push: AbstractSet[int]) -> list[Message]:
    if not all(isinstance(value, int | str) for value in fact.params.values()):
        raise TypeError(f"{fact.kind}: params are numbers and strings, so that nothing but ids and moments is kept.")
    not_before = now if kind.urgent else (fact.not_before or now)
    channels = [channel for channel in kind.channels if _reaches(channel, fact.recipient)]
    if kind.push and isinstance(fact.recipient, User) and fact.recipient.pk in with_push:
        channels.append(Channel.PUSH)
    return [_row(fact, channel, not_before, now) for channel in channels]


def _reaches(channel: Channel, recipient: User | Address) -> bool:
    if not isinstance(recipient, User):
        return channel == Channel.MAIL
    return channel == Channel.IN_APP or bool(recipient.email)


def _row(fact: Fact, channel: Channel, not_before: datetime, now: datetime) -> Message:
    user, address = (fact.recipient, "") if isinstance(fact.recipient, User) else (None, str(fact.recipient))
    on_the_site = channel == Channel.IN_APP
    return Message(
        kind=fact.kind,
        channel=channel,
        key=fact.key,
        user=user,
        address=address,
        params=dict(fact.params),
        municipality_id=getattr(fact.municipality, "pk", fact.municipality),
        created_at=now,
        not_before=not_before,
        state=State.SENT if on_the_site else State.DUE,
        sent_at=now if on_the_site else None,
    )
