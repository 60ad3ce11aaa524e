"""The places of a request: who may have one, who gets it, and how one comes free. For the verbs, row locked."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from moderation import blocking
from requests_app import appointments, first_word, moments, stand_by, transitions
from requests_app.models import (
    Audience,
    CircleContact,
    Event,
    GroupAsk,
    HelpRequest,
    Offer,
    PickUp,
    RequestAsk,
    Reserve,
    Status,
)
from requests_app.record import record
from requests_app.texts import GONE, GROUP_FULL, TOO_LATE
from requests_app.transitions import NotAllowed, TooLate
from villages.models import Member, Residency
from volunteers import asking
from volunteers.models import Ask


def comes(help_request: HelpRequest, helper: User) -> bool:
    """This person has a place already."""
    return help_request.pick_ups.filter(helper=helper, ended_at=None).exists()


def check_may_help(help_request: HelpRequest, helper: User, now: datetime) -> None:
    """Whether this person may say yes now; raises ``NotAllowed``, or ``TooLate`` when the places are gone."""
    if helper == help_request.author:
        raise NotAllowed(_("This is your own request"))
    if help_request.status != Status.OPEN or (help_request.needed_by and help_request.needed_by <= now):
        raise TooLate(TOO_LATE if help_request.slots == 1 else GROUP_FULL)
    if help_request.hidden_at or not helper.is_active or not _may_help(help_request, helper, now):
        raise NotAllowed(GONE)


def give_place(
    help_request: HelpRequest, who: User | CircleContact | Member | str, actor: Actor, now: datetime, *, deed: str = ""
) -> Event:
    """The first free place, of an open request that is locked; answers the event. Who is told is the caller's.

    ``deed``: the part that they take, where they chose one. Who is a first name only, saw no address.
    """
    by = {_road_of(who): who, "deed": deed}
    taken = set(help_request.pick_ups.filter(ended_at=None).values_list("slot", flat=True))
    slot = min(set(range(1, help_request.slots + 1)) - taken)
    pick_up = help_request.pick_ups.create(slot=slot, version=help_request.version, taken_at=now, **by)
    if isinstance(who, User):
        appointments.begin(pick_up, now)
        asking.take_on(who.pk, help_request.pk, moments.day_of(help_request), now)
        stand_by.end(help_request, who.pk, Reserve.End.YES, now)
    help_request.slots_taken += 1
    if help_request.slots_taken == help_request.slots:
        transitions.complete(help_request, now)
    else:
        transitions.save(help_request, "slots_taken")
        if isinstance(who, User):
            transitions.stop_asking(help_request, blocking.apart_from(who.pk), now)
        first_word.ask(help_request, now)
    event = record(help_request, Event.Kind.PICKED_UP, actor, now, pick_up=pick_up.pk)
    if not isinstance(who, str):
        record(help_request, Event.Kind.ADDRESS_SHOWN, actor, now, pick_up=pick_up.pk)
    return event


def free_place(help_request: HelpRequest, pick_up: PickUp, how: PickUp.End, now: datetime) -> None:
    """Their place is free again; somebody else is looked for if all were taken, who stands by first."""
    end(pick_up, how, now)
    if pick_up.helper_id:
        asking.give_up(pick_up.helper_id, help_request.pk, now)
    help_request.slots_taken -= 1
    transitions.save(help_request, "slots_taken")
    if help_request.status == Status.TAKEN:
        transitions.look_again(help_request, now)
    first_word.ask(help_request, now)


def has_been(help_request: HelpRequest, now: datetime) -> bool:
    """The help has been, as far as is known, that of everybody who comes: no place can be given back any more."""
    return moments.ask_done_at(help_request) <= now


def end(pick_up: PickUp, how: PickUp.End, now: datetime) -> None:
    """The pick-up is over, and how."""
    pick_up.ended_at, pick_up.end = now, how
    pick_up.save(update_fields=["ended_at", "end"])


def _road_of(who: User | CircleContact | Member | str) -> str:
    if isinstance(who, User):
        return "helper"
    if isinstance(who, str):
        return "noted_name"
    return "member" if isinstance(who, Member) else "contact"


def _may_help(help_request: HelpRequest, helper: User, now: datetime) -> bool:
    """A confirmed neighbour for what is on the board; for the rest only who was asked, or whose group it lies before.

    Whose own offer waits was one of these when making it: the asker may say yes to a neighbour who still lives here.
    Nobody meets who is blocked.
    """
    if not HelpRequest.objects.filter(pk=help_request.pk).without_blocked(helper).exists():
        return False
    if help_request.audience == Audience.NEIGHBOURS or _has_offered(help_request, helper):
        homes = Residency.objects.confirmed(now).filter(user=helper, village=help_request.village_id)
        if homes.exists():
            return True
    if Reserve.objects.asked().filter(help_request=help_request, helper=helper).exists():
        return True
    if HelpRequest.objects.filter(GroupAsk.before(helper, now), pk=help_request.pk).exists():
        return True
    asked = RequestAsk.objects.filter(help_request=help_request, ask__volunteer__user=helper)
    return asked.filter(ask__answer=Ask.Answer.OPEN).exists()


def _has_offered(help_request: HelpRequest, helper: User) -> bool:
    return Offer.objects.waiting().filter(help_request=help_request, helper=helper, member=None).exists()
