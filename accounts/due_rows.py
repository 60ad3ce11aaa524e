"""A column that holds a moment, and a sweep that does what is due: its cost is that of what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from django.db import transaction
from django.db.models import Model, QuerySet

BATCH = 100
SET_ASIDE = timedelta(hours=1)

logger = structlog.get_logger(__name__)
Row = TypeVar("Row", bound=Model)


def walk(rows: QuerySet[Row], column: str, act: Callable[[Row, datetime], None], now: datetime) -> int:
    """Do ``act`` for each of these rows whose moment in ``column`` has come, oldest first; answers for how many.

    ``act`` moves the column on and saves it, with all it changes, in one transaction: so each moment counts once, and
    any number of sweeps may run at once. A row that fails is set aside for an hour, and holds no other up.
    """
    done = 0
    while walked := _walk_batch(rows, column, act, now):
        done += walked
    return done


@transaction.atomic
def _walk_batch(rows: QuerySet[Row], column: str, act: Callable[[Row, datetime], None], now: datetime) -> int:
    due = rows.filter(**{f"{column}__lte": now}).order_by(column, "pk")
    batch = list(due.select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH])
    for row in batch:
        try:
            with transaction.atomic():  # a savepoint: what this row wrote goes, the others stay
                act(row, now)
        except Exception:
            logger.exception("row_set_aside", table=row._meta.db_table, row=row.pk, column=column)
            rows.filter(pk=row.pk).update(**{column: now + SET_ASIDE})
    return len(batch)
