"""Somebody's own circle: who is in it, whom of them a request asks first, and what those people answer by their link.

Each verb is one transaction. Lock order: the owner, requests by pk, contacts by pk. ``end_of_time`` is for the clock,
in its own. Nobody but the owner ever sees who is in a circle.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from accounts.actors import CLOCK, Actor, Road
from accounts.models import User
from requests_app import circle_links, circle_notices, circle_stop, ladder, moments, pace, places, transitions
from requests_app.models import (
    ACTIVE,
    Audience,
    CircleContact,
    CircleInvite,
    CircleRefusal,
    Event,
    HelpRequest,
    PickUp,
    Status,
)
from requests_app.models.circle import MOST_CONTACTS
from requests_app.models.help_request import Rung
from requests_app.record import record
from requests_app.texts import CIRCLE_LATE, GONE
from requests_app.transitions import NotAllowed, TooLate

BY_LINK = Actor(None, Road.LINK)
Answer = CircleInvite.Answer


def people_of(owner: User) -> QuerySet[CircleContact]:
    """Who is in this person's circle, by name; at most ten. Not who said since that they want to be in none."""
    stopped = CircleRefusal.objects.filter(pk=OuterRef("fingerprint"))
    return CircleContact.objects.filter(~Exists(stopped), owner=owner, erased_at=None)


def why_full(owner: User) -> str:
    """Why nobody fits in it; empty where there is room. Who left may come back for a day: no free place yet."""
    if CircleContact.objects.filter(owner=owner, erased_at=None).count() < MOST_CONTACTS:
        return ""
    if people_of(owner).count() < MOST_CONTACTS:
        return _("Somebody left your circle. There is room again in a day or so")
    return _("There are %(count)s people in your circle. That is the most") % {"count": MOST_CONTACTS}


@transaction.atomic
def add(owner: User, *, name: str, email: str = "", phone: PhoneNumber | None = None, now: datetime) -> CircleContact:
    """Put somebody in one's circle, by mail or by phone; again by the same name: a no-op.

    Refused for an eleventh, for an address or number that is there by another name (nobody is renamed unseen), and
    for one whose owner does not want to be in any circle. Very many in a short time: TooFast.
    """
    _lock_owner(owner)
    way = _way(email, phone)
    _check_somebody_else(owner, email=way["email"], phone=phone)
    known = people_of(owner).filter(fingerprint=way["fingerprint"]).first()
    if known:
        return _same(known, name)
    _check_wanted(way["fingerprint"])
    if full := why_full(owner):
        raise NotAllowed(full)
    pace.check_added(owner, now)
    return CircleContact.objects.create(owner=owner, name=name, **way, added_at=now)


@transaction.atomic
def change(
    pk: int, *, owner: User, name: str, email: str = "", phone: PhoneNumber | None = None, now: datetime
) -> None:
    """Another name, or another way to reach them: then earlier links are dead, and who is asked gets a new one."""
    _lock_owner(owner)
    contact = _own(pk, owner)
    way = _way(email, phone)
    _check_somebody_else(owner, email=way["email"], phone=phone)
    if way["fingerprint"] == contact.fingerprint:
        contact.name = name
        contact.save(update_fields=["name"])
        return
    asked_for = list(contact.invites.values_list("help_request", flat=True))
    remove(pk, owner=owner, now=now)
    instead = add(owner, name=name, email=email, phone=phone, now=now)
    there = instead.invites.values_list("help_request", flat=True)
    CircleInvite.objects.bulk_create(
        CircleInvite(help_request_id=request_pk, contact=instead) for request_pk in set(asked_for) - set(there)
    )
    for help_request in HelpRequest.objects.filter(pk__in=asked_for, status=Status.OPEN).select_related("village"):
        circle_notices.asked(help_request, now)


@transaction.atomic
def remove(pk: int, *, owner: User, now: datetime) -> None:
    """Out of one's circle: every word of them is erased, their links are dead. Twice: a no-op."""
    contact = circle_stop.locked(people_of(owner).filter(pk=pk)).first()
    if contact:
        _check_not_coming(contact)
        circle_stop.erase(contact, now)


