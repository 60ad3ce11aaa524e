"""Who is told what happened. Every message is keyed on its event: a fact is told once, its repeat again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import User
from notifications import outbox
from requests_app import moments
from requests_app.models import Event, HelpRequest, Offer, PickUp, RequestAsk, Reserve
from volunteers.models import Ask


def posted(event: Event, help_request: HelpRequest) -> None:
    """The asker: it stands on the board, and this is the next moment."""
    _tell([help_request.author], "request.posted", event, help_request, until=help_request.next_at)


def changed(event: Event, help_request: HelpRequest) -> None:
    """Who comes, who offered, and who was asked and has not answered yet."""
    offered = Offer.objects.waiting().filter(help_request=help_request).values_list("helper", flat=True)
    first = Reserve.objects.asked().filter(help_request=help_request).values_list("helper", flat=True)
    people = User.objects.filter(pk__in=[*_helpers(help_request), *offered, *first, *_asked(help_request, event.at)])
    _tell(people, "request.changed", event, help_request, person=help_request.author)


def taken(event: Event, help_request: HelpRequest, helper: User) -> None:
    """The asker hears who comes, the helper that it is settled; at once when it is for today."""
    _tell([help_request.author], "request.taken", event, help_request, person=helper, may_wake=True)
    _tell([helper], "request.taken_helper", event, help_request, person=help_request.author, may_wake=True)


def offered(event: Event, help_request: HelpRequest, offer: Offer) -> None:
    """The asker: this neighbour would like to help; at once when it is for today."""
    _tell(
        [help_request.author],
        "offer.received",
        event,
        help_request,
        person=offer.helper,
        may_wake=True,
        offer=offer.pk,
    )


def accepted(event: Event, help_request: HelpRequest, helper: User) -> None:
    """The helper: yes please; at once when it is for today."""
    _tell([helper], "offer.accepted", event, help_request, person=help_request.author, may_wake=True)


def offers_settled(offers: Iterable[Offer], help_request: HelpRequest, now: datetime) -> None:
    """Who offered need not wait any more; never who else comes, or why."""
    awake = moments.awake_in(help_request.village)(now)
    outbox.enqueue_many(
        [
            outbox.Fact(
                kind="offer.declined",
                recipient=offer.helper,
                key=f"offer-{offer.pk}:settled",
                params={"help_request": help_request.pk, "offer": offer.pk},
                municipality=help_request.municipality_id,
                not_before=now if moments.is_today(help_request, now) else awake,
            )
            for offer in offers
        ],
        now=now,
    )


def offer_taken_back(event: Event, help_request: HelpRequest, helper: User) -> None:
    """The asker: this neighbour can't make it after all."""
    _tell([help_request.author], "offer.taken_back", event, help_request, person=helper)


def offer_expired(event: Event, help_request: HelpRequest, offer: Offer) -> None:
    """Both: there was no answer, and that is fine."""
    _tell([help_request.author], "offer.expired", event, help_request, person=offer.helper, offer=offer.pk)
    _tell([offer.helper], "offer.expired_helper", event, help_request, person=help_request.author)


def given_back(event: Event, help_request: HelpRequest, helper: User) -> None:
    """The asker: this helper can't make it, and this is the next moment; at once when it is for today."""
    until = moments.next_step_at(help_request, event.at)
    _tell(
        [help_request.author],
        "pickup.given_back",
        event,
        help_request,
        person=helper,
        until=until,
        may_wake=True,
    )


def called_off(event: Event, help_request: HelpRequest, helpers: Iterable[User]) -> None:
    """Who would come need not; at once when it is for today."""
    _tell(
        helpers,
        "pickup.called_off",
        event,
        help_request,
        person=help_request.author,
        may_wake=True,
    )


def done_early(event: Event, help_request: HelpRequest, helpers: Iterable[User]) -> None:
    """Who still had to come: it is done already; at once when it was for today."""
    _tell(helpers, "pickup.done_early", event, help_request, person=help_request.author, may_wake=True)


def volunteers_asked(
    event: Event, help_request: HelpRequest, asked: Iterable[tuple[int, User]], until: datetime | None
) -> list[outbox.Fact]:
    """The volunteers of a wave, each with the key of the ask, and the asker, unless it was one for one that declined.

    ``until`` is when the contact person helps to look. For the walk, which tells everybody at once.
    """
    not_before = moments.awake_in(help_request.village)(event.at)
    facts = [
        outbox.Fact(
            kind="volunteer.asked",
            recipient=user,
            key=f"{_asks_of(help_request)}:ask-{ask}",
            params={"help_request": help_request.pk, "ask": ask},
            municipality=help_request.municipality_id,
            not_before=not_before,
        )
        for ask, user in asked
    ]
    if not event.params.get("instead"):
        facts += _facts([help_request.author], "request.escalated", event, help_request, until=until)
    return facts


def unheard(help_request: HelpRequest) -> list[int]:
    """The asks of which nothing reached anybody: their messages were waiting, or could not be sent."""
    start = f"{_asks_of(help_request)}:ask-"
    return [int(key.removeprefix(start)) for key in outbox.unheard(start)]


