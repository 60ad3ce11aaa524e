"""The numbers of a quarter that may leave the team: which ones there are, and which of them are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q

from requests_app.categories import Category
from requests_app.figures import months, rates
from requests_app.figures.rates import Fact, Outcome
from requests_app.figures.suppression import LEAST, Cell, Split, publish
from volunteers.models import Ask, Volunteer

# How the villages' requests are split; each one adds up to all of them. By category per month is not published.
SPLITS = ("month", "category", "outcome", "found")
ENDS = (Outcome.NEIGHBOUR, Outcome.GROUP, Outcome.VOLUNTEER, Outcome.TEAM, Outcome.NOBODY, Outcome.NOT_NEEDED)
WITHIN_24, WITHIN_48, LATER = "within_24", "within_48", "later"


@dataclass(frozen=True)
class Load:
    """What one volunteer was asked in a period: how often a yes, and whether soon enough after joining."""

    village: int
    volunteer: int
    asks: int
    yes: int
    new: bool
    soon: bool


def volunteers(municipality_pk: int, since: datetime, until: datetime) -> list[Load]:
    """Everybody who was a volunteer in this time. One query: their records are read by index.

    New is who joined in it, long enough ago to tell whether an ask came within 14 days.
    """
    there = Volunteer.objects.filter(
        Q(ended_at=None) | Q(ended_at__gte=since), municipality=municipality_pk, joined_at__lt=until
    )
    here = Q(asks__asked_at__gte=since, asks__asked_at__lt=until)
    rows = there.annotate(
        times=Count("asks", filter=here),
        yes=Count("asks", filter=here & Q(asks__answer=Ask.Answer.YES)),
        first=Min("asks__asked_at", filter=~Q(asks__answer=Ask.Answer.WITHDRAWN)),  # as ``Ask.objects.counting()``
    )
    return [
        Load(
            village,
            pk,
            times,
            yes,
            new=since <= joined_at < until - rates.SOON,
            soon=first is not None and first <= joined_at + rates.SOON,
        )
        for village, pk, times, yes, joined_at, first in rows.values_list(
            "village", "pk", "times", "yes", "joined_at", "first"
        )
    ]


def numbers(
    quarter: date, villages: Iterable[int], all_facts: Collection[Fact], loads: Collection[Load], now: datetime
) -> dict[str, Any]:
    """What may be shown of this quarter, as JSON: None is left out. Keys are villages' numbers, months and codes.

    ``villages``: those that are on; that nobody asked anything there is a small number too. What still runs, for
    which nobody was found yet, is left out of everything: what is published never changes, so it would be untrue
    later. No other number tells how much that is.
    """
    all_facts = [fact for fact in all_facts if rates.outcome(fact) != Outcome.RUNNING]
    rows = dict.fromkeys(villages, Cell()) | _cells(all_facts, lambda fact: fact.village)
    splits = {
        name: Split(
            cells=_cells(all_facts, lambda fact, name=name: (fact.village, column(name, fact, now)), name),
            columns=dict.fromkeys(columns(name, quarter), Cell())
            | _cells(all_facts, lambda fact, name=name: column(name, fact, now), name),
        )
        for name in SPLITS
    }
    shown = publish(_cell(all_facts), rows, splits)
    return {
        "least": LEAST,
        "whole": shown.whole,
        "villages": {str(village): number for village, number in shown.rows.items()},
        "columns": shown.columns,
        "cells": {name: _by_village(cells) for name, cells in shown.cells.items()},
        "reaction": _reaction(all_facts, now),
        **_of_volunteers(loads),
    }


def columns(split: str, quarter: date) -> list[str]:
    """All columns of a split, in order: one that is empty stands there too."""
    names: dict[str, list[str]] = {
        "month": [month.isoformat() for month in months.through(quarter, months.later(quarter, 2))],
        "category": list(Category.values),
        "outcome": list(ENDS),
        "found": [WITHIN_24, WITHIN_48, LATER],
    }
    return names[split]


def column(split: str, fact: Fact, now: datetime) -> str:
    """In which column of a split this request is."""
    match split:
        case "month":
            return months.month_of(fact.posted_at).isoformat()
        case "category":
            return fact.category
        case "outcome":
            return rates.outcome(fact)
    counted = rates.count(fact, now)
    if not counted.open_24:
        return WITHIN_24
    return LATER if counted.open_48 else WITHIN_48


def _cells(all_facts: Iterable[Fact], key: Any, split: str = "") -> dict[Any, Cell]:
    groups: dict[Any, list[Fact]] = defaultdict(list)
    for fact in all_facts:
        groups[key(fact)].append(fact)
    return {name: _cell(some, split) for name, some in groups.items()}


def _cell(some: Collection[Fact], split: str = "") -> Cell:
    """Who asked. Where it is about who helped, also who did it: the helpers, or who asked where nobody came."""
    askers = frozenset(fact.asker for fact in some)
    if split != "outcome":
        return Cell(len(some), (askers,))
    doers = frozenset(person for fact in some for person in (fact.helpers or (fact.asker,)))
    return Cell(len(some), (askers, doers))


def _by_village(cells: dict[tuple[Any, Any], int | None]) -> dict[str, dict[str, int | None]]:
    tables: dict[str, dict[str, int | None]] = defaultdict(dict)
    for (village, name), number in cells.items():
        tables[str(village)][name] = number
    return tables


def _reaction(all_facts: Collection[Fact], now: datetime) -> int | None:
    """Hours in which half had a first reaction, where enough people had one."""
    with_one = [fact for fact in all_facts if fact.reacted_at is not None]
    if len({fact.asker for fact in with_one}) < LEAST:
        return None
    return rates.total(rates.count(fact, now) for fact in with_one).half_reacted_within


def _of_volunteers(loads: Collection[Load]) -> dict[str, Any]:
    asked = [load for load in loads if load.asks]
    said_yes = [load for load in loads if load.yes]
    enough = len(loads) >= LEAST
    ratio = None
    if min(len(asked), len(said_yes)) >= LEAST:
        ratio = round(sum(load.asks for load in asked) / sum(load.yes for load in said_yes), 1)
    load = rates.gini([load.yes for load in loads]) if enough and len(said_yes) >= LEAST else None
    new = [load for load in loads if load.new]
    soon = sum(load.soon for load in new)
    both = min(soon, len(new) - soon) >= LEAST
    return {
        "volunteers": len(loads) if enough else None,
        "asks_per_yes": ratio,
        "gini": None if load is None else round(load, 2),
        "newcomers": len(new) if len(new) >= LEAST else None,
        "newcomers_asked": soon if both else None,
    }
