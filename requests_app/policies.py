"""Versions of the ladder's numbers: a new one beside the old ones, or one switched off. Nothing else writes them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.actors import Actor
from accounts.models import Municipality
from requests_app import escalation, transitions
from requests_app.models import HelpRequest, Policy, Status
from requests_app.transitions import NotAllowed


@transaction.atomic
def add_version(policy: Policy, *, actor: Actor, now: datetime) -> Policy:
    """Save these numbers as the next version of their municipality and category; new requests start with it.

    Requests that are under way keep the version they started with.
    """
    # One at a time per municipality, so that no two get the same number.
    Municipality.objects.select_for_update(no_key=True).get(pk=policy.municipality_id)
    policy.version = next_version(policy)
    policy.created_at, policy.created_by = now, actor.user
    policy.save(force_insert=True)
    return policy


def next_version(policy: Policy) -> int:
    """The number these numbers would get."""
    versions = Policy.objects.filter(municipality=policy.municipality_id, category=policy.category)
    last: int = versions.aggregate(last=Max("version"))["last"] or 0
    return last + 1


def switch_off(pk: int, *, actor: Actor, now: datetime) -> int:
    """No new request starts with this version, and its open ones go to the contact person; answers how many did.

    Their open asks are closed. Each in a transaction of its own; switched off already: hands over what is left.
    """
    Policy.objects.filter(pk=pk, switched_off_at=None).update(switched_off_at=now)
    here = Policy.objects.filter(pk=pk).values("municipality")  # whose open requests have an index
    left = HelpRequest.objects.filter(policy=pk, municipality__in=here, status=Status.OPEN, owner=None).order_by("pk")
    handed = 0
    for help_request_pk in left.values_list("pk", flat=True):
        try:
            _hand_over(help_request_pk, actor, now)
        except NotAllowed:
            continue  # taken or closed since we looked
        handed += 1
    return handed


@transaction.atomic
def _hand_over(help_request_pk: int, actor: Actor, now: datetime) -> None:
    transitions.stop_the_bell(transitions.lock(help_request_pk), now)
    escalation.hand_to_contact(help_request_pk, actor=actor, now=now)
