"""When the contact person can be expected to react, until when they may look on, and why they stop. Reads no clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from requests_app import ladder, moments
from requests_app.models import HelpRequest
from villages import daylight

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


class Reason(models.IntegerChoices):
    """Why nobody was found; the asker reads it."""

    NOBODY_COULD = 1, _("Nobody could come at that moment")
    NOT_HERE = 2, _("There is nobody nearby who can do this")
    NO_ANSWER = 3, _("We could not reach you by phone")


def out_of_hours(help_request: HelpRequest, at: datetime, until: datetime | None = None) -> dict[str, int]:
    """Whether nobody can promise that the contact person, told at ``at``, reacts in time: ``night``, or ``off_hours``.

    In the village's night with no morning left before the help is needed; or with no working time left at all.
    Numbers for an event; empty where somebody is at work in time. ``until``: of a draft.
    """
    until = until or help_request.needed_by
    if until is None or until <= at:
        return {}
    morning = moments.awake_in(help_request.village)(at)
    if at < morning and morning + ladder.SHORTEST_MORNING > until:
        return {"night": 1}
    hours = daylight.working_hours(at.astimezone(daylight.AMSTERDAM).date())
    if hours and hours[0] <= at < hours[1]:
        return {}
    opens = daylight.working_deadline(at, 1) - AN_HOUR
    return {"off_hours": 1} if opens >= until else {}


def look_on(help_request: HelpRequest, now: datetime) -> dict[str, datetime]:
    """Until when the contact person may look on: the end of today, of the next working day, of the first one next
    week; or until it is needed, where that comes before. On a Friday the last two are one."""
    until = help_request.needed_by
    if until is None or until <= now:
        return {}
    today = now.astimezone(daylight.AMSTERDAM).date()
    ends = {
        "today": _closes(today, now),
        "tomorrow": _closes(today + A_DAY, now),
        "weekend": _closes(today + A_DAY * (7 - today.weekday()), now),
    }
    if not daylight.is_working_day(today) or ends["today"].astimezone(daylight.AMSTERDAM).date() != today:
        del ends["today"]
    if ends["weekend"] == ends["tomorrow"]:
        del ends["weekend"]
    kept = {name: at for name, at in ends.items() if at < until}
    return kept if len(kept) == len(ends) else kept | {"needed": until}


def _closes(day: date, now: datetime) -> datetime:
    """The end of the first working day from this one on that is still to come."""
    while not (hours := daylight.working_hours(day)) or hours[1] <= now:
        day += A_DAY
    return hours[1]
