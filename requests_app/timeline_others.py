"""The same story for who helps, for who is asked, and for staff: each reads what is theirs to know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.actors import Road
from requests_app import ladder, moments, step_words, steps_ahead, timeline, words
from requests_app.models import Event, HelpRequest, PickUp, Status
from requests_app.steps_ahead import Line
from volunteers.models import Ask

MOST_EVENTS = 60  # the newest; the rest stands in the list of events


def for_helper(pick_up: PickUp, now: datetime) -> list[Line]:
    """Who comes: what was agreed, what is now, and what happens by itself. No query; ``help_request`` is at hand."""
    help_request = pick_up.help_request
    author = {"name": help_request.author.first_name}
    at = moments.appointment_at(pick_up)
    when = words.when(help_request, now) if not at and help_request.help_on else ""
    over = moments.ends_at(pick_up) <= now
    # Without its moment: the only ones here are those that somebody should keep in mind.
    lines = [Line("done", "check", _("You said yes"))]
    if over:
        lines.append(Line("done", "people", _("The appointment"), at, when=when))
        lines.append(Line("now", "heart", _("%(name)s tells us whether it worked out") % author))
        return lines
    lines.append(Line("now", "people", _("The appointment stands"), at, when=when))
    if pick_up.remind_at and pick_up.remind_at > now:
        lines.append(Line("next", "bell", _("We remind you and %(name)s of it") % author, pick_up.remind_at))
    lines.append(
        Line("next", "heart", _("Afterwards we ask %(name)s: did it work out?") % author, moments.ends_at(pick_up))
    )
    return lines


def for_asked(help_request: HelpRequest, ask: Ask, now: datetime) -> list[Line]:
    """A volunteer who was asked: since when, that both answers are fine, and what comes without an answer."""
    author = {"name": help_request.author.first_name}
    lines = [
        Line("done", "check", _("%(name)s posted this request") % author, help_request.posted_at),
        Line("done", "people", _("We asked you"), ask.asked_at),
        Line("now", "hand", _("You say yes or no. Both are fine")),
    ]
    return [*lines, *_without_an_answer(help_request, now)]


def _without_an_answer(help_request: HelpRequest, now: datetime) -> Iterator[Line]:
    ahead = timeline.ahead_of(help_request)
    wave = next((step for step in ahead if step.rung == ladder.Rung.VOLUNTEERS and step.at > now), None)
    contact = next((step for step in ahead if step.rung == ladder.Rung.CONTACT), None)
    if wave:
        yield Line("next", "people", _("Nobody yet? Then we ask others"), wave.at)
    if contact:
        name = {"name": steps_ahead.contact_name(help_request)}
        helps = _("Still nobody? %(name)s will help to look") % name
        what = steps_ahead.told_out_of_hours(help_request, contact.at) or helps
        yield Line("next", "call", what, contact.at)
    yield Line("next", "ok", _("Somebody else says yes? Then it is settled and you hear it"))


def for_group(help_request: HelpRequest, put_at: datetime, now: datetime) -> list[Line]:
    """Whose group it lies before: since when, that no is fine, and what comes without an answer."""
    author = {"name": help_request.author.first_name}
    lines = [
        Line("done", "check", _("%(name)s posted this request") % author, help_request.posted_at),
        Line("done", "people", _("We put it before your group"), put_at),
        Line("now", "hand", _("One of you does it, or a few together")),
    ]
    return [*lines, *_without_an_answer(help_request, now)]


def for_staff(help_request: HelpRequest, now: datetime) -> list[Line]:
    """Everything that happened, by which road and under which version; the rung of now; every step that comes.

    Four queries. Never who was asked, nor what anybody answered.
    """
    if help_request.status == Status.DRAFT:
        return []
    events = Event.objects.filter(help_request=help_request).select_related("by", "policy").order_by("-pk")
    done = [_event(event) for event in reversed(events[:MOST_EVENTS])]
    if help_request.status != Status.OPEN or help_request.policy is None:
        return [*done, Line("now", "info", str(capfirst(help_request.get_status_display())))]
    return [*done, _rung(help_request, now), *_steps(help_request)]


def _event(event: Event) -> Line:
    numbers = {"asked": event.params.get("asked", 0), "wave": event.params.get("wave", 0)}
    by = event.by_for_staff
    who = by.first_name if by else ""
    parts = [_("wave %(wave)s, %(asked)s asked") % numbers if numbers["asked"] else ""]
    parts.append(" ".join(filter(None, [who, f"({Road(event.road).label})" if who else str(Road(event.road).label)])))
    if event.policy:
        parts.append(_("policy version %(version)s") % {"version": event.policy.version})
    what = str(capfirst(event.get_kind_display()))
    return Line("done", "check", what, event.at, ", ".join(filter(None, parts)))


def _rung(help_request: HelpRequest, now: datetime) -> Line:
    policy = help_request.policy
    assert policy  # an open request has one
    category = policy.get_category_display() if policy.category else _("all categories")
    known = {"rung": help_request.get_rung_display(), "version": policy.version, "category": category}
    what = _("Now with: %(rung)s. Policy version %(version)s (%(category)s)") % known
    off = _("This version is switched off") if policy.switched_off_at else ""
    return Line("now", "info", what, detail=timeline.late_words(help_request, now) or off)


def _steps(help_request: HelpRequest) -> Iterator[Line]:
    assert help_request.policy  # an open request has one
    numbers, contact = help_request.policy.numbers, steps_ahead.contact_name(help_request)
    for step in timeline.ahead_of(help_request):
        yield Line("next", "info", step_words.what(step, numbers, contact), step.at, step_words.why(step))
