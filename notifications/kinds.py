"""The kinds of message there are: registered by the apps above in ``AppConfig.ready``, read when one is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from accounts.quiet import Rest
from notifications.models import Channel, Group, Message

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

BOTH = (Channel.IN_APP, Channel.MAIL)


@dataclass(frozen=True)
class Signature:
    """Who signs a mail: a village and the phone of its contact person."""

    village: str
    phone: str


@dataclass(frozen=True)
class Words:
    """A message in the language that is active: at most 60 characters of subject, a few sentences, one button."""

    subject: str
    body: str
    url: str = ""  # a path on this site
    button: str = ""
    signature: Signature | None = None  # none: that of the reader's own village
    lines: tuple[str, ...] = ()  # a short list after the sentences
    stop: str = ""  # where somebody without an account says: no more; a path on this site


# What a message is about, fetched for many at once: by the pk of the message. One that is gone is not in it.
Gather = Callable[[Sequence[Message]], Mapping[int, Any]]


def gather_nothing(messages: Sequence[Message]) -> Mapping[int, Any]:
    """For kinds whose params say it all."""
    return {message.pk: None for message in messages}


def always(_message: Message, _about: Any, _now: datetime) -> bool:
    """For kinds that stay true."""
    return True


@dataclass(frozen=True)
class Kind:
    """What there is to know of one kind.

    ``words`` and ``still_true`` get the message, what ``gather`` fetched for it, and now.
    """

    words: Callable[[Message, Any, datetime], Words]
    gather: Gather = gather_nothing
    still_true: Callable[[Message, Any, datetime], bool] = always
    channels: tuple[Channel, ...] = BOTH
    group: Group | None = None  # what its reader may stop it with; none: it always goes
    urgent: bool = False  # goes at once, also in quiet hours
    private: bool = False  # staff do not see to which address it goes
    secret: bool = False  # its params are wiped as soon as it is sent or given up
    rests: Callable[[Message], Sequence[Rest]] | None = None  # when a reader without an account is not disturbed
    push: StrOrPromise = ""  # what a locked screen may show: no name, street, category or reason. Empty: no push


KINDS: dict[str, Kind] = {}
_signers: list[Callable[[Message], Signature | None]] = []


def register(name: str, kind: Kind) -> None:
    """By the app that tells it, when it starts."""
    KINDS[name] = kind


def register_signer(signer: Callable[[Message], Signature | None]) -> None:
    """Who knows the village of a reader; asked when the words themselves name none."""
    _signers.append(signer)


def signature_for(message: Message) -> Signature | None:
    """That of the reader's own village, if somebody knows it."""
    return next((found for signer in _signers if (found := signer(message))), None)


def gathered(messages: Iterable[Message]) -> dict[int, Any]:
    """What all these messages are about, in a number of queries that does not grow with them."""
    groups: dict[Gather, list[Message]] = {}
    for message in messages:
        if message.kind in KINDS:
            groups.setdefault(KINDS[message.kind].gather, []).append(message)
    return {pk: about for gather, group in groups.items() for pk, about in gather(group).items()}
