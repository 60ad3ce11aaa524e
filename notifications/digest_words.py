"""What a digest says: made when it is sent, of what is still open and not seen by then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications import digest_sections
from notifications.digest_sections import Found, News, Reader
from notifications.kinds import Kind, Signature, Words, register, signature_for
from notifications.models import Channel, Digest, Group, Message

LONGEST_SUBJECT = 60
LONGEST_NAME = 30


def register_kinds() -> None:
    """Tell the outbox what a digest is: by mail only, because on the site stands the board itself."""
    for name, words in (("digest.daily", _daily), ("digest.weekly", _weekly)):
        kind = Kind(words=words, gather=gather, still_true=_still_true, channels=(Channel.MAIL,), group=Group.DIGEST)
        register(name, kind)


@dataclass
class Telling:
    """One digest. ``news`` is what there is to tell by then: what somebody saw meanwhile is not in it any more."""

    reader: Reader
    wanted: bool  # it was not stopped meanwhile
    _found: Found | None = None

    def news(self, now: datetime) -> Found:
        """Looked up once."""
        if self._found is None:
            self._found = digest_sections.look([self.reader], now).get(self.reader, ())
        return self._found


def gather(messages: Sequence[Message]) -> Mapping[int, Telling]:
    """Whose it is, and whether they still want it."""
    users = {message.user_id for message in messages if message.user_id}
    want = set(Digest.objects.filter(pk__in=users, next_at__isnull=False).values_list("pk", flat=True))
    return {message.pk: Telling(_reader(message), message.user_id in want) for message in messages}


def _reader(message: Message) -> Reader:
    since, until = (datetime.fromisoformat(message.params[name]) for name in ("since", "until"))
    assert message.user_id is not None  # a digest goes to a person
    return Reader(message.user_id, since, until)


def _still_true(_message: Message, telling: Telling, now: datetime) -> bool:
    return telling.wanted and bool(telling.news(now))


def _daily(message: Message, telling: Telling, now: datetime) -> Words:
    news, signature = _news(telling, now), signature_for(message)
    amounts = _amounts(news)
    subject = _("%(amount)s in %(village)s") % {"amount": amounts, "village": _village(signature)}
    if len(subject) > LONGEST_SUBJECT:
        subject = amounts  # the village stands below it
    return _words(subject, _("On the board today. No obligation."), news, signature)


def _weekly(message: Message, telling: Telling, now: datetime) -> Words:
    news, signature = _news(telling, now), signature_for(message)
    subject = _("This week in %(village)s") % {"village": _village(signature)}
    return _words(subject, _("%(amount)s.") % {"amount": _amounts(news)}, news, signature)


def _news(telling: Telling, now: datetime) -> list[News]:
    return [section.say(what, now) for section, what in telling.news(now)]


def _amounts(news: Sequence[News]) -> str:
    """As "3 requests", "3 requests and 1 offer", "3 requests, 1 offer and 2 activities"."""
    *others, last = (it.amount for it in news)
    return _("%(first)s and %(last)s") % {"first": ", ".join(others), "last": last} if others else last


def _village(signature: Signature | None) -> str:
    return signature.village[:LONGEST_NAME] if signature else "SamSam"


def _words(subject: str, body: str, news: Sequence[News], signature: Signature | None) -> Words:
    lines = tuple(line for it in news for line in it.lines)
    return Words(subject, body, reverse("start"), _("Look at the board"), signature=signature, lines=lines)
