"""What a volunteer chooses: what they like, how often, and when not."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from requests_app import words
from requests_app.categories import Category
from requests_app.forms.moment import day_field, day_in
from requests_app.moments import local_moment
from volunteers.models import MOMENTS, OFTEN, Volunteer

NO_LIMIT = 31  # jobs a month: never two on one day
LONGEST_PAUSE = timedelta(days=366)


class SignUpForm(forms.Form):
    """To be asked for what is left over."""

    categories = forms.MultipleChoiceField(
        label=_("What do you like to do?"),
        help_text=_("We ask you for what you choose. Is nobody found? Then we may ask something else too."),
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one")},
    )


class LimitsForm(forms.Form):
    """How often may we ask you: the week counts asks, the month counts jobs."""

    week_limit = forms.TypedChoiceField(
        label=_("How often may we ask you?"),
        help_text=_(
            "We count every time we ask you, also when you say no. Sorted before you answered? Then it doesn't count."
        ),
        choices=[
            (0, format_lazy("{}\n{}", _("Nothing for now"), _("I'm taking a break"))),
            (1, _("1 request a week")),
            (2, _("2 requests a week")),
            (OFTEN, format_lazy("{}\n{}", _("More often is fine too"), _("But never 2 jobs on one day"))),
        ],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often we may ask you")},
    )
    month_limit = forms.TypedChoiceField(
        label=_("How many jobs a month?"),
        choices=[(2, "2"), (4, "4"), (8, "8"), (NO_LIMIT, _("It doesn't matter"))],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how many jobs a month")},
    )
    categories = forms.MultipleChoiceField(
        label=_("What do you like to do?"),
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one")},
    )

    @staticmethod
    def initial_of(volunteer: Volunteer) -> dict[str, Any]:
        return {
            "week_limit": volunteer.week_limit,
            "month_limit": volunteer.month_limit,
            "categories": volunteer.categories,
        }


class MomentsForm(forms.Form):
    """Which moments of the week suit, as a table."""

    suits = forms.MultipleChoiceField(
        label=_("When can you help?"),
        help_text=_("Nothing ticked? Then we may ask you for any moment."),
        choices=[],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suits = self.fields["suits"]
        assert isinstance(suits, forms.MultipleChoiceField)
        suits.choices = [(moment, words.moment_of_the_week(moment)) for moment in MOMENTS]

    def rows(self) -> list[tuple[str, list[BoundWidget]]]:
        """A day and its three boxes."""
        boxes, parts = list(self["suits"]), len(MOMENTS) // len(WEEKDAYS)
        return [
            (words.capital(str(WEEKDAYS[day])), boxes[day * parts : (day + 1) * parts]) for day in range(len(WEEKDAYS))
        ]


class PauseForm(forms.Form):
    """A break, until a day somebody names."""

    until = day_field(
        label=_("Until which day?"), help_text=_("For example 12-3-2026. From that day on we may ask you again.")
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate(now)

    def clean_until(self) -> datetime:
        tomorrow = self.today + timedelta(days=1)
        on = day_in(self.cleaned_data["until"], self.today, first=tomorrow, furthest=LONGEST_PAUSE)
        return local_moment(on, time())
