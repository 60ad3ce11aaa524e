"""What is published of small numbers: whoever adds and subtracts what is shown never finds a hidden one.

Two solvers that know nothing of how numbers were hidden look for leaks: one tries every whole number in small
tables, the other asks of larger ones whether the sums that are shown fix a hidden number.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from requests_app.figures.suppression import Cell, Shown, Split, publish


def cell(count, *people):
    return Cell(count, (frozenset(people),))


def table(cells, people=None):
    """Row totals, the whole and a split from the cells by (row, column); each request is of another person, or
    there are so many of them in a cell."""
    people = people or cells
    asked = [(key, (*key, n % people[key])) for key, number in cells.items() for n in range(number)]
    whole, rows, splits = of_requests([(key[0], (key[1],), who, who) for key, who in asked], *axes(cells))
    return (
        whole,
        rows,
        Split(splits[0].cells, {name: Cell(one.count, one.who[:1]) for name, one in splits[0].columns.items()}),
    )


def axes(cells):
    return sorted({key[0] for key in cells}, key=str), [sorted({key[1] for key in cells}, key=str)]


def of_requests(requests, rows, columns):
    """Of requests (row, column per split, who asked, who did it): the whole, the rows, and each split with both."""

    def counted(some, both=True):
        who = (frozenset(one[2] for one in some), frozenset(one[3] for one in some))
        return Cell(len(some), who if both else who[:1])

    splits = [
        Split(
            {
                (row, name): counted([one for one in requests if one[0] == row and one[1][at] == name])
                for row in rows
                for name in names
            },
            {name: counted([one for one in requests if one[1][at] == name]) for name in names},
        )
        for at, names in enumerate(columns)
    ]
    by_row = {row: counted([one for one in requests if one[0] == row], both=False) for row in rows}
    return counted(requests, both=False), by_row, splits


def published(*tables, least=10):
    """Splits of the same rows."""
    made = [table(cells) for cells in tables]
    return publish(made[0][0], made[0][1], {str(n): split for n, (_w, _r, split) in enumerate(made)}, least)


def compositions(total, parts):
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(total - first, parts - 1):
            yield (first, *rest)


def worlds(shown, rows, columns, name="0"):
    """Every table of whole numbers that agrees with what is shown; a row is one choice of its cells."""
    if shown.whole is None:
        return None
    totals = [
        row_totals
        for row_totals in compositions(shown.whole, len(rows))
        if all(shown.rows[row] in {None, total} for row, total in zip(rows, row_totals, strict=True))
    ]
    for row_totals in totals:
        options = [
            [
                cells
                for cells in compositions(total, len(columns))
                if all(
                    shown.cells[name][row, column] in {None, cell} for column, cell in zip(columns, cells, strict=True)
                )
            ]
            for row, total in zip(rows, row_totals, strict=True)
        ]
        for world in product(*options):
            sums = [sum(cells) for cells in zip(*world, strict=True)]
            if all(shown.columns[name][column] in {None, n} for column, n in zip(columns, sums, strict=True)):
                yield row_totals, world, sums


small = st.integers(2, 3).flatmap(
    lambda rows: st.integers(2, 3).flatmap(
        lambda columns: st.lists(
            st.integers(0, 4) if rows * columns > 4 else st.integers(0, 8),
            min_size=rows * columns,
            max_size=rows * columns,
        ).map(lambda numbers: {(n // columns, n % columns): number for n, number in enumerate(numbers)})
    )
)


@settings(max_examples=60, deadline=None)
@given(small)
@example({(0, 0): 1, (0, 1): 8, (1, 0): 8, (1, 1): 8})
def test_every_hidden_number_could_be_another_one_and_needs_not_be_small(cells):
    """Also where all requests of a cell are of one person: then what it can be is as wide as what is small."""
    least = 3
    rows, columns = sorted({key[0] for key in cells}), sorted({key[1] for key in cells})
    people = {key: number if sum(key) % 2 else min(number, 1) for key, number in cells.items()}
    whole, by_row, split = table(cells, people)
    shown = publish(whole, by_row, {"0": split}, least)
    small_ones = {key for key in cells if people[key] < least}
    if shown.whole is None:
        assert sum(people.values()) < least
        return

    seen = {}
    for row_totals, world, sums in worlds(shown, rows, columns):
        for row, total in zip(rows, row_totals, strict=True):
            seen.setdefault(("row", row), set()).add(total)
        for column, total in zip(columns, sums, strict=True):
            seen.setdefault(("column", column), set()).add(total)
        for row, numbers in zip(rows, world, strict=True):
            for column, number in zip(columns, numbers, strict=True):
                seen.setdefault((row, column), set()).add(number)

    hidden = [("row", row) for row in rows if shown.rows[row] is None]
    hidden += [("column", column) for column in columns if shown.columns["0"][column] is None]
    hidden += [key for key in cells if shown.cells["0"][key] is None]
    for key in hidden:
        assert len(seen[key]) > 1, (key, shown)
        assert max(seen[key]) >= least, (key, shown)
        assert max(seen[key]) - min(seen[key]) >= (least if key in small_ones else 1), (key, shown)


def rank(vectors):
    """Of whole or broken numbers, by elimination."""
    left, found = [list(map(Fraction, vector)) for vector in vectors], 0
    while left:
        row = left.pop()
        lead = next((n for n, factor in enumerate(row) if factor), None)
        if lead is not None:
            found += 1
            left = [minus(other, other[lead] / row[lead], row) for other in left]
    return found


def of_too_few(shown, rows, columns, split, least, name="0"):
    """Sets of fewer than ``least`` people of whom a sum follows that is of nobody else: whatever is added up.

    What is shown spans all that follows. Of that, what is zero in every cell with somebody else in it is of them.
    A cell without anybody is of any few people.
    """
    cells = list(product(rows, columns))
    totals = [[1] * len(cells)] + [
        [int(key[0] == row) for key in cells] for row in rows if shown.rows[row] is not None
    ]
    parts = [
        [int(key[1] == column) for key in cells] for column in columns if shown.columns[name][column] is not None
    ] + [[int(key == one) for key in cells] for one in cells if shown.cells[name][one] is not None]

    def sums_of(vectors, few, way):
        others = [n for n, key in enumerate(cells) if not split.cells[key].who[way] <= few]
        return rank(vectors) - rank([[vector[n] for n in others] for vector in vectors])

    for way in (0, 1):
        everybody = frozenset().union(*(one.who[way] for one in split.cells.values()))
        for some in combinations(sorted(everybody), min(least - 1, len(everybody))):
            few = frozenset(some)
            # Sums of rows do not tell how anything was done: of who asked, they are looked at too.
            if sums_of(totals + parts, few, way) > (sums_of(totals, few, way) if way else 0):
                yield few


@st.composite
def requests_of_few(draw):
    """Some requests each, of people who ask in more than one cell, and are helped by the same ones."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(2, 4))
    requests = []
    for person in range(draw(st.integers(3, 9))):
        for _ in range(draw(st.integers(1, 2))):
            place = draw(st.integers(0, rows - 1)), (draw(st.integers(0, columns - 1)),)
            doer = draw(st.sampled_from([person, person, 20, 21, 22, 23]))
            requests += [(*place, person, doer)] * draw(st.sampled_from([1, 1, 2, 5]))
    return requests, list(range(rows)), list(range(columns))