@transaction.atomic
def choose(draft_pk: int, *, owner: User, contacts: Collection[int]) -> None:
    """Whom of one's circle a draft asks: these, and nobody else. Nobody is told before it is posted."""
    drafts = HelpRequest.objects.select_for_update(of=("self",), no_key=True)
    draft = drafts.filter(pk=draft_pk, author=owner, status=Status.DRAFT).first()
    if draft is None:
        raise NotAllowed(GONE)
    chosen = list(circle_stop.locked(people_of(owner).filter(pk__in=contacts).order_by("pk")))
    draft.circle_invites.exclude(contact__in=chosen).delete()
    there = set(draft.circle_invites.values_list("contact", flat=True))
    CircleInvite.objects.bulk_create(
        CircleInvite(help_request=draft, contact=contact) for contact in chosen if contact.pk not in there
    )


def find(pk: int) -> CircleInvite | None:
    """The invite of a link, if it is not dead."""
    rows = CircleInvite.objects.select_related(
        "contact", "help_request__author", "help_request__village__contact_person"
    )
    return rows.filter(pk=pk).first()


def is_open(invite: CircleInvite, now: datetime) -> bool:
    """Whether a yes to it is still possible: somebody is looked for, its moment is to come, and they may be asked."""
    asked = invite.help_request
    in_time = asked.needed_by is not None and asked.needed_by > now
    wanted = asked.status == Status.OPEN and asked.hidden_at is None and in_time
    return wanted and not circle_stop.is_stopped(invite.contact.fingerprint)


def place_of(invite: CircleInvite) -> PickUp | None:
    """The place that this person has in it now."""
    return PickUp.objects.filter(help_request=invite.help_request_id, contact=invite.contact_id, ended_at=None).first()


@transaction.atomic
def accept(pk: int, *, now: datetime) -> None:
    """ "I'll help", by the link: they have a place at once, because the asker chose them. Twice: a no-op.

    Of two at once for the last place, whoever they are, exactly one gets it. Dead, or a moment too late: TooLate.
    Again and again in a short time: TooFast.
    """
    invite = _lock(pk)
    if place_of(invite):
        return
    if not is_open(invite, now):
        raise TooLate(CIRCLE_LATE)
    pace.check_yes(invite.help_request, invite.contact, now)
    _answer(invite, Answer.YES, now)
    event = places.give_place(invite.help_request, invite.contact, BY_LINK, now)
    circle_notices.taken(event, invite.help_request, PickUp.objects.get(pk=event.params["pick_up"]))


@transaction.atomic
def decline(pk: int, *, now: datetime) -> None:
    """ "Not this time": costs nothing, nobody is told. Who comes already gives back instead. Twice: a no-op."""
    invite = _lock(pk)
    if not place_of(invite) and invite.answer == Answer.WAITING:
        _answer(invite, Answer.NO, now)


def may_stand_by(invite: CircleInvite, now: datetime) -> bool:
    """Whether we can let them know when a place is free again: we mailed them, and its moment is to come."""
    needed_by = invite.help_request.needed_by
    return invite.told_at is not None and needed_by is not None and needed_by > now


@transaction.atomic
def stand_by(pk: int, *, now: datetime) -> None:
    """Too late, and they would still come: they hear it when a place is free again, and nobody else learns of it.

    Where they can say yes now, or come already, or can't be told: a no-op. Twice too.
    """
    invite = _lock(pk)
    if invite.stands_by_at or place_of(invite) or is_open(invite, now) or not may_stand_by(invite, now):
        return
    _answer(invite, Answer.WAITING, None)  # also who said no before
    invite.stands_by_at = now
    invite.save(update_fields=["stands_by_at"])


@transaction.atomic
def give_back(pk: int, *, now: datetime) -> None:
    """They can't make it after all: the place is free, the asker hears it; the same link can say yes again.

    Twice, over, or once it has been: a no-op.
    """
    invite = _lock(pk)
    pick_up, help_request = place_of(invite), invite.help_request
    if pick_up is None or help_request.status not in ACTIVE or places.has_been(help_request, now):
        return
    _answer(invite, Answer.NO, now)
    places.free_place(help_request, pick_up, PickUp.End.GIVEN_BACK, now)
    event = record(help_request, Event.Kind.GIVEN_BACK, BY_LINK, now, pick_up=pick_up.pk)
    circle_notices.given_back(event, help_request, pick_up)


