"""One figure is one JSON object on a line. A run is as good as its worst figure."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

Part = Callable[[], Iterable["Figure"]]


@dataclass(frozen=True)
class Figure:
    """``floor`` is what the machine itself needs for the same, measured in the same run."""

    name: str
    value: float
    unit: str
    goal: str = ""  # none: shown only
    ok: bool = True
    floor: float | None = None

    def line(self) -> str:
        return json.dumps(
            {
                "figure": self.name,
                "value": round(self.value, 5),
                "unit": self.unit,
                "floor": None if self.floor is None else round(self.floor, 5),
                "ratio": round(self.value / self.floor, 2) if self.floor else None,
                "goal": self.goal or None,
                "ok": self.ok,
            }
        )


def at_most(most: float, name: str, value: float, unit: str) -> Figure:
    return Figure(name, value, unit, f"at most {most}", ok=value <= most)


def at_least(least: float, name: str, value: float, unit: str) -> Figure:
    return Figure(name, value, unit, f"at least {least}", ok=value >= least)


def exactly(wanted: float, name: str, value: float, unit: str) -> Figure:
    return Figure(name, value, unit, f"exactly {wanted}", ok=value == wanted)


def full_dose() -> bool:
    return _dose() >= 1


def is_taste() -> bool:
    """Less than a tenth: what needs pages of everybody, or tools from elsewhere, is left out."""
    return _dose() < 0.1


def dosed(full: int, *, least: int) -> int:
    """So many of something: all with a dose of 1, a taste with less."""
    return max(least, round(full * _dose()))


def tell(parts: Iterable[Part]) -> int:
    """Prints each figure as soon as it is known; answers the exit code."""
    good = True
    for part in parts:
        for figure in part():
            print(figure.line(), flush=True)
            good = good and figure.ok
    return 0 if good else 1


@contextmanager
def because(what: str) -> Iterator[None]:
    """Names what was going on when a part cannot even be measured."""
    try:
        yield
    except BaseException:
        print(f"While measuring: {what}", file=sys.stderr)
        raise


def _dose() -> float:
    return float(os.environ.get("DOSE") or 1)
