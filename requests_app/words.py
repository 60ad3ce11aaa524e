"""Moments and lengths in the reader's words: "tomorrow at 16:00", "Thursday, in the afternoon", "about 1 hour".

Nothing is stored in words: they are made when a page is shown or a message is sent, so "tonight" is true.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import saying
from accounts.reader import language
from requests_app.categories import Category
from requests_app.models import HelpRequest, Part, PickUp, Place

HALF_A_DAY = 240  # minutes
HOUR = 60  # minutes


def moment(at: datetime, now: datetime) -> str:
    """A moment inside a sentence: "today at 9:10", "Thursday 12 March at 10:15"."""
    return saying.moment_in_words(at, now, language())


def exact(at: datetime, now: datetime) -> str:
    """The same with the date, however near: "Thursday 12 March at 14:00"."""
    return _("%(day)s at %(time)s") % {
        "day": full_day(saying.local_day(at), now),
        "time": saying.clock_in_words(at, language()),
    }


def full_day(on: date, now: datetime) -> str:
    """The day with its date, whenever it is: "Thursday 12 March"."""
    return saying.date_in_words(on, saying.local_day(now), language())


def when(help_request: HelpRequest, now: datetime, *, full: bool = False) -> str:
    """When the help is needed: "Thursday, in the afternoon", "Any time"; with the date always if ``full``."""
    return capital(when_inside(help_request, now, full=full))


def when_inside(help_request: HelpRequest, now: datetime, *, full: bool = False) -> str:
    """The same, inside a sentence."""
    on = help_request.help_on
    if on is None:
        return _("any time")
    day = full_day(on, now) if full else saying.day_in_words(on, saying.local_day(now), language())
    if help_request.help_at is not None:
        return _("%(day)s at %(time)s") % {"day": day, "time": saying.clock_in_words(help_request.help_at, language())}
    parts = {
        Part.MORNING: _("%(day)s, in the morning"),
        Part.AFTERNOON: _("%(day)s, in the afternoon"),
        Part.EVENING: _("%(day)s, in the evening"),
    }
    return parts[Part(help_request.part)] % {"day": day}


def appointment(pick_up: PickUp, now: datetime) -> str:
    """When this helper comes: the agreed moment, or what the request says; always with the date."""
    if pick_up.agreed_at:
        return capital(exact(pick_up.agreed_at, now))
    return when(pick_up.help_request, now, full=True)


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


def moment_of_the_week(moment: str) -> str:
    """As a volunteer chooses it: "Friday morning"."""
    day, part = moment.split("-")
    said = {
        Part.MORNING: _("%(day)s morning"),
        Part.AFTERNOON: _("%(day)s afternoon"),
        Part.EVENING: _("%(day)s evening"),
    }
    return said[Part(part)] % {"day": WEEKDAYS[int(day)]}


def length(minutes: int | None) -> str:
    """How long it takes, about: "About 30 minutes"."""
    return capital(length_inside(minutes))


def length_inside(minutes: int | None) -> str:
    """The same, inside a sentence."""
    if minutes is None:
        return _("as long as you like")
    if minutes == HALF_A_DAY:
        return _("half a day")
    if minutes % HOUR == 0:
        hours = minutes // HOUR
        return ngettext("about %(n)s hour", "about %(n)s hours", hours) % {"n": hours}
    return ngettext("about %(n)s minute", "about %(n)s minutes", minutes) % {"n": minutes}


def capital(words: str) -> str:
    """For the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def title(help_request: HelpRequest) -> str:
    """The asker's own few words, or the category."""
    return help_request.title or str(help_request.get_category_display())


def with_what(help_request: HelpRequest) -> str:
    """What somebody helps with, after "helps you with": never the asker's own words."""
    said = {
        Category.GROCERIES: _("groceries"),
        Category.RIDE: _("a lift"),
        Category.HOUSE: _("a job in the house"),
        Category.GARDEN: _("the garden"),
        Category.COMPANY: _("coffee or a walk"),
        Category.PET: _("a pet"),
        Category.DEVICE: _("a phone or computer"),
        Category.PAPERWORK: _("mail and forms"),
        Category.OTHER: _("something"),
    }
    return said[Category(help_request.category)]


def where(help_request: HelpRequest) -> str:
    """Where the asker says it is; at home neighbours see the street, which is no address."""
    if help_request.place == Place.HOME:
        return help_request.street or _("At home")
    return help_request.place_text or str(help_request.get_place_display())


def where_for_asker(help_request: HelpRequest) -> str:
    """The same, to whoever asked: their home is theirs, not a street."""
    return _("At your home") if help_request.place == Place.HOME else where(help_request)
