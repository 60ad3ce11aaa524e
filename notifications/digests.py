"""Once a day or once a week: what is new, for who chose that. Only when there is something, and told once.

The next moment of each person is a column, and a sweep walks who is due. What a run tells, and until when it told it,
are written in one transaction; so a run that dies tells nothing, and one that is done is not done again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction

from accounts.quiet import A_DAY, moment_of
from accounts.saying import local_day
from notifications import digest_sections, outbox
from notifications.digest_sections import Reader
from notifications.models import Digest

logger = logging.getLogger(__name__)

MORNING = time(9)
MONDAY = 0
BATCH = 50
SET_ASIDE = timedelta(hours=1)
# What is written now may be in a transaction that we do not see yet: it is for the next time.
SETTLED = timedelta(minutes=1)
# After a digest that came late the next one comes no sooner than this.
APART = {Digest.Every.DAILY: timedelta(hours=12), Digest.Every.WEEKLY: timedelta(days=3)}


@dataclass
class Count:
    """How a sweep went: digests told, and people for whom there was nothing."""

    told: int = 0
    nothing: int = 0


def next_moment(every: str, after: datetime) -> datetime:
    """The first nine o'clock in the morning after that, by the Dutch clock; for once a week on a Monday."""
    day = local_day(after)
    while True:
        at = moment_of(day, MORNING)
        if at > after and (every == Digest.Every.DAILY or day.weekday() == MONDAY):
            return at
        day += A_DAY


@transaction.atomic
def choose(user_pk: int, every: str | None, *, now: datetime) -> None:
    """From now on so often; None: never. Choosing what was chosen changes nothing.

    Who starts hears of what comes from now on; who changes their mind hears nothing twice and misses nothing.
    """
    row = Digest.objects.select_for_update(of=("self",), no_key=True).filter(pk=user_pk).first()
    if row is None:
        if every:
            Digest.objects.create(user_id=user_pk, every=every, next_at=next_moment(every, now), told_until=now)
        return
    if every is None:
        row.next_at = None
    elif row.next_at is None:
        row.every, row.next_at, row.told_until = every, next_moment(every, now), now
    elif row.every != every:
        row.every, row.next_at = every, next_moment(every, now)
    row.save(update_fields=["every", "next_at", "told_until"])


def often(user_pk: int) -> str | None:
    """How often somebody hears what is new; None: never."""
    return Digest.objects.filter(pk=user_pk, next_at__isnull=False).values_list("every", flat=True).first()


def sweep(now: datetime) -> Count:
    """Tell everybody who is due at ``now``.

    Any number of sweeps may run at once: held rows are skipped. A batch that fails is done again row by row.
    """
    count = Count()
    while True:
        try:
            more = _batch(now, count, row_by_row=False)
        except Exception:
            logger.exception("a batch of digests failed; row by row now")
            more = _batch(now, count, row_by_row=True)
        if not more:
            return count


@transaction.atomic
def _batch(now: datetime, count: Count, *, row_by_row: bool) -> bool:
    """The next few, longest due first; False when nobody is due any more."""
    due = Digest.objects.filter(next_at__lte=now).select_related("user").order_by("next_at", "pk")
    rows = list(due.select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH])
    told = sum(_tell_or_set_aside(row, now) for row in rows) if row_by_row else _tell(rows, now)
    count.told += told
    count.nothing += len(rows) - told
    return bool(rows)


def _tell_or_set_aside(row: Digest, now: datetime) -> int:
    try:
        with transaction.atomic():  # a savepoint: what this row wrote goes, the others stay
            return _tell([row], now)
    except Exception:
        logger.exception("the digest of %s is set aside", row.pk)
        Digest.objects.filter(pk=row.pk).update(next_at=now + SET_ASIDE)
        return 0


def _tell(rows: Sequence[Digest], now: datetime) -> int:
    """Answers how many there was something for."""
    readers = {row.pk: Reader(row.pk, row.told_until, max(row.told_until, now - SETTLED)) for row in rows}
    found = digest_sections.look(readers.values(), now)
    facts = [_fact(row, readers[row.pk]) for row in rows if readers[row.pk] in found]
    outbox.enqueue_many(facts, now=now)
    for row in rows:
        row.told_until = readers[row.pk].until
        row.next_at = next_moment(row.every, now + APART[Digest.Every(row.every)])
    Digest.objects.bulk_update(rows, ["told_until", "next_at"])
    return len(facts)


def _fact(row: Digest, reader: Reader) -> outbox.Fact:
    """Keyed on the day it was due: of one person there is one a day, however often this is done."""
    assert row.next_at is not None  # it is due
    return outbox.Fact(
        kind=f"digest.{row.every}",
        recipient=row.user,
        key=f"digest:user-{row.pk}:{local_day(row.next_at)}",
        params={"since": reader.since.isoformat(), "until": reader.until.isoformat()},
    )
