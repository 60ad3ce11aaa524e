"""What figures are called, on the page and in the files, and what each of them means."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from requests_app.figures.months import quarter_of
from requests_app.figures.publishing import LATER, WITHIN_24, WITHIN_48
from requests_app.figures.rates import Outcome

NOT_KNOWN = "–"

OUTCOMES = {
    Outcome.NEIGHBOUR: gettext_lazy("A neighbour"),
    Outcome.GROUP: gettext_lazy("Several people together"),
    Outcome.VOLUNTEER: gettext_lazy("A volunteer who was asked"),
    Outcome.TEAM: gettext_lazy("The team"),
    Outcome.NOBODY: gettext_lazy("Nobody"),
    Outcome.NOT_NEEDED: gettext_lazy("No longer needed"),
    Outcome.RUNNING: gettext_lazy("Not known yet"),
}
FOUND = {
    WITHIN_24: gettext_lazy("Settled within 24 hours"),
    WITHIN_48: gettext_lazy("Settled within 24 to 48 hours"),
    LATER: gettext_lazy("Still open after 48 hours"),
}
SPLITS = {
    "month": gettext_lazy("By month"),
    "category": gettext_lazy("By category"),
    "outcome": gettext_lazy("Who helped"),
    "found": gettext_lazy("How long it was open"),
}

# The columns of the files, each with what it means: the data dictionary.
TEAM_FILE = {
    "month": gettext_lazy("First day of the month in which the requests were posted."),
    "village": gettext_lazy("Name of the village."),
    "category": gettext_lazy("Code of the category, as it stands in the program."),
    "asked": gettext_lazy("Requests posted in this month. Drafts do not count."),
    "neighbour": gettext_lazy("Taken by one neighbour, who was not asked as a volunteer."),
    "group": gettext_lazy("Taken by two or more people together, or by somebody of a group."),
    "volunteer": gettext_lazy("Taken by one volunteer, who said yes when we asked."),
    "team": gettext_lazy("Done after the contact person had it, without a neighbour."),
    "nobody": gettext_lazy("The date passed with nobody found, or it did not work out."),
    "not_needed": gettext_lazy("Withdrawn by the asker, or done without SamSam."),
    "known_24": gettext_lazy("Requests posted at least 24 hours before the count."),
    "open_24": gettext_lazy("Of those: nobody was found within 24 hours, and it was not closed either."),
    "known_48": gettext_lazy("Requests posted at least 48 hours before the count."),
    "open_48": gettext_lazy("Of those: nobody was found within 48 hours, and it was not closed either."),
    "asks": gettext_lazy("Times that a volunteer was asked for these requests."),
    "yes": gettext_lazy("Times that a volunteer said yes to that."),
    "reaction_hours": gettext_lazy(
        "Half of the first reactions came within so many hours."
        " A reaction is an offer or a yes. Empty: there was none."
    ),
}
SHARE_FILE = {
    "quarter": gettext_lazy("First day of the quarter in which the requests were posted."),
    "split": gettext_lazy(
        "How the requests are split. Empty: not split. With measure: not requests, but what column says."
    ),
    "village": gettext_lazy("Name of the village. Empty: the whole municipality."),
    "column": gettext_lazy("Which part of the split. Empty: all of it."),
    "number": gettext_lazy("Number of requests, without those that still ran a month later. Empty: left out."),
}
MEASURES = {
    "fill": (
        gettext_lazy("Found"),
        gettext_lazy("Share of requests for which somebody was found. What was no longer needed does not count."),
    ),
    "reaction": (
        gettext_lazy("First reaction"),
        gettext_lazy("Hours until half of the requests with a reaction had the first one, rounded up."),
    ),
    "asks_per_yes": (
        gettext_lazy("Asks per yes"),
        gettext_lazy("How often volunteers were asked for each time that one said yes."),
    ),
    "volunteers": (gettext_lazy("Volunteers"), gettext_lazy("Everybody who was a volunteer in this period.")),
    "gini": (
        gettext_lazy("Gini coefficient of the load"),
        gettext_lazy(
            "0: every volunteer said yes equally often. Near 1: one volunteer did it all."
            " Those who never said yes count too."
        ),
    ),
    "newcomers": (
        gettext_lazy("New volunteers asked within 14 days"),
        gettext_lazy("Of the volunteers who joined in this period, at least 14 days before its end."),
    ),
}
# In the file to share, as whole numbers, with measure in the place of a split.
MEASURES_TO_SHARE = {
    "reaction_hours": gettext_lazy("Half of the first reactions came within so many hours."),
    "asks_per_ten_yes": gettext_lazy("How often volunteers were asked for each ten times that one said yes."),
    "volunteers": gettext_lazy("Everybody who was a volunteer in this quarter."),
    "gini_percent": gettext_lazy("Gini coefficient of the load, in hundredths."),
    "newcomers": gettext_lazy("Volunteers who joined in this quarter, at least 14 days before its end."),
    "newcomers_asked": gettext_lazy("How many of those were asked within 14 days."),
}
LEFT_OUT = gettext_lazy(
    "Left out is what fewer than 10 people are behind: who asked, and by outcome also who helped."
    " Some larger numbers are left out too. Otherwise a small one could be worked out from the sums."
)


def month(on: date) -> str:
    """ "maart 2026"."""
    return date_format(on, "F Y")


def under_a_line(months: Collection[date]) -> list[str]:
    """Short names that do not touch each other: "mrt", or "03-26" where a month comes back."""
    return [date_format(month, "M" if len(months) <= 12 else "m-y") for month in months]


def quarter(on: date) -> str:
    """ "1e kwartaal 2026"."""
    return _("Quarter %(number)s of %(year)s") % {"number": quarter_number(on), "year": on.year}


def quarter_number(on: date) -> int:
    """From 1 to 4."""
    return (quarter_of(on).month + 2) // 3


def percent(share: float | None) -> str:
    """ "82 %"; a dash where there is none."""
    return NOT_KNOWN if share is None else f"{round(share * 100)} %"


def decimal(number: float | None, digits: int = 1) -> str:
    """ "3,5"; a dash where there is none."""
    return NOT_KNOWN if number is None else number_format(number, digits)


def hours(number: int | None) -> str:
    """ "5 uur"; a dash where there is none."""
    if number is None:
        return NOT_KNOWN
    return ngettext("%(count)s hour", "%(count)s hours", number) % {"count": number}


def dictionary() -> Iterator[tuple[str, str, str]]:
    """Every column of the files, and every measure of the pages: where it stands, its name, what it means."""
    yield from ((_("file for the team"), name, str(meaning)) for name, meaning in TEAM_FILE.items())
    yield from ((_("file to share"), name, str(meaning)) for name, meaning in SHARE_FILE.items())
    yield from ((_("file to share"), name, str(meaning)) for name, meaning in MEASURES_TO_SHARE.items())
    yield from ((_("on the page"), str(name), str(meaning)) for name, meaning in MEASURES.values())
