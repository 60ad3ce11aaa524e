"""Writing down what happened: the row each message, timeline and figure hangs on."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import Actor
from requests_app.models import Event, HelpRequest


def record(
    help_request: HelpRequest,
    kind: Event.Kind,
    actor: Actor,
    now: datetime,
    **params: int,
) -> Event:
    """One event in the caller's transaction, with the status it led to; ``params`` are ids and numbers only."""
    return Event.objects.create(
        municipality_id=help_request.municipality_id,
        help_request=help_request,
        kind=kind,
        status=help_request.status,
        by=actor.user,
        road=actor.road,
        policy_id=help_request.policy_id,
        params=params,
        at=now,
    )
