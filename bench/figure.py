"""One figure is one JSON object on a line. A run is as good as its worst figure."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable, Iterable, Iterator
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


def under(limit: float, name: str, value: float, unit: str) -> Figure:
    return Figure(name, value, unit, f"under {limit}", ok=value < limit)


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


def not_made(name: str) -> Figure:
    """Says that a figure is missing, and is as bad as one that is too high. Why stands on the error output."""
    return Figure(f"{name}: figures made", 0, "figures", "at least 1", ok=False)


def tell(parts: Iterable[Part]) -> int:
    """Prints each figure as soon as it is known; answers the exit code. After a part that fails come the others."""
    good = True
    for part in parts:
        for figure in _made(part):
            print(figure.line(), flush=True)
            good = good and figure.ok
    return 0 if good else 1


def _made(part: Part) -> Iterator[Figure]:
    name = getattr(part, "__name__", "?")
    try:
        figures = part()
        name = getattr(figures, "__name__", name)  # of a lambda the part that it calls
        yield from figures
    except Exception:  # noqa: BLE001 (whatever it was: what is not measured is not good)
        traceback.print_exc()
        yield not_made(name)


def _dose() -> float:
    return float(os.environ.get("DOSE") or 1)
