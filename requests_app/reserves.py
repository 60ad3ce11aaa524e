"""A second yes becomes a silent reserve: asked first when a place comes free, before anybody else is.

Each verb is one transaction, with the request locked first. Nobody but the reserve knows of it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from requests_app import first_word, moments, stand_by, transitions
from requests_app.models import Reserve, Status
from requests_app.texts import GONE
from requests_app.transitions import NotAllowed


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
    if help_request.status != Status.TAKEN or not first_word.may_come(help_request, helper, now):
        raise NotAllowed(GONE)
    if running.count() >= first_word.MOST:  # by index
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
        first_word.ask(help_request, now)
