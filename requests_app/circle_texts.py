"""What messages about somebody's own circle say. Mail to its people holds a first name, what, and when: no address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts import saying
from accounts.models import User
from accounts.quiet import Rest
from accounts.reader import language
from moderation import blocking, checks
from notifications.kinds import Kind, Words, register
from notifications.letter import site_link
from notifications.models import Channel, Group, Message
from requests_app import circle_links, messages, phrases, words
from requests_app.message_texts import to_asker
from requests_app.messages import About
from requests_app.models import CircleInvite, CircleRefusal, HelpRequest, PickUp, Status
from requests_app.push_texts import PUSH
from villages.models import Village

Holds = Callable[["CircleAbout"], bool]


@dataclass(frozen=True)
class CircleAbout(About):
    """The same, with whom of the circle it is about: ``invite`` where it goes to them, ``pick_up`` where they come."""

    invite: CircleInvite | None = None
    pick_up: PickUp | None = None


def register_kinds() -> None:
    """Tell the outbox what it can be asked to say about a circle."""
    _to_circle("circle.asked", asked, _may_say_yes)
    _to_circle("circle.settled", settled, lambda about: not _may_say_yes(about) and not _comes(about))
    _to_circle("circle.changed", changed, lambda about: _may_say_yes(about) or _comes(about))
    _to_circle("circle.called_off", called_off, lambda about: not _comes(about), even_so=True)
    _to_asker("circle.taken", taken, lambda about: about.pick_up is not None and about.pick_up.ended_at is None)
    _to_asker("circle.given_back", given_back, lambda about: about.help_request.status == Status.OPEN)
    _to_asker("circle.over", over, lambda about: _looks_for_somebody(about.help_request))


def gather(rows: Sequence[Message]) -> Mapping[int, CircleAbout]:
    """What these messages are about, in two queries more than any about a request."""
    params = {row.pk: row.params for row in rows}
    invites = CircleInvite.objects.select_related("contact").in_bulk(messages.numbers(params, "invite"))
    pick_ups = PickUp.objects.select_related("helper", "contact").in_bulk(messages.numbers(params, "pick_up"))
    held = PickUp.objects.filter(
        help_request__in=messages.numbers(params, "help_request"), contact__isnull=False, ended_at=None
    )
    coming = {(pick_up.help_request_id, pick_up.contact_id): pick_up for pick_up in held}
    found: dict[int, CircleAbout] = {}
    for pk, about in messages.gather(rows).items():
        invite = invites.get(params[pk].get("invite"))
        place = coming.get((invite.help_request_id, invite.contact_id)) if invite else None
        found[pk] = CircleAbout(**vars(about), invite=invite, pick_up=pick_ups.get(params[pk].get("pick_up")) or place)
    return found


def asked(_message: Message, about: CircleAbout, now: datetime) -> Words:
    """To somebody of the circle: what and when, and that no is fine."""
    author = _author(about)
    return _letter(
        about,
        _("%(author)s asks you first") % {"author": phrases.short(author)},
        _what(about, now),
        _("%(author)s in %(village)s put you in a circle of people to ask.")
        % {"author": author, "village": about.help_request.village.name},
        _("Look at the request."),
        _("Yes and no are both fine."),
        _("Don't you know %(author)s? Then choose: no more messages like this.") % {"author": author},
    )


def settled(_message: Message, about: CircleAbout, _now: datetime) -> Words:
    """To who was asked and did not answer yet."""
    found = about.help_request.status in {Status.TAKEN, Status.DONE}
    author = _author(about)
    return _letter(
        about,
        _("It's sorted already"),
        _("%(author)s has found someone.") % {"author": author} if found else _its_about(about),
        _("You don't have to do anything."),
        link=False,
    )


def changed(_message: Message, about: CircleAbout, now: datetime) -> Words:
    """To who comes, and who did not answer yet."""
    author = phrases.short(_author(about))
    return _letter(
        about,
        _("%(author)s changed the request") % {"author": author},
        _("New: %(when)s.") % {"when": words.when_inside(about.help_request, now)},
        _("Does it still suit you? Have a look and say yes or no."),
    )


def called_off(_message: Message, about: CircleAbout, _now: datetime) -> Words:
    """To who would have come."""
    author = phrases.short(_author(about))
    return _letter(
        about,
        _("%(author)s doesn't need you now") % {"author": author},
        _its_about(about),
        _("Thanks for being willing to come."),
        link=False,
    )


def taken(_message: Message, about: CircleAbout, _now: datetime) -> Words:
    """To the asker: somebody of the circle comes."""
    person = about.pick_up.name if about.pick_up else ""
    return to_asker(
        about,
        _("%(person)s is coming to help") % {"person": phrases.short(person)},
        phrases.its_about(about),
        _("%(person)s can see your address now.") % {"person": person} if about.has_address else "",
        _("Doesn't it suit you after all? Cancel it on the page of your request."),
    )


def given_back(_message: Message, about: CircleAbout, now: datetime) -> Words:
    """To the asker: ``until`` is the next moment."""
    person, step = about.pick_up.name if about.pick_up else "", ""
    if about.until and about.until > now:
        step = _("The next step is %(moment)s.") % {"moment": saying.moment_in_words(about.until, now, language())}
    return to_asker(
        about,
        _("%(person)s can't make it") % {"person": phrases.short(person)},
        phrases.its_about(about),
        _("We keep looking for you."),
        step,
        _("You don't have to do anything."),
    )


def over(_message: Message, about: CircleAbout, _now: datetime) -> Words:
    """To the asker: it goes on to all neighbours."""
    return to_asker(
        about,
        _("Your request is on the board now"),
        phrases.its_about(about),
        _("Nobody in your circle could this time."),
        _("All neighbours in %(village)s can answer now.") % {"village": about.help_request.village.name},
    )


def ready_text(invite: CircleInvite, now: datetime) -> str:
    """What the asker sends to a phone number: the same, in the asker's own name."""
    asked_for = invite.help_request
    facts = {
        "name": invite.contact.name,
        "title": phrases.title(asked_for),
        "when": words.when_inside(asked_for, now),
        "author": phrases.name(asked_for.author),
        "link": site_link(circle_links.path(invite)),
    }
    text = _("Hi %(name)s, may I ask you something? %(title)s, %(when)s. Yes and no are both fine. %(author)s")
    return f"{text % facts} {facts['link']}"


