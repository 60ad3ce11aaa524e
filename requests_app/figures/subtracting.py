"""Which sums of hidden numbers follow by subtraction, and of how many people they are. No Django, no database.

Whoever has a table that is shown in part can give each shown total a factor and add up. What follows is a sum over
the hidden cells in which each counts by the difference of two factors: that of its column and that of its row. So the
cells that matter are a cut: columns and rows on one side, against those on the other. A total that is hidden has no
factor of its own: hidden rows are on one side together, and so are hidden columns, on the side of zero. Of more
factors than two the cut between any two is smaller still, so cuts are all there is to look at.

People are looked up, not estimated: who asked in two cells is one person. So each cut is exact.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

Row = Hashable
Column = Hashable
Place = tuple[Row, Column]
Ways = tuple[int, ...]  # per way to count people: a bit for each person


@dataclass
class Table:
    """``tied``: rows whose total is hidden, and every cell with it. What is found unsafe is hidden in here."""

    rows: Collection[Row]
    tied: Collection[Row]
    columns: Collection[Column]
    people: Mapping[Place, Ways]
    sizes: Mapping[Hashable, int]  # of a cell, or of a column: the smallest is hidden first
    least: int
    hidden_cells: set[Place] = field(default_factory=set)
    hidden_columns: set[Column] = field(default_factory=set)

    def close(self) -> None:
        """Hide more, until every sum that follows is of ``least`` people. What is hidden more never makes it worse."""
        for side in _sides(self.columns):
            while not self.hidden_columns & side and (rows := self.leak(side)) is not None:
                self._hide_one(side, rows)

    def leak(self, side: Collection[Column]) -> set[Row] | None:
        """Rows that make, with these columns on their side, a sum of too few people; None: there are none.

        All columns on the one side is the same as none: then it is a row without what is shown of it.
        """
        if len(side) == len(self.columns):
            return None
        for way in range(max(map(len, self.people.values()), default=1)):
            if (rows := self._leak(side, way)) is not None:
                return rows
        return None

    def _leak(self, side: Collection[Column], way: int) -> set[Row] | None:
        """Row after row on the one side or the other; only what stays under ``least`` goes on."""
        so_far: dict[tuple[int, bool], tuple[Row, ...]] = {(0, False): ()}
        for group in self._groups():
            if not side and not self._shows_some(group):
                continue  # the total of a row is not about how it is split, and rows were looked at before
            choices = [(self._cut(group, side, way, same=same), group if same else ()) for same in (False, True)]
            (here, cuts), (there, also_cuts) = choices[0][0], choices[1][0]
            if here & there == here and cuts >= also_cuts:
                choices = choices[:1]
            elif here & there == there and also_cuts >= cuts:
                choices = choices[1:]
            further: dict[tuple[int, bool], tuple[Row, ...]] = {}
            for (people, cut), rows in so_far.items():
                for (more, cuts), added in choices:
                    if (together := people | more).bit_count() < self.least:
                        further.setdefault((together, cut or cuts), (*rows, *added))
            so_far = further
        return next((set(rows) for (_people, cut), rows in so_far.items() if cut), None)

    def _groups(self) -> Iterator[tuple[Row, ...]]:
        yield from ((row,) for row in self.rows if row not in self.tied)
        if self.tied:
            yield tuple(self.tied)

    def _shows_some(self, rows: Collection[Row]) -> bool:
        return any((row, column) not in self.hidden_cells for row in rows for column in self.columns)

    def _cut(self, rows: Iterable[Row], side: Collection[Column], way: int, *, same: bool) -> tuple[int, bool]:
        """Who is in the hidden cells between these rows and the columns of the other side; whether there are any."""
        people, cuts = 0, False
        for row in rows:
            for column in self.columns:
                if (column in side) != same and (row, column) in self.hidden_cells:
                    ways = self.people.get((row, column), ())
                    people |= ways[way] if way < len(ways) else 0
                    cuts = True
        return people, cuts

    def _hide_one(self, side: Collection[Column], rows: Collection[Row]) -> None:
        """A shown cell in the cut: it has enough people of its own. Else the total of a column does not go along."""
        between = [
            (row, column)
            for row in self.rows
            for column in self.columns
            if (row in rows) != (column in side) and (row, column) not in self.hidden_cells
        ]
        if between:
            self.hidden_cells.add(min(between, key=lambda place: (self.sizes.get(place, 0), repr(place))))
        else:
            self.hidden_columns.add(min(side, key=lambda column: (self.sizes.get(column, 0), repr(column))))


def _sides(columns: Collection[Column]) -> Iterator[set[Column]]:
    for length in range(len(columns) + 1):
        yield from map(set, combinations(columns, length))
