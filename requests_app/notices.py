"""Who is told what happened. Every message is keyed on its event: a fact is told once, its repeat again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from notifications import outbox
from requests_app import moments
from requests_app.models import Event, HelpRequest, Offer, PickUp, RequestAsk, Reserve
from volunteers.models import Ask


def posted(event: Event, help_request: HelpRequest) -> None:
    """The asker: it stands on the board, and this is the next moment."""
    _tell(
        [help_request.author],
        "request.posted",
        event,
        help_request,
        until=help_request.next_at,
    )


def changed(event: Event, help_request: HelpRequest) -> None:
    """Who comes, who offered, and who was asked and has not answered yet."""
    offered = Offer.objects.waiting().filter(help_request=help_request).values_list("helper", flat=True)
    first = Reserve.objects.asked().filter(help_request=help_request).values_list("helper", flat=True)
    people = User.objects.filter(pk__in=[*_helpers(help_request), *offered, *first, *_asked(help_request)])
    _tell(people, "request.changed", event, help_request, person=help_request.author)


def taken(event: Event, help_request: HelpRequest, helper: User) -> None:
    """The asker hears who comes, the helper that it is settled; at once when it is for today."""
    _tell(
        [help_request.author],
        "request.taken",
        event,
        help_request,
        person=helper,
        may_wake=True,
    )
    _tell(
        [helper],
        "request.taken_helper",
        event,
        help_request,
        person=help_request.author,
        may_wake=True,
    )


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


def offer_expired(event: Event, help_request: HelpRequest, helper: User) -> None:
    """Both: there was no answer, and that is fine."""
    _tell([help_request.author], "offer.expired", event, help_request, person=helper)
    _tell([helper], "offer.expired_helper", event, help_request, person=help_request.author)


def given_back(event: Event, help_request: HelpRequest, helper: User) -> None:
    """The asker: this helper can't make it, and this is the next moment; at once when it is for today."""
    until = help_request.next_at
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


def volunteers_asked(event: Event, help_request: HelpRequest, asks: Iterable[Ask]) -> None:
    """The volunteers of a wave, and the asker, unless it was one for one that declined."""
    asked = {ask.volunteer_id: ask for ask in asks}
    users = User.objects.filter(volunteer__in=asked).select_related("volunteer")
    municipality = help_request.municipality_id
    not_before = moments.awake_in(help_request.village)(event.at)
    outbox.enqueue_many(
        [
            outbox.Fact(
                kind="volunteer.asked",
                recipient=user,
                key=f"{_asks_of(help_request)}:ask-{asked[user.volunteer.pk].pk}",
                params={
                    "help_request": help_request.pk,
                    "ask": asked[user.volunteer.pk].pk,
                },
                municipality=municipality,
                not_before=not_before,
            )
            for user in users
        ],
        now=event.at,
    )
    if not event.params.get("instead"):
        until = moments.contact_at(help_request)
        _tell([help_request.author], "request.escalated", event, help_request, until=until)


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


def to_contact(event: Event, help_request: HelpRequest) -> None:
    """The asker, who will be called; and the contact person."""
    until = help_request.owner_deadline_at
    _tell([help_request.author], "request.to_contact", event, help_request, until=until)
    _tell_team("team.request_waiting", event, help_request)


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


def ask_done(event: Event, help_request: HelpRequest) -> None:
    """The asker: did it work out?"""
    _tell([help_request.author], "request.ask_done", event, help_request)


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


def _tell(
    people: Iterable[User],
    kind: str,
    event: Event,
    help_request: HelpRequest,
    *,
    person: User | None = None,
    until: datetime | None = None,
    may_wake: bool = False,
    offer: int | None = None,
) -> None:
    """``person`` is whom the message is about; ``until`` the moment it promises something for.

    Mail waits for the end of the village's quiet hours; with ``may_wake`` it does not when the help is today.
    """
    params: dict[str, int | str] = {"help_request": help_request.pk, "event": event.pk}
    if person:
        params["person"] = person.pk
    if until:
        params["until"] = until.isoformat()
    if offer:
        params["offer"] = offer
    urgent = may_wake and moments.is_today(help_request, event.at)
    not_before = event.at if urgent else moments.awake_in(help_request.village)(event.at)
    outbox.enqueue_many(
        [
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
        ],
        now=event.at,
    )


def _tell_team(kind: str, event: Event, help_request: HelpRequest) -> None:
    contact = help_request.village.contact_person
    if contact:
        _tell([contact.user], kind, event, help_request)


def _asks_of(help_request: HelpRequest) -> str:
    return f"request-{help_request.pk}:asks"


def _helpers(help_request: HelpRequest) -> list[int]:
    coming = PickUp.objects.filter(help_request=help_request, ended_at=None, contact=None)
    return list(coming.values_list("helper", flat=True))


def _asked(help_request: HelpRequest) -> list[int]:
    links = RequestAsk.objects.filter(help_request=help_request, ask__answer=Ask.Answer.OPEN)
    return list(links.values_list("ask__volunteer__user", flat=True))
