"""What a person reads on the site: their own messages, newest first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from accounts.models import User
from accounts.saying import local_day
from notifications.kinds import KINDS, Words, gathered
from notifications.models import Channel, Message

PAGE = 20
# The count in the menu is read on every page: from the index alone, and no further than this.
MOST_COUNTED = 99


@dataclass(frozen=True)
class Item:
    """One message; ``is_new`` the first time it is shown."""

    pk: int
    at: datetime
    is_new: bool
    words: Words


@dataclass(frozen=True)
class Day:
    """The messages of one day in the village."""

    on: date
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """``next_before``: where the next page begins, if there is one. ``newest``: the first message on this one."""

    days: list[Day]
    next_before: int | None
    newest: int | None


def page(user: User, now: datetime, before: int | None = None) -> Page:
    """The newest messages of this person, or the next ones older than ``before``.

    The words are made now, in the language that is active. What a message is about may be gone: then so is it.
    """
    rows = Message.objects.in_app_of(user)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    messages = list(rows[: PAGE + 1])
    shown = messages[:PAGE]
    about = gathered(shown)
    days: list[Day] = []
    for message in shown:
        if message.pk not in about:
            continue
        on = local_day(message.created_at)
        if not days or days[-1].on != on:
            days.append(Day(on))
        words = KINDS[message.kind].words(message, about[message.pk], now)
        days[-1].items.append(Item(message.pk, message.created_at, message.read_at is None, words))
    return Page(days, shown[-1].pk if len(messages) > PAGE else None, shown[0].pk if shown else None)


def mark_read(user: User, newest: int, now: datetime) -> None:
    """Everything up to this message has been on screen, or on a page behind it."""
    unread = Message.objects.filter(user=user, channel=Channel.IN_APP, read_at=None)
    unread.filter(pk__lte=newest).update(read_at=now)


def unread_of_outer_user(user: str = "pk") -> ArraySubquery:
    """For a query over users, or rows with a ``user``: as many values as each has new messages, 99 at most."""
    return ArraySubquery(_unread(OuterRef(user)))


def count_unread(user: User) -> int:
    """How many new messages this person has; 99 at most."""
    return len(_unread(user))


def _unread(user: User | OuterRef) -> QuerySet[Message, Any]:
    rows = Message.objects.filter(user=user, channel=Channel.IN_APP, read_at=None)
    return rows.order_by().values("user")[:MOST_COUNTED]
