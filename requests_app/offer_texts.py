"""What messages about offers say: the texts of the copy guide. Others are told gently, never who comes instead."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from notifications.kinds import Words, always
from notifications.models import Channel, Message
from requests_app import messages, phrases
from requests_app.message_texts import to_asker, to_helper
from requests_app.messages import About
from requests_app.models import Status


def register_kinds() -> None:
    """Tell the outbox what it can be asked to say about offers."""
    told = messages.register_kind
    told("offer.received", received, messages.is_offered)
    told("offer.accepted", accepted, messages.reader_comes)
    told("offer.declined", declined, messages.reader_does_not_come)
    told("offer.taken_back", taken_back, messages.is_open, (Channel.IN_APP,))
    told("offer.expired", expired, messages.is_open)
    told("offer.expired_helper", expired_helper, always)


def received(_message: Message, about: About, _now: datetime) -> Words:
    """To the asker: ``person`` would like to help."""
    person = phrases.name(about.person)
    return to_asker(
        about,
        _("%(person)s would like to help") % {"person": phrases.short(person)},
        _("It's about: %(title)s.") % {"title": phrases.title(about.help_request)},
        _("Is that all right?"),
        _("%(person)s sees your address only after you say yes.") % {"person": person} if about.has_address else "",
    )


def accepted(_message: Message, about: About, _now: datetime) -> Words:
    """To the helper."""
    author = phrases.name(about.help_request.author)
    return to_helper(
        about,
        _("%(author)s says yes please") % {"author": phrases.short(author)},
        _("It's about: %(title)s.") % {"title": phrases.title(about.help_request)},
        _("The address is on the page of the request.") if about.has_address else "",
        _("Can't make it after all? That's fine. Just let us know on the page."),
    )


def declined(_message: Message, about: About, _now: datetime) -> Words:
    """To who offered: somebody else comes, or nobody is needed (by them)."""
    author = phrases.name(about.help_request.author)
    if about.help_request.status == Status.TAKEN:
        subject, why = _("It's sorted already"), _("%(author)s has found someone.") % {"author": author}
    else:
        subject = _("%(author)s doesn't need you now") % {"author": phrases.short(author)}
        why = _("It's about: %(title)s.") % {"title": phrases.title(about.help_request)}
    return to_helper(about, subject, why, _("Thank you for offering."), visible=False)


def taken_back(_message: Message, about: About, _now: datetime) -> Words:
    """To the asker, on the site only: nothing was agreed yet."""
    person = phrases.name(about.person)
    subject = _("%(person)s can't make it") % {"person": phrases.short(person)}
    return to_asker(about, subject, _("That's fine. We keep looking for you."))


def expired(_message: Message, about: About, _now: datetime) -> Words:
    """To the asker: by the name of who would come, though a host said it."""
    member = about.offer.member if about.offer else None
    gone = _("somebody from the group")  # the first name was erased since
    person = phrases.short(member.name or gone if member else phrases.name(about.person))
    return to_asker(
        about,
        _("You haven't answered %(person)s yet") % {"person": person},
        _("That's fine. This offer has ended now. We keep looking for you."),
    )


def expired_helper(_message: Message, about: About, _now: datetime) -> Words:
    """To who offered."""
    author = phrases.short(phrases.name(about.help_request.author))
    return to_helper(
        about,
        _("%(author)s hasn't answered yet") % {"author": author},
        _("You don't have to do anything. Thank you for offering."),
        visible=False,
    )
