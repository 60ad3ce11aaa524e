"""What comes next, as lines for people: how many volunteers, when, and why not sooner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app import contact_hours, group_words, ladder, moments, step_words
from requests_app.ladder import Rung, Why
from requests_app.models import Audience, HelpRequest, Policy
from requests_app.rungs import IN_THE_DAY
from volunteers.models import Volunteer


@dataclass(frozen=True)
class Line:
    """One line: ``state`` is done, now or next; ``at`` its moment, if it has one; ``detail`` may be empty.

    ``when`` is its moment in words, where that is no clock time.
    """

    state: str
    icon: str
    what: str
    at: datetime | None = None
    detail: str = ""
    when: str = ""


def lines(
    help_request: HelpRequest, steps: Sequence[ladder.Step], policy: Policy, now: datetime, *, asked: int = 0
) -> Iterator[Line]:
    """The group, the next wave, the contact person and the end: later waves of the same kind say nothing new.

    ``asked`` volunteers were asked before: nobody is asked the same thing twice.
    """
    wave = next((step for step in steps if step.rung == Rung.VOLUNTEERS), None)
    contact = next((step for step in steps if step.rung == Rung.CONTACT), None)
    nobody_there = False
    group = next((step for step in steps if step.rung == Rung.GROUP), None)
    opens = steps and steps[0].rung == Rung.NEIGHBOURS and moments.rungs_of(help_request, policy).neighbours
    if opens:
        yield Line("next", "board", _opening(steps[0]), steps[0].at)
    if group and not help_request.hidden_at:
        yield _group(group, help_request, now)
    if wave and not help_request.hidden_at:
        count = _count(help_request, policy, asked)
        if count:
            yield _wave(wave, count, help_request, now)
        nobody_there = not count and not asked
    if contact:
        yield _contact(contact, help_request, policy, now, nobody_there=nobody_there)
    yield Line("next", "heart", _("Done? Then we ask how it went"))


def _opening(step: ladder.Step) -> str:
    if step.why == Why.AT_ONCE:
        return _("There is little time. So all neighbours see your request too")
    return _("Nobody yet? Then your request goes to all neighbours")


def contact_name(help_request: HelpRequest) -> str:
    """Who helps to look in the end."""
    contact = help_request.village.contact_person
    return contact.name if contact else "SamSam"


def _count(help_request: HelpRequest, policy: Policy, asked: int) -> int:
    """About how many the next wave asks: never more than there are, read to the policy's cap and no further."""
    numbers, wave = policy.numbers, help_request.waves_asked + 1
    there = Volunteer.objects.in_touch().filter(village=help_request.village_id).exclude(user=help_request.author_id)
    left = there[: asked + numbers.cap(wave)].count() - asked
    return max(0, min(step_words.expected(numbers, wave), left))


def _group(step: ladder.Step, help_request: HelpRequest, now: datetime) -> Line:
    group = {"group": group_words.fitting(help_request)}
    first = help_request.audience == Audience.GROUP
    if first or step.why == Why.AT_ONCE:
        words = _("We put it before %(group)s") % group
    else:
        words = _("Nobody yet? Then we put it before %(group)s") % group
    why = "" if first and step.why == Why.AT_ONCE else _why(step, help_request)
    return Line("next", "people", words, _shown(step, help_request, now), why)


def _wave(step: ladder.Step, count: int, help_request: HelpRequest, now: datetime) -> Line:
    if step.why == Why.AT_ONCE:
        words = ngettext(
            "We ask about %(count)s volunteer at once", "We ask about %(count)s volunteers at once", count
        )
    elif help_request.waves_asked:
        words = ngettext(
            "Nobody yet? Then we ask about %(count)s more volunteer",
            "Nobody yet? Then we ask about %(count)s more volunteers",
            count,
        )
    else:
        words = ngettext(
            "Nobody yet? Then we ask about %(count)s volunteer",
            "Nobody yet? Then we ask about %(count)s volunteers",
            count,
        )
    at = _shown(step, help_request, now)
    return Line("next", "people", words % {"count": count}, at, _why(step, help_request))


def _contact(
    step: ladder.Step, help_request: HelpRequest, policy: Policy, now: datetime, *, nobody_there: bool
) -> Line:
    name = {"name": contact_name(help_request)}
    at_once = step.why == Why.AT_ONCE or help_request.audience == Audience.CONTACT
    until = help_request.needed_by or moments.needed_by(help_request, now)
    if told := told_out_of_hours(help_request, step.at, until):
        words = told
    elif at_once:
        words = _("%(name)s will help to look and call you") % name
    else:
        words = _("Still nobody? %(name)s will help to look and call you") % name
    detail = _why(step, help_request)
    if step.why == Why.OFFICE and policy.office_hours:
        hours = policy.office_hours
        detail = ngettext(
            "Then %(name)s has %(hours)s working hour left", "Then %(name)s has %(hours)s working hours left", hours
        ) % (name | {"hours": hours})
    if nobody_there:
        village = {"village": help_request.village.name}
        detail = _("There are no volunteers in %(village)s yet, so this is the next step") % village
    return Line("next", "call", words, _shown(step, help_request, now), detail)


def told_out_of_hours(help_request: HelpRequest, at: datetime, until: datetime | None = None) -> str:
    """What everybody reads of a contact person whose turn comes when nobody can promise a thing; else empty."""
    if not contact_hours.out_of_hours(help_request, at, until):
        return ""
    return _("We tell %(name)s, who may be asleep or not at work") % {"name": contact_name(help_request)}


def _why(step: ladder.Step, help_request: HelpRequest) -> str:
    """Why not sooner, where that is not plain."""
    if step.why == Why.MORNING:
        return step_words.waits(step, help_request.village)
    if step.why == Why.AT_ONCE and help_request.audience != Audience.CONTACT:
        return _("There is little time, so we do not wait")
    return ""


def _shown(step: ladder.Step, help_request: HelpRequest, now: datetime) -> datetime:
    """Its moment; of a late wave in the night, or on a quiet day, the moment it waits for."""
    if step.at > now or step.rung not in IN_THE_DAY:
        return step.at
    return max(step.at, moments.awake_in(help_request.village)(now))
