"""A second yes becomes a silent reserve: asked first when a place comes free, before anybody else is.

Each verb is one transaction, with the request locked first. Nobody but the reserve knows of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import CLOCK
from accounts.models import User
from moderation import blocking
from requests_app import moments, reserve_notices, stand_by, transitions
from requests_app.models import Event, HelpRequest, Reserve, Status
from requests_app.record import record
from requests_app.texts import GONE
from requests_app.transitions import NotAllowed
from villages.models import Residency
from volunteers import rest

MOST = 20  # of one request: more never get their turn
# How long the first word is somebody's: a share of the time there is, within these.
SHARE, SHORTEST, LONGEST = 0.1, timedelta(minutes=10), timedelta(hours=2)


@transaction.atomic
def begin(pk: int, *, helper: User, was_asked: bool = False, now: datetime) -> bool:
    """``helper`` would come if somebody else cannot. Twice: a no-op.

    ``was_asked``: a volunteer, whose yes came second. Answers False when a place is free by now: then a yes is a yes.
    NotAllowed for who may not help here, or when nobody is needed any more.
    """
    help_request = transitions.lock(pk)
    if help_request.status == Status.OPEN:
        return False
    running = Reserve.objects.running().filter(help_request=help_request)
    if running.filter(helper=helper).exists() or help_request.pick_ups.filter(helper=helper, ended_at=None).exists():
        return True
    if help_request.status != Status.TAKEN or not _may_come(help_request, helper, now):
        raise NotAllowed(GONE)
    if running.count() >= MOST:  # by index
        raise NotAllowed(_("Enough neighbours stand by. Thank you for offering"))
    stand_by.begin(help_request, helper.pk, was_asked=was_asked, now=now)
    return True


@transaction.atomic
def step_down(pk: int, *, helper: User, now: datetime) -> None:
    """Rather not, asked or not: the next one is asked, or the ladder goes on now. Does not stand by: a no-op."""
    help_request = transitions.lock(pk)
    was_asked = stand_by.end(help_request, helper.pk, Reserve.End.NO, now)
    if was_asked and help_request.status == Status.OPEN:
        help_request.next_at = moments.next_at(help_request, moments.steps_of(help_request), now)
        transitions.save(help_request, "next_at")
        ask_first(help_request, now)


def ask_first(help_request: HelpRequest, now: datetime) -> None:
    """A place came free: who stands by longest and may still come has the first word. Row locked; nobody: a no-op.

    So long the ladder waits, but never past the moment of the contact person.
    """
    if help_request.status != Status.OPEN or help_request.hidden_at:
        return
    running = Reserve.objects.running().filter(help_request=help_request)
    if running.asked().exists():
        return
    coming = help_request.pick_ups.filter(ended_at=None).values_list("helper", flat=True)
    running = running.exclude(helper__in=blocking.apart_from(help_request.author_id, *coming))
    on = moments.day_of(help_request)
    for reserve in running.select_related("helper")[:MOST]:
        if _may_come(help_request, reserve.helper, now) and rest.may_be_asked(reserve.helper_id, on, now):
            _ask(help_request, reserve, now)
            return


def _ask(help_request: HelpRequest, reserve: Reserve, now: datetime) -> None:
    if help_request.needed_by is None:
        raise ValueError("a draft has no places")
    from_ = moments.awake_in(help_request.village)(now)
    until = first_word_until(from_, help_request.needed_by, moments.contact_at(help_request))
    stand_by.ask(reserve, until, now)
    if help_request.next_at and until > help_request.next_at:
        help_request.next_at = until
        transitions.save(help_request, "next_at")
    event = record(help_request, Event.Kind.RESERVE_ASKED, CLOCK, now, reserve=reserve.pk)
    reserve_notices.asked(event, help_request, reserve.helper, until)


def first_word_until(from_: datetime, needed_by: datetime, contact_at: datetime | None) -> datetime:
    """Until when the ladder waits for a reserve who is asked at ``from_``.

    A tenth of the time that is left, between ten minutes and two hours; never past the contact person's moment, nor
    the moment the help is needed.
    """
    time_left = max(needed_by - from_, timedelta())
    until = from_ + min(max(time_left * SHARE, SHORTEST), LONGEST)
    return min(until, needed_by, contact_at or needed_by)


def _may_come(help_request: HelpRequest, helper: User, now: datetime) -> bool:
    """A confirmed neighbour, whom the request does not bring together with somebody they are kept apart from."""
    if helper.pk == help_request.author_id or not helper.is_active or help_request.hidden_at:
        return False
    homes = Residency.objects.confirmed(now).filter(user=helper, village=help_request.village_id)
    apart = HelpRequest.objects.filter(pk=help_request.pk).without_blocked(helper)
    return homes.exists() and apart.exists()
