"""The ladder's steps in words: what happens, how many are asked, and why at that moment."""

from __future__ import annotations

from math import ceil, log

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.choosing import PRIOR_NO, PRIOR_YES
from requests_app.ladder import Numbers, Rung, Step, Why
from villages import daylight
from villages.models import Village


def expected(numbers: Numbers, wave: int) -> int:
    """About how many a wave asks: as many as reach its goal if nobody was ever asked before, its cap at most."""
    a_no = PRIOR_NO / (PRIOR_YES + PRIOR_NO)
    return min(ceil(log(1 - numbers.goal(wave), a_no)), numbers.cap(wave))


def why(step: Step) -> str:
    """Why this step has the moment it has."""
    reasons = {
        Why.SHARE: _("its share of the time there is"),
        Why.FIXED: _("the fixed time of the policy"),
        Why.MORNING: _("its own moment fell in quiet hours or on a quiet day, so it is when those end"),
        Why.OFFICE: _("the last working moment that leaves the team its hours"),
        Why.AT_ONCE: _("at once: there is no time to wait, or somebody chose so"),
        Why.NEEDED_BY: _("the moment itself"),
    }
    return reasons[step.why]


def waits(step: Step, village: Village) -> str:
    """Why a step that the village's rest moved is not sooner, for everybody: its quiet days, or else the night."""
    days = daylight.quiet_days(step.own_at or step.at, step.at, village.rests())
    chosen = list(dict.fromkeys(day.weekday() for day in days if day.weekday() in village.quiet_days))
    if not days:
        return _("We let everybody sleep first")
    if not chosen:
        return _("On a public holiday we ask nobody")
    if len(chosen) == 1:
        return _("On %(day)s we ask nobody") % {"day": WEEKDAYS[chosen[0]]}
    if len(chosen) == 2:
        return _("On %(day)s and %(other)s we ask nobody") % {"day": WEEKDAYS[chosen[0]], "other": WEEKDAYS[chosen[1]]}
    return _("On quiet days of the village we ask nobody")


def what(step: Step, numbers: Numbers, contact: str) -> str:
    """What happens at this step, for staff: the number of the wave and how many it asks at most."""
    if step.rung == Rung.NEIGHBOURS:
        return _("The time of the own circle is over")
    if step.rung == Rung.GROUP:
        return _("It is put before the groups of the village")
    if step.rung == Rung.VOLUNTEERS:
        cap = numbers.cap(step.wave)
        words = ngettext(
            "Wave %(wave)s: at most %(cap)s volunteer, for a chance of %(goal)s %% that somebody says yes",
            "Wave %(wave)s: at most %(cap)s volunteers, for a chance of %(goal)s %% that somebody says yes",
            cap,
        )
        return words % {"wave": step.wave, "cap": cap, "goal": f"{numbers.goal(step.wave) * 100:g}"}
    if step.rung == Rung.CONTACT:
        return _("%(name)s helps to look") % {"name": contact}
    return _("Still nobody: the asker is told, and %(name)s too") % {"name": contact}
