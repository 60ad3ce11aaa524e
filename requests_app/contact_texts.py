"""What messages say about the rung of the contact person: that it is theirs, whom they found, and that they are late."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts import saying
from accounts.reader import language
from notifications.kinds import Words
from notifications.models import Message
from requests_app import messages, phrases
from requests_app.message_texts import to_asker
from requests_app.messages import About


def register_kinds() -> None:
    """Tell the outbox what it can be asked to say about the contact person's part."""
    messages.register_kind("request.to_contact", to_contact, messages.lies_with_contact)


def to_contact(message: Message, about: About, now: datetime) -> Words:
    """To the asker: ``until`` is before when the contact person reacts. In the night nobody promises that."""
    if message.params.get("night") or message.params.get("off_hours"):
        return _told_out_of_hours(about, night="night" in message.params)
    call = ""
    if about.until and about.until > now:
        before = saying.before_in_words(about.until, now, language())
        call = _("%(contact)s will call you before %(before)s.") % {
            "contact": phrases.contact(about),
            "before": before,
        }
    subject = _("%(contact)s is helping to look") % {"contact": phrases.short(phrases.contact(about))}
    return to_asker(about, subject, phrases.its_about(about), _("We haven't found anyone yet."), call)


def _told_out_of_hours(about: About, *, night: bool) -> Words:
    name = {"contact": phrases.contact(about)}
    if night:
        told = _("It is night. We told %(contact)s at once, but %(contact)s may be asleep.") % name
    else:
        told = _("We told %(contact)s at once, but %(contact)s may not be at work.") % name
    number = phrases.phone(about.help_request.village)
    call = _("Can it not wait? Call %(phone)s.") % {"phone": number} if number else ""
    subject = _("We told %(contact)s at once") % {"contact": phrases.short(name["contact"])}
    return to_asker(about, subject, phrases.its_about(about), told, call, _("Emergency? Call 112."))
