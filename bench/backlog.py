"""After an outage, or with a long report that runs elsewhere: who waits for whom, and what is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import psycopg
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import seed
from bench.clock import pages_of
from bench.crowd import Crowd, gather
from bench.figure import Figure, at_most, dosed, exactly
from requests_app import due, escalation
from requests_app.models import Event, HelpRequest
from requests_app.models.due_mark import DueMark

MINUTE = timedelta(minutes=1)


def old_snapshot() -> Iterator[Figure]:
    """100,000 escalations while another transaction holds a snapshot of before; then a sweep with nothing to do."""
    seed.clear()
    now = timezone.now()
    villages = dosed(2_000, least=40)
    gather(Crowd(villages, due=50), now)
    with psycopg.connect(_address()) as other:
        other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        other.execute("SELECT count(*) FROM villages_village")
        walked = escalation.sweep(now)
        yield exactly(villages * 50, "old snapshot: escalations while it is held", walked, "steps")
        with CaptureQueriesContext(connection) as queries:
            escalation.sweep(now + timedelta(seconds=15))
        yield at_most(3, "old snapshot: queries of the idle sweep", len(queries), "queries")
        pages = sum(pages_of(query["sql"]) for query in queries if "SELECT" in query["sql"])
        yield at_most(8, "old snapshot: what it reads", pages, "pages of 8 kB")
        DueMark.objects.update(low_at=now - timedelta(days=1))
        with CaptureQueriesContext(connection) as queries:
            due.look(now + timedelta(seconds=15))
        yield Figure("old snapshot: the same without the mark", pages_of(queries[1]["sql"]), "pages of 8 kB")


def backlog() -> Iterator[Figure]:
    """100,000 due in one municipality, all older than the one request that is due in another."""
    seed.clear()
    now = timezone.now()
    many = dosed(100_000, least=5_000)
    (crowded,) = gather(Crowd(1, due=many), now)
    (elsewhere,) = gather(Crowd(1, due=1), now, overdue=MINUTE)
    before = 0
    for _ in islice(escalation.batches(now), 10):
        if Event.objects.filter(municipality=elsewhere.municipality_id).exists():
            break
        before += 1
    name = f"backlog of {many:,} elsewhere: batches before a due request"
    yield at_most(1, name, before, "batches")
    left = HelpRequest.objects.due(now).filter(municipality=crowded.municipality_id).count()
    yield Figure("backlog: still due there then", left, "requests")


def _address() -> str:
    words = settings.DATABASES["default"]
    return psycopg.conninfo.make_conninfo(host=words["HOST"], user=words["USER"], dbname=words["NAME"])
