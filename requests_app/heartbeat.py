"""Does the clock run? It says so itself, in PostgreSQL; who reads it is the web server, staff and ``invariants``.

A clock that stands still can tell nobody. So while it stands, /readyz answers 503 and staff read it on their first
page, both from the web server; once it runs again its first beat tells the platform's administrators by message.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.models import StaffRole, User
from notifications import outbox
from requests_app.models import Heartbeat

EVERY = timedelta(minutes=1)  # the sweep looks every fifteen seconds; one row need not be written that often
SILENT_AFTER = timedelta(minutes=5)

logger = structlog.get_logger(__name__)


def beat(now: datetime) -> None:
    """The clock looked. Written once a minute; after a silence, the administrators hear how long it was."""
    last = last_beat()
    if last is not None and now - last < EVERY:
        return
    with transaction.atomic():
        rows = Heartbeat.objects.select_for_update(no_key=True)
        row, is_new = rows.get_or_create(name=Heartbeat.SWEEP, defaults={"at": now})
        if is_new or now - row.at < EVERY:
            return
        since, row.at = row.at, now
        row.save(update_fields=["at"])
        if now - since > SILENT_AFTER:
            logger.error("clock_was_silent", since=since.isoformat(), until=now.isoformat())
            _tell(since, now)


def last_beat() -> datetime | None:
    """When the clock last looked; None where it never ran."""
    return Heartbeat.objects.filter(pk=Heartbeat.SWEEP).values_list("at", flat=True).first()


def silent_since(now: datetime) -> datetime | None:
    """Since when the clock says nothing, if that is too long; None while it runs, and where it never ran."""
    last = last_beat()
    return last if last is not None and now - last > SILENT_AFTER else None


def administrators() -> list[User]:
    """Who looks after the whole platform."""
    return list(User.objects.filter(is_superuser=True, is_active=True).order_by("pk"))


def _tell(since: datetime, until: datetime) -> None:
    params = {"since": since.isoformat(), "until": until.isoformat()}
    facts = [
        outbox.Fact(
            kind="team.clock_was_silent",
            recipient=person,
            key=f"clock-silent-{since:%Y%m%d%H%M%S}:user-{person.pk}",
            params=params,
        )
        for person in administrators()
    ]
    outbox.enqueue_many(facts, now=until)


def coordinators(municipality: int) -> list[User]:
    """Who answers for this municipality; administrators of the platform not counted."""
    roles = StaffRole.objects.filter(municipality=municipality, kind=StaffRole.Kind.COORDINATOR)
    people = User.objects.filter(pk__in=roles.values("user"), is_active=True, is_staff=True, is_superuser=False)
    return list(people.order_by("pk"))
