"""The same rows twice in turn: by the sweep, and by one statement a table, as nobody would write by hand."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Model

from notifications.models import Message
from requests_app import escalation
from requests_app.models import Event, HelpRequest, RequestAsk
from volunteers.models import Ask

MADE = (Event, Ask, RequestAsk, Message)  # in an order that foreign keys allow
TICK = os.sysconf("SC_CLK_TCK")


def floor_and_product(now: datetime) -> tuple[float, float]:
    """CPU seconds, medians of five: of the rows alone, and of a sweep that finds out which. Nothing is kept."""
    floors, products = [], []
    for _ in range(5):
        with transaction.atomic():
            products.append(cpu(lambda: escalation.sweep(now)))
            rows, changes = {model: _rows(model) for model in MADE}, _rows(HelpRequest)
            transaction.set_rollback(True)
        with transaction.atomic():
            floors.append(cpu(lambda: _write(rows, changes, now)))  # noqa: B023 (called at once)
            transaction.set_rollback(True)
    return statistics.median(floors), statistics.median(products)


def _write(rows: dict[type[Model], str], changes: str, now: datetime) -> None:
    requests = HelpRequest._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {requests} WHERE next_at <= %s FOR UPDATE SKIP LOCKED", [now])
        cursor.fetchall()
        cursor.execute(
            f"UPDATE {requests} old SET next_at = new.next_at, waves_walked = new.waves_walked, rung = new.rung,"
            f" waves_asked = new.waves_asked FROM jsonb_populate_recordset(NULL::{requests}, %s) new"
            " WHERE old.id = new.id",
            [changes],
        )
        for model, made in rows.items():
            table = model._meta.db_table
            cursor.execute(f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s)", [made])


def _rows(model: type[Model]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(jsonb_agg(to_jsonb(row)), '[]')::text FROM {model._meta.db_table} row")
        return str(cursor.fetchone()[0])


def cpu(work: Callable[[], object]) -> float:
    """Seconds of this process and of its server process in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    before = time.process_time() + _ticks(backend) / TICK
    work()
    return time.process_time() + _ticks(backend) / TICK - before


def deadlocks() -> int:
    """How many PostgreSQL has broken since it began: who is asked again after one says nothing of it."""
    time.sleep(1.5)  # processes report now and then, at most a second late
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
