"""The lines of a timeline as ``components/timeline.html`` shows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.text import capfirst

from requests_app import words
from requests_app.steps_ahead import Line


def steps_in_words(lines: Iterable[Line], now: datetime) -> list[dict[str, str]]:
    """Each line with its moment in the reader's words; the last one ahead is called "Finally"."""
    steps = [
        {
            "state": line.state,
            "icon": line.icon,
            "title": line.what,
            "text": line.detail,
            "when": line.when or (str(capfirst(words.moment(line.at, now))) if line.at else ""),
        }
        for line in lines
    ]
    if steps and steps[-1]["state"] == "next":
        steps[-1]["state"] = "last"
    return steps
