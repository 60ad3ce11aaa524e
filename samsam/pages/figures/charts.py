"""Figures as tiles, tables and charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from requests_app.categories import Category
from requests_app.charts import Chart, Series, bars, lines
from requests_app.figures import publishing
from requests_app.figures.rates import Counts, Outcome, share
from requests_app.figures.reading import Figures
from requests_app.models import QuarterToShare
from samsam.pages.figures import words

SHOWN_OUTCOMES = (Outcome.NEIGHBOUR, Outcome.GROUP, Outcome.VOLUNTEER, Outcome.TEAM, Outcome.NOBODY)
MOST_VILLAGES = 60  # in one table; the file has them all


@dataclass(frozen=True)
class Tile:
    """One figure with its name; ``detail`` says what it is made of."""

    name: str
    value: str
    detail: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of words; the first of each names it."""

    title: str
    head: list[str]
    rows: list[list[str]]


def tiles(figures: Figures) -> list[Tile]:
    """The figures of the whole period."""
    whole, volunteers = figures.whole, figures.volunteers
    found = _("%(part)s of %(whole)s") % {"part": whole.found, "whole": whole.found + whole.nobody}
    new = _("%(part)s of %(whole)s") % {"part": volunteers.newcomers_asked, "whole": volunteers.newcomers}
    return [
        Tile(_("Requests"), str(whole.asked), _("%(count)s not known yet") % {"count": whole.running}),
        Tile(_("Found"), words.percent(whole.fill), found),
        Tile(_("First reaction"), _within(whole.half_reacted_within), _("for half of them")),
        Tile(_("Open after 24 hours"), words.percent(share(whole.open_24, whole.known_24)), str(whole.open_24)),
        Tile(_("Open after 48 hours"), words.percent(share(whole.open_48, whole.known_48)), str(whole.open_48)),
        Tile(_("Asks per yes"), words.decimal(whole.asks_per_yes), _("%(count)s asks") % {"count": whole.asks}),
        Tile(_("Volunteers"), str(volunteers.number), _("at most %(count)s times yes") % {"count": volunteers.most}),
        Tile(_("Gini coefficient of the load"), words.decimal(volunteers.gini, 2), _("0 is even, 1 is one person")),
        Tile(
            _("New volunteers asked within 14 days"),
            words.percent(share(volunteers.newcomers_asked, volunteers.newcomers)),
            new,
        ),
    ]


def tables(figures: Figures, names: Mapping[int, str], *, one_village: bool) -> list[Table]:
    """By village, by category and by month, with the same columns."""
    villages = sorted(figures.by_village.items(), key=lambda one: (-one[1].asked, names.get(one[0], "")))
    by_village = [(names.get(pk, words.NOT_KNOWN), counts) for pk, counts in villages[:MOST_VILLAGES]]
    by_category = [(str(Category(code).label), counts) for code, counts in sorted(figures.by_category.items())]
    by_month = [(words.month(month), counts) for month, counts in figures.by_month.items()]
    found = [
        (_("By category"), _("Category"), by_category),
        (_("By month"), _("Month"), by_month),
    ]
    if not one_village:
        found.insert(0, (_("By village"), _("Village"), by_village))
    return [_table(title, head, rows) for title, head, rows in found if rows]


def of_team(figures: Figures) -> list[Chart]:
    """Who helped, and how it goes over the months; nothing where nobody asked anything."""
    whole = figures.whole
    if not whole.asked:
        return []
    ends = [(words.OUTCOMES[end], getattr(whole, end)) for end in (*SHOWN_OUTCOMES, Outcome.NOT_NEEDED)]
    charts = [
        bars(
            _("Who helped"),
            "",
            [str(name) for name, _n in ends],
            [Series(_("Requests"), [number for _name, number in ends])],
            head=_("Outcome"),
            missing=words.NOT_KNOWN,
        )
    ]
    if len(figures.by_month) > 1:
        charts += [_over_months(figures.by_month), _found_over_months(figures.by_month)]
    return charts


