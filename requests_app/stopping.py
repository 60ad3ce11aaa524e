""" "This is too much for me": a job goes back, or everything stops for now, and the contact person knows.

The asker hears what anybody hears whose helper can't make it; never why. And for a volunteer who stops or takes a
break what was asked ends too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from requests_app import conversation_notices, escalation, lifecycle, notices, places, transitions
from requests_app.models import ACTIVE, Event, HelpRequest, PickUp, RequestAsk, Status
from requests_app.record import record
from volunteers import asking, verbs
from volunteers.models import Ask, Volunteer

P = ParamSpec("P")
R = TypeVar("R")


class _ChosenMeanwhile(Exception):
    """This volunteer was chosen between our looking and our holding the village."""


def _looks_again(verb: Callable[P, R]) -> Callable[P, R]:
    """One transaction, from the start again for who was chosen in that very moment.

    Their new ask is of another request than we hold, and requests are locked before villages: so let go of all first.
    """

    @wraps(verb)
    def look(*args: P.args, **kwargs: P.kwargs) -> R:
        while True:
            try:
                with transaction.atomic():
                    return verb(*args, **kwargs)
            except _ChosenMeanwhile:
                continue

    return look


class Stops(IntEnum):
    """What suits somebody for whom it is too much; an event keeps the number."""

    JOB = 0  # only this job
    EVERYTHING = 1  # for now
    BEYOND = 2  # this job is more than neighbours can do: the contact person has it at once


@transaction.atomic
def too_much(pick_up_pk: int, *, by: User, stops: Stops, call: bool, actor: Actor, now: datetime) -> None:
    """The helper of this pick-up gives it back, and the contact person hears of it; over already: a no-op.

    ``call``: would like the contact person to call. Who says that everything stops has a break, and gives back all.
    """
    pick_up = PickUp.objects.select_related("help_request").get(pk=pick_up_pk, helper=by)
    if stops == Stops.EVERYTHING:
        everything_stops(by, call=call, actor=actor, now=now)
        return
    if pick_up.ended_at is None:
        _give_back(pick_up, by, stops, call=call, actor=actor, now=now)


@_looks_again
def stop(volunteer_pk: int, *, now: datetime) -> None:
    """No volunteer any more: what was asked ends, nothing is sent of it, somebody else is asked. Twice: a no-op.

    Jobs that were promised stay promised.
    """
    ended = _end_ask(volunteer_pk, now)
    verbs.stop(volunteer_pk, now=now)
    _ask_instead(ended, now)


@_looks_again
def pause(volunteer_pk: int, until: datetime, *, now: datetime) -> None:
    """A break: what was asked and not heard of yet ends, and somebody else is asked; nothing is sent about an ask.

    What they heard of may still be answered, and no answer is fine.
    """
    ended = _end_ask(volunteer_pk, now, heard_too=False)
    verbs.pause(volunteer_pk, until, now)
    _ask_instead(ended, now)


@_looks_again
def everything_stops(by: User, *, call: bool, actor: Actor, now: datetime) -> int:
    """All that this person promised goes back and, of a volunteer, a break begins. Answers how many jobs that were."""
    mine = PickUp.objects.filter(helper=by, ended_at=None, help_request__status__in=ACTIVE)
    asked = RequestAsk.objects.filter(ask__volunteer__user=by, ask__answer=Ask.Answer.OPEN)
    # All of them first, by pk: the order in which everybody locks requests, before tallies and volunteers.
    theirs = Q(pk__in=mine.values("help_request")) | Q(pk__in=asked.values("help_request"))
    requests = HelpRequest.objects.filter(theirs).order_by("pk")
    list(requests.select_for_update(of=("self",), no_key=True).values_list("pk"))
    volunteer = Volunteer.objects.filter(user=by, ended_at=None).values_list("pk", flat=True).first()
    ended = _end_ask(volunteer, now) if volunteer else None
    pick_ups = list(mine.select_related("help_request").order_by("help_request"))
    for pick_up in pick_ups:
        _give_back(pick_up, by, Stops.EVERYTHING, call=call, actor=actor, now=now)
    verbs.too_much(by.pk, now=now)
    _ask_instead(ended, now)
    return len(pick_ups)


def in_words(event: Event) -> str:
    """What somebody for whom it was too much said with it, for the contact person."""
    said = []
    if event.params.get("hard"):
        said.append(_("it was a hard visit"))
    if event.kind == Event.Kind.TOO_MUCH:
        choices = {Stops.EVERYTHING: _("everything stops for now"), Stops.BEYOND: _("more than neighbours can do")}
        said.append(choices.get(Stops(event.params.get("stops", 0)), _("only this job stops")))
    if event.params.get("call"):
        said.append(_("would like to be called"))
    return ", ".join(said)


def _give_back(pick_up: PickUp, by: User, stops: Stops, *, call: bool, actor: Actor, now: datetime) -> None:
    help_request = transitions.lock(pick_up.help_request_id)
    if not places.has_been(help_request, now):  # else there is nothing to give back
        help_request = lifecycle.give_back(help_request.pk, helper=by, actor=actor, now=now)
    params = {"pick_up": pick_up.pk, "stops": int(stops), "call": int(call)}
    event = record(help_request, Event.Kind.TOO_MUCH, actor, now, **params)
    pick_up.help_request = help_request
    conversation_notices.too_much(event, pick_up, now)
    if stops == Stops.BEYOND and _can_be_handed_over(help_request):
        escalation.hand_to_contact(help_request.pk, actor=actor, now=now)


def _end_ask(volunteer_pk: int, now: datetime, *, heard_too: bool = True) -> Ask | None:
    """The open ask of this volunteer ends and counts for no week; answers it. Nothing open, or heard of: None.

    From here on nobody is chosen in that village: not they, before it is written that they stop; and who is asked
    instead is chosen in the order of locks.
    """
    link = RequestAsk.objects.filter(ask__volunteer=volunteer_pk, ask__answer=Ask.Answer.OPEN).first()
    ended = _withdrawn(link, volunteer_pk, now, heard_too=heard_too) if link else None
    asking.one_at_a_time(Volunteer.objects.values_list("village", flat=True).get(pk=volunteer_pk))
    known = [link.ask_id] if link else []
    if Ask.objects.open().filter(volunteer=volunteer_pk).exclude(pk__in=known).exists():
        raise _ChosenMeanwhile
    return ended


def _withdrawn(link: RequestAsk, volunteer_pk: int, now: datetime, *, heard_too: bool) -> Ask | None:
    help_request = transitions.lock(link.help_request_id)
    if not (heard_too or link.ask_id in notices.unheard(help_request)):
        return None
    user = User.objects.filter(volunteer=volunteer_pk)
    if not asking.withdraw_from(help_request.pk, user, now):
        return None
    notices.not_asked_any_more(help_request, user.get(), now)
    return Ask.objects.get(pk=link.ask_id)


def _ask_instead(ended: Ask | None, now: datetime) -> None:
    if ended:
        escalation.ask_instead(transitions.lock(ended.subject), ended, now)


def _can_be_handed_over(help_request: HelpRequest) -> bool:
    has_contact = help_request.village.contact_person_id is not None
    return help_request.status == Status.OPEN and help_request.owner_id is None and has_contact
