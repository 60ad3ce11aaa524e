"""What a person wants to be told, and when not. Read by who tells and who sends; changed in ``preferences``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import time

from accounts.bulk import any_of
from accounts.models import User
from accounts.quiet import Days, Quiet, Rest
from notifications.models import Channel, Group

# Who knows the quiet hours and days of the village somebody lives in: by the pk of the person.
VillageQuiet = Callable[[Collection[int]], Mapping[int, Sequence[Rest]]]
_villages: list[VillageQuiet] = []
OWN_REST = ("quiet_from", "quiet_until", "quiet_days")  # of a person, as ``own`` takes them


def register_village_quiet(look: VillageQuiet) -> None:
    """By the app that knows where people live, when it starts."""
    _villages.append(look)


def readers(keys: Iterable[int]) -> dict[int, User]:
    """These people by key, with what is looked at when they are told something. One query."""
    people = User.objects.filter(any_of("pk", keys))
    return {user.pk: user for user in people.only("email", "muted", *OWN_REST)}


def mark(channel: Channel, group: Group) -> str:
    """How it stands among what somebody muted."""
    return f"{channel}:{group}"


def wants(user: User, group: Group | None, channel: Channel) -> bool:
    """Unless this person said no. What has no group cannot be refused."""
    return group is None or not user.muted or mark(channel, group) not in user.muted


def rests(users: Collection[User]) -> dict[int, tuple[Rest, ...]]:
    """When each is not disturbed: the village's quiet hours and days first, then their own. One query."""
    of_villages = [look([user.pk for user in users]) for look in _villages]
    return {
        user.pk: (*(rest for found in of_villages for rest in found.get(user.pk, ())), *_own(user)) for user in users
    }


def rests_at_hand(users: Collection[User]) -> dict[int, tuple[Rest, ...]]:
    """The same, only of who chose hours of their own: no query when nobody did."""
    chose = [user for user in users if _own(user)]
    return rests(chose) if chose else {}


def own(quiet_from: time | None, quiet_until: time | None, quiet_days: Sequence[int]) -> tuple[Rest, ...]:
    """What somebody chose: hours first, then days; empty of who chose nothing."""
    hours = (Quiet(quiet_from, quiet_until),) if quiet_from is not None and quiet_until is not None else ()
    return (*hours, Days(frozenset(quiet_days))) if quiet_days else hours


def _own(user: User) -> tuple[Rest, ...]:
    return own(user.quiet_from, user.quiet_until, user.quiet_days)
