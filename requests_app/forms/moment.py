"""A day and a time of day as people write them: the same words and limits in each form that asks for one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.example_day import with_day
from requests_app import moments, typed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

WRITE_DAY = with_day(_("Write the day like this: %(day)s"))
WRITE_TIME = _("Write the time like this: 10.15")
STILL_TO_COME = _("Choose a day that is still to come")
WITHIN_A_YEAR = _("Choose a day within a year")
BEGUN = _("This moment has already begun. Choose a later one, or another day")
SKIPPED = _("That night the clock skips this hour. Choose another time")
FURTHEST = dt.timedelta(days=365)
TODAY, TOMORROW, OTHER = "today", "tomorrow", "other"


def day_field(**words: Any) -> forms.CharField:
    """To write a day in; read it with ``day_in``."""
    return _line({"autocomplete": "off"}, WRITE_DAY, max_length=40, **words)


def time_field(**words: Any) -> forms.CharField:
    """To write a time of day in; read it with ``time_in``."""
    return _line({"inputmode": "decimal", "autocomplete": "off"}, WRITE_TIME, max_length=20, **words)


def day_in(
    text: str,
    today: dt.date,
    *,
    first: dt.date | None = None,
    furthest: dt.timedelta = FURTHEST,
    too_far: str | StrPromise = WITHIN_A_YEAR,
) -> dt.date:
    """The day that is meant, from ``first`` (today, if not given) on; else a ValidationError that says what to do."""
    on = typed.day(text, today)
    if on is None:
        raise forms.ValidationError(WRITE_DAY)
    if on < (first or today):
        raise forms.ValidationError(STILL_TO_COME)
    if on > today + furthest:
        raise forms.ValidationError(too_far)
    return on


def time_in(text: str) -> dt.time:
    """The time of day that is meant; else a ValidationError that says how to write one."""
    at = typed.clock_time(text)
    if at is None:
        raise forms.ValidationError(WRITE_TIME)
    return at


def day_chosen(form: forms.Form, today: dt.date, **limits: Any) -> dt.date | None:
    """The answer to ``day`` (today, tomorrow, another one) and ``date`` beside it; None with an error at the field."""
    data = form.cleaned_data
    if data.get("day") in {TODAY, TOMORROW}:
        return today if data["day"] == TODAY else today + dt.timedelta(days=1)
    if "day" not in data or "date" not in data:  # said at those fields already
        return None
    try:
        return day_in(data["date"], today, **limits)
    except forms.ValidationError as error:
        form.add_error("date", error)
        return None


def time_chosen(form: forms.Form) -> dt.time | None:
    """The answer to ``time``; None with an error at the field."""
    if "time" in form.errors:
        return None
    try:
        return time_in(form.cleaned_data.get("time", ""))
    except forms.ValidationError as error:
        form.add_error("time", error)
        return None


def moment_chosen(form: forms.Form, on: dt.date, at: dt.time) -> dt.datetime | None:
    """That day and time as a moment; None with an error at ``time`` where the clock skips it.

    Of an hour that the clock repeats, in October, the first one is meant.
    """
    moment = moments.local_moment(on, at)
    if moment.astimezone(dt.UTC).astimezone(moments.AMSTERDAM).time() != at:
        form.add_error("time", SKIPPED)
        return None
    return moment


def _line(attrs: dict[str, str], how: StrPromise, **words: Any) -> forms.CharField:
    return forms.CharField(
        widget=forms.TextInput(attrs=attrs), error_messages={"required": how, "max_length": how}, **words
    )
