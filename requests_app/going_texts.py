"""The messages about what neighbours do anyway: what each needs to know, when it is still true, what it says.

A mail holds first names and where to; never a note, a wish or a street.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from moderation.models import Block
from notifications.kinds import Kind, Words, register
from notifications.models import Group, Message
from requests_app import going_words, phrases, words
from requests_app.models import SpareOffer, SparePlace, What

# For a locked screen: no name, no street, not what it is about.
PUSH = {
    "spare.taken": gettext_lazy("A neighbour joins you"),
    "spare.wished": gettext_lazy("There is a word from a neighbour"),
    "spare.given_back": gettext_lazy("Something changed"),
    "spare.changed": gettext_lazy("Something changed"),
    "spare.called_off": gettext_lazy("Something you joined is off"),
    "spare.place_ended": gettext_lazy("Something you joined is off"),
    "spare.on_again": gettext_lazy("Something you joined goes on after all"),
    "spare.hidden": gettext_lazy("Look at what you posted"),
    "spare.restored": gettext_lazy("Look at what you posted"),
}


@dataclass(frozen=True)
class About:
    """What a message is about, as it is now: the offer, who joined, and whether the two still are in touch."""

    spare: SpareOffer
    place: SparePlace | None
    person: User | None
    joined: frozenset[int]
    apart: bool


def register_kinds() -> None:
    """Tell the outbox what it can be asked to say."""
    for name, say, still_true in (
        ("spare.taken", taken, place_is_held),
        ("spare.wished", wished, place_is_held),
        ("spare.given_back", given_back, place_is_free),
        ("spare.changed", changed, goes_on),
        ("spare.called_off", called_off, is_off),
        ("spare.place_ended", place_ended, place_is_free),
        ("spare.on_again", on_again, goes_on),
        ("spare.hidden", hidden, is_hidden),
        ("spare.restored", restored, is_visible),
    ):
        kind = Kind(words=say, gather=gather, still_true=still_true, group=Group.APPOINTMENTS, push=PUSH[name])
        register(name, kind)


def gather(messages: Sequence[Message]) -> Mapping[int, About]:
    """What these messages are about, in five queries at most."""
    rows = SpareOffer.objects.select_related("author", "village__contact_person")
    spares = rows.in_bulk(_numbers(messages, "spare"))
    places = SparePlace.objects.in_bulk(_numbers(messages, "place"))
    people = User.objects.in_bulk(_numbers(messages, "person"))
    joined: dict[int, set[int]] = {}
    active = SparePlace.objects.filter(spare__in=spares, ended_at=None)
    for pk, taker in active.values_list("spare", "taker"):
        joined.setdefault(pk, set()).add(taker)
    authors = {spare.author_id for spare in spares.values()}
    others = {*people, *(message.user_id for message in messages)}
    blocks = Block.objects.filter(kind=Block.Kind.BLOCK)
    pairs = blocks.filter(by__in=authors, other__in=others) | blocks.filter(by__in=others, other__in=authors)
    apart = {frozenset(pair) for pair in pairs.values_list("by", "other")}
    return {
        message.pk: About(
            spare=spare,
            place=places.get(message.params.get("place")),
            person=people.get(message.params.get("person")),
            joined=frozenset(joined.get(spare.pk, ())),
            apart=frozenset((spare.author_id, message.params.get("person", message.user_id))) in apart,
        )
        for message in messages
        if (spare := spares.get(message.params.get("spare"))) is not None
    }


def place_is_held(_message: Message, about: About, now: datetime) -> bool:
    """Whom it names still joins, and it is still to come."""
    held = about.place is not None and about.place.ended_at is None
    return held and about.spare.withdrawn_at is None and about.spare.leaves_at > now and not about.apart


def place_is_free(_message: Message, about: About, now: datetime) -> bool:
    """Whom it names did not join again since, and it is still to come. Also told where the two are not in touch now:
    nobody waits for somebody who does not come."""
    back = about.person is not None and about.person.pk in about.joined
    return not back and about.spare.leaves_at > now


def goes_on(message: Message, about: About, now: datetime) -> bool:
    """The reader has a place in what is still to come."""
    return _reader_joins(message, about) and about.spare.withdrawn_at is None and about.spare.leaves_at > now


def is_off(message: Message, about: About, _now: datetime) -> bool:
    """The reader would have joined, and it does not go on."""
    return _reader_joins(message, about) and about.spare.withdrawn_at is not None


def is_hidden(_message: Message, about: About, _now: datetime) -> bool:
    """Off the board by moderation."""
    return about.spare.hidden_at is not None


def is_visible(_message: Message, about: About, now: datetime) -> bool:
    """On the board again, and still to come."""
    return about.spare.hidden_at is None and about.spare.leaves_at > now


def taken(_message: Message, about: About, now: datetime) -> Words:
    """To the author: who joins, and for what."""
    what = about.place.what if about.place else What.PERSON
    subjects = {
        What.PERSON: _("%(person)s would like to come along"),
        What.PORTION: _("%(person)s would like a portion"),
    }
    subject = subjects.get(What(what), _("%(person)s asks you to bring something"))
    return _to_author(about, subject, _what_and_when(about, now), _("You don't have to do anything now."))


def wished(_message: Message, about: About, now: datetime) -> Words:
    """To the author: the words themselves stand on the page."""
    return _to_author(about, _("A word from %(person)s"), _what_and_when(about, now), _("Read it on the page."))


def given_back(_message: Message, about: About, now: datetime) -> Words:
    """To the author."""
    return _to_author(
        about, _("%(person)s won't join after all"), _what_and_when(about, now), _("The place is free again.")
    )


def changed(_message: Message, about: About, now: datetime) -> Words:
    """To who joins: as it is now."""
    subject = _("%(author)s changed something")
    new = _("Now: %(sentence)s, %(moment)s.") % _facts(about, now)
    return _to_taker(about, subject, new, _("Doesn't it suit you any more? That's fine. Say so on the page."))


def called_off(_message: Message, about: About, now: datetime) -> Words:
    """To who would have joined."""
    subject = _("%(author)s can't make it")
    return _to_taker(about, subject, _what_and_when(about, now), _("It does not go on."), board=True)


def place_ended(_message: Message, about: About, now: datetime) -> Words:
    """To who had a place; with the same words whatever the reason is."""
    subject, sentence = _("It won't work out with %(author)s"), _("So don't count on it.")
    return _to_taker(about, subject, _what_and_when(about, now), sentence, board=True)


def on_again(_message: Message, about: About, now: datetime) -> Words:
    """To who had a place, and has it again."""
    return _to_taker(about, _("It goes on after all"), _what_and_when(about, now), _("You still have your place."))


def hidden(_message: Message, about: About, now: datetime) -> Words:
    """To the author."""
    contact = about.spare.village.contact_person
    call = _("%(contact)s will call you about it.") % {"contact": contact.name} if contact else ""
    subject = _("What you posted is hidden for now")
    return _to_author(about, subject, _what_and_when(about, now), call, _("You did nothing wrong."))


def restored(_message: Message, about: About, now: datetime) -> Words:
    """To the author."""
    return _to_author(about, _("What you posted is visible again"), _what_and_when(about, now))


def _facts(about: About, now: datetime) -> dict[str, str]:
    sentence = going_words.sentence(about.spare).rstrip(".")
    return {"sentence": sentence, "moment": words.moment(about.spare.leaves_at, now)}


def _what_and_when(about: About, now: datetime) -> str:
    return _("It's about: %(sentence)s, %(moment)s.") % _facts(about, now)


def _to_author(about: About, subject: str, *sentences: str) -> Words:
    subject %= {"person": phrases.short(phrases.name(about.person))}
    return Words(
        subject,
        phrases.sentences(*sentences),
        about.spare.get_absolute_url(),
        _("Have a look"),
        phrases.signature_of(about.spare.village),
    )


def _to_taker(about: About, subject: str, *sentences: str, board: bool = False) -> Words:
    subject %= {"author": phrases.short(phrases.name(about.spare.author))}
    url, button = about.spare.get_absolute_url(), _("Have a look")
    if board:
        url, button = reverse("board"), _("Back to the board")
    return Words(subject, phrases.sentences(*sentences), url, button, phrases.signature_of(about.spare.village))


def _reader_joins(message: Message, about: About) -> bool:
    return message.user_id in about.joined and not about.apart


def _numbers(messages: Sequence[Message], name: str) -> set[int]:
    return {value for message in messages if isinstance(value := message.params.get(name), int)}
