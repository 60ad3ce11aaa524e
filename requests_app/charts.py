"""Small charts drawn by the server, each with the same numbers as a table.

::

    chart = bars(_("Filled in time"), "%", [_("all"), _("urgent")], [Series(_("today"), [98.2, None]), ...])
    {% include "requests_app/chart.html" with chart=chart %}      {# chart and table #}
    <link rel="stylesheet" href="{% static 'css/charts.css' %}">  {# once in the head of the page #}

Places are attributes of the SVG, colours come by class from ``static/css/charts.css``: no inline style, dark mode
too, on our own pages and in the admin. A value None is not drawn; the table says ``missing`` instead ("fewer
than 10"). Two charts of one page have different titles: their ids are made from them.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from django.utils.formats import number_format

MOST_SERIES = 5  # colours and dashes that can be told apart
WIDTH = 360  # of the drawing; on a phone a unit is about a pixel
LINE = 20  # between lines of text
BAR, GAP = 16, 4  # a bar, and the room between two of one group
BETWEEN_GROUPS = 14
VALUE_ROOM = 78  # after the longest bar, for its number
LETTERS = 44  # that fit in the width
PLOT = (52.0, 12.0, 342.0, 190.0)  # of a chart with lines: start, top, end, bottom
MOST_MARKS = 6  # words under the axis that do not touch each other
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Series:
    """What one colour stands for, with a value per category or point; None: not known, or not to be shown."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Text:
    """Words in the drawing; ``anchor`` as SVG says it."""

    x: float
    y: float
    words: str
    anchor: str = "start"
    look: str = "words"


@dataclass(frozen=True)
class Bar:
    """One bar; ``color`` counts the series from 1."""

    color: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Line:
    """One series: its unbroken stretches as SVG points, and a dot for each value."""

    color: int
    stretches: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """Everything ``requests_app/chart.html`` draws and writes."""

    title: str
    unit: str
    head: str  # what the rows of the table are
    note: str  # read by screen readers with the drawing, and shown under it
    height: float
    names: tuple[tuple[int, str], ...]  # the colours, counted from 1, with the names of their series
    rows: tuple[Row, ...]
    texts: tuple[Text, ...]
    bars: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()
    grid: tuple[float, ...] = ()

    width = WIDTH
    plot = PLOT

    @property
    def key(self) -> str:
        """For the ids of title and description."""
        return f"chart-{blake2b(self.title.encode(), digest_size=4).hexdigest()}"


def bars(
    title: str,
    unit: str,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    head: str = "",
    note: str = "",
    missing: str = "–",
    most: float | None = None,
) -> Chart:
    """Per category a group of lying bars, one a series, each with its number; the first category on top.

    ``unit`` stands behind each number of the drawing ("%"). ``head`` names the first column of the table, ``note``
    is one sentence about what is to be seen. The longest bar is ``most`` (100 for percents), else the largest value.
    No value is below 0. ValueError if a series has not one value per category, or there are too many.
    """
    _check(categories, series)
    largest = max([most or 0, *_known(series)]) or 1.0
    digits = _digits(series)
    drawn: list[Bar] = []
    texts: list[Text] = []
    y = 0.0
    for n, category in enumerate(categories):
        for words in textwrap.wrap(str(category), LETTERS):
            texts.append(Text(0, y + LINE - 6, words, look="head"))
            y += LINE
        for color, one in enumerate(series, start=1):
            value = one.values[n]
            width = 0.0 if value is None else round((WIDTH - VALUE_ROOM) * value / largest, 1)
            if value is not None:
                drawn.append(Bar(color, 0, y, max(width, 1.0), BAR))
            texts.append(Text(width + 6, y + BAR - 3, _number(value, digits, unit, missing)))
            y += BAR + GAP
        y += BETWEEN_GROUPS
    return Chart(
        title=str(title),
        unit=str(unit),
        head=str(head),
        note=str(note),
        height=y - BETWEEN_GROUPS + GAP,
        names=_names(series),
        rows=_rows(categories, series, digits, missing),
        texts=tuple(texts),
        bars=tuple(drawn),
    )


