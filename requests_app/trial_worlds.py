"""The villages a policy is tried in: our own history when there is enough of it, else the published figures.

Of a request only when it was asked, for when, and what kind: no person, no text, no street, and no exact moment.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count

from accounts.models import Municipality
from accounts.quiet import AMSTERDAM, Quiet
from requests_app.lab.worlds import Past, World, base
from requests_app.models import HelpRequest, Part, PolicyTrial, Status
from villages.models import Village
from volunteers.models import Volunteer

ENOUGH = 200  # closed requests: with fewer, chance says more than the village
LOOK_BACK = timedelta(days=730)
SHORTEST = timedelta(days=90)  # of which a year is made, when there is no more
MOST_PAST = 3000
COARSE = 15  # minutes to which moments are rounded
MOST_REQUESTS = 6000  # simulated per policy: some seconds of work
MOST_YEARS = 16
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Setting:
    """Where a trial takes place, as it is stored."""

    source: PolicyTrial.Source
    world: dict[str, Any]


def setting(municipality: Municipality, inhabitants: int, now: datetime) -> Setting:
    """The own history of this municipality when it is thick enough; else the published village of that size."""
    closed = HelpRequest.objects.filter(
        municipality=municipality,
        status__in=[Status.DONE, Status.LAPSED],
        posted_at__gt=now - LOOK_BACK,
        posted_at__lte=now,
        needed_by__isnull=False,
    )
    rows = closed.order_by("-posted_at").values_list("village", "posted_at", "needed_by", "category", "part")
    history: list[Any] = list(rows[:MOST_PAST])
    if len(history) < ENOUGH:
        village = base(inhabitants)
        stored = _stored(village.volunteers, village.requests_a_year, [], village.quiet.from_, village.quiet.until)
        return Setting(PolicyTrial.Source.PUBLISHED, {"years": _years(village.requests_a_year), "villages": [stored]})
    span = max(now - min(posted_at for _village, posted_at, *_rest in history), SHORTEST)
    villages = _own(municipality, history, A_YEAR / span)
    total = len(history) * (A_YEAR / span)
    return Setting(PolicyTrial.Source.OWN, {"years": _years(total), "villages": villages})


def worlds(world: dict[str, Any]) -> tuple[list[World], int]:
    """What ``setting`` stored, for the simulation: the villages, and how many years of each."""
    villages = [
        World(
            volunteers=one["volunteers"],
            requests_a_year=one["requests_a_year"],
            past=tuple(Past(*row) for row in one["past"]),
            quiet=Quiet(time.fromisoformat(one["quiet_from"]), time.fromisoformat(one["quiet_until"])),
        )
        for one in world["villages"]
    ]
    return villages, world["years"]


def _own(municipality: Municipality, history: list[Any], a_year: float) -> list[dict[str, Any]]:
    counts = Counter(village for village, *_rest in history)
    active = (
        Volunteer.objects.in_touch().filter(municipality=municipality, week_limit__gt=0).order_by().values("village")
    )
    volunteers = dict(active.annotate(count=Count("pk")).values_list("village", "count"))
    rows = Village.objects.filter(pk__in=counts).order_by("pk").only("quiet_from", "quiet_until")
    return [
        _stored(
            volunteers.get(village.pk, 0),
            counts[village.pk] * a_year,
            [_past(*row) for where, *row in history if where == village.pk],
            village.quiet_from,
            village.quiet_until,
        )
        for village in rows
    ]


def _stored(
    volunteers: int, requests_a_year: float, past: list[Any], quiet_from: time, quiet_until: time
) -> dict[str, Any]:
    return {
        "volunteers": volunteers,
        "requests_a_year": requests_a_year,
        "past": past,
        "quiet_from": quiet_from.isoformat(),
        "quiet_until": quiet_until.isoformat(),
    }


def _past(posted_at: datetime, needed_by: datetime, category: str, part: str) -> list[Any]:
    local = posted_at.astimezone(AMSTERDAM)
    posted = (local.weekday() * 24 + local.hour) * 60 + local.minute
    window = int((needed_by - posted_at) / timedelta(minutes=1))
    return [posted // COARSE * COARSE, max(round(window / COARSE), 1) * COARSE, category, part == Part.ANY]


def _years(requests_a_year: float) -> int:
    return max(1, min(MOST_YEARS, int(MOST_REQUESTS / max(requests_a_year, 1))))
