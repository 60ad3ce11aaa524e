"""Figures as they are read: for the team in full, for others as published. A constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from requests_app.figures import months, publishing, rates
from requests_app.figures.rates import Counts
from requests_app.models import MonthFigures, QuarterToShare, UsualWait

COLUMNS = (*rates.NUMBERS, "waits")


@dataclass(frozen=True)
class Volunteers:
    """Of the volunteers of a period: how many, how even the load is, and newcomers asked within 14 days."""

    number: int
    gini: float | None
    most: int  # times that one of them said yes
    newcomers: int
    newcomers_asked: int


@dataclass(frozen=True)
class Figures:
    """Everything of one municipality, or one village, over some months. ``made_at``: when it was last counted."""

    whole: Counts
    by_village: dict[int, Counts]
    by_category: dict[str, Counts]
    by_month: dict[date, Counts]
    volunteers: Volunteers
    made_at: datetime | None
    rows: list[tuple[date, int, str, Counts]]


def read(municipality_pk: int, first: date, last: date, *, village_pk: int | None = None) -> Figures:
    """What was counted from the first month to the last, at most ``months.MOST``; two queries. Too long: ValueError.

    Months without any request are there too, with zeros.
    """
    if last < first or months.later(first, months.MOST) <= last:
        raise ValueError(f"at most {months.MOST} months")
    found = MonthFigures.objects.filter(municipality=municipality_pk, month_on__range=(first, last))
    if village_pk is not None:
        found = found.filter(village=village_pk)
    by_village: dict[int, Counts] = defaultdict(Counts)
    by_category: dict[str, Counts] = defaultdict(Counts)
    by_month = {month: Counts() for month in months.through(first, last)}
    rows = []
    made_at = None
    order = ("month_on", "village", "category")
    for month, village, category, made, *numbers, waits in found.order_by(*order).values_list(
        *order, "made_at", *COLUMNS
    ):
        counts = Counts(**dict(zip(rates.NUMBERS, numbers, strict=True)), waits=tuple(waits))
        by_village[village] += counts
        by_category[category] += counts
        by_month[month] += counts
        rows.append((month, village, category, counts))
        made_at = max(made, made_at or made)
    return Figures(
        whole=rates.total(by_month.values()),
        by_village=dict(by_village),
        by_category=dict(by_category),
        by_month=by_month,
        volunteers=_volunteers(municipality_pk, first, last, village_pk),
        made_at=made_at,
        rows=rows,
    )


def quarters(municipality_pk: int) -> list[date]:
    """The quarters that were published, the newest first; two years of them."""
    shared = QuarterToShare.objects.filter(municipality=municipality_pk).order_by("-quarter_on")
    return list(shared.values_list("quarter_on", flat=True)[: months.MOST // 3])


def shared(municipality_pk: int, quarter: date) -> QuarterToShare | None:
    """What was published of this quarter; None: nothing."""
    return QuarterToShare.objects.filter(municipality=municipality_pk, quarter_on=quarter).first()


def usual_wait(village_pk: int, category: str) -> tuple[timedelta, timedelta | None] | None:
    """How long finding somebody takes here, for half and for 8 in 10; None before that can be told. One row."""
    return UsualWait.objects.filter(village=village_pk, category=category).values_list("half", "most").first()


def _volunteers(municipality_pk: int, first: date, last: date, village_pk: int | None) -> Volunteers:
    since, until = months.starts(first), months.starts(months.later(last, 1))
    loads = publishing.volunteers(municipality_pk, since, until)
    loads = [load for load in loads if village_pk in {None, load.village}]
    new = [load for load in loads if load.new]
    return Volunteers(
        number=len(loads),
        gini=rates.gini([load.yes for load in loads]),
        most=max((load.yes for load in loads), default=0),
        newcomers=len(new),
        newcomers_asked=sum(load.soon for load in new),
    )
