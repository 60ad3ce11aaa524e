"""What a simulated policy did, in the measures the team decides by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from math import ceil
from statistics import median

EIGHT_IN_TEN = 0.8


class By(StrEnum):
    """Who was found, or how."""

    NEIGHBOUR = "neighbour"
    VOLUNTEER = "volunteer"
    CONTACT = "contact"  # somebody the contact person called


@dataclass
class Tally:
    """Counts of a run while it goes."""

    requests: int = 0
    urgent: int = 0
    urgent_filled: int = 0
    found: Counter[By] = field(default_factory=Counter)
    handed: int = 0
    reached: int = 0  # requests for which at least one volunteer was asked
    asks: int = 0
    yes: int = 0
    too_late: int = 0  # of those, when it was settled already
    muted: int = 0
    with_job: int = 0  # volunteers with at least one job in a year, over the years
    volunteer_years: int = 0
    waits: list[float] = field(default_factory=list)  # hours until somebody came

    def add(self, other: Tally) -> None:
        """What happened in another village, too."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True)
class Measures:
    """Shares are between 0 and 1, times are hours. ``None`` where there was nothing to measure.

    A request is filled when somebody says yes before the help is needed: a neighbour, a volunteer, or whom the
    contact person found by calling.
    """

    requests: int
    fill: float | None
    by_neighbours: float | None  # of all requests, as the next two
    by_volunteers: float | None
    by_contact: float | None
    urgent: int
    urgent_fill: float | None
    wait: float | None  # median, of the filled
    wait_8_in_10: float | None
    asks_per_request: float | None
    asks_when_asked: float | None  # per request for which volunteers were asked
    asks_per_volunteer: float | None  # a year
    too_late: float | None  # of every yes, those that came when it was settled
    with_job: float | None  # volunteers with at least one job in a year
    handed: float | None  # to the contact person of the team
    muted: float | None  # volunteers who switch us off in a year

    def as_json(self) -> dict[str, float | None]:
        """Plain numbers, for storing."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, float | None]) -> Measures:
        """What ``as_json`` stored; a measure that was not there yet is None."""
        names = cls.__dataclass_fields__
        return cls(**{name: stored.get(name) for name in names})  # type: ignore[arg-type]  # as stored by us


def measured(tally: Tally) -> Measures:
    """The measures of a finished run."""
    waits = sorted(tally.waits)
    return Measures(
        requests=tally.requests,
        fill=_share(tally.found.total(), tally.requests),
        by_neighbours=_share(tally.found[By.NEIGHBOUR], tally.requests),
        by_volunteers=_share(tally.found[By.VOLUNTEER], tally.requests),
        by_contact=_share(tally.found[By.CONTACT], tally.requests),
        urgent=tally.urgent,
        urgent_fill=_share(tally.urgent_filled, tally.urgent),
        wait=median(waits) if waits else None,
        wait_8_in_10=waits[ceil(EIGHT_IN_TEN * len(waits)) - 1] if waits else None,
        asks_per_request=_share(tally.asks, tally.requests),
        asks_when_asked=_share(tally.asks, tally.reached),
        asks_per_volunteer=_share(tally.asks, tally.volunteer_years),
        too_late=_share(tally.too_late, tally.yes),
        with_job=_share(tally.with_job, tally.volunteer_years),
        handed=_share(tally.handed, tally.requests),
        muted=_share(tally.muted, tally.volunteer_years),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
