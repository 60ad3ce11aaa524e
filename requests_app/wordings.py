"""Words for who finds asking hard, from ``data/``: example sentences, and small wishes that are a whole request.

The request that is posted is in the asker's language where there are words for it, else in English.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
LANGUAGES = ("nl", "en")


@dataclass(frozen=True)
class Small:
    """One size of a wish: a whole request, but for when."""

    minutes: int
    title: str
    text: str
    slots: int = 1


@dataclass(frozen=True)
class Wish:
    """What would be nice this week, in a few sizes. ``where`` is empty for what is done at home."""

    key: str
    label: str
    category: str
    place: str
    where: str
    small: tuple[Small, ...]


def wishes(language: str) -> dict[str, Wish]:
    """All wishes by their key, in the order of the page."""
    return _wishes(_known(language))


def examples(category: str, language: str) -> list[str]:
    """How neighbours could ask for something of this category; none for a category that is not there."""
    return list(_file(_known(language))["examples"].get(category, []))


def at_home(language: str) -> str:
    """Where it is, for a wish at home of who did not tell their house number yet."""
    return str(_file(_known(language))["at_home"])


def _known(language: str) -> str:
    short = language.partition("-")[0]
    return short if short in LANGUAGES else "en"


@cache
def _file(language: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def _wishes(language: str) -> dict[str, Wish]:
    return {
        key: Wish(key, **words | {"small": tuple(Small(**one) for one in words["small"])})
        for key, words in _file(language)["wishes"].items()
    }
