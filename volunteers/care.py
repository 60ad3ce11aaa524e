"""The clock's words to volunteers: a break that ends, a certificate that ends, the yearly question, and its silence.

Each is a column with a partial index and a sweep: its cost is that of what is due. Any number may run at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from accounts import due_rows
from volunteers import notices
from volunteers.models import Volunteer

ANSWERS_WITHIN = timedelta(days=30)  # to the yearly question


def sweep(now: datetime) -> int:
    """Say what is due to be said; answers to how many. Each word once."""
    return sum(_sweep(column, say, now) for column, say in WORDS.items())


def _sweep(column: str, say: Callable[[Volunteer, datetime], None], now: datetime) -> int:
    def act(volunteer: Volunteer, now: datetime) -> None:
        setattr(volunteer, column, None)
        if volunteer.ended_at is None:
            say(volunteer, now)
        volunteer.save(update_fields=[column, "check_at", "retire_at", "retired_at"])

    return due_rows.walk(Volunteer.objects.select_related("user", "village__contact_person__user"), column, act, now)


def _ask_whether_right(volunteer: Volunteer, now: datetime) -> None:
    if volunteer.paused_until and volunteer.paused_until > now:  # a break is a break
        volunteer.check_at = volunteer.paused_until
        return
    volunteer.retire_at = now + ANSWERS_WITHIN
    notices.still_right(volunteer, now)


def _leave_in_peace(volunteer: Volunteer, now: datetime) -> None:
    if volunteer.paused_until and volunteer.paused_until > now:
        volunteer.retire_at = volunteer.paused_until + ANSWERS_WITHIN
        return
    volunteer.retired_at = now
    notices.left_in_peace(volunteer, now)


WORDS: dict[str, Callable[[Volunteer, datetime], None]] = {
    "pause_word_at": notices.pause_ending,
    "certificate_word_at": notices.certificate_ending,
    "check_at": _ask_whether_right,
    "retire_at": _leave_in_peace,
}
