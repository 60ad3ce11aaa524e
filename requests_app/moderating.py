"""What staff decide about a request: a person decides, with a reason, and it can be turned back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from moderation.models import Decision
from requests_app import moments, notices, transitions
from requests_app.models import Event, HelpRequest, Status
from requests_app.models.help_request import Rung
from requests_app.record import record
from requests_app.transitions import NotAllowed


@transaction.atomic
def hide(pk: int, *, reason: str, actor: Actor, now: datetime) -> HelpRequest:
    """Off the board until ``restore``; the asker is told and will be called. No volunteer is asked meanwhile.

    The ladder's clock goes on: the contact person still gets it in time.
    """
    help_request = transitions.lock(pk)
    if help_request.hidden_at or help_request.status == Status.DRAFT:
        raise NotAllowed(_("This request is not visible now"))
    if not reason.strip():
        raise NotAllowed(_("Write down the reason"))
    help_request.hidden_at = now
    _looked_at(help_request, now)
    transitions.stop_the_bell(help_request, now)
    _decide(help_request, Decision.Kind.HIDE, reason, actor, now)
    notices.hidden(record(help_request, Event.Kind.HIDDEN, actor, now), help_request)
    return help_request


@transaction.atomic
def restore(pk: int, *, actor: Actor, now: datetime) -> HelpRequest:
    """Visible again. The ladder goes on where it is, with what came too late meanwhile; a group hears it (again)."""
    help_request = transitions.lock(pk)
    if help_request.hidden_at is None:
        raise NotAllowed(_("This request is visible already"))
    help_request.hidden_at = None
    if help_request.rung == Rung.GROUP:
        help_request.rung = Rung.NEIGHBOURS
    _looked_at(help_request, now)
    _decide(help_request, Decision.Kind.RESTORE, "", actor, now)
    notices.restored(record(help_request, Event.Kind.RESTORED, actor, now), help_request)
    return help_request


def reason_of(help_request: HelpRequest) -> str:
    """Why it is hidden, as its author may read it."""
    decisions = Decision.objects.filter(subject_kind=SUBJECT, subject=help_request.pk, kind=Decision.Kind.HIDE)
    return decisions.values_list("reason", flat=True).first() or ""


SUBJECT = "requests_app.helprequest"


def _looked_at(help_request: HelpRequest, now: datetime) -> None:
    """Whether it is hidden, and what the clock does because of that."""
    if help_request.status == Status.OPEN:
        help_request.next_at = moments.next_at(help_request, moments.steps_of(help_request), now)
    transitions.save(help_request, "hidden_at", "rung", "next_at")


def _decide(
    help_request: HelpRequest,
    kind: Decision.Kind,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    Decision.objects.create(
        municipality_id=help_request.municipality_id,
        subject_kind=SUBJECT,
        subject=help_request.pk,
        kind=kind,
        reason=reason.strip(),
        by=actor.user,
        at=now,
    )
