"""A gentle check of what somebody wrote: what is private, what sounds heavy, who may be in danger.

Rules and words are in ``data/``. A word alone never blocks: a person decides. The work grows with the length of the
text and with nothing else; anything that is text is taken.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
# What people type in many ways: quotes and dashes as the rules write them.
SAME = {"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"}
# A web address, also without its beginning: "win-geld.example", "www.x.nl/y". Not "a.u.b." or "16.00".
WEB_ADDRESS = re.compile(r"://|\bwww\.|(?<![\w@.])(?:[\w-]{1,63}\.){1,5}[a-z]{2,24}(?![\w.])")
BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
SHORTEST_IBAN, LONGEST_IBAN = 15, 34
# How long bank numbers are where most of our neighbours have theirs: what follows one is no part of it.
IBAN_LENGTHS = {"nl": 18, "be": 16, "de": 22, "fr": 27, "gb": 22, "es": 24, "it": 27, "pl": 28, "lu": 20, "tr": 26}


class Sort(StrEnum):
    """What is done with what was found: the name of its file."""

    PRIVATE = "private"
    DANGER = "danger"
    HEAVY = "heavy"
    UNFRIENDLY = "unfriendly"


@dataclass(frozen=True)
class Finding:
    """A piece of a text, ``text[start:end]``, and by which rule it was seen; ``instead`` could stand there."""

    sort: Sort
    kind: str
    start: int
    end: int
    instead: str = ""


@dataclass(frozen=True)
class Rule:
    """One pattern; ``check`` answers how much of what it found really is one."""

    kind: str
    pattern: re.Pattern[str]
    check: Callable[[str], int] = len
    instead: str = ""


def find(text: str, sort: Sort) -> list[Finding]:
    """Every piece of ``text`` that this sort of rules sees, in order; no two overlap."""
    plain, places = _plain(text)
    taken = bytearray(len(plain))
    for pattern in _ordinary(sort):
        for start, end in _spans(pattern, plain):
            taken[start:end] = b"\1" * (end - start)
    found = []
    for rule in _rules(sort):
        for start, whole in _spans(rule.pattern, plain):
            end = start + rule.check(plain[start:whole])
            if end > start and not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Finding(sort, rule.kind, places[start], places[end - 1] + 1, rule.instead))
    return sorted(found, key=lambda finding: finding.start)


def private_in(text: str, *, leave: Collection[str] = ()) -> list[Finding]:
    """What is better given to one neighbour than to all; but for the kinds to ``leave``."""
    return [finding for finding in find(text, Sort.PRIVATE) if finding.kind not in leave]


def soft_in(text: str) -> list[Finding]:
    """What could be said softer, one of each kind: the first for which there are other words, else the first."""
    first: dict[str, Finding] = {}
    for finding in find(text, Sort.HEAVY) + find(text, Sort.UNFRIENDLY):
        if finding.kind not in first or (finding.instead and not first[finding.kind].instead):
            first[finding.kind] = finding
    return sorted(first.values(), key=lambda finding: finding.start)


def has_web_address(text: str) -> bool:
    """Whether there is something in it that a mail program would make a link of."""
    return WEB_ADDRESS.search(_plain(text)[0]) is not None


def in_danger(text: str) -> bool:
    """Whether somebody may be in danger: better to show whom to call once too often."""
    return bool(find(text, Sort.DANGER))


def without(text: str, findings: Iterable[Finding]) -> str:
    """``text`` with these pieces taken out, and no loose spaces or commas where they stood."""
    for finding in sorted(findings, key=lambda finding: finding.start, reverse=True):
        before, after = text[: finding.start].rstrip(" \t"), text[finding.end :].lstrip(" \t")
        joined = after[:1] in {"", ".", ",", ";", ":", "!", "?", ")", "\n", "\r"} or before[-1:] in {"", "(", "\n"}
        text = before + after if joined else f"{before} {after}"
    return text.strip()


def softened(text: str, kind: str) -> str:
    """``text`` with every phrase of this kind put in the softer words there are for it."""
    found = [one for one in find(text, Sort.HEAVY) + find(text, Sort.UNFRIENDLY) if one.kind == kind and one.instead]
    for finding in sorted(found, key=lambda finding: finding.start, reverse=True):
        instead = finding.instead
        if text[finding.start].isupper():
            instead = instead[:1].upper() + instead[1:]
        text = text[: finding.start] + instead + text[finding.end :]
    return text


def advice(kind: str, language: str) -> str:
    """What to say about something that could be softer, in the reader's language; in English where that is none."""
    for sort in (Sort.HEAVY, Sort.UNFRIENDLY):
        for rule in _file(sort)["rule"]:
            if rule["kind"] == kind:
                return str(rule["nl" if language.startswith("nl") else "en"])
    raise KeyError(kind)


