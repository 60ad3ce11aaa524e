"""What a digest can tell of: registered by the apps above in ``AppConfig.ready``, asked when one is due and sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Reader:
    """Somebody (by pk) who hears of what came after ``since``, up to and including ``until``."""

    user: int
    since: datetime
    until: datetime


@dataclass(frozen=True)
class News:
    """What a section has to tell, in the language that is active: "3 requests", and the first few of them."""

    amount: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """One subject of a digest.

    ``look`` fetches for many readers at once, in a number of queries that does not grow with them; a reader for whom
    there is nothing, or nothing they did not see yet, is not in it. ``say`` puts what it found into words.
    """

    look: Callable[[Sequence[Reader], datetime], Mapping[Reader, Any]]
    say: Callable[[Any, datetime], News]


Found = tuple[tuple[Section, Any], ...]
SECTIONS: dict[str, Section] = {}


def register_section(name: str, section: Section) -> None:
    """By the app that knows of it, when it starts. They are told in the order of their registration."""
    SECTIONS[name] = section


def look(readers: Iterable[Reader], now: datetime) -> dict[Reader, Found]:
    """What every section has for these readers; who has nothing to hear is not in it."""
    wanted = list(readers)
    found: dict[Reader, Found] = {}
    for section in SECTIONS.values():
        for reader, what in section.look(wanted, now).items():
            found[reader] = (*found.get(reader, ()), (section, what))
    return found
