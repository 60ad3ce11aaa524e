"""What messages about requests say: the texts of the copy guide, each sentence on its own.

Mail may hold first names and the title of a request, never an address, a phone number of a neighbour or the text.
Mail to the team holds nothing of the request.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import saying
from accounts.reader import language
from notifications.kinds import Words, always
from notifications.models import Channel, Message
from requests_app import messages, phrases, words
from requests_app.messages import About
from requests_app.models import Audience
from requests_app.models.help_request import OWN_CIRCLE


def register_kinds() -> None:
    """Tell the outbox what it can be asked to say about requests."""
    told = messages.register_kind
    told("request.posted", posted, messages.is_open)
    told("request.escalated", escalated, messages.is_open)
    told("request.taken", taken, messages.person_comes)
    told("request.taken_helper", taken_helper, messages.reader_comes)
    told("request.changed", changed, messages.is_active)
    told("request.partly_filled", partly_filled, messages.is_active)
    told("request.partly_filled_helper", partly_filled_helper, messages.reader_comes)
    told("pickup.given_back", given_back, messages.is_open, even_apart=True)
    told("pickup.called_off", called_off, messages.reader_does_not_come, even_apart=True)
    told("pickup.done_early", done_early, messages.reader_does_not_come, even_apart=True)
    told("request.ask_done", ask_done, messages.is_taken)
    told("request.lapsed", lapsed, messages.is_lapsed)
    told("request.hidden", hidden, messages.is_hidden)
    told("request.restored", restored, messages.is_visible)
    told("volunteer.asked", volunteer_asked, messages.is_asked)
    told("volunteer.taken", volunteer_taken, always, (Channel.IN_APP,))
    told("team.request_waiting", team_waiting, messages.waits_for_team, even_apart=True)
    told("team.request_moved", team_moved, messages.lies_elsewhere, even_apart=True)
    told("team.not_done", team_not_done, always, even_apart=True)


def posted(_message: Message, about: About, now: datetime) -> Words:
    """To the asker."""
    audience = about.help_request.audience
    if audience == Audience.NEIGHBOURS:
        subject = _("Your request is on the board")
        who = _("Neighbours in %(village)s can answer now.") % {"village": about.help_request.village.name}
    else:
        subject = _("Your request is posted")
        who = _("Only volunteers can see it.")
    if audience == Audience.GROUP:
        who = _("A group in the village can see it.")
    if audience in OWN_CIRCLE:
        who = _("Your circle can answer now.")
    if audience == Audience.CONTACT:
        who = _("Only %(contact)s can see it.") % {"contact": phrases.contact(about)}
    next_step = phrases.nobody_by(about, now, phrases.what_follows(about))
    return to_asker(about, subject, phrases.its_about(about), who, next_step, _("You don't have to do anything."))


def escalated(_message: Message, about: About, now: datetime) -> Words:
    """To the asker: ``until`` is when the contact person joins."""
    next_step = phrases.nobody_by(about, now, phrases.contact_joins(about)) or _("You don't have to do anything.")
    title = phrases.its_about(about)
    return to_asker(about, _("We keep looking for you"), title, _("We asked a few volunteers."), next_step)


def taken(_message: Message, about: About, _now: datetime) -> Words:
    """To the asker: ``person`` comes."""
    person = phrases.name(about.person)
    return to_asker(
        about,
        _("%(person)s is coming to help") % {"person": phrases.short(person)},
        phrases.its_about(about),
        _("You said beforehand that whoever can first is fine."),
        _("%(person)s can see your address now.") % {"person": person} if about.has_address else "",
        _("Doesn't it suit you after all? Cancel it on the page of your request."),
    )


def taken_helper(_message: Message, about: About, _now: datetime) -> Words:
    """To the helper."""
    author = phrases.name(about.help_request.author)
    return to_helper(
        about,
        _("You are helping %(author)s") % {"author": phrases.short(author)},
        _("%(author)s said yes beforehand.") % {"author": author},
        _("The address is on the page of the request.") if about.has_address else "",
        _("Can't make it after all? That's fine. Just let us know on the page."),
    )


def changed(_message: Message, about: About, now: datetime) -> Words:
    """To who comes and who was asked."""
    author = phrases.name(about.help_request.author)
    return to_helper(
        about,
        _("%(author)s changed the request") % {"author": phrases.short(author)},
        _("New: %(when)s.") % {"when": words.when_inside(about.help_request, now)},
        _("Does it still suit you? Have a look and say yes or no."),
    )


def partly_filled(_message: Message, about: About, _now: datetime) -> Words:
    """To the asker, at the moment itself."""
    numbers = {"taken": about.help_request.slots_taken, "slots": about.help_request.slots}
    return to_asker(
        about,
        ngettext(
            "%(taken)s of the %(slots)s people is coming",
            "%(taken)s of the %(slots)s people are coming",
            numbers["taken"],
        )
        % numbers,
        _("We go on like this."),
        _("Is that too few? Call %(contact)s.") % {"contact": phrases.contact(about)},
    )


def partly_filled_helper(_message: Message, about: About, _now: datetime) -> Words:
    """To who comes."""
    together = about.help_request.slots_taken
    subject = ngettext("You are coming by yourself", "You are coming with %(count)s", together)
    return to_helper(
        about,
        subject % {"count": together} if together != 1 else subject,
        _("No more neighbours were found. Doesn't that work? Just let us know on the page."),
    )


def given_back(_message: Message, about: About, now: datetime) -> Words:
    """To the asker: ``until`` is the next moment."""
    step = ""
    if about.until and about.until > now:
        step = _("The next step is %(moment)s.") % {"moment": saying.moment_in_words(about.until, now, language())}
    return to_asker(
        about,
        _("%(person)s can't make it") % {"person": phrases.short(phrases.name(about.person))},
        _("That's a pity. Your request is back on the board."),
        step,
        _("You don't have to do anything."),
    )


def called_off(_message: Message, about: About, _now: datetime) -> Words:
    """To who would have come."""
    author = phrases.short(phrases.name(about.help_request.author))
    return to_helper(
        about,
        _("%(author)s doesn't need you now") % {"author": author},
        phrases.its_about(about),
        _("Thanks for being willing to come."),
        visible=False,
    )


def done_early(_message: Message, about: About, _now: datetime) -> Words:
    """To who still had to come."""
    author = phrases.short(phrases.name(about.help_request.author))
    return to_helper(
        about,
        _("It's done already"),
        phrases.its_about(about),
        _("%(author)s tells us that it's done. You don't have to come any more.") % {"author": author},
        visible=False,
    )


def ask_done(_message: Message, about: About, _now: datetime) -> Words:
    """To the asker."""
    title = phrases.its_about(about)
    return to_asker(about, _("Did it work out?"), title, _("Let us know."))


def lapsed(_message: Message, about: About, _now: datetime) -> Words:
    """To the asker."""
    return to_asker(
        about,
        _("The date of your request has passed"),
        _("We did not manage to find someone."),
        _("%(contact)s knows this too.") % {"contact": phrases.contact(about)},
        _("Would you like to ask again?"),
    )


def hidden(_message: Message, about: About, _now: datetime) -> Words:
    """To the asker."""
    return to_asker(
        about,
        _("Your request is hidden for now"),
        _("%(contact)s will call you about it.") % {"contact": phrases.contact(about)},
        _("You did nothing wrong."),
    )


def restored(_message: Message, about: About, _now: datetime) -> Words:
    """To the asker."""
    return to_asker(about, _("Your request is visible again"), _("You don't have to do anything."))


def volunteer_asked(_message: Message, about: About, now: datetime) -> Words:
    """To a volunteer: when, how long, what."""
    facts = {
        "when": words.when(about.help_request, now),
        "length": words.length_inside(about.help_request.minutes),
        "title": phrases.title(about.help_request),
    }
    any_time = about.help_request.help_on is None
    what = _("%(title)s. It doesn't matter when, %(length)s.") if any_time else _("%(when)s, %(length)s: %(title)s.")
    return Words(
        _("May we ask you something?"),
        phrases.sentences(
            what % facts,
            _("Yes and no are both fine."),
            _("No answer? That's fine too, we keep looking meanwhile."),
        ),
        url=about.help_request.get_absolute_url(),
        button=_("Look at the request"),
        signature=phrases.signature(about),
    )


def volunteer_taken(_message: Message, about: About, _now: datetime) -> Words:
    """To a volunteer who had not answered."""
    title = phrases.its_about(about)
    return Words(_("It's sorted already"), phrases.sentences(title, _("You don't have to do anything.")))


def team_waiting(message: Message, about: About, _now: datetime) -> Words:
    """To the contact person: only that there is something; and why that is told in the night."""
    why = _("It cannot wait for the morning. Only you were told.") if message.params.get("night") else ""
    return to_team(about, _("A request is waiting for you"), why)


def team_moved(_message: Message, about: About, _now: datetime) -> Words:
    """To the contact person who had it: its day is another one now."""
    again = _("The day has changed. We look for somebody again.")
    return to_team(about, _("A request is no longer with you"), again)


def team_not_done(_message: Message, about: About, _now: datetime) -> Words:
    """To the contact person: only that there is something."""
    return to_team(about, _("A request did not work out"))


def to_asker(about: About, subject: str, *sentences: str) -> Words:
    """A message to who asked, with the way to their request."""
    url, button = about.help_request.get_absolute_url(), _("Look at your request")
    return Words(subject, phrases.sentences(*sentences), url, button, phrases.signature(about))


def to_helper(about: About, subject: str, *sentences: str, visible: bool = True) -> Words:
    """A message to who helps or would; not ``visible``: the request's page may be closed to them by now."""
    url, button = about.help_request.get_absolute_url(), _("Look at the request")
    if not visible:
        url, button = reverse("board"), _("Back to the board")
    return Words(subject, phrases.sentences(*sentences), url, button, phrases.signature(about))


def to_team(about: About, subject: str, *sentences: str) -> Words:
    """A message to the team: only that there is something."""
    url = reverse("admin:requests_app_helprequest_change", args=[about.help_request.pk])
    body = phrases.sentences(*sentences, _("Open the overview."))
    return Words(subject, body, url, _("Open the overview"), phrases.signature(about))
