"""The only way to tell somebody something: a row in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from json import dumps
from typing import Any, NewType

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts import bulk
from accounts.models import Municipality, User
from accounts.quiet import Rest, awake
from notifications import doorbell, push, wishes
from notifications.kinds import KINDS, Kind
from notifications.models import Channel, Message, State

Row = tuple[Any, ...]
# What a row of the outbox holds when it is written, in this order; the rest has its default.
FIELDS = (
    *("kind", "channel", "key", "user_id", "address", "params", "municipality_id", "created_at", "state"),
    *("not_before", "urgent", "sent_at"),
)
PARAMS, STATE, NOT_BEFORE = (FIELDS.index(name) for name in ("params", "state", "not_before"))

# An e-mail address of somebody without an account (yet).
Address = NewType("Address", str)


@dataclass(slots=True)
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
    urgent: bool = False  # as an urgent kind, because of what it says: a cancellation for today


def enqueue(
    kind: str,
    recipient: User | Address,
    key: str,
    params: Mapping[str, int | str],
    *,
    municipality: Municipality | int | None = None,
    not_before: datetime | None = None,
    urgent: bool = False,
    now: datetime | None = None,
) -> None:
    """Record a message in the caller's transaction; ring the doorbell once that commits.

    One row for each channel of the kind that reaches this recipient: on the site at once; mail and push, for who wants
    such messages there, when ``not_before`` has come, which the caller sets (the village's quiet hours), and this
    person's own quiet hours are over. What is urgent goes at once, to everybody. Telling a ``key`` again changes
    nothing. Outside a transaction a message could outlive its change: RuntimeError.
    """
    enqueue_many([Fact(kind, recipient, key, params, municipality, not_before, urgent)], now=now)


def enqueue_many(facts: Sequence[Fact], *, now: datetime | None = None) -> None:
    """The same for many, in one query; one more for own quiet hours, and one where push messages can be sent."""
    now = now or timezone.now()
    rows = _all_rows(facts, now)
    Message.objects.bulk_create(
        (Message(**dict(zip(FIELDS, row, strict=True))) for row in rows), ignore_conflicts=True
    )


def enqueue_new(facts: Sequence[Fact], *, now: datetime) -> None:
    """The same for very many whose keys name rows of this transaction, so that none can have been told before.

    A key that was is an IntegrityError.
    """
    if facts:
        # Once for all channels of a fact: they share their params.
        texts = {id(fact.params): dumps(fact.params) for fact in facts}
        rows = ((*row[:PARAMS], texts[id(row[PARAMS])], *row[PARAMS + 1 :]) for row in _all_rows(facts, now))
        bulk.insert(Message, FIELDS, rows)


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


def is_unseen(reader: User, key_prefix: str) -> bool:
    """Whether the reader was told something whose key begins like this, and has not read it yet."""
    told = Message.objects.filter(user=reader, key__startswith=key_prefix, channel=Channel.IN_APP)
    return told.filter(read_at=None).exclude(state=State.DROPPED).exists()


def times_told(reader: User, key_prefix: str, since: datetime) -> int:
    """How often the reader was told something whose key begins like this, after ``since``."""
    told = Message.objects.filter(user=reader, key__startswith=key_prefix, channel=Channel.IN_APP)
    return told.filter(created_at__gt=since).count()


def unheard(key_prefix: str) -> list[str]:
    """The keys, among those that begin like this, of what was to be sent and reached nobody.

    What was read on the site was heard of; what only the site tells is too.
    """
    told = Message.objects.filter(key__startswith=key_prefix)
    heard = told.filter(Q(state=State.SENT) & ~Q(channel=Channel.IN_APP) | Q(read_at__isnull=False))
    sent = told.exclude(channel=Channel.IN_APP).values_list("key", flat=True)
    return sorted(set(sent) - set(heard.values_list("key", flat=True)))


def seen(reader: User, key_prefix: str, now: datetime) -> None:
    """The reader has what it is about on screen: it is no longer new, and need not be mailed any more."""
    told = Message.objects.filter(user=reader, key__startswith=key_prefix)
    told.filter(channel=Channel.IN_APP, read_at=None).update(read_at=now)
    told.filter(state=State.DUE).update(state=State.DROPPED, params={})


def _all_rows(facts: Sequence[Fact], now: datetime) -> list[Row]:
    if not connection.in_atomic_block:
        raise RuntimeError("enqueue() must be called inside transaction.atomic().")
    people = {fact.recipient for fact in facts if isinstance(fact.recipient, User)}
    rests, devices = wishes.rests_at_hand(people), push.who_said_yes(people)
    rows = [row for fact in facts for row in _rows(fact, KINDS[fact.kind], now, rests, devices)]
    if any(row[STATE] == State.DUE.value and row[NOT_BEFORE] <= now for row in rows):
        doorbell.ring_after_commit()
    return rows


def _rows(
    fact: Fact, kind: Kind, now: datetime, rests: Mapping[int, Sequence[Rest]], devices: AbstractSet[int]
) -> list[Row]:
    for value in fact.params.values():
        if not isinstance(value, int | str):
            raise TypeError(
                f"{fact.kind}: params are numbers and strings, so that nothing but ids and moments is kept."
            )
    urgent = kind.urgent or fact.urgent
    not_before = now if kind.urgent else (fact.not_before or now)
    if not urgent and isinstance(fact.recipient, User) and fact.recipient.pk in rests:
        not_before = awake(not_before, *rests[fact.recipient.pk])
    channels = (*kind.channels, Channel.PUSH) if devices and kind.push else kind.channels
    reached = [channel for channel in channels if _reaches(channel, fact.recipient, kind, devices, urgent=urgent)]
    return [_row(fact, channel, not_before, now, urgent=urgent) for channel in reached]


def _reaches(
    channel: Channel, recipient: User | Address, kind: Kind, devices: AbstractSet[int], *, urgent: bool
) -> bool:
    if not isinstance(recipient, User):
        return channel == Channel.MAIL
    if channel == Channel.IN_APP:
        return True
    has_one = recipient.pk in devices if channel == Channel.PUSH else bool(recipient.email)
    return has_one and (urgent or wishes.wants(recipient, kind.group, channel))


def _row(fact: Fact, channel: Channel, not_before: datetime, now: datetime, *, urgent: bool) -> Row:
    user, address = (fact.recipient.pk, "") if isinstance(fact.recipient, User) else (None, str(fact.recipient))
    municipality = getattr(fact.municipality, "pk", fact.municipality)
    on_the_site = channel == Channel.IN_APP
    state, sent_at = (State.SENT.value, now) if on_the_site else (State.DUE.value, None)
    what = (fact.kind, channel.value, fact.key, user, address, fact.params, municipality)
    return (*what, now, state, not_before, urgent, sent_at)