def _plain(text: str) -> tuple[str, list[int]]:
    """The text as rules see it: small letters without accents, plain digits, nothing invisible; and where each was."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        same = _plain_letter(letter)
        letters.append(same)
        places += [place] * len(same)
    return "".join(letters), places


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    if letter in SAME:
        return SAME[letter]
    if letter in "\n\r\v\f\x85\u2028\u2029":
        return "\n"
    if letter.isspace():
        return " "
    if (digit := unicodedata.decimal(letter, None)) is not None:
        return str(digit)
    kept = [part for part in unicodedata.normalize("NFKD", letter) if unicodedata.category(part)[0] not in "MC"]
    return "".join(kept).lower()


def _spans(pattern: re.Pattern[str], plain: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in pattern.finditer(plain))


@cache
def _file(sort: Sort) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{sort}.toml").read_text(encoding="utf-8"))


@cache
def _ordinary(sort: Sort) -> list[re.Pattern[str]]:
    phrases = _file(sort)["ordinary"]
    return [re.compile(one) for one in phrases] if sort == Sort.PRIVATE else [_phrases(phrases)]


@cache
def _rules(sort: Sort) -> list[Rule]:
    """The rules of a file in their order; what has softer words goes first, for it is the longer phrase."""
    rules = _file(sort)["rule"]
    if sort == Sort.PRIVATE:
        return [
            Rule(rule["kind"], re.compile(rule["pattern"]), CHECKS[rule["check"]] if "check" in rule else len)
            for rule in rules
        ]
    softer = [
        Rule(rule["kind"], _phrases(one["words"]), instead=one["say"])
        for rule in rules
        for one in rule.get("instead", [])
    ]
    return softer + [Rule(rule["kind"], _phrases(rule["words"])) for rule in rules]


def _phrases(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern for phrases as the files write them (``data/README.md``); each repeat in it has an end."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_phrase, phrases))})(?!\w)")


def _phrase(phrase: str) -> str:
    pattern = re.sub(r"\((\?[:=!])?", lambda match: match[0] if match[1] else "(?:", phrase)
    pattern = re.sub(r"(?<=\))\*", "{0,4}", pattern)
    pattern = re.sub(r"(?<=\))\+", "{1,4}", pattern)
    pattern = pattern.replace(" ~ ", r"(?:[\s,]{1,4}\w{1,20}){0,3}[\s,]{1,4}").replace(" *", r"\s{0,4}\w{0,24}")
    return pattern.replace("*", r"\w{0,24}").replace(" ?", r"\s?").replace(" ", r"\s{1,4}")


def _iban(piece: str) -> int:
    """How long the bank number at the start of this piece is: by its check digits, or because it is clearly Dutch."""
    length = IBAN_LENGTHS.get(piece[:2])
    for end in range(len(piece), SHORTEST_IBAN - 1, -1):
        number = re.sub(r"[ .\-]", "", piece[:end])
        fits = len(number) == length if length else SHORTEST_IBAN <= len(number) <= LONGEST_IBAN
        if fits and piece[end - 1].isalnum():
            digits = "".join(str(int(letter, 36)) for letter in number[4:] + number[:4])
            if int(digits) % 97 == 1 or re.fullmatch(r"nl\d{2}[a-z]{4}\d{10}", number):
                return end
    return 0


def _bsn(piece: str) -> int:
    """The whole piece where its nine digits pass the eleven-test, else nothing."""
    digits = [int(letter) for letter in piece if letter.isdigit()]
    total = sum(weight * digit for weight, digit in zip(BSN_WEIGHTS, digits, strict=False))
    return len(piece) if len(digits) == 9 and any(digits) and total % 11 == 0 else 0


CHECKS: dict[str, Callable[[str], int]] = {"iban": _iban, "bsn": _bsn}
