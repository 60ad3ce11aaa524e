"""The kinds of message about requests: what each needs to know, and whether it is still true when it goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from moderation.models import Block
from notifications.kinds import BOTH, Kind, Words, register
from notifications.models import Channel, Group, Message
from requests_app.models import ACTIVE, HelpRequest, Offer, PickUp, RequestAddress, Status
from requests_app.push_texts import PUSH
from volunteers.models import Ask

# What a kind is about, by its name or the first word of it: its reader may stop such mail. Others always go: the
# team's above all, because nobody may be forgotten.
GROUPS = {
    "request": Group.OWN,
    "request.changed": Group.APPOINTMENTS,  # to who comes
    "contact": Group.OWN,
    "offer": Group.OWN,
    "offer.accepted": Group.APPOINTMENTS,
    "offer.declined": Group.APPOINTMENTS,
    "pickup": Group.APPOINTMENTS,
    "message": Group.APPOINTMENTS,
    "thanks": Group.APPOINTMENTS,
    "volunteer": Group.ASKED,
    "reserve": Group.ASKED,
}
TO_HELPER = "_helper"  # ends a kind that is about a request of somebody else


@dataclass(frozen=True)
class About:
    """What a message is about, as it is now.

    From the params ``help_request`` and, where given, ``person`` (whom it names), ``ask``, ``offer`` and ``until``
    (the moment it promises something for). ``helpers`` are the pks of who comes, ``blocked`` those the reader has no
    contact with.
    """

    help_request: HelpRequest
    has_address: bool
    person: User | None = None
    ask: Ask | None = None
    offer: Offer | None = None
    until: datetime | None = None
    helpers: frozenset[int] = field(default_factory=frozenset)
    blocked: frozenset[int] = field(default_factory=frozenset)


Say = Callable[[Message, About, datetime], Words]
StillTrue = Callable[[Message, About, datetime], bool]


def register_kind(
    name: str,
    say: Say,
    still_true: StillTrue,
    channels: tuple[Channel, ...] = BOTH,
    *,
    even_apart: bool = False,
) -> None:
    """A kind that is about a request, in the group that its name says.

    Nothing is said between two who have no contact any more, but ``even_apart``: that an appointment is off.
    """

    def may_be_said(message: Message, about: About, now: datetime) -> bool:
        return (even_apart or not is_apart(message, about)) and still_true(message, about, now)

    push = PUSH.get(name, "")
    kind = Kind(say, gather, may_be_said, channels, group=_group(name), push=push)
    register(name, kind)


def gather(messages: Sequence[Message]) -> Mapping[int, About]:
    """What these messages are about, in six queries at most."""
    params = {message.pk: message.params for message in messages}
    rows = HelpRequest.objects.select_related("author", "policy", "village__municipality", "village__contact_person")
    help_requests = rows.in_bulk(numbers(params, "help_request"))
    with_address = set(RequestAddress.objects.filter(pk__in=help_requests).values_list("pk", flat=True))
    people = User.objects.in_bulk(numbers(params, "person"))
    asks = Ask.objects.select_related("volunteer").in_bulk(numbers(params, "ask"))
    offers = Offer.objects.select_related("member").in_bulk(numbers(params, "offer"))
    helpers: dict[int, set[int]] = {}
    coming = PickUp.objects.filter(help_request__in=help_requests, ended_at=None, helper__isnull=False)
    for pk, helper in coming.values_list("help_request", "helper"):
        helpers.setdefault(pk, set()).add(helper)
    blocked = _blocked({message.user_id for message in messages if message.user_id})
    readers = {message.pk: message.user_id for message in messages}
    return {
        pk: About(
            help_request=help_request,
            has_address=help_request.pk in with_address,
            person=people.get(param.get("person")),
            ask=asks.get(param.get("ask")),
            offer=offers.get(param.get("offer")),
            until=datetime.fromisoformat(param["until"]) if "until" in param else None,
            helpers=frozenset(helpers.get(help_request.pk, ())),
            blocked=frozenset(blocked.get(readers[pk] or 0, ())),
        )
        for pk, param in params.items()
        if (help_request := help_requests.get(param.get("help_request"))) is not None
    }


def is_apart(message: Message, about: About) -> bool:
    """Between the reader and whom it is about there is no contact, and no appointment that goes on."""
    author, person = about.help_request.author_id, about.person.pk if about.person else None
    others = {author, person} & about.blocked
    meets = message.user_id in about.helpers if author in others else person in about.helpers
    return bool(others) and not meets


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


def lies_elsewhere(message: Message, about: About, _now: datetime) -> bool:
    """The reader does not have it (again)."""
    return about.help_request.owner_id != message.user_id


def person_comes(_message: Message, about: About, _now: datetime) -> bool:
    """Whom the message names still comes."""
    return about.person is not None and about.person.pk in about.helpers


def reader_comes(message: Message, about: About, _now: datetime) -> bool:
    """The reader still comes."""
    return message.user_id in about.helpers


def reader_does_not_come(message: Message, about: About, now: datetime) -> bool:
    """The reader was called off and did not say yes again since."""
    return not reader_comes(message, about, now)


def is_offered(message: Message, about: About, now: datetime) -> bool:
    """The offer still waits for an answer."""
    waits = about.offer is not None and about.offer.answer == Offer.Answer.WAITING
    return waits and is_open(message, about, now) and is_visible(message, about, now)


def is_asked(message: Message, about: About, now: datetime) -> bool:
    """The question to this volunteer still waits for an answer, and they neither stopped nor take a break."""
    if about.ask is None or about.ask.answer != Ask.Answer.OPEN:
        return False
    volunteer = about.ask.volunteer
    if volunteer.ended_at or (volunteer.paused_until and volunteer.paused_until > now):
        return False
    return is_open(message, about, now) and is_visible(message, about, now)


def numbers(params: Mapping[int, Mapping[str, object]], name: str) -> set[int]:
    """What these messages have there, as far as it is a number."""
    return {value for param in params.values() if isinstance(value := param.get(name), int)}


def _blocked(readers: set[int]) -> dict[int, set[int]]:
    """Of each of these people, with whom they have no contact."""
    found: dict[int, set[int]] = {}
    rows = Block.objects.filter(Q(by__in=readers) | Q(other__in=readers), kind=Block.Kind.BLOCK)
    for by, other in rows.values_list("by", "other"):
        found.setdefault(by, set()).add(other)
        found.setdefault(other, set()).add(by)
    return found


def _group(name: str) -> Group | None:
    if name.endswith(TO_HELPER):
        return Group.APPOINTMENTS
    return GROUPS.get(name) or GROUPS.get(name.partition(".")[0])