def ready_thanks(invite: CircleInvite) -> str:
    """What the asker sends there once it is settled: nobody waits with a free afternoon."""
    asked_for = invite.help_request
    facts = {
        "name": invite.contact.name,
        "title": phrases.title(asked_for),
        "author": phrases.name(asked_for.author),
    }
    return _("Hi %(name)s, it is sorted already: %(title)s. Thank you for being willing to help. %(author)s") % facts


def _to_circle(
    name: str, say: Callable[[Message, CircleAbout, datetime], Words], holds: Holds, *, even_so: bool = False
) -> None:
    """``even_so``: also to who wants no such mail any more, because they said yes to this one."""

    def still_true(_message: Message, about: CircleAbout, now: datetime) -> bool:
        in_time = about.help_request.needed_by is None or about.help_request.needed_by > now
        return about.invite is not None and in_time and holds(about) and (even_so or _is_welcome(about))

    register(name, Kind(say, gather, still_true, (Channel.MAIL,), private=True, rests=_rests))


def _to_asker(name: str, say: Callable[[Message, CircleAbout, datetime], Words], holds: Holds) -> None:
    def still_true(_message: Message, about: CircleAbout, _now: datetime) -> bool:
        return holds(about)

    register(name, Kind(say, gather, still_true, group=Group.OWN, push=PUSH[name]))


def _rests(message: Message) -> Sequence[Rest]:
    """Those of the asker's village, as they are now: people of a circle have no hours or days of their own here."""
    about = HelpRequest.objects.filter(pk=message.params.get("help_request")).values("village")
    return [rest for village in Village.objects.filter(pk__in=about) for rest in village.rests()]


def _is_welcome(about: CircleAbout) -> bool:
    """Not where the reader stopped it, or wants no contact with the asker; but who comes hears what changes."""
    if about.invite is None:
        return False
    if _comes(about):
        return True
    apart = blocking.blocked_with(about.help_request.author_id)
    stopped = CircleRefusal.objects.filter(pk=about.invite.contact.fingerprint).exists()
    return not stopped and not User.objects.filter(email=about.invite.contact.email, pk__in=apart).exists()


def _looks_for_somebody(help_request: HelpRequest) -> bool:
    return help_request.status == Status.OPEN and help_request.hidden_at is None


def _may_say_yes(about: CircleAbout) -> bool:
    waits = about.invite is not None and about.invite.answer == CircleInvite.Answer.WAITING
    return waits and _looks_for_somebody(about.help_request)


def _comes(about: CircleAbout) -> bool:
    return about.pick_up is not None and about.pick_up.ended_at is None


def _what(about: CircleAbout, now: datetime) -> str:
    asked_for = about.help_request
    return _("%(title)s, %(when)s.") % {"title": _title(asked_for), "when": words.when_inside(asked_for, now)}


def _title(help_request: HelpRequest) -> str:
    """What we mail to people without an account: with a web address in it only the category."""
    title = phrases.title(help_request)
    return str(help_request.get_category_display()) if checks.has_web_address(title) else title


def _its_about(about: CircleAbout) -> str:
    return _("It's about: %(title)s.") % {"title": _title(about.help_request)}


def _author(about: CircleAbout) -> str:
    """Who asks, by first name; a web address is no name."""
    name = phrases.name(about.help_request.author)
    return _("A neighbour") if checks.has_web_address(name) else name


def _letter(about: CircleAbout, subject: str, *sentences: str, link: bool = True) -> Words:
    """To somebody without an account: one link, and the way to stop all such mail."""
    assert about.invite, "without an invite nothing is sent"
    url, button = (circle_links.path(about.invite), _("Look at the request")) if link else ("", "")
    stop = circle_links.stop_path(about.invite.contact.fingerprint)
    body = phrases.sentences(*sentences)
    return Words(subject, body, url, button, phrases.signature(about), stop=stop)
