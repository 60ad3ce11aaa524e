"""What messages about groups say. To who sees a request what neighbours see; never an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts import saying
from accounts.reader import language
from notifications.kinds import BOTH, Kind, Words, always, register
from notifications.models import Channel, Group, Message
from requests_app import messages, phrases, words
from requests_app.deeds import does
from requests_app.message_texts import to_asker, to_helper
from requests_app.messages import About
from requests_app.models import PickUp
from requests_app.push_texts import PUSH

Holds = Callable[[Message, "GroupAbout", datetime], bool]


@dataclass(frozen=True)
class GroupAbout(About):
    """The same, with who of the group comes: ``pick_up``, or the ``offer``."""

    pick_up: PickUp | None = None

    @property
    def who(self) -> str:
        """A first name."""
        if self.pick_up:
            return self.pick_up.name
        return self.offer.name if self.offer else _("Somebody from the group")


def register_kinds() -> None:
    """Tell the outbox what it can be asked to say about groups."""
    _told("group.asked", asked, _may_be_asked, Group.ASKED)
    _told("group.settled", settled, always, Group.ASKED, (Channel.IN_APP,))
    _told("group.taken", taken, lambda _message, about, _now: _comes(about), Group.OWN)
    _told("group.offered", offered, messages.is_offered, Group.OWN)
    _told("group.given_back", given_back, messages.is_open, Group.OWN)
    _told("group.accepted", accepted, lambda _message, about, _now: _comes(about), Group.APPOINTMENTS)
    # These two also to a host who has no contact with the asker any more: somebody has to tell who comes.
    _told("group.changed", changed, lambda _message, about, _now: _comes(about), Group.APPOINTMENTS, even_apart=True)
    _told("group.called_off", called_off, _comes_not, Group.APPOINTMENTS, even_apart=True)


def gather(rows: Sequence[Message]) -> Mapping[int, GroupAbout]:
    """What these messages are about, in a query more than any about a request."""
    params = {row.pk: row.params for row in rows}
    pick_ups = PickUp.objects.select_related("helper", "contact", "member")
    found = pick_ups.in_bulk(messages.numbers(params, "pick_up"))
    return {
        pk: GroupAbout(**vars(about), pick_up=found.get(params[pk].get("pick_up")))
        for pk, about in messages.gather(rows).items()
    }


def asked(_message: Message, about: GroupAbout, now: datetime) -> Words:
    """To the people of a group: what and when, and that no is fine."""
    asked_for = about.help_request
    what = {"title": phrases.title(asked_for), "when": words.when_inside(asked_for, now)}
    return to_helper(
        about,
        _("Something for your group"),
        _("%(title)s, %(when)s.") % what,
        _("Can one of you do it, or a few together? Everybody takes a part."),
        _("No is fine too."),
    )


def settled(_message: Message, about: GroupAbout, _now: datetime) -> Words:
    """To who was asked and does not come, on the site only."""
    return to_helper(
        about, _("It's sorted already"), phrases.its_about(about), _("You don't have to do anything."), visible=False
    )


def taken(_message: Message, about: GroupAbout, _now: datetime) -> Words:
    """To the asker: the host said who comes."""
    return to_asker(
        about,
        _("%(person)s is coming to help") % {"person": phrases.short(about.who)},
        phrases.its_about(about),
        _part(about),
        _("The host of the group tells %(person)s where it is.") % {"person": about.who} if about.has_address else "",
    )


def offered(_message: Message, about: GroupAbout, _now: datetime) -> Words:
    """To the asker: the host offers it for somebody."""
    return to_asker(
        about,
        _("%(person)s would like to help") % {"person": phrases.short(about.who)},
        phrases.its_about(about),
        _("%(host)s, the host of the group, tells us so.") % {"host": phrases.name(about.person)},
        _("Is that all right?"),
    )


def given_back(_message: Message, about: GroupAbout, now: datetime) -> Words:
    """To the asker: ``until`` is the next moment."""
    step = ""
    if about.until and about.until > now:
        step = _("The next step is %(moment)s.") % {"moment": saying.moment_in_words(about.until, now, language())}
    return to_asker(
        about,
        _("%(person)s can't make it") % {"person": phrases.short(about.who)},
        phrases.its_about(about),
        _("We keep looking for you."),
        step,
        _("You don't have to do anything."),
    )


def accepted(_message: Message, about: GroupAbout, _now: datetime) -> Words:
    """To the host who offered it."""
    return to_helper(
        about,
        _("%(author)s says yes please") % {"author": phrases.short(phrases.name(about.help_request.author))},
        phrases.its_about(about),
        _("Will you tell %(person)s? The address is on the page of your group.") % {"person": about.who},
    )


def changed(_message: Message, about: GroupAbout, now: datetime) -> Words:
    """To the hosts of who comes."""
    return to_helper(
        about,
        _("%(author)s changed the request") % {"author": phrases.short(phrases.name(about.help_request.author))},
        _("New: %(when)s.") % {"when": words.when_inside(about.help_request, now)},
        _("Will you tell %(person)s?") % {"person": about.who},
    )


def called_off(_message: Message, about: GroupAbout, _now: datetime) -> Words:
    """To the hosts of who would have come."""
    return to_helper(
        about,
        _("%(author)s doesn't need you now") % {"author": phrases.short(phrases.name(about.help_request.author))},
        phrases.its_about(about),
        _("Will you tell %(person)s?") % {"person": about.who},
        visible=False,
    )


def _told(
    name: str,
    say: Callable[[Message, GroupAbout, datetime], Words],
    holds: Holds,
    group: Group,
    channels: tuple[Channel, ...] = BOTH,
    *,
    even_apart: bool = False,
) -> None:
    def may_be_said(message: Message, about: GroupAbout, now: datetime) -> bool:
        return (even_apart or not messages.is_apart(message, about)) and holds(message, about, now)

    register(name, Kind(say, gather, may_be_said, channels, group=group, push=PUSH.get(name, "")))


def _may_be_asked(message: Message, about: GroupAbout, now: datetime) -> bool:
    looked_for = messages.is_open(message, about, now) and messages.is_visible(message, about, now)
    return looked_for and message.user_id not in about.helpers


def _comes(about: GroupAbout) -> bool:
    return about.pick_up is not None and about.pick_up.ended_at is None


def _comes_not(_message: Message, about: GroupAbout, _now: datetime) -> bool:
    return not _comes(about)


def _part(about: GroupAbout) -> str:
    deed = does(about.pick_up.deed) if about.pick_up else ""
    return _("%(person)s %(does)s.") % {"person": about.who, "does": deed} if deed else ""
