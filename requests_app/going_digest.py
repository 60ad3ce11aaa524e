"""What a digest tells of what neighbours do anyway: with room left, and on the board since somebody last looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F
from django.utils.translation import ngettext

from notifications.digest_sections import News, Reader, Section, register_section
from requests_app import going_words, words
from requests_app.digest import LINES, MOST, Span, apart_of, posted_in, spans_of
from requests_app.models import SpareOffer, SparePlace


def register() -> None:
    """Tell the digests of us."""
    register_section("going", Section(look=look, say=say))


def look(readers: Sequence[Reader], now: datetime) -> Mapping[Reader, list[SpareOffer]]:
    """For each reader what is new to them on their board, soonest first, in four queries at most.

    Not their own, what they joined once, saw, or what is full; nor of somebody they are kept apart from.
    """
    spans = spans_of(readers, now)
    rows = _new([span for span in spans.values() if span.since < span.until], now)
    if not rows:
        return {}
    users = {reader.user for reader in spans}
    joined = set(SparePlace.objects.filter(spare__in=rows, taker__in=users).values_list("taker", "spare"))
    apart = apart_of(users)
    found = {
        reader: [
            row
            for row in rows
            if span.holds(row)
            and row.author_id != reader.user
            and (reader.user, row.pk) not in joined
            and (reader.user, row.author_id) not in apart
        ]
        for reader, span in spans.items()
    }
    return {reader: news for reader, news in found.items() if news}


def say(rows: list[SpareOffer], now: datetime) -> News:
    """How many neighbours, and the first few with what and when."""
    people = len({row.author_id for row in rows})
    amount = ngettext("%(count)s neighbour sharing something", "%(count)s neighbours sharing something", people)
    return News(amount % {"count": people}, tuple(_line(row, now) for row in rows[:LINES]))


def _line(spare: SpareOffer, now: datetime) -> str:
    return f"{going_words.sentence(spare).rstrip('.')}, {words.moment(spare.leaves_at, now)}"


def _new(spans: Sequence[Span], now: datetime) -> list[SpareOffer]:
    if not spans:
        return []
    rows = SpareOffer.objects.filter(
        posted_in(spans), withdrawn_at=None, hidden_at=None, leaves_at__gt=now, places_taken__lt=F("places")
    )
    return list(rows.select_related("author").order_by("leaves_at", "pk")[: MOST * len(spans)])
