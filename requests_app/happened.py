"""Which events of a request its timeline tells: the newest, and of a long story the first of all."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import IntegerField, Min, Q, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from requests_app.models import Event, HelpRequest

MOST_LINES = 40  # a request that long on its way is a talk with the contact person
ICONS: dict[str, str] = {
    Event.Kind.POSTED: "check",
    Event.Kind.EDITED: "pencil",
    Event.Kind.OFFERED: "hand",
    Event.Kind.OFFER_DECLINED: "info",
    Event.Kind.OFFER_TAKEN_BACK: "info",
    Event.Kind.OFFER_EXPIRED: "info",
    Event.Kind.PICKED_UP: "check",
    Event.Kind.GIVEN_BACK: "info",
    Event.Kind.CALLED_OFF: "x",
    Event.Kind.FINISHED: "heart",
    Event.Kind.PARTLY_DONE: "heart",
    Event.Kind.NOT_DONE: "info",
    Event.Kind.WITHDRAWN: "x",
    Event.Kind.PUT_BACK: "check",
    Event.Kind.LAPSED: "info",
    Event.Kind.ASKED: "people",
    Event.Kind.NOBODY_TO_ASK: "info",
    Event.Kind.ASKED_NEEDED: "info",
    Event.Kind.STILL_NEEDED: "check",
    Event.Kind.CIRCLE_OVER: "board",
    Event.Kind.TO_GROUP: "people",
    Event.Kind.TO_CONTACT: "call",
    Event.Kind.CALLED: "call",
    Event.Kind.NOBODY_FOUND: "info",
    Event.Kind.OWNER_REMINDED: "bell",
    Event.Kind.TEAM_TOLD: "info",
    Event.Kind.POLICY_OFF: "info",
    Event.Kind.PARTLY_FILLED: "people",
    Event.Kind.HIDDEN: "info",
    Event.Kind.RESTORED: "check",
}
TOLD = tuple(ICONS)


@dataclass(frozen=True)
class Told:
    """The newest ``events``, in order; ``first`` where others are left out between the two.

    ``asked_before`` volunteers were asked before these events.
    """

    events: list[Event]
    first: Event | None = None
    asked_before: int = 0

    @property
    def asked(self) -> int:
        """How many volunteers were asked in all."""
        asked: list[int] = [event.params.get("asked", 0) for event in self.events]
        return self.asked_before + sum(asked)


def read(help_request: HelpRequest) -> Told:
    """One query; two more for a long story."""
    rows = Event.objects.filter(help_request=help_request, kind__in=TOLD).select_related("by")
    events = list(rows.order_by("-pk")[:MOST_LINES])[::-1]
    if len(events) < MOST_LINES:
        return Told(events)
    asked = Sum(Cast(KT("params__asked"), IntegerField()), filter=Q(kind=Event.Kind.ASKED))
    earlier = rows.filter(pk__lt=events[0].pk).order_by().aggregate(first=Min("pk"), asked=asked)
    if earlier["first"] is None:
        return Told(events)
    return Told(events, rows.get(pk=earlier["first"]), earlier["asked"] or 0)
