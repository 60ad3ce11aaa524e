"""What the contact person does with a request that is theirs: I called, I found somebody, I found nobody.

Each verb is one transaction; twice is a no-op. The last rung is a person, so each ends in words for the asker.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Road
from accounts.models import User
from requests_app import contact_hours, contact_notices, places, transitions, walking
from requests_app.contact_hours import Reason
from requests_app.lifecycle import PUT_BACK_WITHIN
from requests_app.models import ACTIVE, Event, HelpRequest, PickUp, Status
from requests_app.record import record
from requests_app.texts import GONE
from requests_app.transitions import NotAllowed, TooLate
from villages import switching
from villages.models import Residency

MOST_NAMESAKES = 20


@transaction.atomic
def called(pk: int, *, until: str, actor: Actor, now: datetime) -> HelpRequest:
    """The contact person spoke with the asker and looks on, with a new moment: one of ``contact_hours.look_on``."""
    help_request = _theirs(pk)
    deadline = contact_hours.look_on(help_request, now).get(until)
    if deadline is None:
        raise NotAllowed(_("Choose until when you look on"))
    newest = help_request.events.order_by("-pk").first()
    if newest and newest.kind == Event.Kind.CALLED and help_request.owner_deadline_at == deadline:
        return help_request
    help_request.owner_deadline_at = help_request.owner_word_at = deadline
    transitions.save(help_request, "owner_deadline_at", "owner_word_at")
    record(help_request, Event.Kind.CALLED, actor, now)
    return help_request


@transaction.atomic
def found(pk: int, *, helper: User | None = None, name: str = "", actor: Actor, now: datetime) -> HelpRequest:
    """Somebody comes: a neighbour with an account, or a first name. The asker is told, and the bell stops."""
    help_request = transitions.lock(pk)
    name = name.strip()
    if not (helper or name):
        raise NotAllowed(_("Write down a first name"))
    them = {"helper": helper} if helper else {"noted_name__iexact": name}
    if help_request.pick_ups.filter(ended_at=None, **them).exists():
        return help_request
    _check_theirs(help_request)
    if helper and helper not in neighbours_called(help_request, helper.first_name, now):
        raise NotAllowed(_("This person cannot help with this request"))
    event = places.give_place(help_request, helper or name, actor, now)
    contact_notices.found(event, help_request, helper)
    return help_request


@transaction.atomic
def nobody_found(pk: int, *, reason: int, actor: Actor, now: datetime) -> HelpRequest:
    """It closes, honestly: the asker hears that nobody was found, and why. It can be turned back for a day."""
    help_request = transitions.lock(pk)
    if help_request.status == Status.LAPSED:
        return help_request
    _check_theirs(help_request)
    if help_request.slots_taken:
        raise NotAllowed(_("Somebody comes already. It goes on with who comes"))
    transitions.close(help_request, Status.LAPSED, now)
    transitions.stop_the_bell(help_request, now)
    event = record(help_request, Event.Kind.NOBODY_FOUND, actor, now, reason=Reason(reason))
    contact_notices.nobody_found(event, help_request)
    return help_request


@transaction.atomic
def turn_back(pk: int, *, actor: Actor, now: datetime) -> HelpRequest:
    """Undo "somebody found" or "nobody found" within a day: it lies with the contact person again. Twice: a no-op."""
    help_request = transitions.lock(pk)
    last = last_word(help_request)
    if last is None or now >= last.at + PUT_BACK_WITHIN or not help_request.needed_by or help_request.needed_by <= now:
        raise NotAllowed(GONE)
    if last.kind == Event.Kind.NOBODY_FOUND:
        if help_request.status != Status.LAPSED:
            return help_request
        if not switching.stays_on(help_request.village_id):
            raise NotAllowed(_("SamSam is not in this village yet"))
        help_request.closed_at = None
        transitions.put_on_board(help_request, now, "closed_at")
    else:
        pick_up = help_request.pick_ups.select_related("helper").get(pk=last.params["pick_up"])
        if pick_up.ended_at:
            return help_request
        if help_request.status not in ACTIVE:
            raise NotAllowed(GONE)
        places.free_place(help_request, pick_up, PickUp.End.GIVEN_BACK, now)
        event = record(help_request, Event.Kind.GIVEN_BACK, actor, now, pick_up=pick_up.pk)
        contact_notices.turned_back(event, help_request, pick_up)
    if help_request.owner is None:
        walking.hand_over(help_request, actor, now)
    return help_request


def last_word(help_request: HelpRequest) -> Event | None:
    """What the contact person last said of who comes: somebody, or nobody."""
    said = models.Q(kind=Event.Kind.PICKED_UP, road=Road.STAFF) | models.Q(kind=Event.Kind.NOBODY_FOUND)
    return help_request.events.filter(said).order_by("-pk").first()


def neighbours_called(help_request: HelpRequest, name: str, now: datetime) -> list[User]:
    """Confirmed neighbours of the village with this first name, who may meet the asker and who comes."""
    homes = Residency.objects.confirmed(now).filter(village=help_request.village_id, user__is_active=True)
    homes = homes.filter(user__first_name__iexact=name.strip()).exclude(user=help_request.author_id)
    people = [home.user for home in homes.select_related("user").order_by("pk")[:MOST_NAMESAKES]]
    return [user for user in people if HelpRequest.objects.filter(pk=help_request.pk).without_blocked(user).exists()]


def _theirs(pk: int) -> HelpRequest:
    help_request = transitions.lock(pk)
    _check_theirs(help_request)
    return help_request


def _check_theirs(help_request: HelpRequest) -> None:
    if help_request.status == Status.TAKEN:
        raise TooLate(_("Somebody said yes just before you"))
    if help_request.status != Status.OPEN or help_request.owner is None:
        raise NotAllowed(_("This request does not lie with the contact person"))
