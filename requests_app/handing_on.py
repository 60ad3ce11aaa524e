"""Who has a request goes on leave, or is no longer the face of its village: it goes to who is, with a deadline."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.actors import CLOCK
from requests_app import transitions, walking
from requests_app.models import HelpRequest, Status
from villages import standing_in


def sweep(now: datetime) -> int:
    """Villages get the face of today, and what lay with another goes along; answers how many requests did.

    Another: who is on leave, stood in, or was the face until staff chose somebody else.
    """
    standing_in.begin_and_end(now)
    left = HelpRequest.objects.filter(status=Status.OPEN, owner__isnull=False)
    left = left.exclude(owner=F("village__contact_person__user")).order_by("pk")
    return sum(_hand_on(pk, now) for pk in left.values_list("pk", flat=True))


@transaction.atomic
def _hand_on(pk: int, now: datetime) -> int:
    """To who is the face of its village now, and told so; nothing where it was closed or handed on meanwhile."""
    help_request = transitions.lock(pk)
    contact = help_request.village.contact_person
    if help_request.status != Status.OPEN or help_request.owner is None or contact is None:
        return 0
    if help_request.owner_id == contact.user_id:
        return 0
    came = walking.Walk(now)
    walking.to_contact(came, help_request, CLOCK)
    transitions.save(help_request, "owner", "owner_deadline_at", "owner_word_at")
    came.write()
    return 1
