"""What the asker reads while the contact person has it: only what somebody can keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts import saying
from accounts.reader import language
from requests_app import steps_ahead, words
from requests_app.models import Event, HelpRequest
from requests_app.steps_ahead import Line


def is_out_of_hours(help_request: HelpRequest) -> bool:
    """The contact person has it, and was told at an hour at which nobody can promise to react. One query, or none."""
    if help_request.owner_id is None or help_request.owner_deadline_at != help_request.needed_by:
        return False
    told = help_request.events.filter(kind=Event.Kind.TO_CONTACT).order_by("-pk").first()
    return told is not None and bool(told.params.keys() & {"night", "off_hours"})


def line(help_request: HelpRequest, now: datetime, events: Sequence[Event]) -> Line:
    """What the contact person does now, and before when."""
    name, until = steps_ahead.contact_name(help_request), help_request.owner_deadline_at
    told = next((event.params for event in reversed(events) if event.kind == Event.Kind.TO_CONTACT), {})
    if told.get("night"):
        what = _("It is night. We told %(name)s at once, but %(name)s may be asleep") % {"name": name}
        return Line("now", "call", what)
    if told.get("off_hours"):
        return Line("now", "call", _("We told %(name)s at once, but %(name)s may not be at work") % {"name": name})
    if until is None or until < now:
        what, late = _("%(name)s is helping to look and will call you") % {"name": name}, ""
        if until is not None:
            moment = {"moment": words.moment(until, now)}
            late = _("That should have happened %(moment)s at the latest. The team sees it too") % moment
        return Line("now", "call", what, detail=late)
    before = {"name": name, "moment": saying.before_in_words(until, now, language())}
    return Line("now", "call", _("%(name)s is helping to look and will call you before %(moment)s") % before)
