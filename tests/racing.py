"""Several people at once, each in a thread with a connection of their own, as requests are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from threading import Barrier
from time import monotonic, sleep
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

PATIENCE = 20  # seconds
REFUSED = "refused"


def at_once(
    *verbs: Callable[[], Any], at: Model | None = None, refused: type[Exception] | tuple[type[Exception], ...] = ()
) -> list[Any]:
    """What each verb answers, or REFUSED; any other exception is the test's.

    ``at`` is a row that all of them lock: they wait for it together first, so that the race is always real.
    """
    start = Barrier(len(verbs))

    def attempt(verb: Callable[[], Any]) -> Any:
        try:
            start.wait(PATIENCE)
            return verb()
        except refused:
            return REFUSED
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as threads, _meeting_at(at, len(verbs)) if at else nullcontext():
        attempts = [threads.submit(attempt, verb) for verb in verbs]
    return [one.result() for one in attempts]


def meanwhile(verb: Callable[[], Any]) -> Any:
    """What it answers somebody else while the test holds rows: whoever waits for those is sent away after a second."""

    def attempt() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
            try:
                return verb()
            finally:
                cursor.execute("RESET lock_timeout")

    (answer,) = at_once(attempt)
    return answer


def overtaken(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """What ``second`` answers somebody who begins when all of ``first`` is written and nothing is committed yet.

    The commit comes once ``second`` waits for it, or is done without.
    """

    def attempt() -> Any:
        try:
            return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            first()
            answer = threads.submit(attempt)
            end = monotonic() + PATIENCE
            while not (answer.done() or _waiting()):
                assert monotonic() < end, "neither waits nor ends"
                sleep(0.01)
        return answer.result()


@contextmanager
def _meeting_at(row: Model, visitors: int) -> Iterator[None]:
    """Holds the row until all visitors wait for it in the database."""
    with transaction.atomic():
        type(row)._base_manager.select_for_update(no_key=True).get(pk=row.pk)
        yield
        end = monotonic() + PATIENCE
        while _waiting() < visitors:
            assert monotonic() < end, "nobody came"
            sleep(0.01)


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what it saw first
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return int(cursor.fetchone()[0])
