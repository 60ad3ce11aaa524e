"""What the asker reads while the contact person has it: only what somebody can keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts import saying
from accounts.actors import Road
from accounts.reader import language
from requests_app import steps_ahead, words
from requests_app.contact_hours import Reason
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
    told: dict[str, int] = next(
        (event.params for event in reversed(events) if event.kind == Event.Kind.TO_CONTACT), {}
    )
    if _spoke(events):
        who = {"name": name}
        if until is not None and until >= now:
            who["moment"] = words.moment(until, now)
            return Line("now", "call", _("%(name)s spoke with you and is still looking, until %(moment)s") % who)
        return Line(
            "now",
            "call",
            _("%(name)s spoke with you and is still looking") % who,
            detail=_late(until, now, events, name),
        )
    if told.get("night"):
        what = _("It is night. We told %(name)s at once, but %(name)s may be asleep") % {"name": name}
        return Line("now", "call", what)
    if told.get("off_hours"):
        return Line("now", "call", _("We told %(name)s at once, but %(name)s may not be at work") % {"name": name})
    if until is None or until < now:
        what = _("%(name)s is helping to look and will call you") % {"name": name}
        return Line("now", "call", what, detail=_late(until, now, events, name))
    before = {"name": name, "moment": saying.before_in_words(until, now, language())}
    return Line("now", "call", _("%(name)s is helping to look and will call you before %(moment)s") % before)


def done(event: Event, contact: str, name: str) -> str:
    """What the contact person did, or let pass; empty for all other events. ``name``: who comes, where it says so."""
    if event.kind == Event.Kind.PICKED_UP and event.road == Road.STAFF:
        return _("%(contact)s found somebody: %(name)s") % {"contact": contact, "name": name}
    if event.kind == Event.Kind.NOBODY_FOUND:
        why = Reason(event.params["reason"]).label
        return _("%(contact)s found nobody. %(why)s") % {"contact": contact, "why": why}
    said = {
        Event.Kind.CALLED: _("%(contact)s spoke with you"),
        Event.Kind.OWNER_REMINDED: _("We reminded %(contact)s"),
        Event.Kind.TEAM_TOLD: _("We told the coordinator of the municipality"),
    }
    return said[Event.Kind(event.kind)] % {"contact": contact} if event.kind in said else ""


def instead_of_the_asker(event: Event, help_request: HelpRequest, name: str) -> str:
    """What somebody else did that is the asker's to do; empty for all other events, and where the asker did it.

    Who of the team it was is said. Of anybody else the asker reads only that ``name`` does not come, as always.
    """
    if event.by is None or event.by_id == help_request.author_id:
        return ""
    if event.road != Road.STAFF and event.by_id != _contact_of(help_request):
        gone = _("%(name)s can't make it after all. We keep looking") % {"name": name}
        return gone if event.kind == Event.Kind.CALLED_OFF else ""
    mine = event.by_id == _contact_of(help_request)
    who = {"who": steps_ahead.contact_name(help_request) if mine else event.by.first_name, "name": name}
    if event.params.get("from_contact"):
        return _("%(who)s changed your request. We look for somebody again") % who
    said = {
        Event.Kind.EDITED: _("%(who)s changed your request"),
        Event.Kind.WITHDRAWN: _("%(who)s removed your request"),
        Event.Kind.CALLED_OFF: _("%(who)s cancelled with %(name)s. We keep looking"),
        Event.Kind.OFFER_DECLINED: _("%(who)s said to %(name)s: no, thank you"),
        Event.Kind.STILL_NEEDED: _("%(who)s said: it is still needed"),
    }
    return said[Event.Kind(event.kind)] % who if event.kind in said else ""


def _contact_of(help_request: HelpRequest) -> int | None:
    contact = help_request.village.contact_person
    return contact.user_id if contact else None


def _spoke(events: Sequence[Event]) -> bool:
    """Since it lies with the contact person (again)."""
    kinds = [event.kind for event in events if event.kind in {Event.Kind.TO_CONTACT, Event.Kind.CALLED}]
    return kinds[-1:] == [Event.Kind.CALLED]


def _late(until: datetime | None, now: datetime, events: Sequence[Event], name: str) -> str:
    """That a moment passed, and who knows: only who was told."""
    if until is None:
        return ""
    since = {event.kind for event in events if event.at >= until}
    said = _("It should have happened %(moment)s at the latest.") % {"moment": words.moment(until, now)}
    if Event.Kind.TEAM_TOLD in since:
        return f"{said} {_('The coordinator knows it now too')}"
    if Event.Kind.OWNER_REMINDED in since:
        return f"{said} {_('We reminded %(name)s') % {'name': name}}"
    return said
