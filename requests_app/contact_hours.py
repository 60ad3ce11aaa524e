"""When the contact person can be expected to react, and until when they may look on. Reads no clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from requests_app import ladder, moments
from requests_app.models import HelpRequest
from villages import daylight

AN_HOUR = timedelta(hours=1)


def out_of_hours(help_request: HelpRequest, at: datetime, until: datetime | None = None) -> dict[str, int]:
    """Whether nobody can promise that the contact person, told at ``at``, reacts in time: ``night``, or ``off_hours``.

    In the village's night with no morning left before the help is needed; or with no working time left at all.
    Numbers for an event; empty where somebody is at work in time. ``until``: of a draft.
    """
    until = until or help_request.needed_by
    if until is None or until <= at:
        return {}
    morning = moments.awake_in(help_request.village)(at)
    if at < morning and morning + ladder.SHORTEST_MORNING >= until:
        return {"night": 1}
    hours = daylight.working_hours(at.astimezone(daylight.AMSTERDAM).date())
    if hours and hours[0] <= at < hours[1]:
        return {}
    opens = daylight.working_deadline(at, 1) - AN_HOUR
    return {"off_hours": 1} if opens >= until else {}
