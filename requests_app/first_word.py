"""Who stands by is asked first when a place is free. For the verbs, with the request locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.actors import CLOCK
from accounts.models import User
from moderation import blocking
from requests_app import circle_notices, moments, reserve_notices, stand_by, transitions
from requests_app.models import Event, HelpRequest, Reserve, Status
from requests_app.record import record
from villages.models import Residency
from volunteers import rest

MOST = 20  # of one request: more never get their turn
# How long the first word is somebody's: a share of the time there is, within these.
SHARE, SHORTEST, LONGEST = 0.1, timedelta(minutes=10), timedelta(hours=2)


def ask(help_request: HelpRequest, now: datetime) -> bool:
    """A place is free: who stands by longest and may still come has the first word. Row locked; nobody: False.

    Who wanted to know of the asker's own circle hears it too.

    So long the ladder waits, but never past the moment of the contact person. With no time for an answer nobody has
    it: then the ladder goes on at once. Who had it already is not asked again.
    """
    if help_request.status != Status.OPEN or help_request.hidden_at or help_request.needed_by is None:
        return False
    circle_notices.free_again(help_request, now)
    running = Reserve.objects.running().filter(help_request=help_request)
    if not running.filter(asked_at=None).exists() or running.with_first_word().exists():
        return False
    from_ = moments.awake_in(help_request.village)(now)
    until = until_when(from_, help_request.needed_by, moments.contact_at(help_request))
    if until < from_ + SHORTEST:
        return False
    coming = help_request.pick_ups.filter(ended_at=None).values_list("helper", flat=True)
    running = running.filter(asked_at=None).exclude(helper__in=blocking.apart_from(help_request.author_id, *coming))
    on = moments.day_of(help_request)
    for reserve in running.select_related("helper")[:MOST]:
        if may_come(help_request, reserve.helper, now) and rest.may_be_asked(reserve.helper_id, on, now):
            _ask(help_request, reserve, until, now)
            return True
    return False


def ask_next(requests: Sequence[HelpRequest], now: datetime) -> set[int]:
    """Where the first word ran out without an answer, who stands by next has it. Answers the requests that wait again.

    Two queries, but who is asked now, one by one. For the clock, rows locked.
    """
    return {help_request.pk for help_request in stand_by.run_out(requests, now) if ask(help_request, now)}


def _ask(help_request: HelpRequest, reserve: Reserve, until: datetime, now: datetime) -> None:
    stand_by.ask(reserve, until, now)
    # Then the clock looks, also where its next step comes later: somebody else may stand by.
    help_request.next_at = until
    transitions.save(help_request, "next_at")
    event = record(help_request, Event.Kind.RESERVE_ASKED, CLOCK, now, reserve=reserve.pk)
    reserve_notices.asked(event, help_request, reserve.helper, until)


def until_when(from_: datetime, needed_by: datetime, contact_at: datetime | None) -> datetime:
    """Until when the ladder waits for a reserve who is asked at ``from_``.

    A tenth of the time that is left, between ten minutes and two hours; never past the contact person's moment, nor
    the moment the help is needed.
    """
    time_left = max(needed_by - from_, timedelta())
    until = from_ + min(max(time_left * SHARE, SHORTEST), LONGEST)
    return min(until, needed_by, contact_at or needed_by)


def may_come(help_request: HelpRequest, helper: User, now: datetime) -> bool:
    """A confirmed neighbour, whom the request does not bring together with somebody they are kept apart from."""
    if helper.pk == help_request.author_id or not helper.is_active or help_request.hidden_at:
        return False
    homes = Residency.objects.confirmed(now).filter(user=helper, village=help_request.village_id)
    apart = HelpRequest.objects.filter(pk=help_request.pk).without_blocked(helper)
    return homes.exists() and apart.exists()
