"""What the clock counts, once a day: open months, the quarter that may be shared by now, how long finding takes.

Running it twice, or at once, changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import Municipality
from requests_app.figures import months, publishing, rates
from requests_app.figures.facts import facts
from requests_app.models import FiguresCounted, MonthFigures, Policy, QuarterToShare, UsualWait
from villages.models import Village

AT_ONCE = 10  # municipalities: the same worker walks the ladder in between
A_YEAR = timedelta(days=365)
NUMBERS = (*rates.NUMBERS, "waits")


def count(now: datetime, most: int = AT_ONCE) -> int:
    """Count municipalities that were not counted yet today, ``most`` of them; answers how many."""
    today = now.astimezone(months.AMSTERDAM).replace(hour=0, minute=0, second=0, microsecond=0)
    # The first request of a municipality makes its policy.
    asked_there = Municipality.objects.filter(pk__in=Policy.objects.values("municipality"))
    counted = FiguresCounted.objects.filter(at__gte=today).values("municipality")
    there = list(asked_there.exclude(pk__in=counted).order_by("pk").values_list("pk", flat=True)[:most])
    for municipality_pk in there:
        count_municipality(municipality_pk, now)
    return len(there)


@transaction.atomic
def count_municipality(municipality_pk: int, now: datetime) -> None:
    """The same for one; a closed month that was counted already stays as it is."""
    Municipality.objects.select_for_update(no_key=True).only("pk").get(pk=municipality_pk)  # one at a time
    for month in _months_to_count(municipality_pk, now):
        _count_month(municipality_pk, month, now)
    _share(municipality_pk, now)
    _usual_waits(municipality_pk, now)
    FiguresCounted.objects.update_or_create(municipality_id=municipality_pk, defaults={"at": now})


def _months_to_count(municipality_pk: int, now: datetime) -> list[date]:
    closed = MonthFigures.objects.filter(municipality=municipality_pk, closed=True).values_list("month_on", flat=True)
    this = months.month_of(now)
    return sorted({*months.through(months.later(this, 1 - months.MOST), this)} - set(closed.distinct()))


def _count_month(municipality_pk: int, month: date, now: datetime) -> None:
    counts: dict[tuple[int, str], rates.Counts] = defaultdict(rates.Counts)
    for fact in facts(municipality_pk, months.starts(month), months.starts(months.later(month, 1))):
        counts[fact.village, fact.category] += rates.count(fact, now)
    closed = now >= months.closes(month)
    rows = [
        MonthFigures(
            municipality_id=municipality_pk,
            village_id=village,
            category=category,
            month_on=month,
            made_at=now,
            closed=closed,
            **asdict(number),
        )
        for (village, category), number in counts.items()
    ]
    MonthFigures.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["village", "month_on", "category"],
        update_fields=["made_at", "closed", *NUMBERS],
    )


def _share(municipality_pk: int, now: datetime) -> None:
    """The newest quarter that is closed, if it was not published yet. Older ones stay as they were, or unpublished."""
    quarter = months.quarter_of(months.month_of(now))
    while now < months.closes(quarter, 3):
        quarter = months.later(quarter, -3)
    if QuarterToShare.objects.filter(municipality=municipality_pk, quarter_on=quarter).exists():
        return
    since, until = months.starts(quarter), months.starts(months.later(quarter, 3))
    on = Village.objects.filter(municipality=municipality_pk, switched_on_at__lt=until).values_list("pk", flat=True)
    numbers = publishing.numbers(
        quarter,
        list(on),
        list(facts(municipality_pk, since, until)),
        publishing.volunteers(municipality_pk, since, until),
        now,
    )
    QuarterToShare.objects.create(municipality_id=municipality_pk, quarter_on=quarter, made_at=now, numbers=numbers)


def _usual_waits(municipality_pk: int, now: datetime) -> None:
    """Of the requests of the last year that are over, or found somebody; who withdrew before that does not count.

    Reads that year anew each day: a median cannot be added up from months. That is one query over what one
    municipality asked in a year, some hundreds of requests where all of 12,000 people take part, read by index.
    """
    waits: dict[tuple[int, str], list[timedelta | None]] = defaultdict(list)
    for fact in facts(municipality_pk, now - A_YEAR, now):
        if fact.found_at is not None:
            waits[fact.village, fact.category].append(fact.found_at - fact.posted_at)
        elif rates.outcome(fact) in {rates.Outcome.NOBODY, rates.Outcome.TEAM}:
            waits[fact.village, fact.category].append(None)
    told = {key: rates.usual(some) for key, some in waits.items()}
    UsualWait.objects.filter(village__municipality=municipality_pk).exclude(
        pk__in=_write_waits(((key, one) for key, one in told.items() if one), now)
    ).delete()


def _write_waits(told: Iterable[tuple[tuple[int, str], rates.Usual]], now: datetime) -> list[int]:
    rows = [
        UsualWait(village_id=village, category=category, made_at=now, **asdict(one))
        for (village, category), one in told
    ]
    written = UsualWait.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["village", "category"],
        update_fields=["requests", "half", "most", "made_at"],
    )
    return [row.pk for row in written]
