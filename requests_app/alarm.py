"""The hourly check, and who is told when it finds something: in the log at once, to staff once a day."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from notifications import outbox
from notifications.models import Message
from requests_app import heartbeat, invariants
from requests_app.models import HelpRequest, Offer, PickUp, RequestAsk, SpareOffer
from villages.models import Tally, Village

MOST_LOOKED_AT = 1000  # rows of one rule: enough to know which municipalities it is about
# From a row to its municipality. What is not here is for the platform's administrators only.
MUNICIPALITY: dict[type[Any], str] = {
    HelpRequest: "municipality",
    SpareOffer: "municipality",
    Message: "municipality",
    Village: "municipality",
    Tally: "village__municipality",
    **dict.fromkeys((Offer, PickUp, RequestAsk), "help_request__municipality"),
}


def check(now: datetime) -> dict[str, int]:
    """Count what must be zero; an alarm in the log for each rule, and a message to whom it concerns.

    Administrators of the platform hear of everything, coordinators of what is in their own municipality. The same
    findings are told once a day, not every hour.
    """
    counts = invariants.report(now)
    broken = {rule: count for rule, count in counts.items() if count}
    if broken:
        with transaction.atomic():
            _tell(heartbeat.administrators(), broken, now)
            for municipality, found in _by_municipality(broken, now).items():
                _tell(heartbeat.coordinators(municipality), found, now, municipality)
    return counts


def _by_municipality(broken: dict[str, int], now: datetime) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for rule, rows in invariants.broken(now).items():
        if rule in broken and rows.model in MUNICIPALITY:
            for municipality, count in _counted(rows).items():
                found.setdefault(municipality, {})[rule] = count
    return found


def _counted(rows: QuerySet[Any]) -> Counter[int]:
    municipalities = rows.values_list(MUNICIPALITY[rows.model], flat=True)[:MOST_LOOKED_AT]
    return Counter(pk for pk in municipalities if pk is not None)


def _tell(people: list[User], found: dict[str, int], now: datetime, municipality: int | None = None) -> None:
    same = blake2b(" ".join(sorted(found)).encode(), digest_size=6).hexdigest()
    facts = [
        outbox.Fact(
            kind="team.alarm",
            recipient=person,
            key=f"alarm-{now:%Y%m%d}-{municipality or 0}-{same}:user-{person.pk}",
            params={"found": " ".join(f"{rule}={count}" for rule, count in sorted(found.items()))},
            municipality=municipality,
        )
        for person in people
    ]
    outbox.enqueue_many(facts, now=now)
