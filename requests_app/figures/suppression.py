"""Which numbers of a table may be published, so that no small one can be worked out. No Django, no database.

The requests of a period are split in villages, and each village's again in several ways (by month, by category, by
how it ended). Sums are published with them. A number under ``least`` people is hidden, and so are as many others
as it takes, for two rules. Whoever adds and subtracts all that is shown of a table finds no sum of fewer than
``least`` people (``subtracting``). And of no small number it is known that it must be small, or nearly how large:
what it can be is at least ``least`` requests wide.

For the second rule a way of splitting is a network: requests flow from the column they are in, through their village,
out. A known number is a fixed flow, a hidden one is free. By how much a hidden number can differ is a flow around it,
which is exact; which others to hide is the cheapest way around. The ways of splitting only share the villages' totals.
A hidden village shows nothing in any of them, so whatever its total were, each table could still be filled in.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from requests_app.figures.subtracting import Table, Ways

LEAST = 10  # people

Row = Hashable
Column = Hashable
Edge = tuple[Hashable, Hashable]
SOURCE, SINK = ("source",), ("sink",)


@dataclass(frozen=True)
class Cell:
    """So many requests, and who is behind them.

    ``who``: the same people counted in one way or more (who asked; who did it). The fewest of them count.
    """

    count: int = 0
    who: tuple[frozenset[Hashable], ...] = (frozenset(),)

    @property
    def people(self) -> int:
        return min(map(len, self.who))


@dataclass(frozen=True)
class Split:
    """One way to split all rows: the cell of each row and column (a missing one is empty), and of each column."""

    cells: Mapping[tuple[Row, Column], Cell]
    columns: Mapping[Column, Cell]


@dataclass(frozen=True)
class Shown:
    """What may be published; None: hidden."""

    whole: int | None
    rows: dict[Row, int | None]
    cells: dict[str, dict[tuple[Row, Column], int | None]] = field(default_factory=dict)
    columns: dict[str, dict[Column, int | None]] = field(default_factory=dict)


def publish(whole: Cell, rows: Mapping[Row, Cell], splits: Mapping[str, Split], least: int = LEAST) -> Shown:
    """What of this may be shown. ``rows`` add up to ``whole``, and so do the columns of each split."""
    if whole.people < least:
        return _nothing(rows, splits)
    hidden_rows = _rows_to_hide(rows, least)
    shown = Shown(whole.count, {row: None if row in hidden_rows else cell.count for row, cell in rows.items()})
    for name, split in splits.items():
        network = _Network(rows, hidden_rows, split, least)
        network.close(rows, hidden_rows, split)
        network.protect()
        shown.cells[name] = {
            (row, column): network.shown(("column", column), ("row", row)) for row in rows for column in split.columns
        }
        shown.columns[name] = {column: network.shown(SOURCE, ("column", column)) for column in split.columns}
    return shown


def _nothing(rows: Mapping[Row, Cell], splits: Mapping[str, Split]) -> Shown:
    return Shown(
        None,
        dict.fromkeys(rows),
        {name: {(row, column): None for row in rows for column in split.columns} for name, split in splits.items()},
        {name: dict.fromkeys(split.columns) for name, split in splits.items()},
    )


def _rows_to_hide(rows: Mapping[Row, Cell], least: int) -> set[Row]:
    """The small ones; and as many others, small first, as make two or more with enough different people together."""
    hidden = {row for row in rows if rows[row].people < least}
    for row in sorted(rows, key=lambda row: (rows[row].people >= least, rows[row].count)):
        if not hidden or (len(hidden) > 1 and _together([rows[one] for one in hidden]) >= least):
            break
        hidden.add(row)
    return hidden


def _together(cells: Iterable[Cell]) -> int:
    """How many people: who is in two of them is one person."""
    return min(len(set().union(*way)) for way in zip(*(cell.who for cell in cells), strict=True))


def _as_bits(cells: Mapping[tuple[Row, Column], Cell]) -> dict[tuple[Row, Column], Ways]:
    bits: dict[Hashable, int] = {}
    return {
        place: tuple(sum(1 << bits.setdefault(person, len(bits)) for person in way) for way in cell.who)
        for place, cell in cells.items()
    }


class _Network:
    """The flow of one split, with which of its numbers are hidden."""

    def __init__(self, rows: Mapping[Row, Cell], hidden_rows: set[Row], split: Split, least: int) -> None:
        self.least = least
        self.flow: dict[Edge, int] = {}
        self.hidden: set[Edge] = set()
        self.small: set[Edge] = set()
        self.fixed: set[Edge] = set()  # known from elsewhere: hiding it here would not help
        for row, cell in rows.items():
            out = (("row", row), SINK)
            self.flow[out] = cell.count
            if cell.people < least:
                self.small.add(out)
            (self.hidden if row in hidden_rows else self.fixed).add(out)
        for column, cell in split.columns.items():
            self._add((SOURCE, ("column", column)), cell, hide=False)
            for row in rows:
                inside = split.cells.get((row, column), Cell())
                self._add((("column", column), ("row", row)), inside, hide=row in hidden_rows)
        # The whole is known, so nothing more can flow in or out: there is no way around through source and sink.
        self.next: dict[Hashable, list[tuple[Hashable, Edge, bool]]] = {}
        for edge in self.flow:
            tail, head = edge
            self.next.setdefault(tail, []).append((head, edge, True))
            self.next.setdefault(head, []).append((tail, edge, False))

    def shown(self, tail: Hashable, head: Hashable) -> int | None:
        edge = (tail, head)
        return None if edge in self.hidden else self.flow[edge]

    def close(self, rows: Mapping[Row, Cell], hidden_rows: set[Row], split: Split) -> None:
        """Hide more until no sum of too few people follows. Later hiding keeps that so: less is known then."""
        sizes: dict[Hashable, int] = {column: cell.count for column, cell in split.columns.items()}
        sizes |= {place: cell.count for place, cell in split.cells.items()}
        table = Table(rows, hidden_rows, split.columns, _as_bits(split.cells), sizes, self.least)
        table.hidden_columns = {column for column in split.columns if (SOURCE, ("column", column)) in self.hidden}
        table.hidden_cells = {
            (row, column) for row in rows for column in split.columns if self._is_hidden(row, column)
        }
        table.close()
        self.hidden |= {(SOURCE, ("column", column)) for column in table.hidden_columns}
        self.hidden |= {(("column", column), ("row", row)) for row, column in table.hidden_cells}

    def protect(self) -> None:
        """Hide more until each hidden number can be enough others. Who hides more never makes that worse."""
        queue = deque(sorted(self.hidden, key=self._by_size))
        while queue:
            edge = queue[0]
            around = self._is_unsafe(edge) and (self._cheapest_way_around(edge) or self._next_smallest(edge))
            if around:
                self.hidden |= around
                queue.extend(sorted(around, key=self._by_size))
            else:  # safe, or everything is hidden that can be and only the totals of the rows are known
                queue.popleft()

    def _by_size(self, edge: Edge) -> tuple[int, str]:
        return self.flow[edge], repr(edge)

    def _is_hidden(self, row: Row, column: Column) -> bool:
        return (("column", column), ("row", row)) in self.hidden

    def _add(self, edge: Edge, cell: Cell, *, hide: bool) -> None:
        self.flow[edge] = cell.count
        if cell.people < self.least:
            self.small.add(edge)
        if hide or edge in self.small:
            self.hidden.add(edge)

    def _is_unsafe(self, edge: Edge) -> bool:
        """A small one is safe when it can be ``least`` or more, and when what it can be is that wide.

        One of enough people was hidden for the others: it only has to be uncertain.
        """
        tail, head = edge
        less = self._most(tail, head, self.least if edge in self.small else 1, without=edge)
        if edge not in self.small and less:
            return False
        wanted = self._wanted(edge, less)
        return self._most(head, tail, wanted, without=edge) < wanted

    def _wanted(self, edge: Edge, less: int = 0) -> int:
        """How much more a number has to be able to be."""
        return max(self.least - self.flow[edge], self.least - less if edge in self.small else 1, 0)

    def _next_smallest(self, edge: Edge) -> set[Edge]:
        """There is no one way around that is enough: one more besides it, or anywhere."""
        left = set(self.flow) - self.fixed - self.hidden
        beside = {one for one in left if set(one) & set(edge)}
        return set(sorted(beside or left, key=self._by_size)[:1])

    def _most(self, start: Hashable, goal: Hashable, wanted: int, *, without: Edge) -> int:
        """How much can flow through hidden numbers from one node to another, up to ``wanted``."""
        changed: dict[Edge, int] = {}
        sent = 0
        while sent < wanted:
            path = self._path(start, goal, changed, without)
            if path is None:
                break
            room = min([wanted - sent, *(self._room(edge, changed) for edge, forward in path if not forward)])
            for edge, forward in path:
                changed[edge] = changed.get(edge, 0) + (room if forward else -room)
            sent += room
        return sent

    def _room(self, edge: Edge, changed: Mapping[Edge, int]) -> int:
        return self.flow[edge] + changed.get(edge, 0)

    def _path(
        self, start: Hashable, goal: Hashable, changed: Mapping[Edge, int], without: Edge
    ) -> list[tuple[Edge, bool]] | None:
        came: dict[Hashable, tuple[Hashable, Edge, bool] | None] = {start: None}
        queue = deque([start])
        while queue:
            node = queue.popleft()
            if node == goal:
                return list(_back_along(came, goal))
            for other, edge, forward in self.next[node]:
                passable = edge in self.hidden and edge != without and (forward or self._room(edge, changed) > 0)
                if passable and other not in came:
                    came[other] = (node, edge, forward)
                    queue.append(other)
        return None

    def _cheapest_way_around(self, unsafe: Edge) -> set[Edge]:
        """What to hide besides, so that this number can be ``least``: the least that is lost; empty: no way."""
        tail, head = unsafe
        for enough in dict.fromkeys((max(self._wanted(unsafe), 1), 1)):
            around = self._cheapest(head, tail, enough, unsafe)
            if around:
                return around
        return set()

    def _cheapest(self, start: Hashable, goal: Hashable, enough: int, without: Edge) -> set[Edge]:
        costs: dict[Hashable, int] = {start: 0}
        came: dict[Hashable, tuple[Hashable, Edge, bool] | None] = {start: None}
        queue: list[tuple[int, int, Hashable]] = [(0, 0, start)]
        ties = 0
        while queue:
            cost, _tie, node = heapq.heappop(queue)
            if node == goal:
                return {edge for edge, _forward in _back_along(came, goal)} - self.hidden
            if cost > costs[node]:
                continue
            for other, edge, forward in self.next[node]:
                if edge in self.fixed or edge == without or not (forward or self.flow[edge] >= enough):
                    continue
                # One more number to hide is worse than a larger one.
                further = cost + (0 if edge in self.hidden else 1000 + self.flow[edge])
                if further < costs.get(other, further + 1):
                    ties += 1
                    costs[other], came[other] = further, (node, edge, forward)
                    heapq.heappush(queue, (further, ties, other))
        return set()


def _back_along(
    came: Mapping[Hashable, tuple[Hashable, Edge, bool] | None], goal: Hashable
) -> Iterator[tuple[Edge, bool]]:
    step = came[goal]
    while step is not None:
        node, edge, forward = step
        yield edge, forward
        step = came[node]