def shared_tiles(numbers: Mapping[str, Any]) -> list[Tile]:
    """The figures of a published quarter; a dash is left out."""
    ends = numbers["columns"]["outcome"]
    over = [ends[end] for end in SHOWN_OUTCOMES]
    found = None if None in over or not sum(over) else sum(over[:-1]) / sum(over)
    open_after = numbers["columns"]["found"]["later"]
    load, ratio = numbers["gini"], numbers["asks_per_yes"]
    soon, new = numbers["newcomers_asked"], numbers["newcomers"]
    return [
        Tile(_("Requests"), _shown(numbers["whole"])),
        Tile(_("Found"), words.percent(found)),
        Tile(_("First reaction"), _within(numbers["reaction"]), _("for half of them")),
        Tile(_("Still open after 48 hours"), _shown(open_after)),
        Tile(_("Asks per yes"), words.decimal(ratio)),
        Tile(_("Volunteers"), _shown(numbers["volunteers"])),
        Tile(_("Gini coefficient of the load"), words.decimal(load, 2), _("0 is even, 1 is one person")),
        Tile(_("New volunteers asked within 14 days"), words.percent(None if soon is None else share(soon, new))),
    ]


def shared_tables(shared: QuarterToShare, names: Mapping[int, str]) -> list[Table]:
    """Each split, with a row per village and one for all."""
    numbers = shared.numbers
    villages = sorted((names.get(int(pk), words.NOT_KNOWN), pk) for pk in numbers["villages"])
    found = []
    for split, title in words.SPLITS.items():
        columns = in_order(shared, split)
        head = [_("Village"), *(_column(split, column) for column in columns), _("Together")]
        rows = [
            [name, *(cells.get(column) for column in columns), numbers["villages"][pk]]
            for name, pk in villages
            for cells in [numbers["cells"][split].get(pk, {})]
        ]
        rows.append([_("Together"), *(numbers["columns"][split][column] for column in columns), numbers["whole"]])
        found.append(Table(str(title), head, [[name, *map(_shown, cells)] for name, *cells in rows]))
    return found


def of_share(shared: QuarterToShare) -> list[Chart]:
    """Who helped, and with what; a number that is left out is not drawn."""
    charts = []
    for split, head in (("outcome", _("Outcome")), ("category", _("Category"))):
        columns = in_order(shared, split)
        numbers = [shared.numbers["columns"][split][column] for column in columns]
        if any(number is not None for number in numbers):
            names = [_column(split, column) for column in columns]
            title = str(words.SPLITS[split])
            charts.append(bars(title, "", names, [Series(_("Requests"), numbers)], head=head, missing=words.NOT_KNOWN))
    return charts


def in_order(shared: QuarterToShare, split: str) -> list[str]:
    """The columns that were published, in their order: the database keeps none."""
    there = shared.numbers["columns"][split]
    return [column for column in publishing.columns(split, shared.quarter_on) if column in there]


def _table(title: str, head: str, rows: list[tuple[str, Counts]]) -> Table:
    heads = [head, _("Requests"), _("Found"), _("First reaction"), _("Open after 24 hours")]
    heads += [_("Open after 48 hours"), _("Asks per yes")]
    return Table(
        title,
        heads,
        [
            [
                name,
                str(counts.asked),
                words.percent(counts.fill),
                words.hours(counts.half_reacted_within),
                words.percent(share(counts.open_24, counts.known_24)),
                words.percent(share(counts.open_48, counts.known_48)),
                words.decimal(counts.asks_per_yes),
            ]
            for name, counts in rows
        ],
    )


def _over_months(by_month: Mapping[date, Counts]) -> Chart:
    return lines(
        _("Requests by month"),
        "",
        words.under_a_line(by_month),
        [
            Series(_("Posted"), [counts.asked for counts in by_month.values()]),
            Series(_("Somebody found"), [counts.found for counts in by_month.values()]),
        ],
        head=_("Month"),
        missing=words.NOT_KNOWN,
    )


def _found_over_months(by_month: Mapping[date, Counts]) -> Chart:
    shares = [None if counts.fill is None else round(counts.fill * 100, 1) for counts in by_month.values()]
    return lines(
        _("Found, by month"),
        "%",
        words.under_a_line(by_month),
        [Series(_("Found"), shares)],
        head=_("Month"),
        missing=words.NOT_KNOWN,
        most=100,
    )


def _within(hours: int | None) -> str:
    return words.NOT_KNOWN if hours is None else _("within %(hours)s") % {"hours": words.hours(hours)}


def _shown(number: int | None) -> str:
    return words.NOT_KNOWN if number is None else str(number)


def _column(split: str, code: str) -> str:
    match split:
        case "month":
            return words.month(date.fromisoformat(code))
        case "category":
            return str(Category(code).label)
        case "outcome":
            return str(words.OUTCOMES[Outcome(code)])
    return str(words.FOUND[code])
