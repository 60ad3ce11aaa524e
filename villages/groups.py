"""Who takes part in a group: without an account it is a first name, kept by its host. Each verb is one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from villages.models import Group, Member
from villages.refusals import NotAllowed

MOST_PEOPLE = 60  # more is not a group


@transaction.atomic
def add_person(group_pk: int, *, host: User, name: str, now: datetime) -> Member:
    """Somebody without a phone or an account takes part from now on; a name that is there already: a no-op.

    Refused for who is not its host, and when the group is full.
    """
    group = Group.objects.hosted_by(host).select_for_update(of=("self",), no_key=True).filter(pk=group_pk).first()
    if group is None:
        raise NotAllowed(_("This page is not here (any more). Go to the notice board"))
    there = Member.objects.active().filter(group=group)
    known = there.filter(user=None, name__iexact=name).first()
    if known:
        return known
    if there.count() >= MOST_PEOPLE:
        raise NotAllowed(_("There are %(count)s people in this group. That is the most") % {"count": MOST_PEOPLE})
    return Member.objects.create(group=group, name=name, joined_at=now)


@transaction.atomic
def leave(member_pk: int, *, now: datetime) -> None:
    """Somebody with an account is out of the group. Twice: a no-op."""
    Member.objects.active().exclude(user=None).filter(pk=member_pk).update(left_at=now)


@transaction.atomic
def erase(member: Member, now: datetime) -> None:
    """Out of the group: the first name is erased, the row stays for what was done. Row locked by the caller."""
    member.name, member.left_at = "", now
    member.save(update_fields=["name", "left_at"])
