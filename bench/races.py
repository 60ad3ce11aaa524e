"""Races: thirty press a button at the same moment, over HTTP, and what comes of it is what was specified."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http import HTTPStatus

from django.db import connection
from django.utils import timezone

from bench import seed
from bench.against import RACES
from bench.doors import AT_ONCE, web_server
from bench.figure import Figure, at_least, dosed, exactly
from bench.room import VOLUNTEERS, Room, Round, active
from requests_app import invariants
from requests_app.models import Status

MANY = 100  # rounds: then each end must have been seen, or it was no race
GUARDS = {
    "requests_app_pickup": ("pick_up_one_slot", "pick_up_one_helper"),
    "requests_app_helprequest": ("request_slots_taken",),
    "villages_tally": ("tally_not_negative",),
}


def races() -> Iterator[Figure]:
    """With one place and with three, and against whatever else may happen to a request meanwhile."""
    with web_server():
        for slots in (1, 3):
            name = f"{AT_ONCE} at once for {slots} place{'s' if slots > 1 else ''}"
            yield from _race(name, lambda room, slots=slots: _take(room, slots), dosed(250, least=1))
        for name, race in RACES.items():
            yield from _race(name, race, dosed(500, least=1))


def careless_races() -> Iterator[Figure]:
    """Does this see it? A server that looks and then saves, on a database without the last guards, must fail."""
    rounds = dosed(20, least=3)
    with connection.cursor() as cursor:
        for table, guards in GUARDS.items():
            for guard in guards:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {guard}")
                cursor.execute(f"DROP INDEX IF EXISTS {guard}")
    with web_server("bench.careless_take"), _room() as room:
        wrong = sum(bool(_take(room, 1).wrong) for _ in range(rounds))
    yield at_least(rounds * 19 // 20, f"without lock and guards: rounds of {rounds} seen to go wrong", wrong, "rounds")


def _race(name: str, race: Callable[[Room], Round], rounds: int) -> Iterator[Figure]:
    started = time.monotonic()
    with _room() as room:
        seen = [race(room) for _ in range(rounds)]
    wrong = Counter(rule for one in seen for rule in one.wrong)
    goal = f"{name}: rounds as specified"
    if wrong:
        goal += f" (not: {', '.join(f'{rule} {count}' for rule, count in wrong.items())})"
    yield exactly(rounds, goal, sum(not one.wrong for one in seen), "rounds")
    yield exactly(0, f"{name}: answers 5xx", sum(one.failed for one in seen), "answers")
    yield exactly(0, f"{name}: rules broken afterwards", sum(invariants.count(timezone.now()).values()), "rows")
    if rounds >= MANY and race in RACES.values():
        yield at_least(2, f"{name}: different ends seen", len({one.end for one in seen}), "ends")
    for end, count in sorted(Counter(one.end for one in seen).items()):
        yield Figure(f"{name}: ended in {end}", count, "rounds")
    yield Figure(f"{name}: a round", (time.monotonic() - started) / rounds, "s")


def _take(room: Room, slots: int) -> Round:
    """Exactly as many come as there are places; everybody else reads that somebody was just before them."""
    with room.request(slots=slots) as asked:
        takes = room.takes(asked, room.neighbours)
        seen, _ = room.race(takes)
        asked.refresh_from_db()
        places = [pick_up.slot for pick_up in active(asked)]
        rules = {
            "each place is taken once": places == list(range(1, slots + 1)) and asked.status == Status.TAKEN,
            "as many as got a yes": sum(one.done for one in seen) == slots,
        }
        return room.judge(asked, "all places taken", rules, takes, seen, kindly=(HTTPStatus.CONFLICT,))


@contextlib.contextmanager
def _room() -> Iterator[Room]:
    """A village of its own for each race."""
    seed.clear()
    village = seed.village(neighbours=AT_ONCE + 1, volunteers=VOLUNTEERS)
    with contextlib.closing(Room(village)) as room:
        yield room
