"""What people can tell us about: each kind registered by the app it belongs to, in ``AppConfig.ready``.

``moderation`` knows none of the apps above it. It asks here who may see something, whose it is and where it belongs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.actors import Actor
from accounts.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True)
class Subject:
    """One text or person, for somebody who may see it."""

    kind: str
    label: str  # of its model, as decisions and reports keep it
    pk: int
    title: str  # what the reader calls it: the title of a request, a first name
    url: str  # where the reader came from
    about: User | None  # who wrote it, or who it is
    municipality: int
    contact: User | None  # of its village: hears of it first
    awake: Callable[[datetime], datetime]  # the first moment that is not quiet there


@dataclass(frozen=True)
class Kind:
    """``find`` answers nothing for what this person may not see, or what is their own."""

    label: str
    words: StrPromise
    find: Callable[[User, int], Subject | None]
    staff_page: Callable[[int], str]
    # Off the board, with a reason for who wrote it; nothing for what is no text. Hidden already: a no-op.
    hide: Callable[[int, str, Actor, datetime], None] | None = None


WorkingTime = Callable[[datetime, int], datetime]

KINDS: dict[str, Kind] = {}
_working_times: list[WorkingTime] = []


def register(name: str, kind: Kind) -> None:
    """By the app that owns it, when it starts; ``name`` stands in addresses."""
    KINDS[name] = kind


def register_working_time(working_deadline: WorkingTime) -> None:
    """Who knows when the team works: the first moment that is so many working hours later."""
    _working_times[:] = [working_deadline]


def find(kind: str, pk: int, viewer: User) -> Subject | None:
    """What ``viewer`` may see and tell us about; nothing for what does not exist to them."""
    return KINDS[kind].find(viewer, pk) if kind in KINDS else None


def of_label(label: str) -> Kind | None:
    """The kind that keeps its decisions under this label."""
    return next((kind for kind in KINDS.values() if kind.label == label), None)


def working_deadline(now: datetime, hours: int) -> datetime:
    """So many hours of the team's working time after ``now``."""
    return _working_times[0](now, hours)
