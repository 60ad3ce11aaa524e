"""The moment of an appointment as it is kept with its pick-up. For the verbs, inside their transaction."""

from __future__ import annotations

from datetime import datetime

from requests_app import moments
from requests_app.models import HelpRequest, PickUp, ProposedMoment
from volunteers import asking


def begin(pick_up: PickUp, now: datetime) -> None:
    """Somebody comes: the two are reminded the day before, if there is a day."""
    pick_up.remind_at = moments.remind_at(pick_up.help_request, None, now)
    pick_up.save(update_fields=["remind_at"])


def agree(pick_up: PickUp, moment_at: datetime, now: datetime) -> None:
    """The two chose this moment; row locked. A volunteer's day moves with it."""
    pick_up.agreed_at = moment_at
    pick_up.times_agreed += 1
    pick_up.remind_at = moments.remind_at(pick_up.help_request, moment_at, now)
    pick_up.save(update_fields=["agreed_at", "times_agreed", "remind_at"])
    if pick_up.helper_id:
        asking.move(pick_up.helper_id, pick_up.help_request_id, moment_at.astimezone(moments.AMSTERDAM).date())


def start_over(help_request: HelpRequest, now: datetime) -> None:
    """The asker moved the request to another moment: what was agreed or asked about the old one is gone."""
    for pick_up in help_request.pick_ups.filter(ended_at=None):
        close_question(pick_up, ProposedMoment.Answer.REPLACED, now)
        pick_up.agreed_at = None
        pick_up.times_agreed += 1
        pick_up.remind_at = moments.remind_at(help_request, None, now) if pick_up.helper_id else None
        pick_up.save(update_fields=["agreed_at", "times_agreed", "remind_at"])
        if pick_up.helper_id:
            asking.move(pick_up.helper_id, help_request.pk, moments.day_of(help_request))


def close_question(pick_up: PickUp, answer: ProposedMoment.Answer, now: datetime) -> None:
    """The open question about another time has its answer; without one a no-op."""
    open_one = pick_up.proposed_moments.filter(answer=ProposedMoment.Answer.OPEN)
    open_one.update(answer=answer, answered_at=now)
