"""Figures as files for a spreadsheet.

With a mark at the start (UTF-8 with BOM) and semicolons: so Excel in Dutch opens them with a double click, names with
accents included, and other programs read them too. Only whole numbers, days and names, so no comma can be misread.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from django.http import HttpResponse

from requests_app.figures.reading import Figures
from requests_app.models import QuarterToShare
from samsam.pages.figures import words
from samsam.pages.figures.charts import in_order

MARK = "\ufeff"
MEASURE = "measure"
# A spreadsheet would take a text that begins like this for a formula, and run it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def answer(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A file to keep; None is an empty cell."""
    out = StringIO()
    out.write(MARK)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def team(figures: Figures, names: dict[int, str]) -> list[list[Any]]:
    """A row per month, village and category, in the columns of ``words.TEAM_FILE``."""
    counts = list(words.TEAM_FILE)[3:-1]
    return [
        [month, names.get(village, ""), category, *(getattr(row, name) for name in counts), row.half_reacted_within]
        for month, village, category, row in figures.rows
    ]


def share(shared: QuarterToShare, names: dict[int, str]) -> list[list[Any]]:
    """A row per number, in the columns of ``words.SHARE_FILE``; what is left out is empty."""
    numbers = shared.numbers
    villages = sorted((names.get(int(pk), ""), pk) for pk in numbers["villages"])
    rows: list[list[Any]] = [[shared.quarter_on, "", "", "", numbers["whole"]]]
    rows += [[shared.quarter_on, "", name, "", numbers["villages"][pk]] for name, pk in villages]
    for split in numbers["columns"]:
        columns = in_order(shared, split)
        rows += [[shared.quarter_on, split, "", column, numbers["columns"][split][column]] for column in columns]
        rows += [
            [shared.quarter_on, split, name, column, numbers["cells"][split].get(pk, {}).get(column)]
            for name, pk in villages
            for column in columns
        ]
    return rows + [[shared.quarter_on, MEASURE, "", name, number] for name, number in _measures(numbers).items()]


def _measures(numbers: dict[str, Any]) -> dict[str, int | None]:
    """In the order of ``words.MEASURES_TO_SHARE``."""
    ratio, load = numbers["asks_per_yes"], numbers["gini"]
    return {
        "reaction_hours": numbers["reaction"],
        "asks_per_ten_yes": None if ratio is None else round(ratio * 10),
        "volunteers": numbers["volunteers"],
        "gini_percent": None if load is None else round(load * 100),
        "newcomers": numbers["newcomers"],
        "newcomers_asked": numbers["newcomers_asked"],
    }


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else value
