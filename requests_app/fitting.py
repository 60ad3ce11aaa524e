"""Whether something asked goes along with something a neighbour does anyway: no Django, no clock, no database.

A suggestion, to two people who decide for themselves.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from accounts.saying import AMSTERDAM, local_day

# What a neighbour may take along for a request of this category; the others do not go along.
GOES_AS = {"groceries": "groceries", "ride": "person", "other": "parcel"}
# A fixed time goes along with a trip that leaves at most this much earlier or later.
AROUND = timedelta(hours=1)
NOON, EVENING = 12, 18  # hours


def part_of_day(at: datetime) -> str:
    """Morning, afternoon or evening, in the village."""
    hour = at.astimezone(AMSTERDAM).hour
    return "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"


def goes_along(
    *,
    category: str,
    part: str,
    help_on: date | None,
    help_at: datetime | None,
    needed_by: datetime,
    what: Collection[str],
    leaves_at: datetime,
) -> bool:
    """The right kind, on the right day and part of it; "any time" goes along until its last moment."""
    if GOES_AS.get(category) not in what:
        return False
    if help_at is not None:
        return abs(leaves_at - help_at) <= AROUND
    if help_on is not None:
        return local_day(leaves_at) == help_on and part_of_day(leaves_at) == part
    return leaves_at <= needed_by
