"""Somebody's conversations, the newest appointment first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from moderation import blocking
from notifications.models import Channel, Message
from requests_app import conversation, phrases
from requests_app.models import PickUp

PAGE = 20


@dataclass(frozen=True)
class Entry:
    """One conversation: with whom, about what, whether there is something new."""

    url: str
    name: str
    title: str
    runs: bool
    is_new: bool


def conversations_of(user: User, *, before: int | None = None, most: int = PAGE) -> tuple[list[Entry], int | None]:
    """Those this person has, where there is still contact, and where the next page begins. Three queries."""
    rows = PickUp.objects.select_related("helper", "help_request__author").order_by("-pk")
    apart = blocking.blocked_with(user.pk)
    rows = rows.exclude(Q(helper__in=apart) | Q(help_request__author__in=apart))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    # Apart, so that each reads its own index.
    helps, asked = (
        rows.filter(helper=user)[: most + 1],
        rows.filter(help_request__author=user, helper__isnull=False)[: most + 1],
    )
    newest = sorted([*helps, *asked], key=lambda pick_up: -pick_up.pk)
    shown, news = newest[:most], set(_news_of(user))
    more = shown[-1].pk if len(newest) > most else None
    return list(_entries(shown, user, news)), more


def _entries(rows: Iterable[PickUp], user: User, news: set[int]) -> Iterable[Entry]:
    for pick_up in rows:
        yield Entry(
            url=pick_up.get_absolute_url(),
            name=phrases.name(conversation.other_of(pick_up, user)),
            title=phrases.title(pick_up.help_request),
            runs=pick_up.ended_at is None,
            is_new=pick_up.pk in news,
        )


def _news_of(user: User) -> QuerySet[Message, int]:
    unread = Message.objects.filter(user=user, channel=Channel.IN_APP, read_at=None, kind="message.new")
    return unread.values_list("params__pick_up", flat=True)[:PAGE]
