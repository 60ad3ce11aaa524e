"""Before which groups requests come, and who of them is told: for many requests at once.

For the walk, inside its transaction, with the requests locked. The number of queries does not grow with them; without
requests there is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts import bulk
from accounts.models import User
from moderation import blocking
from notifications import wishes
from requests_app.models import GroupAsk, HelpRequest, PickUp
from villages.models import Group, Host, Member, Residency


def put(requests: Sequence[HelpRequest], now: datetime) -> dict[int, tuple[int, list[User]]]:
    """Put each before the groups of its village that do such things: by request how many groups, and whom to tell.

    Not told is who has no contact with the asker or with somebody who comes, nor who comes already. Twice: it lies
    there once, and its people are told again.
    """
    if not requests:
        return {}
    fitting = _fitting(requests)
    _write(fitting, now)
    people = _people({group for groups in fitting.values() for group in groups}, now)
    coming = PickUp.objects.who_come_to(requests)
    kept = {one for request in requests for one in (request.author_id, *coming[request.pk])}
    apart = blocking.pairs_of(kept) if any(people.values()) else set()
    told = {}
    for request in requests:
        meets = (request.author_id, *coming[request.pk])
        there = dict.fromkeys(person for group in fitting[request.pk] for person in people[group])
        told[request.pk] = [
            person for person in there if person not in meets and not any((one, person) in apart for one in meets)
        ]
    users = wishes.readers({person for those in told.values() for person in those})
    return {pk: (len(fitting[pk]), [users[person] for person in those]) for pk, those in told.items()}


def _fitting(requests: Sequence[HelpRequest]) -> dict[int, list[int]]:
    """By request the groups of its village that like to do such things."""
    villages = {request.village_id for request in requests}
    groups = Group.objects.with_host().filter(bulk.any_of("place__village", villages)).order_by("pk")
    found = list(groups.values_list("pk", "place__village", "categories"))
    return {
        request.pk: [pk for pk, village, likes in found if village == request.village_id and request.category in likes]
        for request in requests
    }


def _write(fitting: dict[int, list[int]], now: datetime) -> None:
    pairs = {(request, group) for request, groups in fitting.items() for group in groups}
    there = GroupAsk.objects.order_by().filter(bulk.any_of("help_request", fitting))
    again = {(request, group): pk for pk, request, group in there.values_list("pk", "help_request", "group")}
    GroupAsk.objects.filter(bulk.any_of("pk", [again[pair] for pair in pairs & again.keys()])).update(put_at=now)
    fresh = ((request, group, now) for request, group in sorted(pairs - again.keys()))
    bulk.insert(GroupAsk, ("help_request", "group", "put_at"), fresh)


def _people(groups: set[int], now: datetime) -> dict[int, list[int]]:
    """By group who has an account: hosts, and members who are known to live in the village."""
    homes = Residency.objects.confirmed(now).filter(user=OuterRef("user"), village=OuterRef("group__place__village"))
    members = Member.objects.active().filter(Exists(homes), bulk.any_of("group", groups))
    hosts = Host.objects.filter(bulk.any_of("group", groups))
    rows = hosts.order_by().values_list("group", "user").union(members.order_by().values_list("group", "user"))
    people: dict[int, list[int]] = defaultdict(list)
    for group, user in sorted(rows):
        people[group].append(user)
    return people
