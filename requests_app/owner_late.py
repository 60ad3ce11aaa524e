"""A deadline of the contact person passed: a reminder at that moment, and some working hours later the coordinators.

A column and a sweep, each word once for each deadline.
"""

from __future__ import annotations

from datetime import datetime

from accounts import due_rows
from accounts.actors import CLOCK
from requests_app import contact_notices, heartbeat, transitions
from requests_app.models import Event, HelpRequest
from requests_app.moments import CONTACT_HOURS
from requests_app.record import record
from villages import daylight


def sweep(now: datetime) -> int:
    """Have the word that is due about every missed deadline; answers for how many. Any number may run at once."""
    rows = HelpRequest.objects.owner_due(now).select_related("owner", "village__contact_person__user")
    return due_rows.walk(rows, "owner_word_at", _word, now)


def _word(help_request: HelpRequest, now: datetime) -> None:
    deadline = help_request.owner_deadline_at
    if deadline is None:
        raise ValueError("who has it has a deadline")
    if deadline > now:  # a new one since
        help_request.owner_word_at = deadline
        transitions.save(help_request, "owner_word_at")
        return
    later = daylight.working_deadline(deadline, CONTACT_HOURS)
    told = set(help_request.events.filter(at__gte=deadline).values_list("kind", flat=True))
    if Event.Kind.OWNER_REMINDED not in told:
        help_request.owner_word_at = max(later, now)
        transitions.save(help_request, "owner_word_at")
        contact_notices.reminded(record(help_request, Event.Kind.OWNER_REMINDED, CLOCK, now), help_request)
        return
    if later > now:  # set aside after a fault: its moment is still to come
        help_request.owner_word_at = later
        transitions.save(help_request, "owner_word_at")
        return
    help_request.owner_word_at = None
    transitions.save(help_request, "owner_word_at")
    people = heartbeat.coordinators(help_request.municipality_id) or heartbeat.administrators()
    contact_notices.late(record(help_request, Event.Kind.TEAM_TOLD, CLOCK, now), help_request, people)
