"""What came out of a trial, as charts for who decides: today's policy beside the others."""

from __future__ import annotations

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
    return [_chart(measured, *sheet) for sheet in (*_for_askers(), *_for_volunteers())] if measured else []


# Title, unit, the measures with their words, a sentence.
Sheet = tuple[str, str, dict[str, str], str]


def _for_askers() -> list[Sheet]:
    return [
        (
            _("Helped in time"),
            "%",
            {"fill": _("All requests"), "urgent_fill": _("Needed within a day")},
            _("Somebody said yes before the help was needed."),
        ),
        (
            _("Who was found"),
            "%",
            {
                "by_neighbours": _("A neighbour"),
                "by_volunteers": _("A volunteer"),
                "by_contact": _("Somebody the contact person called"),
                "handed": _("Handed to the contact person"),
            },
            _("Of all requests. What is handed over may still be found by a neighbour or a volunteer."),
        ),
        (
            _("How long people waited"),
            _("h"),
            {"wait": _("Half of them at most"), "wait_8_in_10": _("Eight in ten at most")},
            _("From asking until somebody said yes."),
        ),
    ]


def _for_volunteers() -> list[Sheet]:
    return [
        (
            _("How often volunteers were asked"),
            _("times"),
            {
                "asks_per_request": _("Per request"),
                "asks_when_asked": _("Per request that came to volunteers"),
                "asks_per_volunteer": _("Per volunteer in a year"),
            },
            _("Never more often than each volunteer allows."),
        ),
        (
            _("What it meant for volunteers"),
            "%",
            {
                "with_job": _("Had at least one job in a year"),
                "too_late": _("Said yes when it was arranged already"),
                "muted": _("Did not want to be asked any more, in a year"),
            },
            _("The second is a share of every yes, the others are shares of all volunteers."),
        ),
    ]


def _chart(measured: list[Measures], title: str, unit: str, measures: dict[str, str], note: str) -> Chart:
    percent = unit == "%"
    series = [
        Series(name_of(which), [_scaled(getattr(one, measure), 100 if percent else 1) for measure in measures])
        for which, one in enumerate(measured)
    ]
    most, words = 100 if percent else None, list(measures.values())
    return bars(title, unit, words, series, head=_("Measure"), note=note, missing=_("none"), most=most)


def _scaled(value: float | None, scale: int) -> float | None:
    return None if value is None else round(value * scale, 1)
