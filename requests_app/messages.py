"""The kinds of message about requests: what each needs to know, and whether it is still true when it goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from notifications.kinds import BOTH, Kind, Words, register
from notifications.models import Channel, Message
from requests_app.models import ACTIVE, HelpRequest, PickUp, RequestAddress, Status
from requests_app.push_texts import PUSH
from volunteers.models import Ask


@dataclass(frozen=True)
class About:
    """What a message is about, as it is now.

    From the params ``help_request`` and, where given, ``person`` (whom it names), ``ask`` and ``until`` (the moment
    it promises something for). ``helpers`` are the pks of who comes.
    """

    help_request: HelpRequest
    has_address: bool
    person: User | None = None
    ask: Ask | None = None
    until: datetime | None = None
    helpers: frozenset[int] = field(default_factory=frozenset)


Say = Callable[[Message, About, datetime], Words]
StillTrue = Callable[[Message, About, datetime], bool]


def register_kind(name: str, say: Say, still_true: StillTrue, channels: tuple[Channel, ...] = BOTH) -> None:
    """A kind that is about a request."""
    push = PUSH.get(name, "")
    register(name, Kind(words=say, gather=gather, still_true=still_true, channels=channels, push=push))


def gather(messages: Sequence[Message]) -> Mapping[int, About]:
    """What these messages are about, in five queries at most."""
    params = {message.pk: message.params for message in messages}
    rows = HelpRequest.objects.select_related("author", "policy", "village__municipality", "village__contact_person")
    help_requests = rows.in_bulk(_numbers(params, "help_request"))
    with_address = set(RequestAddress.objects.filter(pk__in=help_requests).values_list("pk", flat=True))
    people = User.objects.in_bulk(_numbers(params, "person"))
    asks = Ask.objects.in_bulk(_numbers(params, "ask"))
    helpers: dict[int, set[int]] = {}
    for pk, helper in PickUp.objects.filter(help_request__in=help_requests, ended_at=None).values_list(
        "help_request", "helper"
    ):
        helpers.setdefault(pk, set()).add(helper)
    return {
        pk: About(
            help_request=help_request,
            has_address=help_request.pk in with_address,
            person=people.get(param.get("person")),
            ask=asks.get(param.get("ask")),
            until=datetime.fromisoformat(param["until"]) if "until" in param else None,
            helpers=frozenset(helpers.get(help_request.pk, ())),
        )
        for pk, param in params.items()
        if (help_request := help_requests.get(param.get("help_request"))) is not None
    }


def is_active(_message: Message, about: About, _now: datetime) -> bool:
    """Somebody is looked for, or comes."""
    return about.help_request.status in ACTIVE


def is_open(_message: Message, about: About, _now: datetime) -> bool:
    """Somebody is looked for."""
    return about.help_request.status == Status.OPEN


def is_taken(_message: Message, about: About, _now: datetime) -> bool:
    """Everybody who is needed comes, and it is not over yet."""
    return about.help_request.status == Status.TAKEN


def is_lapsed(_message: Message, about: About, _now: datetime) -> bool:
    """The date passed without anybody."""
    return about.help_request.status == Status.LAPSED


def is_hidden(_message: Message, about: About, _now: datetime) -> bool:
    """Off the board by moderation."""
    return about.help_request.hidden_at is not None


def is_visible(_message: Message, about: About, _now: datetime) -> bool:
    """On the board again."""
    return about.help_request.hidden_at is None


def lies_with_contact(message: Message, about: About, now: datetime) -> bool:
    """Open, and the contact person has it."""
    return is_open(message, about, now) and about.help_request.owner_id is not None


def waits_for_team(message: Message, about: About, now: datetime) -> bool:
    """The contact person has it, or it lapsed and they should know."""
    return lies_with_contact(message, about, now) or is_lapsed(message, about, now)


def person_comes(_message: Message, about: About, _now: datetime) -> bool:
    """Whom the message names still comes."""
    return about.person is not None and about.person.pk in about.helpers


def reader_comes(message: Message, about: About, _now: datetime) -> bool:
    """The reader still comes."""
    return message.user_id in about.helpers


def reader_does_not_come(message: Message, about: About, now: datetime) -> bool:
    """The reader was called off and did not say yes again since."""
    return not reader_comes(message, about, now)


def is_asked(message: Message, about: About, now: datetime) -> bool:
    """The question to this volunteer still waits for an answer."""
    open_ask = about.ask is not None and about.ask.answer == Ask.Answer.OPEN
    return open_ask and is_open(message, about, now) and is_visible(message, about, now)


def _numbers(params: Mapping[int, Mapping[str, object]], name: str) -> set[int]:
    return {value for param in params.values() if isinstance(value := param.get(name), int)}
