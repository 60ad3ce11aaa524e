""" "Why are you asking me?", in exactly three plain reasons that are true when they are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from requests_app import moments, words
from requests_app.choosing import REASONS, Reason
from requests_app.models import HelpRequest
from volunteers import spans
from volunteers.models import Ask, Volunteer


def reasons(ask: Ask, help_request: HelpRequest, volunteer: Volunteer, now: datetime) -> list[str]:
    """Those that were stored when this volunteer was chosen; one that is not so any more makes room for another.

    What was so at the moment of choosing stays so. What somebody chose, and the week, may have changed since.
    """
    stored = [said for reason in ask.reasons if (said := _said(reason, help_request, volunteer, now))]
    always = [
        _("You live in %(village)s.") % {"village": help_request.village.name},
        _("You said that we may ask you."),
        _("We are still looking for somebody."),
    ]
    return [*stored, *(said for said in always if said not in stored)][:REASONS]


def _said(reason: str, help_request: HelpRequest, volunteer: Volunteer, now: datetime) -> str:
    match reason:
        case Reason.CATEGORY if help_request.category in volunteer.categories:
            category = str(help_request.get_category_display()).lower()
            return _("You chose this yourself: %(category)s.") % {"category": category}
        case Reason.MOMENT if (moment := moments.of_the_week(help_request)) in volunteer.suits:
            return _("You said %(moment)s suits you.") % {"moment": words.moment_of_the_week(moment)}
        case Reason.ROOM:
            return _room(volunteer, now)
        case Reason.VILLAGE:
            return _("You live in %(village)s.") % {"village": help_request.village.name}
    return FACTS[reason]() if reason in FACTS else ""


# What was so when the choice was made, and is told as such.
FACTS: dict[str, Callable[[], str]] = {
    Reason.WIDER: lambda: _("Nobody has been found yet. So we now also ask neighbours with other choices."),
    Reason.NEVER_ASKED: lambda: _("We have not asked you before. We share it out fairly."),
    Reason.LONG_NOT_ASKED: lambda: _("You haven't been asked for a while. We share it out fairly."),
    Reason.FEWER_JOBS: lambda: _("Others did more jobs lately."),
}


def _room(volunteer: Volunteer, now: datetime) -> str:
    asked = Ask.objects.counting().filter(volunteer=volunteer, asked_at__gte=spans.start_of_week(now)).count()
    if asked > volunteer.week_limit:
        return ""
    room = {"used": asked, "limit": volunteer.week_limit}
    return _("You still have room this week: %(used)s of %(limit)s asks.") % room
