"""Versions of the ladder's numbers: a new one beside the old ones, or one switched off. Nothing else writes them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from accounts.actors import CLOCK, Actor
from accounts.models import Municipality
from requests_app import escalation, transitions
from requests_app.models import Event, HelpRequest, Policy, RequestAsk, Status
from requests_app.models.help_request import Rung
from requests_app.record import record
from volunteers.models import Ask


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

    Their open asks are closed, those of requests that the contact person has already too. Each in a transaction of its
    own; switched off already: does what is left. Killed halfway, ``sweep`` does.
    """
    Policy.objects.filter(pk=pk, switched_off_at=None).update(switched_off_at=now)
    here = Policy.objects.filter(pk=pk).values("municipality")  # whose open requests have an index
    open_here = HelpRequest.objects.filter(municipality__in=here, status=Status.OPEN, policy=pk)
    asked = Exists(RequestAsk.objects.filter(help_request=OuterRef("pk"), ask__answer=Ask.Answer.OPEN))
    # Where a village has no contact person, nobody ever is the owner.
    left = open_here.filter(Q(owner=None) & ~Q(rung=Rung.CONTACT) | asked).order_by("pk")
    return sum(_stop(help_request_pk, actor, now) for help_request_pk in left.values_list("pk", flat=True))


def sweep(now: datetime) -> int:
    """Finish what a killed switching off left of the versions that are off; answers how many requests it handed."""
    off = Policy.objects.exclude(switched_off_at=None).order_by("pk")
    return sum(switch_off(pk, actor=CLOCK, now=now) for pk in off.values_list("pk", flat=True))


@transaction.atomic
def _stop(help_request_pk: int, actor: Actor, now: datetime) -> bool:
    """Nobody is asked for it any more, and the contact person has it; True if that was not so yet."""
    help_request = transitions.lock(help_request_pk)
    if help_request.status != Status.OPEN:
        return False  # taken or closed since we looked
    transitions.stop_the_bell(help_request, now)
    if help_request.rung == Rung.CONTACT:
        record(help_request, Event.Kind.POLICY_OFF, actor, now)
        return False
    escalation.hand_to_contact(help_request_pk, actor=actor, now=now)
    return True
