"""What a digest tells of requests: those that came to the board since a neighbour last looked, and are still open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import ngettext

from moderation.models import Block
from notifications.digest_sections import News, Reader, Section, register_section
from requests_app import phrases, words
from requests_app.models import HelpRequest, Offer, PickUp, RequestAsk, SpareOffer, Status
from requests_app.models.help_request import Audience
from villages.models import Residency

LINES = 5  # so many are named; how many there are is said
MOST = 200  # new requests of one village that are looked at


class Span(NamedTuple):
    """What came to the board of this village after ``since``, up to and including ``until``, is new to somebody."""

    village: int
    since: datetime
    until: datetime

    def holds(self, row: HelpRequest | SpareOffer) -> bool:
        """It came to this board in this time."""
        came_at = row.on_board_at if isinstance(row, HelpRequest) else row.posted_at
        return row.village_id == self.village and came_at is not None and self.since < came_at <= self.until


def register() -> None:
    """Tell the digests of us."""
    register_section("requests", Section(look=look, say=say))


def look(readers: Sequence[Reader], now: datetime) -> Mapping[Reader, list[HelpRequest]]:
    """For each reader what is new to them on their board, soonest first, in six queries at most.

    Not what they asked themselves, were asked for, help with, or saw; nor what somebody asks whom they are kept apart
    from.
    """
    spans = spans_of(readers, now)
    users = {reader.user for reader in spans}
    rows = _new([span for span in spans.values() if span.since < span.until], now)
    known, apart = _known(users, rows), apart_of(users)
    found = {
        reader: [
            row
            for row in rows
            if span.holds(row)
            and row.author_id != reader.user
            and (reader.user, row.pk) not in known
            and (reader.user, row.author_id) not in apart
        ]
        for reader, span in spans.items()
    }
    return {reader: news for reader, news in found.items() if news}


def spans_of(readers: Sequence[Reader], now: datetime) -> dict[Reader, Span]:
    """For each reader who sees a board: which, and since when they did not look at it. In one query."""
    homes = Residency.objects.confirmed(now).filter(user__in={reader.user for reader in readers})
    known = {user: (village, at) for user, village, at in homes.values_list("user", "village", "board_seen_at")}
    return {
        reader: Span(village, max(reader.since, seen_at or reader.since), reader.until)
        for reader in readers
        if reader.user in known
        for village, seen_at in [known[reader.user]]
    }


def posted_in(spans: Sequence[Span]) -> Q:
    """All that any of these holds, and little more: for a query over what is posted."""
    return Q(
        village__in={span.village for span in spans},
        posted_at__gt=min(span.since for span in spans),
        posted_at__lte=max(span.until for span in spans),
    )


def say(rows: list[HelpRequest], now: datetime) -> News:
    """How many, and the first few with when and how long."""
    amount = ngettext("%(count)s request", "%(count)s requests", len(rows)) % {"count": len(rows)}
    return News(amount, tuple(_line(row, now) for row in rows[:LINES]))


def _line(help_request: HelpRequest, now: datetime) -> str:
    when, length = words.when_inside(help_request, now), words.length_inside(help_request.minutes)
    return f"{phrases.title(help_request)}: {when}, {length}"


def _new(spans: Sequence[Span], now: datetime) -> list[HelpRequest]:
    if not spans:
        return []
    opened = Q(opened_at__gt=min(span.since for span in spans), village__in={span.village for span in spans})
    rows = HelpRequest.objects.filter(
        posted_in(spans) | opened, status=Status.OPEN, hidden_at=None, audience=Audience.NEIGHBOURS, needed_by__gt=now
    )
    return list(rows.order_by("needed_by", "pk")[: MOST * len(spans)])


def _known(users: Collection[int], rows: Iterable[HelpRequest]) -> set[tuple[int, int]]:
    """Who was asked for, offered for, or helps with, which of these: pairs of person and request."""
    pks = [row.pk for row in rows]
    if not pks:
        return set()
    asks = RequestAsk.objects.filter(help_request__in=pks, ask__volunteer__user__in=users)
    offered = Offer.objects.filter(help_request__in=pks, helper__in=users)
    helps = PickUp.objects.filter(help_request__in=pks, helper__in=users)
    return {
        *asks.values_list("ask__volunteer__user", "help_request"),
        *offered.values_list("helper", "help_request"),
        *helps.values_list("helper", "help_request"),
    }


def apart_of(users: Collection[int]) -> set[tuple[int, int]]:
    """Who is kept apart from whom, both ways round."""
    pairs = Block.objects.filter(Q(by__in=users) | Q(other__in=users)).values_list("by", "other")
    return {pair for by, other in pairs for pair in ((by, other), (other, by))}
