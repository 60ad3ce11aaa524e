"""Keeping two people apart, by the wish of one of them: never explained, never told to the other."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.bulk import any_of
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
    Block.objects.filter(by=person, other=other, kind=Block.Kind.BLOCK).delete()


@transaction.atomic
def together_again(person: User, other: User) -> None:
    """May be asked for each other again, as far as ``person`` is concerned. Twice: a no-op."""
    Block.objects.filter(by=person, other=other, kind=Block.Kind.APART).delete()


def apart_from(*user_pks: int) -> QuerySet[User]:
    """Everybody who is never asked to help one of these people, or the other way round. For use inside a query."""
    return _others(user_pks, Block.objects.all())


def blocked_with(*user_pks: int) -> QuerySet[User]:
    """Everybody with whom one of these people has no contact at all, whoever wished it. For use inside a query."""
    return _others(user_pks, Block.objects.filter(kind=Block.Kind.BLOCK))


def pairs_of(user_pks: Collection[int]) -> set[tuple[int, int]]:
    """The same for many at once: one of these people first, then who is never asked for them. One query."""
    wished = Block.objects.order_by().filter(any_of("by", user_pks)).values_list("by", "other")
    wishing = Block.objects.order_by().filter(any_of("other", user_pks)).values_list("other", "by")
    return set(wished.union(wishing))


def is_blocked(one: int, other: int) -> bool:
    """Whether these two have no contact, whoever of them wished it."""
    return blocked_with(one).filter(pk=other).exists()


def blocked_by(person: User) -> QuerySet[Block]:
    """With whom this person wished no more contact, the last first; with the other."""
    return _wished_by(person, Block.Kind.BLOCK)


def kept_apart_by(person: User) -> QuerySet[Block]:
    """Whom this person would rather not meet again, the last first; with the other."""
    return _wished_by(person, Block.Kind.APART)


def knows_by_wish(person: User, pk: int) -> bool:
    """Whether this person wished anything at all about the other."""
    return Block.objects.filter(by=person, other=pk).exists()


def _wished_by(person: User, kind: str) -> QuerySet[Block]:
    return Block.objects.filter(by=person, kind=kind).select_related("other").order_by("-pk")


def _others(user_pks: tuple[int, ...], blocks: QuerySet[Block]) -> QuerySet[User]:
    # A union, not an "or": each half is read from its own index, and nobody else's row.
    wished = blocks.order_by().filter(by__in=user_pks).values("other")
    wishing = blocks.order_by().filter(other__in=user_pks).values("by")
    return User.objects.filter(pk__in=wished.union(wishing))


def _write(person: User, other: User, kind: str, now: datetime) -> None:
    Block.objects.get_or_create(by=person, other=other, kind=kind, defaults={"at": now})
