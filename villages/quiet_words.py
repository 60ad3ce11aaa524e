"""When a village is left in peace, in words: for who chooses it, and for who lives there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from accounts import saying
from accounts.reader import language
from villages import daylight
from villages.daylight import A_DAY, AMSTERDAM, moment_of
from villages.models import Village

SHOWN = 5  # quiet days to come, with what they mean
AHEAD = 400  # days to look for them in: some villages keep the holidays only
NOON = time(12)


@dataclass(frozen=True)
class QuietDay:
    """A day to come on which nobody is asked, and from when somebody may be again."""

    on: date
    again_at: datetime


def days(village: Village) -> str:
    """Its quiet days, in the order of the week: "Saturday, Sunday, public holidays"; empty where it has none."""
    names = [str(WEEKDAYS[day]) for day in sorted(village.quiet_days)]
    return ", ".join([*names, _("public holidays")] if village.quiet_on_holidays else names)


def hours(village: Village) -> str:
    """Its quiet hours: "21:00-08:00"; empty where it has none."""
    if village.quiet_from == village.quiet_until:
        return ""
    return f"{village.quiet_from:%H:%M}-{village.quiet_until:%H:%M}"


def meaning(village: Village) -> list[str]:
    """What it means, in sentences."""
    clock = {
        "from": saying.time_in_words(village.quiet_from, language()),
        "until": saying.time_in_words(village.quiet_until, language()),
    }
    named = days(village)
    return [
        _("No volunteer, group or circle is asked from %(from)s until %(until)s.") % clock
        if hours(village)
        else _("At every hour somebody can be asked."),
        _("Nor on these days: %(days)s.") % {"days": named} if named else _("Every day somebody can be asked."),
        _("A step that falls in it waits for the first moment after it, and so does mail that may wait."),
        _("Is help needed before that moment? Then the contact person hears it at once, also on a quiet day."),
    ]


def ahead(village: Village, now: datetime) -> list[QuietDay]:
    """The next quiet days, from today on."""
    today, rests = now.astimezone(AMSTERDAM).date(), village.rests()
    coming = (today + n * A_DAY for n in range(AHEAD))
    quiet = islice((day for day in coming if daylight.is_quiet_day(day, rests)), SHOWN)
    return [QuietDay(day, daylight.awake(moment_of(day, NOON), *rests)) for day in quiet]
