"""Who stands by hears that a place came free, and that somebody else was first; nobody else hears of either."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from notifications import outbox
from requests_app import moments
from requests_app.models import Event, HelpRequest


def asked(event: Event, help_request: HelpRequest, helper: User, until: datetime) -> None:
    """A place came free, and until then the first word is theirs; at once when the help is for today."""
    urgent = moments.is_today(help_request, event.at)
    outbox.enqueue(
        "reserve.asked",
        helper,
        f"{_about(help_request)}-asked-{event.pk}:user-{helper.pk}",
        {"help_request": help_request.pk, "event": event.pk, "until": until.isoformat()},
        municipality=help_request.municipality_id,
        not_before=event.at if urgent else moments.awake_in(help_request.village)(event.at),
        urgent=urgent,
        now=event.at,
    )


def settled(help_request: HelpRequest, users: Iterable[int], now: datetime) -> None:
    """Somebody else comes: what was not sent yet is dropped, and it is said here."""
    outbox.drop(f"{_about(help_request)}-asked-")
    outbox.enqueue_many(
        [
            outbox.Fact(
                kind="reserve.settled",
                recipient=person,
                key=f"{_about(help_request)}-settled-{now:%Y%m%d%H%M%S%f}:user-{person.pk}",
                params={"help_request": help_request.pk},
                municipality=help_request.municipality_id,
            )
            for person in User.objects.filter(pk__in=users)
        ],
        now=now,
    )


def _about(help_request: HelpRequest) -> str:
    return f"request-{help_request.pk}:reserve"
