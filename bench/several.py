"""Several sweeps at once: whether they share the work, and what it costs them to do so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Count
from django.utils import timezone

from bench import seed
from bench.crowd import Crowd, gather
from bench.figure import Figure, at_least, dosed, exactly, full_dose, is_taste
from bench.floor import deadlocks
from bench.one_sweep import GATE
from bench.place import wait_for
from requests_app import due, escalation
from requests_app.models import Event, HelpRequest
from samsam.embedded import child

VILLAGE = due.TURN  # due in each
SWEEPS = 4
EARLIER = timedelta(hours=3)  # what a process walks before it counts; long before the rest is due
WALKED = (Event.Kind.ASKED, Event.Kind.NOBODY_TO_ASK, Event.Kind.TO_CONTACT)


@dataclass
class Seen:
    """Of a round: escalations per CPU second and per second on the clock, and what one may add up."""

    speed: float
    pace: float
    wanted: int
    once: int
    said: int
    left: int
    aside: int
    shares: int


def several_at_once() -> Iterator[Figure]:
    """One, two and four processes in turn, five times; each has walked a batch before the common signal.

    What two or four do is put beside what one did in the same round; and what four do beside four that were dealt the
    work beforehand and share nothing: the difference between those and one is the machine's.
    """
    sizes = (SWEEPS,) if is_taste() else (1, 2, SWEEPS)
    before = deadlocks()
    rounds, dealt = [], []
    for _ in range(1 if is_taste() else 5):
        rounds.append({sweeps: _round(sweeps) for sweeps in sizes})
        dealt.append(_round(SWEEPS, dealt=True))
    yield from _once([seen[SWEEPS] for seen in rounds])
    yield exactly(0, "several sweeps at once: deadlocks that PostgreSQL saw", deadlocks() - before, "deadlocks")
    for sweeps, name in () if is_taste() else ((2, "two"), (SWEEPS, "four")):
        speed = median(seen[sweeps].speed / seen[1].speed for seen in rounds)
        yield at_least(0.9, f"{name} sweeps at once: escalations per CPU second, of those of one", speed, "")
        pace = median(seen[sweeps].pace / seen[1].pace for seen in rounds)
        yield at_least(0.9, f"{name} sweeps at once: escalations per second, of those of one", pace, "")
    if not is_taste():
        alone = median(apart.speed / seen[1].speed for apart, seen in zip(dealt, rounds, strict=True))
        yield Figure("four that share nothing: escalations per CPU second, of those of one", alone, "")
        speed = median(seen[SWEEPS].speed / apart.speed for apart, seen in zip(dealt, rounds, strict=True))
        yield at_least(0.9, "four sweeps at once: the same, of those of four that share nothing", speed, "")


def _once(seen: list[Seen]) -> Iterator[Figure]:
    wanted = sum(one.wanted for one in seen)
    name = "four sweeps at once"
    yield exactly(wanted, f"{name}: due rows walked exactly once", sum(one.once for one in seen), "rows")
    yield exactly(wanted, f"{name}: steps they say they took", sum(one.said for one in seen), "steps")
    words = f"{name}: sweeps that had a share", min(one.shares for one in seen), "sweeps"
    yield at_least(SWEEPS, *words) if full_dose() else Figure(*words)
    yield exactly(0, f"{name}: rows left", sum(one.left for one in seen), "rows")
    yield exactly(0, f"{name}: rows set aside after a fault", sum(one.aside for one in seen), "rows")


def _round(sweeps: int, *, dealt: bool = False) -> Seen:
    seed.clear()
    now = timezone.now()
    # One batch for each of them beforehand. Due earlier, so that nothing else is due then.
    batch = 1 if is_taste() else due.BATCH // VILLAGE
    gather(Crowd(sweeps * batch, due=VILLAGE, volunteers=12), now - EARLIER)
    places = gather(Crowd(dosed(400, least=20), due=VILLAGE, volunteers=12), now)
    hands = [[str(place.municipality_id) for place in places[n::sweeps]] if dealt else [] for n in range(sweeps)]
    shares = _sweep_in_processes(hands, now)
    wanted, said = len(places) * VILLAGE, [steps for steps, *_ in shares]
    steps = Event.objects.filter(kind__in=WALKED, municipality__in=[place.municipality_id for place in places])
    return Seen(
        speed=wanted / sum(seconds for _, seconds, _ in shares),
        pace=wanted / max(clock for *_, clock in shares),
        wanted=wanted,
        once=steps.values("help_request").annotate(n=Count("pk")).filter(n=1).count(),
        said=sum(said),
        left=HelpRequest.objects.due(now).count(),
        aside=Event.objects.filter(kind=Event.Kind.SET_ASIDE).count(),
        shares=sum(map(bool, said)),
    )


def _sweep_in_processes(hands: list[list[str]], now: datetime) -> list[tuple[int, float, float]]:
    """They begin together, at a lock in the database, so that none has the rows to itself."""
    command = [sys.executable, "-m", "bench.one_sweep", (now - EARLIER).isoformat(), now.isoformat()]
    with ExitStack() as stack, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
        processes = []
        with ExitStack() as gate:
            gate.callback(cursor.execute, "SELECT pg_advisory_unlock(%s)", [GATE])
            for mine in hands:
                process = subprocess.Popen([*command, *mine], cwd=child.PROJECT, stdout=subprocess.PIPE, text=True)
                stack.callback(process.kill)
                processes.append(process)
            wait_for("the sweeps at the gate", lambda: _waiting(cursor) == len(hands))
            escalation.sweep(now - EARLIER)  # what of the batches beforehand is left: they found less
        said = [process.communicate()[0].splitlines()[-1].split() for process in processes]
    return [(int(steps), float(seconds), float(clock)) for steps, seconds, clock in said]


def _waiting(cursor: CursorWrapper) -> int:
    cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    return int(cursor.fetchone()[0])
