"""What somebody wants to be told, and when not: every change of it. Read by ``wishes``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction

from accounts.models import User
from notifications import digests
from notifications.models import Channel, Digest, Group
from notifications.wishes import mark

# What the page asks about one by one; of what is new on the board it asks how often.
ASKED_ABOUT = (Group.OWN, Group.APPOINTMENTS, Group.ASKED)


@dataclass(frozen=True)
class Quiet:
    """Hours of one's own, both or none, and days of the week that are quiet as a whole, six at most; Monday is 0."""

    from_: time | None = None
    until: time | None = None
    days: tuple[int, ...] = ()


@transaction.atomic
def keep(
    user_pk: int,
    *,
    mail: Collection[Group],
    push: Collection[Group] | None = None,
    often: str | None,
    quiet: Quiet,
    now: datetime,
) -> User:
    """All of the page at once: mail and push about these groups only, a digest so often, quiet at these hours
    and days.

    Without ``push`` what was muted there stays as it is.
    """
    user = _lock(user_pk)
    muted = set(user.muted)
    for channel, wanted in ((Channel.MAIL, mail), (Channel.PUSH, push)):
        if wanted is not None:
            muted -= {mark(channel, group) for group in ASKED_ABOUT}
            muted |= {mark(channel, group) for group in ASKED_ABOUT if group not in wanted}
    user.muted = sorted(muted)
    user.quiet_from, user.quiet_until, user.quiet_days = quiet.from_, quiet.until, sorted(set(quiet.days))
    user.save(update_fields=["muted", "quiet_from", "quiet_until", "quiet_days"])
    digests.choose(user_pk, often, now=now)
    return user


@transaction.atomic
def stop(user_pk: int, group: Group, channel: Channel, *, now: datetime) -> User:
    """No more messages of this group by this channel. Stopped already: a no-op."""
    user = _lock(user_pk)
    if group == Group.DIGEST:
        digests.choose(user_pk, None, now=now)
    elif mark(channel, group) not in user.muted:
        user.muted = sorted([*user.muted, mark(channel, group)])
        user.save(update_fields=["muted"])
    return user


@transaction.atomic
def start(user_pk: int, group: Group, channel: Channel, *, now: datetime) -> User:
    """After all: a digest as often as before. Not stopped: a no-op."""
    user = _lock(user_pk)
    if group == Group.DIGEST:
        row = Digest.objects.filter(pk=user_pk).first()
        digests.choose(user_pk, row.every if row else Digest.Every.WEEKLY, now=now)
    elif mark(channel, group) in user.muted:
        user.muted = [it for it in user.muted if it != mark(channel, group)]
        user.save(update_fields=["muted"])
    return user


def stopped(user: User, group: Group, channel: Channel) -> bool:
    """Whether this person gets no messages of this group by this channel."""
    if group == Group.DIGEST:
        return digests.often(user.pk) is None
    return mark(channel, group) in user.muted


def _lock(user_pk: int) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_pk)
