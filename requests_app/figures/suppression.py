"""Which numbers of a table may be published, so that no small one can be worked out. No Django, no database.

The requests of a period are split in villages, and each village's again in several ways (by month, by category, by
how it ended). Sums are published with them. A number under ``least`` people is hidden, and so are as many others
as it takes: whoever adds and subtracts all that is shown never finds a hidden number, nor even that it must be small.

Per way of splitting this is a network: requests flow from the column they are in, through their village, out. A known
number is a fixed flow, a hidden one is free. By how much a hidden number can differ is a flow around it, which is
exact; which others to hide is the cheapest way around. The ways of splitting only share the villages' totals. A
hidden village shows nothing in any of them, so whatever its total were, each table could still be filled in.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field

LEAST = 10  # people

Row = Hashable
Column = Hashable
Edge = tuple[Hashable, Hashable]
SOURCE, SINK = ("source",), ("sink",)


@dataclass(frozen=True)
class Cell:
    """So many requests, of so many different people."""

    count: int = 0
    people: int = 0


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
    """The small ones; and as many others, small first, as make at least two that are not small together."""
    by_size = sorted(rows, key=lambda row: (rows[row].people >= least, rows[row].count))
    hidden = {row for row in rows if rows[row].people < least}
    for row in by_size:
        if not hidden or (len(hidden) > 1 and sum(rows[one].count for one in hidden) >= least):
            break
        hidden.add(row)
    return hidden


class _Network:
    """The flow of one split, with which of its numbers are hidden."""

    def __init__(self, rows: Mapping[Row, Cell], hidden_rows: set[Row], split: Split, least: int) -> None:
        self.least = least
        self.flow: dict[Edge, int] = {}
        self.hidden: set[Edge] = set()
        self.fixed: set[Edge] = set()  # known from elsewhere: hiding it here would not help
        for row, cell in rows.items():
            out = (("row", row), SINK)
            self.flow[out] = cell.count
            (self.hidden if row in hidden_rows else self.fixed).add(out)
        for column, cell in split.columns.items():
            self._add((SOURCE, ("column", column)), cell, hide=cell.people < least)
            for row in rows:
                inside = split.cells.get((row, column), Cell())
                hide = row in hidden_rows or inside.people < least
                self._add((("column", column), ("row", row)), inside, hide=hide)
        # The whole is known, so nothing more can flow in or out: there is no way around through source and sink.
        self.next: dict[Hashable, list[tuple[Hashable, Edge, bool]]] = {}
        for edge in self.flow:
            tail, head = edge
            self.next.setdefault(tail, []).append((head, edge, True))
            self.next.setdefault(head, []).append((tail, edge, False))

    def shown(self, tail: Hashable, head: Hashable) -> int | None:
        edge = (tail, head)
        return None if edge in self.hidden else self.flow[edge]

    def protect(self) -> None:
        """Hide more until every hidden number can be another one, and can be ``least`` or more."""
        while unsafe := next(self._unsafe(), None):
            around = self._cheapest_way_around(unsafe)
            if not around:
                around = {edge for edge in self.flow if edge[0] != SOURCE} - self.fixed - self.hidden
            if not around:
                around = set(self.flow) - self.fixed - self.hidden
            if not around:
                return  # everything is hidden that can be; only the totals of the rows are known
            self.hidden |= around

    def _add(self, edge: Edge, cell: Cell, *, hide: bool) -> None:
        self.flow[edge] = cell.count
        if hide:
            self.hidden.add(edge)

    def _unsafe(self) -> Iterator[Edge]:
        for edge in sorted(self.hidden, key=lambda one: (self.flow[one], repr(one))):
            tail, head = edge
            wanted = max(self.least - self.flow[edge], 1)
            more = self._most(head, tail, wanted, without=edge)
            less = 0
            if more < wanted and self.flow[edge] >= self.least:
                less = self._most(tail, head, 1, without=edge)
            if more < wanted and not less:
                yield edge

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
        wanted = max(self.least - self.flow[unsafe], 1)
        for enough in dict.fromkeys((wanted, 1)):
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
