"""How long finding somebody mostly takes in this village: from what the clock counted, or nothing."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.figures import reading
from requests_app.models import HelpRequest

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def usual_wait_in_words(help_request: HelpRequest) -> str:
    """One or two sentences for who asks; empty before there is enough to go by. One indexed row, nothing counted."""
    wait = reading.usual_wait(help_request.village_id, help_request.category)
    if wait is None:
        return ""
    half, most = wait
    sentence = _("For something like this, somebody in %(village)s was mostly found within %(wait)s.")
    told = sentence % {"village": help_request.village.name, "wait": in_words(half)}
    if most is None or in_words(most) == in_words(half):
        return told
    return f"{told} {_('In 8 out of 10 cases within %(wait)s.') % {'wait': in_words(most)}}"


def in_words(wait: timedelta) -> str:
    """Rounded up, so that it is true: "an hour", "5 hours", "a day", "3 days"."""
    hours = max(ceil(wait / HOUR), 1)
    if hours < DAY / HOUR:
        return ngettext("an hour", "%(count)s hours", hours) % {"count": hours}
    days = ceil(wait / DAY)
    return ngettext("a day", "%(count)s days", days) % {"count": days}
