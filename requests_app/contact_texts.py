"""What messages say about the rung of the contact person: that it is theirs, whom they found, that they are late."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts import saying
from accounts.reader import language
from notifications.kinds import Kind, Words, always, register
from notifications.models import Group, Message
from requests_app import messages, phrases
from requests_app.contact_hours import Reason
from requests_app.group_texts import GroupAbout, gather
from requests_app.message_texts import to_asker, to_helper, to_team
from requests_app.messages import About
from requests_app.push_texts import PUSH


def register_kinds() -> None:
    """Tell the outbox what it can be asked to say about the contact person's part."""
    messages.register_kind("request.to_contact", to_contact, messages.lies_with_contact)
    comes = Kind(found, gather, _still_comes, group=Group.OWN, push=PUSH["contact.found"])
    register("contact.found", comes)
    messages.register_kind("contact.found_helper", found_helper, messages.reader_comes)
    messages.register_kind("contact.turned_back_helper", turned_back, messages.reader_does_not_come, even_apart=True)
    messages.register_kind("contact.nobody_found", nobody_found, messages.is_lapsed)
    messages.register_kind("team.tell_on", tell_on, always, even_apart=True)
    messages.register_kind("team.owner_reminded", owner_reminded, messages.lies_with_contact, even_apart=True)
    messages.register_kind("team.owner_late", owner_late, messages.lies_with_contact, even_apart=True)


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
    off = message.params.get("off")
    why = _("The municipality stopped this way of looking.") if off else _("We haven't found anyone yet.")
    return to_asker(about, subject, phrases.its_about(about), why, call)


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


def found(_message: Message, about: GroupAbout, _now: datetime) -> Words:
    """To the asker: the contact person found who comes."""
    names = {"contact": phrases.contact(about), "person": about.who}
    return to_asker(
        about,
        _("%(person)s is coming to help") % {"person": phrases.short(about.who)},
        phrases.its_about(about),
        _("%(contact)s found %(person)s for you.") % names,
        _("Doesn't it suit you after all? Cancel it on the page of your request."),
    )


def found_helper(_message: Message, about: About, _now: datetime) -> Words:
    """To who comes and has an account."""
    author = phrases.name(about.help_request.author)
    return to_helper(
        about,
        _("You are helping %(author)s") % {"author": phrases.short(author)},
        _("%(contact)s wrote this down for you.") % {"contact": phrases.contact(about)},
        _("The address is on the page of the request.") if about.has_address else "",
        _("Can't make it after all? That's fine. Just let us know on the page."),
    )


def turned_back(_message: Message, about: About, _now: datetime) -> Words:
    """To who was put down by mistake."""
    subject = _("You don't have to come")
    told = _("%(contact)s had put you down by mistake.") % {"contact": phrases.contact(about)}
    return to_helper(about, subject, phrases.its_about(about), told, visible=False)


def nobody_found(message: Message, about: About, _now: datetime) -> Words:
    """To the asker: gently, with the reason."""
    why = Reason(int(message.params.get("reason", Reason.NOBODY_COULD))).label
    return to_asker(
        about,
        _("We did not manage to find someone"),
        phrases.its_about(about),
        f"{why}.",
        _("%(contact)s is happy to think along.") % {"contact": phrases.contact(about)},
        _("Would you like to ask again?"),
    )


def tell_on(_message: Message, about: About, _now: datetime) -> Words:
    """To the contact person: nobody else can tell who comes without an account."""
    return to_team(about, _("Something changed for somebody you found"), _("Will you call this person?"))


def owner_reminded(_message: Message, about: About, _now: datetime) -> Words:
    """To whose it is."""
    return to_team(about, _("The moment you had has passed"), _("Did you call? Note it in the overview."))


def owner_late(_message: Message, about: About, _now: datetime) -> Words:
    """To the coordinators."""
    why = _("%(contact)s did not react in time. The asker knows that you know.")
    return to_team(about, _("A request waits too long"), why % {"contact": phrases.contact(about)})


def _still_comes(message: Message, about: GroupAbout, _now: datetime) -> bool:
    return about.pick_up is not None and about.pick_up.ended_at is None and not messages.is_apart(message, about)
