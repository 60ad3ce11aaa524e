"""What came out of a trial, as charts for who decides: today's policy beside the others."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from requests_app.charts import Chart, Series, bars
from requests_app.lab.measures import Measures
from requests_app.models import PolicyTrial


def name_of(which: int) -> str:
    """What one of the policies of a trial is called; 0 is today's."""
    return _("Alternative %(number)s") % {"number": which} if which else _("Today's policy")


def charts(trial: PolicyTrial) -> list[Chart]:
    """Empty until the trial is done."""
    measured = [Measures.from_json(stored) for stored in trial.results]
    if not measured:
        return []

    def chart(title: str, unit: str, measures: list[tuple[str, str]], note: str, most: float | None = None) -> Chart:
        scale = 100 if unit == "%" else 1
        series = [
            Series(name_of(which), [_scaled(getattr(one, measure), scale) for _words, measure in measures])
            for which, one in enumerate(measured)
        ]
        words = [words for words, _measure in measures]
        return bars(title, unit, words, series, head=_("Measure"), note=note, missing=_("none"), most=most)

    return [
        chart(
            _("Helped in time"),
            "%",
            [(_("All requests"), "fill"), (_("Needed within a day"), "urgent_fill")],
            _("Somebody said yes before the help was needed."),
            100,
        ),
        chart(
            _("Who was found"),
            "%",
            [
                (_("A neighbour"), "by_neighbours"),
                (_("A volunteer"), "by_volunteers"),
                (_("Somebody the contact person called"), "by_contact"),
                (_("Handed to the contact person"), "handed"),
            ],
            _("Of all requests. What is handed over may still be found by a neighbour or a volunteer."),
            100,
        ),
        chart(
            _("How long people waited"),
            _("h"),
            [(_("Half of them at most"), "wait"), (_("Eight in ten at most"), "wait_8_in_10")],
            _("From asking until somebody said yes."),
        ),
        chart(
            _("How often volunteers were asked"),
            _("times"),
            [
                (_("Per request"), "asks_per_request"),
                (_("Per request that came to volunteers"), "asks_when_asked"),
                (_("Per volunteer in a year"), "asks_per_volunteer"),
            ],
            _("Never more often than each volunteer allows."),
        ),
        chart(
            _("What it meant for volunteers"),
            "%",
            [
                (_("Had at least one job in a year"), "with_job"),
                (_("Said yes when it was arranged already"), "too_late"),
                (_("Did not want to be asked any more, in a year"), "muted"),
            ],
            _("The second is a share of every yes, the others are shares of all volunteers."),
            100,
        ),
    ]


def _scaled(value: Any, scale: int) -> float | None:
    return None if value is None else round(float(value) * scale, 4)