@settings(max_examples=120, deadline=None)
@given(requests_of_few())
def test_no_sum_that_follows_is_of_too_few_people(drawn):
    least = 3
    requests, rows, columns = drawn
    whole, by_row, (split,) = of_requests(requests, rows, [columns])

    shown = publish(whole, by_row, {"0": split}, least)

    if shown.whole is not None:
        assert list(of_too_few(shown, rows, columns, split, least)) == []


def test_what_the_attacker_above_would_see_if_only_small_numbers_were_hidden():
    """The attacker finds what there is to find: without this, the test above says nothing."""
    requests = [
        (row, (column,), person, person) for person, (row, column) in enumerate(product(range(3), range(3)))
    ] * 2
    requests += [(2, (2,), 30 + n, 30 + n) for n in range(5)]
    _whole, by_row, (split,) = of_requests(requests, range(3), [range(3)])
    naive = Shown(
        len(requests),
        {row: one.count for row, one in by_row.items()},
        {"0": {key: one.count if one.people >= 3 else None for key, one in split.cells.items()}},
        {"0": {name: one.count for name, one in split.columns.items()}},
    )

    assert of_too_few(naive, range(3), range(3), split, 3)
    assert next(of_too_few(naive, range(3), range(3), split, 3)) is not None


def test_hidden_villages_have_enough_people_together():
    rows = {"A": cell(8, "Riet"), "B": cell(5, "Bram"), "C": cell(100, *range(50))}

    shown = publish(cell(113, "Riet", "Bram", *range(50)), rows, {})

    assert shown.whole == 113
    assert shown.rows == {"A": None, "B": None, "C": None}  # 113 - 100 would be thirteen requests of two people


def test_people_who_asked_in_two_villages_are_counted_once():
    rows = {
        "A": cell(9, *range(9)),
        "B": cell(9, *range(9)),
        "C": cell(30, *range(20, 50)),
        "D": cell(40, *range(50, 90)),
    }

    shown = publish(cell(88, *range(9), *range(20, 90)), rows, {})

    assert shown.rows == {"A": None, "B": None, "C": None, "D": 40}


def test_hidden_cells_of_a_column_have_enough_people_together():
    cells = {("A", "x"): 8, ("B", "x"): 5, ("C", "x"): 50, ("A", "y"): 42, ("B", "y"): 45, ("C", "y"): 50}
    whole, rows, split = table(cells, cells | {("A", "x"): 1, ("B", "x"): 1})

    shown = publish(whole, rows, {"0": split})

    assert shown.columns["0"]["x"] == 63
    assert shown.cells["0"]["C", "x"] is None  # 63 - 50 would be thirteen requests of two people