def end_of_time(help_request: HelpRequest, actor: Actor, now: datetime) -> None:
    """The circle's time is over: all neighbours see it now. The asker hears so when that was the clock. Row locked."""
    opens = moments.opens_to_neighbours(help_request)
    had_time = opens is not None and opens.why != ladder.Why.AT_ONCE
    transitions.open_to_neighbours(help_request, now)
    on_board = help_request.audience == Audience.NEIGHBOURS  # unless neighbours are left out here
    params = ({} if had_time else {"at_once": 1}) | ({} if on_board else {"elsewhere": 1})
    event = record(help_request, Event.Kind.CIRCLE_OVER, actor, now, **params)
    if had_time and on_board and actor == CLOCK:
        circle_notices.over(event, help_request)


@transaction.atomic
def go_on_now(pk: int, *, actor: Actor, now: datetime) -> HelpRequest:
    """Skip ahead: all neighbours see it now, also where it was for the circle alone. No other step moves.

    Refused where neighbours are left out.

    Twice, or not (only) before the circle any more: a no-op.
    """
    help_request = transitions.lock(pk)
    if help_request.status != Status.OPEN or help_request.hidden_at:
        raise NotAllowed(GONE)
    if not moments.rungs_of(help_request).neighbours:
        raise NotAllowed(GONE)
    if help_request.rung == Rung.CIRCLE:
        end_of_time(help_request, actor, now)
        help_request.next_at = moments.next_at(help_request, moments.steps_of(help_request), now)
        transitions.save(help_request, "next_at")
    return help_request


def _lock(pk: int) -> CircleInvite:
    """The invite as it is now, its request and its person held; a dead link: TooLate."""
    request_pk = CircleInvite.objects.filter(pk=pk).values_list("help_request", flat=True).first()
    if request_pk is None:
        raise TooLate(CIRCLE_LATE)
    help_request = transitions.lock(request_pk)
    list(circle_stop.locked(CircleContact.objects.filter(invites=pk)))
    invite = find(pk)
    if invite is None:
        raise TooLate(CIRCLE_LATE)
    invite.help_request = help_request
    return invite


def _answer(invite: CircleInvite, answer: CircleInvite.Answer, now: datetime | None) -> None:
    invite.answer, invite.answered_at, invite.stands_by_at = answer, now, None
    invite.save(update_fields=["answer", "answered_at", "stands_by_at"])


def _lock_owner(owner: User) -> None:
    User.objects.select_for_update(no_key=True).only("pk").get(pk=owner.pk)


def _own(pk: int, owner: User) -> CircleContact:
    contact = circle_stop.locked(people_of(owner).filter(pk=pk)).first()
    if contact is None:
        raise NotAllowed(GONE)
    return contact


def _way(email: str, phone: PhoneNumber | None) -> dict[str, Any]:
    email = email.strip().lower()
    way = email or (phone.as_e164 if phone else "")
    if not way or (email and phone):
        raise ValueError("exactly one of an e-mail address and a phone number")
    return {"email": email, "phone": phone or "", "fingerprint": circle_links.fingerprint(way)}


def _check_somebody_else(owner: User, *, email: str, phone: PhoneNumber | None) -> None:
    if email and email == (owner.email or "").lower():
        raise NotAllowed(_("This is your own address. Write that of somebody else"))
    if phone and phone == owner.phone:
        raise NotAllowed(_("This is your own number. Write that of somebody else"))


def _same(known: CircleContact, name: str) -> CircleContact:
    if known.name.casefold() == name.casefold():
        return known
    said = _("This person is there already, as %(name)s. Under My circle you can change the name")
    raise NotAllowed(said % {"name": known.name})


def _check_wanted(fingerprint: str) -> None:
    if circle_stop.is_stopped(fingerprint):
        raise NotAllowed(_("This person does not want to be asked by SamSam. Ask them yourself"))


def _check_not_coming(contact: CircleContact) -> None:
    if circle_stop.is_coming(contact):
        raise NotAllowed(_("%(name)s is coming to help you. Cancel that first") % {"name": contact.name})
