"""What counting the figures of a municipality costs, with few requests behind them and with many."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import seed
from bench.figure import Figure, at_most, dosed, exactly
from requests_app.figures import counting, months
from requests_app.models import Event, MonthFigures, QuarterToShare
from tests import make

VILLAGES, PEOPLE = 10, 20  # people of each who ask
# What posting and the end leave behind, of requests all over the quarter in all kinds: none found anybody.
SPREAD = """
UPDATE requests_app_helprequest SET posted_at = %(since)s + (id %% 85) * interval '1 day',
    category = (ARRAY['groceries', 'ride', 'house', 'garden', 'company', 'pet', 'device', 'paperwork', 'other'])[
        1 + id %% 9],
    village_id = (%(villages)s)[1 + id %% cardinality(%(villages)s)],
    author_id = (%(people)s)[1 + id %% cardinality(%(people)s)]
WHERE municipality_id = %(municipality)s;
INSERT INTO requests_app_event (municipality_id, help_request_id, kind, status, road, params, at)
SELECT municipality_id, id, it.kind, it.status, 'clock', '{}', posted_at + hours * interval '1 hour'
FROM requests_app_helprequest, (VALUES ('posted', 'open', 0), ('lapsed', 'lapsed', 60)) AS it (kind, status, hours)
WHERE municipality_id = %(municipality)s
"""


def figures() -> Iterator[Figure]:
    """A first count with a quarter to publish, then the day after: closed months are not counted again."""
    quarter = months.later(months.quarter_of(months.month_of(timezone.now())), -6)
    now = months.closes(quarter, 3)
    asked: dict[int, int] = {}
    for number in (dosed(1_000, least=200), dosed(20_000, least=400)):
        seed.clear()
        municipality = _municipality(number, months.starts(quarter))
        seed.settle()
        first, cost = _counted(municipality, now)
        published = QuarterToShare.objects.get(municipality=municipality, quarter_on=quarter).numbers["whole"]
        yield exactly(number, f"figures: requests in the quarter, of {number:,}", published or 0, "requests")
        again, cost_again = _counted(municipality, now + timedelta(days=1))
        asked[number] = first + again
        closed = MonthFigures.objects.filter(municipality=municipality, closed=True)
        changed = closed.filter(made_at__gt=now).count()
        yield exactly(0, f"figures: closed months counted again the day after, of {number:,}", changed, "rows")
        yield at_most(0.5, f"figures: CPU of the day after, of that of the first, {number:,}", cost_again / cost, "")
    few, many = asked.values()
    yield exactly(few, "figures: queries of both counts, with many as with few", many, "queries")


def _municipality(number: int, since: datetime) -> int:
    """Ten villages, each with its own twenty people who ask."""
    place = seed.village(neighbours=1)
    places = [place, *(make.village(of=place.municipality, quiet=False) for _ in range(VILLAGES - 1))]
    now = timezone.now()
    seed.open_requests(place, number, now=now, next_at=now + timedelta(days=300))
    words = {
        "since": since,
        "municipality": place.municipality_id,
        "villages": [one.pk for one in places],
        "people": [make.user().pk for _ in range(PEOPLE * VILLAGES)],
    }
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, words)
    assert Event.objects.count() == 2 * number
    return int(place.municipality_id)


def _counted(municipality: int, now: datetime) -> tuple[int, float]:
    """Queries, and seconds of CPU of this process."""
    before = time.process_time()
    with CaptureQueriesContext(connection) as captured:
        counting.count_municipality(municipality, now)
    return len(captured), time.process_time() - before
