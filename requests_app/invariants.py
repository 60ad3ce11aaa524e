"""What must be zero, whatever happens: counted by hand, by the hourly check and after every test of faults."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from notifications.models import Digest, Message, State
from requests_app.models import (
    ACTIVE,
    Heartbeat,
    HelpRequest,
    Offer,
    PickUp,
    RequestAsk,
    Reserve,
    SpareOffer,
    Status,
)
from villages import standing_in
from villages.models import Residency, Tally, Village
from volunteers.models import Ask, Volunteer

OVERDUE = timedelta(hours=1)  # a step or a message later than this is a fault, not a busy minute

logger = structlog.get_logger(__name__)


def count(now: datetime) -> dict[str, int]:
    """Each rule with the number of rows that break it; all zero when all is well."""
    return {name: rows.count() for name, rows in broken(now).items()}


def report(now: datetime) -> dict[str, int]:
    """The same, with an alarm in the log for each rule that is broken."""
    counts = count(now)
    for rule, broken in counts.items():
        if broken:
            logger.error("invariant_broken", rule=rule, rows=broken)
    return counts


def broken(now: datetime) -> dict[str, QuerySet]:  # type: ignore[type-arg]  # rows of several models
    """Each rule with the rows that break it."""
    requests = HelpRequest.objects.order_by()
    return {
        "request_forgotten": requests.forgotten(),
        "request_step_overdue": requests.due(now - OVERDUE),
        "request_open_too_long": requests.filter(status=Status.OPEN, needed_by__lt=now - OVERDUE),
        "request_owner_late": requests.filter(
            status=Status.OPEN, owner__isnull=False, owner_deadline_at__lt=now - timedelta(days=7)
        ),
        "request_owner_word_overdue": requests.owner_due(now - OVERDUE),
        "request_still_needed_overdue": requests.to_ask_whether_needed(now - OVERDUE),
        "request_places_wrong": _with_active_pick_ups(requests).exclude(slots_taken=F("active")),
        "request_offers_wrong": _with_waiting_offers(requests).exclude(offers_waiting=F("waiting")),
        "offer_waits_for_closed_request": Offer.objects.waiting().exclude(help_request__status=Status.OPEN),
        "request_taken_by_nobody": requests.filter(status=Status.TAKEN, slots_taken=0),
        "ask_open_for_closed_request": RequestAsk.objects.filter(ask__answer=Ask.Answer.OPEN).exclude(
            help_request__status=Status.OPEN
        ),
        "pick_up_of_closed_request": PickUp.objects.filter(ended_at=None).exclude(help_request__status__in=ACTIVE),
        "reserve_of_closed_request": Reserve.objects.filter(ended_at=None).exclude(help_request__status__in=ACTIVE),
        "volunteer_word_overdue": Volunteer.objects.overdue(now - OVERDUE),
        "spare_places_wrong": _with_places_held().exclude(places_taken=F("active")),
        "reminder_overdue": PickUp.objects.to_remind(now - OVERDUE),
        "message_overdue": Message.objects.filter(state=State.DUE, not_before__lt=now - OVERDUE),
        "message_failed": Message.objects.filter(state=State.FAILED, created_at__gt=now - timedelta(days=1)),
        "digest_overdue": Digest.objects.filter(next_at__lt=now - OVERDUE),
        "village_on_without_contact_person": Village.objects.filter(switched_on_at__isnull=False, contact_person=None),
        "village_with_nobody_there": standing_in.nobody_there(now),
        "village_with_closed_contact_person": Village.objects.switched_on().filter(
            contact_person__user__is_active=False
        ),
        "clock_silent": Heartbeat.objects.filter(at__lt=now - OVERDUE),
        "tally_open_requests_wrong": _tallies().exclude(open_requests=F("counted_requests")),
        "tally_neighbours_wrong": _tallies().exclude(neighbours=F("counted_neighbours")),
    }


def _with_active_pick_ups(requests: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
    active = Count("pick_ups", filter=Q(pick_ups__ended_at=None))
    return requests.filter(status__in=ACTIVE).annotate(active=active)


def _with_waiting_offers(requests: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
    waiting = Count("offers", filter=Q(offers__answer=Offer.Answer.WAITING))
    return requests.filter(status__in=ACTIVE).annotate(waiting=waiting)


def _with_places_held() -> QuerySet[SpareOffer]:
    return SpareOffer.objects.order_by().annotate(active=Count("held", filter=Q(held__ended_at=None)))


def _tallies() -> QuerySet[Tally]:
    return Tally.objects.annotate(
        counted_requests=Coalesce(_rows(HelpRequest.objects.filter(status=Status.OPEN)), 0),
        counted_neighbours=Coalesce(_rows(Residency.objects.active().filter(confirmed_at__isnull=False)), 0),
    )


def _rows(rows: QuerySet) -> Subquery:  # type: ignore[type-arg]  # of any model with a village
    counted = rows.order_by().filter(village=OuterRef("pk")).values("village").annotate(rows=Count("pk"))
    return Subquery(counted.values("rows"))
