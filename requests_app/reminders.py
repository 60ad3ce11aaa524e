"""The clock's word the day before an appointment: a column and a sweep, each reminder once."""

from __future__ import annotations

from datetime import datetime

from accounts import due_rows
from requests_app import conversation, conversation_notices
from requests_app.models import PickUp


def sweep(now: datetime) -> int:
    """Remind the two of every appointment that is due; answers how many. Any number of sweeps may run at once."""
    rows = PickUp.objects.to_remind(now).select_related("helper", "help_request__author", "help_request__village")
    return due_rows.walk(rows, "remind_at", _remind, now)


def _remind(pick_up: PickUp, now: datetime) -> None:
    pick_up.remind_at = None
    pick_up.save(update_fields=["remind_at"])
    if not conversation.out_of_touch(pick_up):
        conversation_notices.reminder(pick_up, now)
