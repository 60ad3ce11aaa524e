"""Each kind of attack: it waits until there is work in hand, and strikes in the middle of it.

A process of ours is frozen first and looked at: only when it still has its work in hand is it killed, else it goes on.
Servers are struck at the moment that they were given work.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Collection
from functools import partial
from itertools import count

import redis
from django.conf import settings
from django.db import connection

from bench import place, traces
from bench.scene import BEAT, WEB, WORKER, Ears, Scene, patiently
from requests_app.models import Event

SOON = 0.002  # seconds between two looks
MORE_AFTER = 3.0  # seconds
# How PostgreSQL is told to stop, in turn: at once but in order, at once, and not told at all.
STOPS = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
WRITES = "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE relation = %s::regclass "
WRITES += "AND mode = 'RowExclusiveLock' AND application_name = %s"
BUSY = "SELECT pid FROM pg_stat_activity WHERE xact_start IS NOT NULL AND application_name = ANY(%s) LIMIT 1"
CUT = f"SELECT pg_terminate_backend(pid) FROM ({BUSY}) AS busy"
_turn = count()


def worker_that_sends(scene: Scene) -> None:
    """The parent; its children go with it, one of them with a line open to the mail server."""
    pid = scene.pid(WORKER)
    _kill_at_work(scene, lambda: [pid, *traces.children(pid)], lambda pids: _sends(scene, pids), only_first=True)
    scene.killed(WORKER)


def worker_that_writes(scene: Scene) -> None:
    """The same, while a sweep is between its lock and its commit."""
    pid = scene.pid(WORKER)
    _kill_at_work(scene, lambda: [pid, *traces.children(pid)], lambda _: _writes(WORKER), only_first=True)
    scene.killed(WORKER)


def child_that_sends(scene: Scene) -> None:
    """One child of the worker; its parent makes another one."""
    parent = scene.pid(WORKER)

    def busy() -> list[int]:
        return [pid for pid in traces.children(parent) if _sends(scene, [pid])][:1]

    _kill_at_work(scene, busy, lambda pids: _sends(scene, pids))


def beat_that_rings(scene: Scene) -> None:
    """At the moment that it said "look now": before it has written down that it did."""
    Ears("sweep ").wait()
    os.kill(scene.pid(BEAT), signal.SIGKILL)
    scene.killed(BEAT)


def web_that_answers(scene: Scene) -> None:
    """The parent; its children go with it, with a button of a visitor in hand."""
    pid = scene.pid(WEB)
    _kill_at_work(scene, lambda: [pid, *traces.children(pid)], lambda pids: _answers(scene, pids), only_first=True)
    scene.killed(WEB)


def web_child_that_answers(scene: Scene) -> None:
    """One child of the web server; its parent makes another one."""
    parent = scene.pid(WEB)

    def busy() -> list[int]:
        return [pid for pid in traces.children(parent) if _answers(scene, [pid])][:1]

    _kill_at_work(scene, busy, lambda pids: _answers(scene, pids))


def valkey(scene: Scene) -> None:
    """Killed, with a message just put in."""
    Ears().wait()
    scene.kill_server(scene.valkey, signal.SIGKILL)
    scene.comes_back()


def lines_to_valkey(scene: Scene) -> None:
    """All cut at once, with a message just put in."""
    Ears().wait()
    redis.Redis.from_url(settings.REDIS_URL).execute_command("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "YES")
    scene.comes_back()


def empty_valkey(_scene: Scene) -> None:
    """All it holds is gone, with a message just put in."""
    Ears().wait()
    redis.Redis.from_url(settings.REDIS_URL).flushall()


def postgres(scene: Scene) -> None:
    """Stopped in one of three ways, with transactions open; and started again."""
    place.wait_for("a transaction of somebody", _busy, pause=SOON)
    scene.kill_server(scene.postgres, STOPS[next(_turn) % len(STOPS)])
    scene.comes_back()


def process_of_postgres(scene: Scene) -> None:
    """Killed in a transaction: PostgreSQL ends all others too, and looks after itself."""
    os.kill(place.wait_for("a transaction of somebody", _busy, pause=SOON), signal.SIGKILL)
    scene.comes_back()


def line_to_postgres(_scene: Scene) -> None:
    """Cut in a transaction."""
    place.wait_for("a transaction of somebody", lambda: patiently(partial(_value, CUT, [[WEB, WORKER]])), pause=SOON)


# How often with a dose of 1; kills and cuts, two hundred and more.
KINDS: dict[str, tuple[Callable[[Scene], None], int]] = {
    "worker that sends": (worker_that_sends, 20),
    "worker that writes": (worker_that_writes, 15),
    "child of a worker that sends": (child_that_sends, 40),
    "beat that rings": (beat_that_rings, 25),
    "web server that answers": (web_that_answers, 20),
    "child of the web server that answers": (web_child_that_answers, 25),
    "Valkey with a message": (valkey, 15),
    "lines to Valkey": (lines_to_valkey, 10),
    "PostgreSQL in transactions": (postgres, 20),
    "a process of PostgreSQL in a transaction": (process_of_postgres, 10),
    "a line to PostgreSQL in a transaction": (line_to_postgres, 20),
}
EMPTIED = ("Valkey emptied", empty_valkey, 20)
# A taste has those after which no program of ours must start again: that takes seconds of CPU.
TASTE = ("child of a worker that sends", "Valkey with a message")
TASTE += ("PostgreSQL in transactions", "a line to PostgreSQL in a transaction")


def _kill_at_work(
    scene: Scene,
    victims: Callable[[], list[int]],
    at_work: Callable[[Collection[int]], bool],
    *,
    only_first: bool = False,
) -> None:
    """``only_first`` is killed itself, the others end with it. Who is too quick for us gets more to do."""
    more_at = time.monotonic() + MORE_AFTER

    def struck() -> bool:
        nonlocal more_at
        if time.monotonic() > more_at:
            scene.make_due(1)
            more_at = time.monotonic() + MORE_AFTER
        pids = victims()
        if not pids or not at_work(pids) or not traces.catch(pids, lambda: at_work(pids)):
            return False
        for pid in pids[:1] if only_first else pids:
            os.kill(pid, signal.SIGKILL)
        return True

    place.wait_for("somebody at work", struck, pause=SOON)


def _sends(scene: Scene, pids: Collection[int]) -> bool:
    return traces.hold_line(pids, to=scene.mail_port)


def _answers(scene: Scene, pids: Collection[int]) -> bool:
    """Whether one of these has a button in hand that a visitor pressed."""
    return any(traces.hold_line(pids, from_=port) for port in scene.visitors.on_their_way())


def _writes(word: str) -> bool:
    """Is a sweep between its lock and its commit?"""
    return bool(patiently(partial(_value, WRITES, [Event._meta.db_table, word])))


def _busy() -> int | None:
    """A process of PostgreSQL that is in a transaction for one of ours."""
    return patiently(partial(_value, BUSY, [[WEB, WORKER]]))


def _value(query: str, words: list[object]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(query, words)
        row = cursor.fetchone()
    return row[0] if row else None
