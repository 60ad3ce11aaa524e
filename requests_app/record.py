"""Writing down what happened: the row each message, timeline and figure hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from json import dumps

from accounts import bulk
from accounts.actors import Actor
from requests_app.models import Event, HelpRequest

COLUMNS = ("id", "municipality", "help_request", "kind", "status", "by", "road", "policy", "params", "at")


def record(
    help_request: HelpRequest,
    kind: Event.Kind,
    actor: Actor,
    now: datetime,
    **params: int,
) -> Event:
    """One event in the caller's transaction, with the status it led to; ``params`` are ids and numbers only."""
    event = noted(help_request, kind, actor, now, **params)
    event.save(force_insert=True)
    return event


def noted(help_request: HelpRequest, kind: Event.Kind, actor: Actor, now: datetime, **params: int) -> Event:
    """The same, to be written down with others by ``record_many``."""
    return Event(
        municipality_id=help_request.municipality_id,
        help_request=help_request,
        kind=kind,
        status=help_request.status,
        by_id=actor.user.pk if actor.user else None,
        road=actor.road,
        policy_id=help_request.policy_id,
        params=params,
        at=now,
    )


def record_many(events: Sequence[Event]) -> None:
    """All of them in two queries; from now on each has its key."""
    for event, key in zip(events, bulk.new_keys(Event, len(events)), strict=True):
        event.pk = key
    bulk.insert(Event, COLUMNS, map(_row, events))


def _row(event: Event) -> bulk.Row:
    who = (event.pk, event.municipality_id, event.help_request_id)
    what = (str(event.kind), str(event.status), event.by_id, str(event.road))
    return (*who, *what, event.policy_id, dumps(event.params), event.at)