def lines(
    title: str,
    unit: str,
    points: Sequence[str],
    series: Sequence[Series],
    *,
    head: str = "",
    note: str = "",
    missing: str = "–",
    most: float | None = None,
) -> Chart:
    """One line a series over ``points`` (months, hours) at equal distances; the axis begins at 0.

    The words are those of ``bars``. A value None breaks the line.
    """
    _check(points, series)
    marks = _marks(max([most or 0, *_known(series)]) or 1.0)
    start, top, end, bottom = PLOT
    digits = _digits(series)

    def x(n: int) -> float:
        return round(start + (end - start) * n / max(len(points) - 1, 1), 1)

    def y(value: float) -> float:
        return round(bottom - (bottom - top) * value / marks[-1], 1)

    def line(color: int, one: Series) -> Line:
        stretches: list[list[tuple[float, float]]] = [[]]
        for n, value in enumerate(one.values):
            if value is None:
                stretches.append([])
            else:
                stretches[-1].append((x(n), y(value)))
        return Line(
            color,
            tuple(" ".join(f"{a},{b}" for a, b in stretch) for stretch in stretches if len(stretch) > 1),
            tuple(dot for stretch in stretches for dot in stretch),
        )

    each = math.ceil(len(points) / MOST_MARKS)
    axis = [Text(start - 8, y(mark) + 5, _number(mark, _digits_of(marks), "", ""), "end", "axis") for mark in marks]
    axis += [
        Text(x(n), bottom + LINE, str(words), "middle", "axis") for n, words in enumerate(points) if n % each == 0
    ]
    return Chart(
        title=str(title),
        unit=str(unit),
        head=str(head),
        note=str(note),
        height=bottom + LINE + 10,
        names=_names(series),
        rows=_rows(points, series, digits, missing),
        texts=tuple(axis),
        lines=tuple(line(color, one) for color, one in enumerate(series, start=1)),
        grid=tuple(y(mark) for mark in marks),
    )


def _check(categories: Sequence[str], series: Sequence[Series]) -> None:
    if not categories or not 0 < len(series) <= MOST_SERIES:
        raise ValueError(f"A chart has something to show, and at most {MOST_SERIES} series.")
    if any(len(one.values) != len(categories) for one in series):
        raise ValueError("Each series has one value per category.")
    if any(value < 0 for value in _known(series)):
        raise ValueError("No value is below 0.")


def _known(series: Sequence[Series]) -> list[float]:
    return [value for one in series for value in one.values if value is not None]


def _digits(series: Sequence[Series]) -> int:
    return _digits_of(_known(series))


def _digits_of(values: Sequence[float]) -> int:
    """Behind the comma: none when all are whole, two when they are small, else one."""
    if all(float(value).is_integer() for value in values):
        return 0
    return 1 if max(values) >= 2 else 2


def _number(value: float | None, digits: int, unit: str, missing: str) -> str:
    if value is None:
        return str(missing)
    return f"{number_format(value, digits, force_grouping=True)} {unit}".strip()


def _marks(largest: float) -> list[float]:
    """The numbers beside the axis: from 0, at most six, the last not under ``largest``."""
    size = 10.0 ** math.floor(math.log10(largest / 5))
    step = next(size * step for step in STEPS if size * step * 5 >= largest - size * 1e-9)
    return [round(step * n, 10) for n in range(math.ceil(largest / step - 1e-9) + 1)]


def _names(series: Sequence[Series]) -> tuple[tuple[int, str], ...]:
    return tuple((color, str(one.name)) for color, one in enumerate(series, start=1))


def _rows(categories: Sequence[str], series: Sequence[Series], digits: int, missing: str) -> tuple[Row, ...]:
    return tuple(
        Row(str(category), tuple(_number(one.values[n], digits, "", missing) for one in series))
        for n, category in enumerate(categories)
    )
