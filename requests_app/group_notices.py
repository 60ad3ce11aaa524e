"""Who is told what of a group: its people that a request lies before them, the asker who comes of it, hosts the rest.

Who has no phone hears it from the host.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from notifications import outbox
from notifications.models import Channel, Message
from requests_app import moments
from requests_app.models import Event, HelpRequest, Offer, PickUp
from villages.models import Host


def asked(event: Event, help_request: HelpRequest, people: Iterable[User]) -> list[outbox.Fact]:
    """The people of the groups, once in each window of the ladder. For the walk."""
    not_before = moments.awake_in(help_request.village)(event.at)
    return [
        outbox.Fact(
            kind="group.asked",
            recipient=person,
            key=f"{_asked(help_request)}{event.pk}:user-{person.pk}",
            params={"help_request": help_request.pk, "event": event.pk},
            municipality=help_request.municipality_id,
            not_before=not_before,
        )
        for person in people
    ]


def settled(help_request: HelpRequest, now: datetime) -> None:
    """Enough people, or none needed any more: what was not sent yet is dropped, the rest hears it on the site."""
    if not help_request.village.group_categories:
        return  # nothing was ever put before a group here
    outbox.drop(_asked(help_request))
    told = Message.objects.filter(key__startswith=_asked(help_request), channel=Channel.IN_APP)
    coming = help_request.pick_ups.filter(ended_at=None, helper__isnull=False).values("helper")
    keys = dict(told.exclude(user__in=coming).order_by("pk").values_list("user", "key"))  # of each the last
    people = User.objects.filter(pk__in=[pk for pk in keys if pk])
    outbox.enqueue_many(
        [
            outbox.Fact(
                kind="group.settled",
                recipient=person,
                key=keys[person.pk].replace(":group-asked-", ":group-settled-"),
                params={"help_request": help_request.pk},
                municipality=help_request.municipality_id,
            )
            for person in people
        ],
        now=now,
    )


def taken(event: Event, help_request: HelpRequest) -> None:
    """The asker: somebody of the group comes; at once when it is for today."""
    _tell([help_request.author], "group.taken", event, help_request, **event.params)


def given_back(event: Event, help_request: HelpRequest) -> None:
    """The asker: this person can't make it, and this is the next moment; at once when it is for today."""
    at = moments.next_step_at(help_request, event.at)
    until = at.isoformat() if at else ""
    _tell([help_request.author], "group.given_back", event, help_request, **event.params, until=until)


def offered(event: Event, help_request: HelpRequest, offer: Offer) -> None:
    """The asker: somebody of the group would like to help; at once when it is for today."""
    _tell([help_request.author], "group.offered", event, help_request, offer=offer.pk, person=offer.helper_id)


def accepted(event: Event, help_request: HelpRequest, host: User) -> None:
    """The host who offered it, or who is there instead: yes please, so that they tell it; at once when for today."""
    _tell([host], "group.accepted", event, help_request, **event.params)


def changed(event: Event, help_request: HelpRequest) -> None:
    """The hosts of who comes."""
    for pick_up in help_request.pick_ups.filter(ended_at=None, member__isnull=False):
        _tell(_hosts(pick_up), "group.changed", event, help_request, pick_up=pick_up.pk)


def called_off(event: Event, help_request: HelpRequest, pick_ups: Iterable[PickUp]) -> None:
    """The hosts of who would come; at once when it is for today."""
    for pick_up in pick_ups:
        if pick_up.member_id:
            _tell(_hosts(pick_up), "group.called_off", event, help_request, pick_up=pick_up.pk)


def _hosts(pick_up: PickUp) -> list[User]:
    hosts = Host.objects.filter(group__members=pick_up.member_id).select_related("user")
    return [host.user for host in hosts]


def _tell(people: Iterable[User], kind: str, event: Event, help_request: HelpRequest, **params: int | str) -> None:
    urgent = moments.is_today(help_request, event.at)
    facts = {"help_request": help_request.pk, "event": event.pk, **params}
    about = f"-{params['pick_up']}" if "pick_up" in params else ""
    outbox.enqueue_many(
        [
            outbox.Fact(
                kind=kind,
                recipient=person,
                key=f"request-event-{event.pk}:{kind}{about}:user-{person.pk}",
                params={name: value for name, value in facts.items() if value},
                municipality=help_request.municipality_id,
                not_before=event.at if urgent else moments.awake_in(help_request.village)(event.at),
                urgent=urgent,
            )
            for person in people
        ],
        now=event.at,
    )


def _asked(help_request: HelpRequest) -> str:
    return f"request-{help_request.pk}:group-asked-"
