"""The clock's word the day before an appointment: a column and a sweep, each reminder once."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from requests_app import conversation, conversation_notices
from requests_app.models import PickUp

BATCH = 100
SET_ASIDE = timedelta(hours=1)

logger = structlog.get_logger(__name__)


def sweep(now: datetime) -> int:
    """Remind the two of every appointment that is due; answers how many. Any number of sweeps may run at once."""
    done = 0
    while batch := _walk_batch(now):
        done += batch
    return done


@transaction.atomic
def _walk_batch(now: datetime) -> int:
    rows = PickUp.objects.to_remind(now).order_by("remind_at", "pk")
    rows = rows.select_related("helper", "help_request__author", "help_request__village")
    batch = list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True)[:BATCH])
    for pick_up in batch:
        pick_up.remind_at = None
        try:
            with transaction.atomic():  # a savepoint: one bad row must not hold up the others
                if not conversation.out_of_touch(pick_up):
                    conversation_notices.reminder(pick_up, now)
        except Exception:
            logger.exception("reminder_set_aside", pick_up=pick_up.pk)
            pick_up.remind_at = now + SET_ASIDE
    PickUp.objects.bulk_update(batch, ["remind_at"])
    return len(batch)
