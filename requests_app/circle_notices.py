"""Who is told what of somebody's own circle: its people by mail, at their address; the asker as any user.

A phone number gets nothing from us: the asker sends that person a ready text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from notifications import outbox
from notifications.models import Message, State
from requests_app import circle_mail, moments
from requests_app.models import CircleInvite, Event, HelpRequest, PickUp, Status
from requests_app.models.help_request import OWN_CIRCLE

JUST_NOW = timedelta(minutes=10)


def asked(help_request: HelpRequest, now: datetime) -> None:
    """Who has a mail address and did not answer, once in each window of the ladder that begins with the circle.

    Whom we may not mail (``circle_mail``) keeps no ``told_at``: the asker sends that person a ready text.
    """
    if help_request.audience not in OWN_CIRCLE or help_request.ladder_since is None:
        return
    untold = _waiting(help_request).filter(Q(told_at=None) | Q(told_at__lt=help_request.ladder_since))
    rows = list(untold.exclude(contact__email=""))
    invites = circle_mail.counted(help_request, rows, now)
    window = f"{help_request.ladder_since:%Y%m%d%H%M%S%f}"
    _mail("circle.asked", invites, f"{_asked(help_request)}{window}", help_request, now)
    told = [invite.pk for invite in invites]
    CircleInvite.objects.filter(pk__in={row.pk for row in rows} - set(told)).update(told_at=None)
    CircleInvite.objects.filter(pk__in=told).update(told_at=now)


def free_again(help_request: HelpRequest, now: datetime) -> None:
    """A place is free: who wanted to know hears so, in that order, whatever is left of the circle's own time.

    Once for each time that a place comes free, and at once when it is for today.
    """
    freed = PickUp.objects.filter(help_request=OuterRef("help_request"), ended_at__gt=OuterRef("told_at"))
    standing = _waiting(help_request).exclude(stands_by_at=None)
    untold = standing.filter(Q(told_at__lte=F("stands_by_at")) | Exists(freed)).order_by("stands_by_at", "pk")
    invites = circle_mail.counted(help_request, untold, now)
    key = f"{_asked(help_request)}again-{now:%Y%m%d%H%M%S%f}"
    _mail("circle.asked", invites, key, help_request, now, may_wake=True)
    CircleInvite.objects.filter(pk__in=[invite.pk for invite in invites]).update(told_at=now)


def settled(help_request: HelpRequest, now: datetime) -> None:
    """Who was asked and need not answer any more: what was not sent yet is dropped, the rest hears it, once.

    Not who was asked only just now, by who withdraws it again: their link says it, and they may be asked anew.
    """
    mails = Message.objects.filter(key__startswith=_asked(help_request), state=State.SENT)
    if help_request.status == Status.WITHDRAWN:
        mails = mails.filter(sent_at__lte=now - JUST_NOW)
    sent = dict(mails.order_by("pk").values_list("params__invite", "key"))
    outbox.drop(_asked(help_request))
    if not sent or help_request.hidden_at:
        return
    for invite in _waiting(help_request).filter(pk__in=sent).exclude(contact__email=""):
        key = sent[invite.pk].replace(_asked(help_request), f"request-{help_request.pk}:circle-settled-")
        _mail("circle.settled", [invite], key, help_request, now)


def changed(event: Event, help_request: HelpRequest) -> None:
    """Who comes; and who was mailed and did not answer yet, as far as ``circle_mail`` allows."""
    asked_by_mail = Message.objects.filter(key__startswith=_asked(help_request), state=State.SENT)
    told = set(asked_by_mail.values_list("params__invite", flat=True))
    waiting = circle_mail.counted(help_request, _waiting(help_request).filter(pk__in=told), event.at)
    invites = [*waiting, *_of(coming(help_request))]
    _mail("circle.changed", invites, _key(event, "circle.changed"), help_request, event.at, may_wake=True)


def called_off(event: Event, help_request: HelpRequest, pick_ups: Iterable[PickUp]) -> None:
    """Who would come need not; at once when it is for today."""
    _mail("circle.called_off", _of(pick_ups), _key(event, "circle.called_off"), help_request, event.at, may_wake=True)


def taken(event: Event, help_request: HelpRequest, pick_up: PickUp) -> None:
    """The asker: somebody of the circle comes; at once when it is for today."""
    _tell("circle.taken", event, help_request, may_wake=True, pick_up=pick_up.pk)


def given_back(event: Event, help_request: HelpRequest, pick_up: PickUp) -> None:
    """The asker: this person can't make it, and this is the next moment; at once when it is for today."""
    at = moments.next_step_at(help_request, event.at)
    until = at.isoformat() if at else ""
    _tell("circle.given_back", event, help_request, may_wake=True, pick_up=pick_up.pk, until=until)


def over(event: Event, help_request: HelpRequest) -> None:
    """The asker: nobody of the circle yet, so all neighbours see it now."""
    _tell("circle.over", event, help_request)


def coming(help_request: HelpRequest) -> list[PickUp]:
    """Who of the circle has a place now."""
    return list(help_request.pick_ups.filter(ended_at=None, contact__isnull=False).select_related("contact"))


def _mail(
    kind: str,
    invites: Iterable[CircleInvite],
    key: str,
    help_request: HelpRequest,
    now: datetime,
    *,
    may_wake: bool = False,
) -> None:
    urgent = may_wake and moments.is_today(help_request, now)
    not_before = now if urgent else moments.awake_in(help_request.village)(now)
    outbox.enqueue_many(
        [
            outbox.Fact(
                kind=kind,
                recipient=outbox.Address(invite.contact.email),
                key=f"{key}:invite-{invite.pk}",
                params={
                    "help_request": help_request.pk,
                    "invite": invite.pk,
                    "language": help_request.author.language,
                },
                municipality=help_request.municipality_id,
                not_before=not_before,
                urgent=urgent,
            )
            for invite in invites
            if invite.contact.email
        ],
        now=now,
    )


def _tell(kind: str, event: Event, help_request: HelpRequest, *, may_wake: bool = False, **params: int | str) -> None:
    urgent = may_wake and moments.is_today(help_request, event.at)
    facts = {"help_request": help_request.pk, "event": event.pk, **params}
    outbox.enqueue(
        kind,
        help_request.author,
        f"{_key(event, kind)}:user-{help_request.author_id}",
        {name: value for name, value in facts.items() if value},
        municipality=help_request.municipality_id,
        not_before=event.at if urgent else moments.awake_in(help_request.village)(event.at),
        urgent=urgent,
        now=event.at,
    )


def _waiting(help_request: HelpRequest) -> QuerySet[CircleInvite]:
    waiting = CircleInvite.objects.filter(help_request=help_request, answer=CircleInvite.Answer.WAITING)
    return waiting.welcome().select_related("contact")


def _of(pick_ups: Iterable[PickUp]) -> list[CircleInvite]:
    """The invites of those who come of the circle."""
    held = {(pick_up.help_request_id, pick_up.contact_id) for pick_up in pick_ups if pick_up.contact_id}
    rows = CircleInvite.objects.filter(contact__in=[contact for _pk, contact in held]).select_related("contact")
    return [row for row in rows if (row.help_request_id, row.contact_id) in held]


def _asked(help_request: HelpRequest) -> str:
    return f"request-{help_request.pk}:circle-asked-"


def _key(event: Event, kind: str) -> str:
    return f"request-event-{event.pk}:{kind}"
