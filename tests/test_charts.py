"""Charts: the drawing and the table tell the same, in words a screen reader says and without inline style."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from requests_app.charts import WIDTH, Series, bars, lines


@pytest.fixture(autouse=True)
def dutch():
    with translation.override("nl"):
        yield


TODAY, OTHER = Series("Vandaag", [98.2, 91]), Series("Anders <b>", [99, None])


def rendered(chart):
    return render_to_string("requests_app/chart.html", {"chart": chart})


class Table(HTMLParser):
    """The cells of the table, row by row."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.inside = [], False
        self.feed(html)

    def handle_starttag(self, tag, _attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in {"th", "td"}:
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag):
        if tag in {"th", "td"}:
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data


@pytest.mark.parametrize("draw", [bars, lines])
def test_chart_says_the_same_in_its_table(draw):
    html = rendered(
        draw("Geholpen", "%", ["Alle", "Dringend"], [TODAY, OTHER], head="Vragen", missing="minder dan 10")
    )

    assert Table(html).rows == [
        ["Vragen", "Vandaag", "Anders <b>"],
        ["Alle", "98,2", "99,0"],
        ["Dringend", "91,0", "minder dan 10"],
    ]


@pytest.mark.parametrize("draw", [bars, lines])
def test_chart_has_a_title_and_a_description_and_no_style_of_its_own(draw):
    html = rendered(draw("Geholpen", "%", ["Alle", "Dringend"], [TODAY, OTHER], note="Anders is iets beter."))

    drawing = ET.fromstring(re.search(r'<svg class="chart__svg".*?</svg>', html, re.DOTALL).group())
    title, desc = drawing[0], drawing[1]
    assert (title.tag, title.text) == ("title", "Geholpen")
    assert desc.text == "Anders is iets beter. In de tabel staan dezelfde getallen."
    assert drawing.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
    assert " style=" not in html
    assert "<style" not in html


def test_numbers_of_the_drawing_are_svg_numbers_in_a_dutch_page_too():
    html = rendered(lines("Open", "", ["jan", "feb", "mrt"], [Series("Beesd", [1.5, 1234.5, 3])]))

    places = re.findall(r' (?:points|x|y|cx|cy|x1|y1|width|height)="([^"]*)"', html)
    assert all(re.fullmatch(r"[-\d.]+(,[-\d.]+)?( [-\d.]+,[-\d.]+)*", place) for place in places)
    assert "1.234,5" in html


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12))
def test_longer_bar_is_a_larger_number_and_all_fit(values):
    chart = bars("Zo vaak", "", [str(n) for n in range(len(values))], [Series("a", values)])

    by_value = [bar.width for _value, bar in sorted(zip(values, chart.bars, strict=True), key=lambda pair: pair[0])]
    assert by_value == sorted(by_value)
    assert all(0 < bar.width < WIDTH and bar.y + bar.height <= chart.height for bar in chart.bars)


@given(st.lists(st.one_of(st.none(), st.floats(0.01, 1e6)), min_size=2, max_size=40))
def test_line_stays_in_its_place_and_breaks_where_nothing_is_known(values):
    chart = lines("Zo lang", "h", [str(n) for n in range(len(values))], [Series("a", values)])

    start, top, end, bottom = chart.plot
    dots = chart.lines[0].dots
    assert len(dots) == sum(value is not None for value in values)
    assert all(start <= x <= end and top <= y <= bottom for x, y in dots)
    assert len(chart.lines[0].stretches) <= sum(value is None for value in values) + 1
    assert 2 <= len(chart.grid) <= 7


@pytest.mark.parametrize(
    ("categories", "series"),
    [([], [Series("a", [])]), (["x"], []), (["x"], [Series("a", [1, 2])]), (["x"], [Series("a", [-1])])],
)
def test_chart_of_nothing_is_refused(categories, series):
    with pytest.raises(ValueError, match=r"."):
        bars("Leeg", "", categories, series)
