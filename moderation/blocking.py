"""Keeping two people apart, by the wish of one of them: never explained, never told to the other."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from moderation.models import Block


@transaction.atomic
def block(person: User, other: User, *, now: datetime) -> None:
    """No more contact: from now on neither sees or is asked for the other. Doing so twice changes nothing."""
    _write(person, other, Block.Kind.BLOCK, now)


@transaction.atomic
def keep_apart(person: User, other: User, *, now: datetime) -> None:
    """Rather not together again: neither is asked for the other any more; what runs goes on. Twice: a no-op."""
    _write(person, other, Block.Kind.APART, now)


@transaction.atomic
def unblock(person: User, other: User) -> None:
    """In touch again, as far as ``person`` is concerned; what the other wished stays. Twice: a no-op."""
    Block.objects.filter(by=person, other=other).delete()


def apart_from(user_pk: int) -> QuerySet[User]:
    """Everybody who is never asked to help this person, or the other way round. For use inside a query."""
    return _others(user_pk, Block.objects.all())


def blocked_with(user_pk: int) -> QuerySet[User]:
    """Everybody with whom this person has no contact at all, whoever of the two wished it. For use inside a query."""
    return _others(user_pk, Block.objects.filter(kind=Block.Kind.BLOCK))


def _others(user_pk: int, blocks: QuerySet[Block]) -> QuerySet[User]:
    wished, wishing = blocks.filter(by=user_pk).values("other"), blocks.filter(other=user_pk).values("by")
    return User.objects.filter(Q(pk__in=wished) | Q(pk__in=wishing))


def _write(person: User, other: User, kind: str, now: datetime) -> None:
    Block.objects.get_or_create(by=person, other=other, kind=kind, defaults={"at": now})
