"""Who is told what the contact person did, or let pass."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from notifications import outbox
from requests_app import moments
from requests_app.models import Event, HelpRequest, PickUp


def found(event: Event, help_request: HelpRequest, helper: User | None) -> None:
    """The asker who comes, and who comes if they have an account; at once when it is for today."""
    _tell([help_request.author], "contact.found", event, help_request, pick_up=event.params["pick_up"])
    if helper:
        _tell([helper], "contact.found_helper", event, help_request)


def turned_back(event: Event, help_request: HelpRequest, pick_up: PickUp) -> None:
    """Who would come and has an account: it was a mistake; at once when it is for today."""
    if pick_up.helper:
        _tell([pick_up.helper], "contact.turned_back_helper", event, help_request)


def nobody_found(event: Event, help_request: HelpRequest) -> None:
    """The asker: nobody was found, and why."""
    _tell([help_request.author], "contact.nobody_found", event, help_request, reason=event.params["reason"])


def changed(event: Event, help_request: HelpRequest, pick_ups: Iterable[PickUp]) -> None:
    """The contact person, of whom they found without an account: nobody else can tell that person."""
    contact = help_request.village.contact_person
    if contact and any(pick_up.noted_name for pick_up in pick_ups):
        _tell([contact.user], "team.tell_on", event, help_request)


def reminded(event: Event, help_request: HelpRequest) -> None:
    """Whose it is: the promised moment has passed."""
    if help_request.owner:
        _tell([help_request.owner], "team.owner_reminded", event, help_request, wakes=False)


def late(event: Event, help_request: HelpRequest, people: Iterable[User]) -> None:
    """The coordinators: nobody heard of the contact person."""
    _tell(people, "team.owner_late", event, help_request, wakes=False)


def _tell(
    people: Iterable[User], kind: str, event: Event, help_request: HelpRequest, *, wakes: bool = True, **more: int
) -> None:
    urgent = wakes and moments.is_today(help_request, event.at)
    outbox.enqueue_many(
        [
            outbox.Fact(
                kind=kind,
                recipient=person,
                key=f"request-event-{event.pk}:{kind}:user-{person.pk}",
                params={"help_request": help_request.pk, "event": event.pk, **more},
                municipality=help_request.municipality_id,
                not_before=event.at if urgent else moments.awake_in(help_request.village)(event.at),
                urgent=urgent,
            )
            for person in people
        ],
        now=event.at,
    )
