"""Which work suits a volunteer: what a request demands, beside the choices somebody made about themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from volunteers.models import CARS, Volunteer

Where = Volunteer.Where
# Where the help is, and who goes there.
GO_THERE = {
    "inside": (Where.ANYWHERE,),
    "outside": (Where.ANYWHERE, Where.OUTSIDE),
    "place": (Where.ANYWHERE, Where.OUTSIDE, Where.PLACE),
}


@dataclass(frozen=True)
class Work:
    """What is demanded of who is asked; nothing, unless said."""

    where: str = "place"  # "inside" somebody's home, "outside" or at the door, or at a "place" with others
    light: bool = True  # can be done by who cannot do much
    car: bool = False
    alone: bool = False  # one person is asked for


class Wishes(Protocol):
    """What somebody chose about themselves, as columns of ``Volunteer``."""

    where: str
    light: bool
    transport: list[str]
    buddy: bool


def suits(who: Wishes, work: Work, *, wide: bool) -> bool:
    """Whether the work suits them. ``wide`` asks who would rather go together for one person's work too.

    Where somebody goes, and that they chose light work, are never widened.
    """
    return (
        who.where in GO_THERE[work.where]
        and (work.light or not who.light)
        and (not work.car or not who.transport or any(car in who.transport for car in CARS))
        and (wide or not work.alone or not who.buddy)
    )
