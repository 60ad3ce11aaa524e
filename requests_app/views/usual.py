"""How long finding somebody mostly takes in this village: from what the clock counted, or nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app import moments
from requests_app.figures import reading
from requests_app.models import HelpRequest

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def usual_wait_in_words(help_request: HelpRequest, now: datetime) -> str:
    """One or two sentences for who asks; empty before there is enough to go by. One indexed row, nothing counted.

    Not longer than the time that is left: that would be no comfort.
    """
    wait = reading.usual_wait(help_request.village_id, help_request.category)
    left = (help_request.needed_by or moments.needed_by(help_request, now)) - now
    if wait is None or _said(wait[0]) > left:
        return ""
    half, most = wait
    sentence = _("For something like this, somebody in %(village)s was mostly found within %(wait)s.")
    told = sentence % {"village": help_request.village.name, "wait": in_words(half)}
    if most is None or _said(most) == _said(half) or _said(most) > left:
        return told
    return f"{told} {_('In 8 out of 10 cases within %(wait)s.') % {'wait': in_words(most)}}"


def in_words(wait: timedelta) -> str:
    """Rounded up, so that it is true: "an hour", "5 hours", "a day", "3 days"."""
    said = _said(wait)
    if said < DAY:
        hours = said // HOUR
        return ngettext("an hour", "%(count)s hours", hours) % {"count": hours}
    days = said // DAY
    return ngettext("a day", "%(count)s days", days) % {"count": days}


def _said(wait: timedelta) -> timedelta:
    """As long as the words say it is: whole hours, and from a day on whole days."""
    hours = max(ceil(wait / HOUR), 1) * HOUR
    return hours if hours < DAY else ceil(wait / DAY) * DAY