def rank_fixes(shown):
    """Hidden numbers that the shown ones fix by adding and subtracting alone, over all splits at once."""
    names = [("row", row) for row, number in shown.rows.items() if number is None]
    for split in shown.cells:
        names += [(split, key) for key, number in shown.cells[split].items() if number is None]
        names += [(split, "column", column) for column, number in shown.columns[split].items() if number is None]
    place = {name: n for n, name in enumerate(names)}

    def equation(parts, whole):
        row = [Fraction(0)] * len(names)
        for name, sign in [*((part, 1) for part in parts), (whole, -1)]:
            if name in place:
                row[place[name]] += sign
        return row

    equations = [equation([("row", row) for row in shown.rows], None)]
    for split, cells in shown.cells.items():
        equations += [equation([(split, key) for key in cells if key[0] == row], ("row", row)) for row in shown.rows]
        for column in shown.columns[split]:
            parts = [(split, key) for key in cells if key[1] == column]
            equations.append(equation(parts, (split, "column", column)))
        equations.append(equation([(split, "column", column) for column in shown.columns[split]], None))
    return {names[n] for n in range(len(names)) if in_span(equations, n)}


def minus(row, times, other):
    return [a - times * b for a, b in zip(row, other, strict=True)] if times else row


def in_span(equations, unknown):
    """Whether one unknown stands alone in a combination of these: then its number is fixed."""
    reduced = []
    for equation in equations:
        row = equation
        for lead, other in reduced:
            row = minus(row, row[lead], other)
        lead = next((n for n, factor in enumerate(row) if factor), None)
        if lead is not None:
            row = [factor / row[lead] for factor in row]
            reduced = [(at, minus(other, other[lead], row)) for at, other in reduced] + [(lead, row)]
    return any(lead == unknown and sum(map(bool, row)) == 1 for lead, row in reduced)


@st.composite
def villages_split_twice(draw):
    rows = draw(st.integers(1, 4))
    first, second = {}, {}
    for row in range(rows):
        numbers = draw(st.lists(st.sampled_from([0, 1, 4, 9, 10, 13, 25, 60]), min_size=3, max_size=3))
        first |= {(row, column): number for column, number in enumerate(numbers)}
        cut = draw(st.integers(0, sum(numbers)))
        second |= {(row, 0): cut, (row, 1): sum(numbers) - cut}
    return first, second


@settings(max_examples=150, deadline=None)
@given(villages_split_twice())
def test_nothing_hidden_is_fixed_by_adding_and_subtracting_over_all_tables(tables):
    shown = published(*tables)

    if shown.whole is not None:
        assert rank_fixes(shown) == set()


@settings(max_examples=150, deadline=None)
@given(villages_split_twice())
def test_nothing_under_ten_is_shown_and_what_is_shown_is_true(tables):
    shown = published(*tables)

    whole, rows, _split = table(tables[0])
    for n, cells in enumerate(tables):
        columns = table(cells)[2].columns
        assert all(number in {None, cells[key]} for key, number in shown.cells[str(n)].items())
        assert all(number in {None, columns[name].count} for name, number in shown.columns[str(n)].items())
        numbers = [*shown.cells[str(n)].values(), *shown.columns[str(n)].values()]
        assert all(number is None or number >= 10 for number in numbers)
    assert all(number in {None, rows[row].count} for row, number in shown.rows.items())
    assert shown.whole in {None, whole.count}


def test_twelve_requests_of_three_people_are_hidden():
    cells = {(row, column): 40 for row in range(3) for column in range(3)}
    people = cells | {(0, 0): 3}
    cells[0, 0] = 12
    whole, rows, split = table(cells, people)

    shown = publish(whole, rows, {"0": split})

    assert shown.cells["0"][0, 0] is None
    assert sum(number is None for number in shown.cells["0"].values()) == 4  # a rectangle: no sum gives one away
    assert shown.columns["0"] == {0: 92, 1: 120, 2: 120}


def test_one_small_village_takes_the_next_smallest_along():
    shown = published({("Rumpt", "jan"): 3, ("Beesd", "jan"): 40, ("Tricht", "jan"): 20, ("Enspijk", "jan"): 30})

    assert shown.rows == {"Rumpt": None, "Beesd": 40, "Tricht": None, "Enspijk": 30}
    assert shown.whole == 93


def test_large_numbers_are_all_shown_and_a_small_whole_shows_nothing():
    large = published({(row, column): 10 + row + column for row in range(4) for column in range(3)})
    nothing = published({(0, 0): 4, (0, 1): 5})

    assert None not in [*large.rows.values(), *large.cells["0"].values(), *large.columns["0"].values()]
    assert nothing.whole is None
    assert {*nothing.rows.values(), *nothing.cells["0"].values(), *nothing.columns["0"].values()} == {None}


@pytest.mark.parametrize("cells", [{(0, 0): 5, (0, 1): 30}, {(0, 0): 0, (0, 1): 30, (0, 2): 10}])
def test_of_one_village_no_column_is_left_to_be_subtracted(cells):
    shown = published(cells)

    assert shown.whole == shown.rows[0] == sum(cells.values())
    assert rank_fixes(shown) == set()
    assert sum(number is None for number in shown.cells["0"].values()) >= 2
