"""The pages, through the door of the admin: its second factor, its scoping. Reading changes nothing."""

from __future__ import annotations

from datetime import date

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.figures import months, reading
from requests_app.models import QuarterToShare
from samsam.pages.door import for_staff
from samsam.pages.figures import charts, files, words
from samsam.pages.figures.desk import Desk, address, desk, period
from villages.models import Village

ON_PAPER = {"theme": "light", "text_size": ""}  # ink, in the sizes of the paper


@for_staff
def team(request: HttpRequest) -> HttpResponse:
    """Everything, for who works here: a municipality or one village, at most two years."""
    here, village, first, last = _asked(request)
    figures = reading.read(here.municipality.pk, first, last, village_pk=village.pk if village else None)
    this = months.month_of(timezone.now())
    choices = [*months.through(months.later(this, 1 - months.MOST), this)]
    context = admin.site.each_context(request) | {
        "title": _("Figures"),
        "desk": here,
        "village": village,
        "first": first,
        "last": last,
        "months": [(month.strftime("%Y-%m"), words.month(month), month) for month in reversed(choices)],
        "figures": figures,
        "tiles": charts.tiles(figures),
        "tables": charts.tables(figures, here.names, one_village=village is not None),
        "charts": charts.of_team(figures),
        "query": _query(here, village, first, last),
        "share_query": _query(here),
    }
    return render(request, "admin/figures.html", context)


@for_staff
def team_file(request: HttpRequest) -> HttpResponse:
    """The same numbers, per month, village and category."""
    here, village, first, last = _asked(request)
    figures = reading.read(here.municipality.pk, first, last, village_pk=village.pk if village else None)
    name = f"samsam-{village.slug if village else here.municipality.code.lower()}-{first:%Y-%m}-{last:%Y-%m}"
    return files.answer(name, list(words.TEAM_FILE), files.team(figures, here.names))


@for_staff
def share(request: HttpRequest) -> HttpResponse:
    """A quarter as it was published, to print and to give away: small numbers are left out."""
    here = desk(request)
    quarters = reading.quarters(here.municipality.pk)
    shared = _quarter(request, here, quarters)
    context = {
        "municipality": here.municipality,
        "quarters": [(_code(quarter), words.quarter(quarter), quarter) for quarter in quarters],
        "shared": shared,
        "heading": words.quarter(shared.quarter_on) if shared else "",
        "tiles": charts.shared_tiles(shared.numbers) if shared else [],
        "tables": charts.shared_tables(shared, here.names) if shared else [],
        "charts": charts.of_share(shared) if shared else [],
        "left_out": words.LEFT_OUT,
        "several": len(here.municipalities) > 1,
        "back": f"{reverse('figures')}?{_query(here)}".rstrip("?"),
        "query": _query(here, quarter=shared.quarter_on) if shared else "",
    }
    return render(request, "paper/figures.html", context | ON_PAPER)


@for_staff
def share_file(request: HttpRequest) -> HttpResponse:
    """The same numbers as a file."""
    here = desk(request)
    shared = _quarter(request, here, reading.quarters(here.municipality.pk))
    if shared is None:
        raise Http404
    name = f"samsam-{here.municipality.code.lower()}-{_code(shared.quarter_on)}"
    return files.answer(name, list(words.SHARE_FILE), files.share(shared, here.names))


@for_staff
def dictionary(request: HttpRequest) -> HttpResponse:
    """What each figure means."""
    context = admin.site.each_context(request) | {
        "title": _("What each figure means"),
        "rows": list(words.dictionary()),
        "left_out": words.LEFT_OUT,
    }
    return render(request, "admin/figure_words.html", context)


@for_staff
def dictionary_file(_request: HttpRequest) -> HttpResponse:
    """The same as a file, to put beside the other two."""
    rows = [*words.dictionary(), (_("file to share"), "", str(words.LEFT_OUT))]
    return files.answer("samsam-uitleg", ["where", "name", "meaning"], rows)


def _asked(request: HttpRequest) -> tuple[Desk, Village | None, date, date]:
    here = desk(request)
    return here, here.village(request.GET.get("village", "")), *period(request.GET, timezone.now())


def _quarter(request: HttpRequest, here: Desk, quarters: list[date]) -> QuarterToShare | None:
    """The one of the address, else the newest; None: nothing was published yet. Another one is not there."""
    code = request.GET.get("quarter", "")
    wanted = next((quarter for quarter in quarters if code in {"", _code(quarter)}), None)
    if wanted is None:
        if code:
            raise Http404
        return None
    return reading.shared(here.municipality.pk, wanted)


def _code(quarter: date) -> str:
    return f"{quarter.year}-{words.quarter_number(quarter)}"


def _query(
    here: Desk,
    village: Village | None = None,
    first: date | None = None,
    last: date | None = None,
    quarter: date | None = None,
) -> str:
    return address(
        municipality=here.municipality.code if len(here.municipalities) > 1 else "",
        village=village.slug if village else "",
        from_=f"{first:%Y-%m}" if first else "",
        to=f"{last:%Y-%m}" if last else "",
        quarter=_code(quarter) if quarter else "",
    )
