"""Parts of sentences that several messages about requests share."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts import saying
from accounts.models import User
from accounts.reader import language
from notifications.kinds import Signature
from requests_app import moments, steps_ahead
from requests_app.ladder import Rung
from requests_app.messages import About
from requests_app.models import HelpRequest
from villages.models import Village

# A subject has room for 60 characters: the longest of its sentences leaves this much for a name.
NAME_IN_SUBJECT = 30


def nobody_by(about: About, now: datetime, then: str) -> str:
    """The question before the next step; nothing when there is no moment to come or no step to tell."""
    if not (about.until and about.until > now and then):
        return ""
    by = saying.by_in_words(about.until, now, language())
    return sentences(_("Nobody by %(by)s?") % {"by": by}, then)


def what_follows(about: About) -> str:
    """What the ladder does at the moment that was promised; nothing when it has changed since."""
    rungs = {step.at: step.rung for step in moments.steps_of(about.help_request)}
    rung = rungs.get(about.until) if about.until else None
    if rung == Rung.NEIGHBOURS:
        return _("Then your request goes to all neighbours.")
    if rung == Rung.GROUP:
        return _("Then we put it before a group in the village.")
    if rung == Rung.VOLUNTEERS:
        return _("Then we ask a few volunteers.")
    if rung == Rung.CONTACT:
        return contact_joins(about)
    return ""


def contact_joins(about: About) -> str:
    """What the contact person does at the moment that was promised: as the timeline of the asker says it."""
    told = steps_ahead.told_out_of_hours(about.help_request, about.until) if about.until else ""
    return f"{told}." if told else _("Then %(contact)s will help to look.") % {"contact": contact(about)}


def title(help_request: HelpRequest) -> str:
    """The asker's own few words, or the category; of a hidden request never the words."""
    words = str(help_request.get_category_display()) if help_request.hidden_at else str(help_request)
    return words.rstrip(".")


def its_about(about: About) -> str:
    """Which request a message means: who has three of them knows at once."""
    return _("It's about: %(title)s.") % {"title": title(about.help_request)}


def contact(about: About) -> str:
    """What the contact person of the village is called."""
    contact = about.help_request.village.contact_person
    return contact.name if contact else _("The contact person")


def phone(village: Village) -> str:
    """The number of its contact person, as it is read out."""
    contact = village.contact_person
    return saying.phone_in_words(contact.phone.as_national) if contact else ""


def signature(about: About) -> Signature | None:
    """The village of the request, with its contact person's phone."""
    return signature_of(about.help_request.village)


def signature_of(village: Village) -> Signature | None:
    """A village, with the phone of its contact person."""
    contact = village.contact_person
    return Signature(village.name, phone(village)) if contact else None


def name(person: User | None) -> str:
    """A first name; somebody without one is a neighbour."""
    return (person.first_name if person else "") or _("A neighbour")


def short(name: str) -> str:
    """A name that leaves room for the rest of a subject."""
    return name if len(name) <= NAME_IN_SUBJECT else f"{name[: NAME_IN_SUBJECT - 1]}…"


def sentences(*sentences: str) -> str:
    """Those that there is something to say with, in a row."""
    return " ".join(filter(None, sentences))
