"""The sweep: what it costs when there is nothing to do, and of one escalation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import seed
from bench.figure import Figure, at_most, dosed, exactly
from bench.floor import floor_and_product
from requests_app import escalation

SIZES = (1_000, 100_000, 1_000_000)
VILLAGES = 20


def idle() -> Iterator[Figure]:
    """A sweep with nothing due, among ever more open requests."""
    seed.clear()
    places = [seed.village() for _ in range(VILLAGES)]
    now, there = timezone.now(), 0
    for full in SIZES:
        wanted = dosed(full, least=VILLAGES)
        for place in places:
            later, more = now + timedelta(hours=1), (wanted - there) // VILLAGES
            seed.open_requests(place, more, now=now, next_at=later, apart=timedelta(seconds=10))
        there = wanted
        seed.settle()
        with CaptureQueriesContext(connection) as queries:
            walked = escalation.sweep(now)
        yield exactly(0, f"idle sweep: steps among {there:,} open requests", walked, "steps")
        yield at_most(3, f"idle sweep: queries at {there:,}", len(queries), "queries")
        due = next(query["sql"] for query in queries if "next_at <=" in query["sql"])
        yield at_most(8, f"idle sweep: its due query at {there:,}", pages_of(due), "pages of 8 kB")


def cost() -> Iterator[Figure]:
    """What one escalation that asks volunteers costs, beside the same rows written by hand."""
    seed.clear()
    now = timezone.now()
    count = dosed(200, least=10)
    for _ in range(count):
        place = seed.village(volunteers=10)
        seed.open_requests(place, 1, now=now, next_at=now)
    seed.settle()
    floor, product = floor_and_product(now)
    yield Figure("one escalation: CPU of sweep and database", product / count * 1000, "ms", floor=floor / count * 1000)


def pages_of(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        (plan,) = cursor.fetchone()
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
