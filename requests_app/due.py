"""Which requests the clock walks next, and below which moment it need not look: the low-water mark.

While somebody holds an old snapshot (a backup, a long report), what was walked leaves dead entries in the index of
what is due, and a look reads them all. So a look begins at the mark: no request's next moment is before it. One writer
raises it, after a sweep: to the oldest moment still due, what others have in hand included, less a minute. Who sets an
earlier moment lowers it in the same transaction (a trigger, so that nobody can forget it; see its migration).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from accounts.bulk import any_of
from accounts.models import Municipality
from notifications import wishes
from requests_app.models import HelpRequest, Policy
from villages.models import Village

BATCH = 1_000
TURN = 50  # requests of one municipality in a batch, at least, where there is a backlog
STALE = timedelta(minutes=2)
NOT_READ = ("street", "title", "text", "place_text", "created_at", "posted_at", "next_at")

# Only what the clock walks.
DUE = """
    status IN ('open', 'taken') AND next_at <= %(now)s
    AND next_at >= coalesce((SELECT low_at FROM requests_app_duemark), '-infinity')
"""
MARK = "SELECT (SELECT low_at FROM requests_app_duemark)"
# With the mark as a value: only then the planner knows how few are due, and reads them in the order of time.
LOOK = """
    SELECT municipality_id FROM requests_app_helprequest
    WHERE status IN ('open', 'taken') AND next_at <= %(now)s AND next_at >= %(low)s::timestamptz
    ORDER BY next_at, id LIMIT %(limit)s
"""
COUNT = f"""
    SELECT place.id, due.count FROM accounts_municipality AS place CROSS JOIN LATERAL (
        SELECT count(*) FROM (
            SELECT FROM requests_app_helprequest WHERE municipality_id = place.id AND {DUE} LIMIT %(limit)s
        ) AS found
    ) AS due WHERE due.count > 0 ORDER BY place.id
"""  # noqa: S608 (our own words)
TAKE = f"""
    SELECT mine.id FROM unnest(%(places)s::bigint[], %(shares)s::int[]) AS turn (place, share) CROSS JOIN LATERAL (
        SELECT request.id, request.next_at FROM requests_app_helprequest AS request
        JOIN villages_village AS village ON village.id = request.village_id
        WHERE request.municipality_id = turn.place AND {DUE}
        ORDER BY request.next_at, request.id LIMIT turn.share
        FOR NO KEY UPDATE OF request, village SKIP LOCKED
    ) AS mine ORDER BY mine.next_at, mine.id
"""  # noqa: S608 (our own words)
Turn = Mapping[int, int]  # by municipality, how many of its oldest requests


@dataclass(frozen=True)
class Look:
    """What a sweep sees: how many requests are due in each municipality, counted up to a batch; and the mark."""

    waiting: Turn
    low_at: datetime | None
    now: datetime

    @property
    def is_stale(self) -> bool:
        """The mark is so far behind that an idle sweep might read much that is dead."""
        return self.low_at is None or self.low_at < self.now - STALE


def look(now: datetime) -> Look:
    """Two queries, unless there is more than a batch."""
    with connection.cursor() as cursor:
        cursor.execute(MARK)
        (low_at,) = cursor.fetchone()
        cursor.execute(LOOK, {"now": now, "low": low_at or "-infinity", "limit": BATCH + 1})
        places = [place for (place,) in cursor.fetchall()]
        found: Turn = Counter(places)
        if len(places) > BATCH:
            cursor.execute(COUNT, {"now": now, "limit": BATCH})
            found = dict(cursor.fetchall())
    return Look(found, low_at, now)


def turns(waiting: Turn) -> Iterator[Turn]:
    """Batches in which each municipality has one turn, however many requests another one has."""
    if sum(waiting.values()) <= BATCH:
        yield waiting
        return
    share = max(BATCH // len(waiting), TURN)
    turn: dict[int, int] = {}
    for place, count in waiting.items():
        turn[place] = min(count, share, BATCH - sum(turn.values()))
        if sum(turn.values()) == BATCH:
            yield turn
            turn = {}
    if turn:
        yield turn


def take(turn: Turn, now: datetime) -> list[HelpRequest]:
    """Lock the oldest of these municipalities, with what a walk reads; those that are held are passed over.

    With their municipality, so that two sweeps do not walk its requests out of order; and with their villages, so that
    no two choose, or wait for each other's, volunteers.
    """
    places = (
        Municipality.objects.filter(any_of("pk", turn)).order_by("pk").select_for_update(no_key=True, skip_locked=True)
    )
    mine = list(places.values_list("pk", flat=True))
    if not mine:  # other sweeps have them in hand
        return []
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"now": now, "places": mine, "shares": [turn[place] for place in mine]})
        pks = [pk for (pk,) in cursor.fetchall()]
    return _with_what_a_walk_reads(pks)


def _with_what_a_walk_reads(pks: list[int]) -> list[HelpRequest]:
    """These, in this order. Five queries, and each village, policy and person once."""
    rows = {row.pk: row for row in HelpRequest.objects.filter(any_of("pk", pks)).defer(*NOT_READ)}
    found = [rows[pk] for pk in pks]
    villages = Village.objects.filter(any_of("pk", {row.village_id for row in found}))
    village_of = {village.pk: village for village in villages.select_related("contact_person__user")}
    policies = Policy.objects.filter(any_of("pk", {row.policy_id for row in found if row.policy_id}))
    policy_of = {policy.pk: policy for policy in policies}
    author_of = wishes.readers({row.author_id for row in found})
    for row in found:
        row.village, row.author = village_of[row.village_id], author_of[row.author_id]
        row.policy = policy_of[row.policy_id] if row.policy_id else None
    return found


def raise_mark(now: datetime) -> None:
    """Look no further back than is needed from now on. Somebody lowers it at this moment: a no-op."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT raise_due_mark(%s)", [now])