def settled(help_request: HelpRequest, users: Iterable[int], now: datetime, *, everybody: bool = True) -> None:
    """Who was asked and need not answer any more: what was not sent yet is dropped, the rest hears it here.

    Not ``everybody``: others are still asked, so what waits is looked at one by one, when it is sent.
    """
    people = list(User.objects.filter(pk__in=users))
    if not people:
        return
    if everybody:
        outbox.drop(_asks_of(help_request))
    outbox.enqueue_many(
        [
            outbox.Fact(
                kind="volunteer.taken",
                recipient=person,
                key=f"request-{help_request.pk}:settled-{now:%Y%m%d%H%M%S%f}:user-{person.pk}",
                params={"help_request": help_request.pk},
                municipality=help_request.municipality_id,
            )
            for person in people
        ],
        now=now,
    )


def not_asked_any_more(help_request: HelpRequest, person: User, now: datetime) -> None:
    """Of a volunteer who stopped or takes a break: nothing more is sent about what was asked."""
    outbox.seen(person, _asks_of(help_request), now)


def to_contact(event: Event, help_request: HelpRequest) -> list[outbox.Fact]:
    """The asker, who will be called; and the contact person. For the walk.

    With no morning left before it is needed both are told at once, in the night too: nobody else is.
    """
    until, night = help_request.owner_deadline_at, bool(event.params.get("night"))
    facts = _facts([help_request.author], "request.to_contact", event, help_request, until=until, wakes=night)
    return facts + _facts(_team(help_request), "team.request_waiting", event, help_request, wakes=night)


def from_contact(event: Event, help_request: HelpRequest, contact: User) -> None:
    """The contact person who had it: it is looked for anew, nobody has to be called now."""
    _tell([contact], "team.request_moved", event, help_request)


def partly_filled(event: Event, help_request: HelpRequest, helpers: Iterable[User]) -> None:
    """It goes on with fewer people: the asker and who comes."""
    _tell([help_request.author], "request.partly_filled", event, help_request)
    _tell(
        helpers,
        "request.partly_filled_helper",
        event,
        help_request,
        person=help_request.author,
    )


def ask_done(event: Event, help_request: HelpRequest) -> list[outbox.Fact]:
    """The asker: did it work out? For the walk."""
    return _facts([help_request.author], "request.ask_done", event, help_request)


def ask_needed(event: Event, help_request: HelpRequest) -> None:
    """The asker, whose day is far off: do you still need it?"""
    _tell([help_request.author], "request.still_needed", event, help_request)


def not_done(event: Event, help_request: HelpRequest) -> None:
    """The contact person: it did not work out."""
    _tell_team("team.not_done", event, help_request)


def lapsed(event: Event, help_request: HelpRequest) -> None:
    """Nothing lapses in silence: the asker, and the contact person."""
    _tell([help_request.author], "request.lapsed", event, help_request)
    _tell_team("team.request_waiting", event, help_request)


def hidden(event: Event, help_request: HelpRequest) -> None:
    """The asker: not visible for now, and somebody will call."""
    _tell([help_request.author], "request.hidden", event, help_request)


def restored(event: Event, help_request: HelpRequest) -> None:
    """The asker: visible again."""
    _tell([help_request.author], "request.restored", event, help_request)


def _tell(people: Iterable[User], kind: str, event: Event, help_request: HelpRequest, **more: Any) -> None:
    outbox.enqueue_many(_facts(people, kind, event, help_request, **more), now=event.at)


def _facts(
    people: Iterable[User],
    kind: str,
    event: Event,
    help_request: HelpRequest,
    *,
    person: User | None = None,
    until: datetime | None = None,
    may_wake: bool = False,
    wakes: bool = False,
    offer: int | None = None,
) -> list[outbox.Fact]:
    """``person`` is whom the message is about; ``until`` the moment it promises something for.

    Mail waits for the village's first waking moment; with ``may_wake`` it does not when the help is today, and with
    ``wakes`` it never does.
    """
    params: dict[str, int | str] = {"help_request": help_request.pk, "event": event.pk}
    if person:
        params["person"] = person.pk
    if until:
        params["until"] = until.isoformat()
    if offer:
        params["offer"] = offer
    params |= {name: 1 for name in ("night", "off_hours", "off") if event.params.get(name)}
    urgent = wakes or (may_wake and moments.is_today(help_request, event.at))
    not_before = event.at if urgent else moments.awake_in(help_request.village)(event.at)
    return [
        outbox.Fact(
            kind=kind,
            recipient=reader,
            key=f"request-event-{event.pk}:{kind}:user-{reader.pk}",
            params=params,
            municipality=help_request.municipality_id,
            not_before=not_before,
            urgent=urgent,
        )
        for reader in people
    ]


def _tell_team(kind: str, event: Event, help_request: HelpRequest) -> None:
    _tell(_team(help_request), kind, event, help_request)


def _team(help_request: HelpRequest) -> list[User]:
    contact = help_request.village.contact_person
    return [contact.user] if contact else []


def _asks_of(help_request: HelpRequest) -> str:
    return f"request-{help_request.pk}:asks"


def _helpers(help_request: HelpRequest) -> list[int]:
    coming = PickUp.objects.filter(help_request=help_request, ended_at=None, helper__isnull=False)
    return list(coming.values_list("helper", flat=True))


def _asked(help_request: HelpRequest, now: datetime) -> list[int]:
    links = RequestAsk.objects.filter(help_request=help_request, ask__answer=Ask.Answer.OPEN)
    links = links.exclude(ask__volunteer__paused_until__gt=now)
    return list(links.values_list("ask__volunteer__user", flat=True))
