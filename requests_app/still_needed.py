"""Do you still need it? Asked of who posted for a day that is far off; no answer changes nothing.

A column and a sweep, each question once. Where somebody comes already there is an appointment, and nothing to ask.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import due_rows
from accounts.actors import CLOCK, Actor
from requests_app import moments, notices, transitions
from requests_app.models import Event, HelpRequest, Status
from requests_app.record import record
from requests_app.texts import GONE
from requests_app.transitions import NotAllowed


def sweep(now: datetime) -> int:
    """Ask every asker whose question is due; answers how many rows were looked at. Any number may run at once."""
    rows = HelpRequest.objects.to_ask_whether_needed(now)
    rows = rows.select_related("author", "municipality", "policy", "village__contact_person__user")
    return due_rows.walk(rows, "ask_needed_at", _ask, now)


@transaction.atomic
def yes(pk: int, *, actor: Actor, now: datetime) -> HelpRequest:
    """It is still needed: the question has its answer, the ladder goes on as it was. Not asked, or twice: a no-op.

    "No" is ``lifecycle.withdraw``: it can be put back for a day.
    """
    help_request = transitions.lock(pk)
    if help_request.status != Status.OPEN:
        raise NotAllowed(GONE)
    if help_request.needed_asked_at is None:
        return help_request
    help_request.needed_asked_at = None
    transitions.save(help_request, "needed_asked_at")
    record(help_request, Event.Kind.STILL_NEEDED, actor, now)
    return help_request


def _ask(help_request: HelpRequest, now: datetime) -> None:
    help_request.ask_needed_at = moments.ask_needed_at(help_request, now, longer_than=moments.A_WEEK)
    if help_request.slots_taken or help_request.hidden_at:
        transitions.save(help_request, "ask_needed_at")
        return
    # The first question without an answer counts: staff see since when it is quiet.
    help_request.needed_asked_at = help_request.needed_asked_at or now
    transitions.save(help_request, "ask_needed_at", "needed_asked_at")
    notices.ask_needed(record(help_request, Event.Kind.ASKED_NEEDED, CLOCK, now), help_request)
