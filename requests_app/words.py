"""Moments and lengths in the reader's words: "tomorrow at 16:00", "Thursday, in the afternoon", "about 1 hour".

Nothing is stored in words: they are made when a page is shown or a message is sent, so "tonight" is true.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.models import HelpRequest, Part, Place

HALF_A_DAY = 240  # minutes
HOUR = 60  # minutes
# "Thursday" alone means the coming one: up to six days ahead there is only one.
THIS_WEEK = timedelta(days=6)


def moment(at: datetime, now: datetime) -> str:
    """A moment inside a sentence: "today at 9:10", "Thursday 12 March at 10:15"."""
    clock = timezone.localtime(at)
    words = {"day": day(clock.date(), now, long=True), "time": clock_time(clock)}
    return _("%(day)s at %(time)s") % words


def day(on: date, now: datetime, *, long: bool = False) -> str:
    """A day inside a sentence: "tomorrow", "Thursday"; with its date when that is further away or ``long``."""
    away = on - timezone.localdate(now)
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    if away.days in near:
        return near[away.days]
    if not long and timedelta() < away <= THIS_WEEK:
        return date_format(on, "l")
    return full_day(on)


def full_day(on: date) -> str:
    """The day with its date, whenever it is: "Thursday 12 March"."""
    return date_format(on, "l j F")


def clock_time(at: datetime) -> str:
    """The time of the village: "16:00"."""
    local = timezone.localtime(at)
    return _("%(hour)d:%(minute)02d") % {"hour": local.hour, "minute": local.minute}


def when(help_request: HelpRequest, now: datetime, *, full: bool = False) -> str:
    """When the help is needed: "Thursday, in the afternoon", "Any time"; with the date always if ``full``."""
    if help_request.help_on is None:
        return _("Any time")
    on = full_day(help_request.help_on) if full else day(help_request.help_on, now)
    if help_request.help_at is not None:
        words = _("%(day)s at %(time)s") % {"day": on, "time": clock_time(help_request.help_at)}
    elif help_request.part == Part.MORNING:
        words = _("%(day)s, in the morning") % {"day": on}
    elif help_request.part == Part.AFTERNOON:
        words = _("%(day)s, in the afternoon") % {"day": on}
    else:
        words = _("%(day)s, in the evening") % {"day": on}
    return str(capfirst(words))


def part_of_day(help_request: HelpRequest) -> str:
    """All that a visitor may know of the moment."""
    words: dict[str, str] = {
        Part.MORNING: _("In the morning"),
        Part.AFTERNOON: _("In the afternoon"),
        Part.EVENING: _("In the evening"),
    }
    if help_request.help_at is not None:
        hour = timezone.localtime(help_request.help_at).hour
        return words[Part.MORNING if hour < 12 else Part.AFTERNOON if hour < 18 else Part.EVENING]
    return words.get(help_request.part, _("Any time"))


def length(minutes: int | None) -> str:
    """How long it takes, about."""
    if minutes is None:
        return _("As long as you like")
    if minutes == HALF_A_DAY:
        return _("Half a day")
    if minutes % HOUR == 0:
        hours = minutes // HOUR
        return ngettext("About %(n)d hour", "About %(n)d hours", hours) % {"n": hours}
    return ngettext("About %(n)d minute", "About %(n)d minutes", minutes) % {"n": minutes}


def title(help_request: HelpRequest) -> str:
    """The asker's own few words, or the category."""
    return help_request.title or str(help_request.get_category_display())


def where(help_request: HelpRequest) -> str:
    """Where the asker says it is; at home neighbours see the street, which is no address."""
    if help_request.place == Place.HOME:
        return help_request.street or _("At home")
    return help_request.place_text or str(help_request.get_place_display())
