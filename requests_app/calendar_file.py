"""An appointment for somebody's own calendar: one event, its moments in UTC, the same event after a change."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.models import User
from requests_app import conversation, moments, phrases
from requests_app.models import PickUp


def calendar_file(pick_up: PickUp, reader: User, now: datetime) -> bytes | None:
    """The file for one of the two; None where no time is known.

    Without the address: a calendar is often kept by somebody else. The link leads to it, as long as it may be seen.
    """
    start = moments.appointment_at(pick_up)
    if start is None:
        return None
    about = {
        "title": phrases.title(pick_up.help_request),
        "name": conversation.other_of(pick_up, reader).first_name or _("A neighbour"),
    }
    link = f"{settings.SITE_URL}{pick_up.get_absolute_url()}"
    event = Event()
    event.add("uid", f"pick-up-{pick_up.pk}@{settings.MAIL_DOMAIN}")
    event.add("sequence", pick_up.times_agreed)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", start.astimezone(UTC))
    event.add("dtend", (start + moments.length_of(pick_up.help_request)).astimezone(UTC))
    event.add("summary", _("%(title)s, with %(name)s") % about)
    event.add("description", _("All about it: %(link)s") % {"link": link})
    event.add("url", link)
    calendar = Calendar()
    calendar.add("prodid", "-//SamSam//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file
