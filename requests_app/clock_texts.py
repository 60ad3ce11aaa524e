"""What the clock asks and tells besides the ladder: whether it is still needed, and to staff what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import saying
from accounts.reader import language
from notifications.kinds import Kind, Words, register
from notifications.models import Message
from requests_app import messages, phrases
from requests_app.message_texts import to_asker
from requests_app.messages import About


def register_kinds() -> None:
    """Tell the outbox what it can be asked to say."""
    messages.register_kind("request.still_needed", still_needed, is_asked_whether_needed)
    register("team.alarm", Kind(alarm))
    register("team.clock_was_silent", Kind(clock_was_silent))


def is_asked_whether_needed(message: Message, about: About, now: datetime) -> bool:
    """Open, and not answered yet."""
    return messages.is_open(message, about, now) and about.help_request.needed_asked_at is not None


def still_needed(_message: Message, about: About, _now: datetime) -> Words:
    """To the asker."""
    return to_asker(
        about,
        _("Do you still need it?"),
        phrases.its_about(about),
        _("Yes and no are both fine. One tap on the page is enough."),
        _("No answer? Then we just keep looking."),
    )


def alarm(message: Message, _about: Any, _now: datetime) -> Words:
    """To staff: what the hourly check found, one line each."""
    found = [part.partition("=")[::2] for part in str(message.params.get("found", "")).split()]
    lines = tuple(f"{rule_in_words(rule)}: {count}" for rule, count in found)
    subject = ngettext("The hourly check found %(count)s thing", "The hourly check found %(count)s things", len(lines))
    body = _("This must be zero. Have a look today. Does it stay? Then call who runs SamSam for you.")
    return Words(subject % {"count": len(lines)}, body, reverse("admin:index"), _("Open the overview"), lines=lines)


def clock_was_silent(message: Message, _about: Any, now: datetime) -> Words:
    """To staff: the clock stood still for a while, and is catching up."""
    since, until = (datetime.fromisoformat(str(message.params[name])) for name in ("since", "until"))
    said = {
        "since": saying.moment_in_words(since, now, language()),
        "until": saying.moment_in_words(until, now, language()),
    }
    return Words(
        _("The clock of SamSam stood still"),
        phrases.sentences(
            _("From %(since)s until %(until)s everything stood still.") % said,
            _("It runs again and catches up by itself. You don't have to do anything."),
        ),
        reverse("admin:index"),
        _("Open the overview"),
    )


def rule_in_words(rule: str) -> str:
    """A rule of ``invariants``, as staff read it; one that is not known here by its own name."""
    return RULES[rule]() if rule in RULES else rule


RULES: dict[str, Callable[[], str]] = {
    "request_forgotten": lambda: _("Requests that nobody looks after"),
    "request_step_overdue": lambda: _("Requests whose next step is an hour late"),
    "request_open_too_long": lambda: _("Requests that stay open after help was of use"),
    "request_owner_word_overdue": lambda: _("Contact persons whose deadline passed without a word about it"),
    "request_owner_late": lambda: _("Requests that wait a week too long for the contact person"),
    "request_places_wrong": lambda: _("Requests with a wrong number of helpers"),
    "request_offers_wrong": lambda: _("Requests with a wrong number of offers"),
    "request_still_needed_overdue": lambda: _('Questions "still needed?" that are an hour late'),
    "offer_waits_for_closed_request": lambda: _("Offers for a request that is closed"),
    "request_taken_by_nobody": lambda: _("Taken requests without a helper"),
    "reserve_of_closed_request": lambda: _("People who stand by for a request that is closed"),
    "volunteer_word_overdue": lambda: _("Words to volunteers that are an hour late"),
    "ask_open_for_closed_request": lambda: _("Volunteers asked for a request that is closed"),
    "pick_up_of_closed_request": lambda: _("Helpers of a request that is closed"),
    "spare_places_wrong": lambda: _("Trips with a wrong number of people"),
    "reminder_overdue": lambda: _("Reminders that are an hour late"),
    "message_overdue": lambda: _("Messages that are an hour late"),
    "message_failed": lambda: _("Messages that could not be sent"),
    "digest_overdue": lambda: _("Overviews that are an hour late"),
    "village_on_without_contact_person": lambda: _("Villages without a contact person"),
    "village_with_nobody_there": lambda: _("Villages whose contact person is away, without a stand-in"),
    "village_with_closed_contact_person": lambda: _("Villages whose contact person cannot log in"),
    "tally_open_requests_wrong": lambda: _("Villages with a wrong count of requests"),
    "tally_neighbours_wrong": lambda: _("Villages with a wrong count of neighbours"),
    "clock_silent": lambda: _("Clocks that stand still"),
}
