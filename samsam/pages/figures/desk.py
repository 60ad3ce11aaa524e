"""Whose figures somebody of staff may see, and over which time: from the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, QueryDict

from accounts.models import Municipality
from accounts.tenancy import municipalities_of
from requests_app.figures import months
from villages.models import Village

MOST_CHOICES = 400  # there are fewer municipalities than that
A_YEAR = 12


@dataclass(frozen=True)
class Desk:
    """The municipality that is looked at, which others there are to choose from, and its villages.

    ``names``: of all villages, also of those that are off by now.
    """

    municipality: Municipality
    municipalities: list[Municipality]
    villages: list[Village]
    names: dict[int, str]

    def village(self, slug: str) -> Village | None:
        """The one with this name in the address; None for all. Not theirs: not there."""
        if not slug:
            return None
        found = next((village for village in self.villages if village.slug == slug), None)
        if found is None:
            raise Http404
        return found


def desk(request: HttpRequest) -> Desk:
    """The municipality of the address, else the first of this visitor. Not theirs: not there."""
    own = municipalities_of(request)
    # With a policy something was asked there; of others there is nothing to tell.
    rows = Municipality.objects.filter(policies__isnull=False).distinct() if own is None else None
    rows = Municipality.objects.filter(pk__in=own or ()) if rows is None else rows
    municipalities = list(rows.order_by("name")[:MOST_CHOICES])
    code = request.GET.get("municipality", "")
    chosen = [one for one in municipalities if code in {"", one.code}]
    if not chosen:
        raise Http404
    villages = list(Village.objects.filter(municipality=chosen[0]).order_by("name", "pk"))
    on = [village for village in villages if village.switched_on_at]
    return Desk(chosen[0], municipalities, on, {village.pk: village.name for village in villages})


def period(asked: QueryDict, now: datetime) -> tuple[date, date]:
    """From which month to which, as in the address ("2026-03"); else the last twelve. At most ``months.MOST``."""
    this = months.month_of(now)
    first, last = (_month(asked.get(name, "")) for name in ("from", "to"))
    last = min(last or this, this)
    first = first or months.later(last, 1 - A_YEAR)
    if first > last:
        first, last = last, min(first, this)
    return max(first, months.later(last, 1 - months.MOST)), last


def address(**names: str) -> str:
    """What stands behind the question mark; empty values are left out."""
    return urlencode({name.rstrip("_"): value for name, value in names.items() if value})


def _month(text: str) -> date | None:
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
    return date(int(found[1]), int(found[2]), 1) if found else None
