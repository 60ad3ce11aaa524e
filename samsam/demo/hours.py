"""The day of the demonstration's people."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MORNING, EVENING = 8, 21  # hours between which they do something
HOUR = timedelta(hours=1)


def awake(at: datetime) -> datetime:
    """At night nobody writes: then the evening before, after nine."""
    hour = at.astimezone(AMSTERDAM).hour
    if hour < MORNING:
        return at - (hour + 24 - EVENING) * HOUR
    return at - max(hour - EVENING, 0) * HOUR
