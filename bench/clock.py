"""The sweep: what it costs when there is nothing to do, and whether several at once share the work."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import seed
from bench.crowd import Crowd, gather
from bench.figure import Figure, at_least, at_most, dosed, exactly, is_taste
from bench.floor import floor_and_product
from bench.one_sweep import GATE
from bench.place import wait_for
from requests_app import escalation
from requests_app.models import Event, HelpRequest
from samsam.embedded import child

SIZES = (1_000, 100_000, 1_000_000)
VILLAGES = 20
SWEEPS = 4


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


def several_at_once() -> Iterator[Figure]:
    """One, two and four processes sweep the same due rows."""
    speeds: dict[int, float] = {}
    paces: dict[int, float] = {}
    for sweeps in (SWEEPS,) if is_taste() else (1, 2, SWEEPS):
        seed.clear()
        now = timezone.now()
        places = gather(Crowd(dosed(1_000, least=VILLAGES), due=50, volunteers=12), now)
        wanted = len(places) * 50
        shares = _sweep_in_processes(sweeps, now)
        speeds[sweeps] = wanted / sum(seconds for _, seconds, _ in shares)
        paces[sweeps] = wanted / max(clock for *_, clock in shares)
        if sweeps == SWEEPS:
            yield from _once(wanted, [steps for steps, *_ in shares], now)
    for sweeps, name in () if is_taste() else ((2, "two"), (SWEEPS, "four")):
        named = f"{name} sweeps at once: escalations per CPU second, of those of one"
        yield at_least(0.9, named, speeds[sweeps] / speeds[1], "")
        named = f"{name} sweeps at once: escalations per second, of those of one"
        yield at_least(0.9, named, paces[sweeps] / paces[1], "")


def _once(wanted: int, shares: list[int], now: datetime) -> Iterator[Figure]:
    steps = Event.objects.filter(kind__in=[Event.Kind.ASKED, Event.Kind.NOBODY_TO_ASK, Event.Kind.TO_CONTACT])
    once = steps.values("help_request").annotate(n=Count("pk")).filter(n=1).count()
    yield exactly(wanted, "four sweeps at once: due rows walked exactly once", once, "rows")
    yield exactly(wanted, "four sweeps at once: steps they say they took", sum(shares), "steps")
    yield Figure("four sweeps at once: sweeps that had a share", sum(map(bool, shares)), "sweeps")
    yield exactly(0, "four sweeps at once: rows left", HelpRequest.objects.due(now).count(), "rows")
    aside = Event.objects.filter(kind=Event.Kind.SET_ASIDE).count()
    yield exactly(0, "four sweeps at once: rows set aside after a fault", aside, "rows")


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


def _sweep_in_processes(count: int, now: datetime) -> list[tuple[int, float, float]]:
    """They begin together, at a lock in the database, so that none has the rows to itself."""
    command = [sys.executable, "-m", "bench.one_sweep", now.isoformat()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
        processes = [
            subprocess.Popen(command, cwd=child.PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(count)
        ]
        wait_for("the sweeps at the gate", lambda: _waiting(cursor) == count)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])
    said = [process.communicate()[0].splitlines()[-1].split() for process in processes]
    return [(int(steps), float(seconds), float(clock)) for steps, seconds, clock in said]


def _waiting(cursor: CursorWrapper) -> int:
    cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    return int(cursor.fetchone()[0])
