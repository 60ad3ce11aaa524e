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

from accounts.example_day import with_day
from requests_app import words
from requests_app.categories import Category
from requests_app.forms.moment import day_field, day_in
from requests_app.moments import local_moment
from requests_app.stopping import Stops
from volunteers.models import MOMENTS, OFTEN, WEEK_LIMIT, Volunteer
from volunteers.verbs import ABOUT

NO_LIMIT = 31  # jobs a month: never two on one day
LONGEST_PAUSE = timedelta(days=366)


NOTHING = (0, format_lazy("{}\n{}", _("Nothing for now"), _("I'm taking a break")))
OFTEN_ENOUGH = [
    (1, _("1 request a week")),
    (2, _("2 requests a week")),
    (OFTEN, format_lazy("{}\n{}", _("More often is fine too"), _("But never 2 jobs on one day"))),
]


def _week_limit(*, first: bool = False, **more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("How often may we ask you?"),
        help_text=_(
            "We count every time we ask you, also when you say no. Sorted before you answered? Then it doesn't count."
        ),
        choices=OFTEN_ENOUGH if first else [NOTHING, *OFTEN_ENOUGH],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often we may ask you")},
        **more,
    )


class LimitsForm(forms.Form):
    """How often may we ask you: the week counts asks, the month counts jobs."""

    week_limit = _week_limit()
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


class AboutForm(forms.Form):
    """What somebody says about themselves; nothing of it is needed."""

    light = forms.BooleanField(
        label=_("I'd rather do light jobs"),
        help_text=_("A call, a chat, a card, or watering the plants."),
        required=False,
    )
    buddy = forms.BooleanField(
        label=_("I'd rather go together"),
        help_text=_("Then we ask you first for jobs with several people."),
        required=False,
    )
    where = forms.TypedChoiceField(
        label=_("Where would you like to help?"),
        choices=Volunteer.Where.choices,
        initial=Volunteer.Where.ANYWHERE,
        empty_value=Volunteer.Where.ANYWHERE,
        widget=forms.RadioSelect,
        required=False,
    )
    transport = forms.MultipleChoiceField(
        label=_("How do you come?"),
        help_text=_("Then we only ask you for a lift if you drive."),
        choices=Volunteer.Transport.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=_("Which languages do you speak?"),
        help_text=_("Your contact person reads this. We do not choose by it."),
        choices=Volunteer.Language.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    @staticmethod
    def initial_of(volunteer: Volunteer) -> dict[str, Any]:
        return {name: getattr(volunteer, name) for name in ABOUT}


class SignUpForm(AboutForm, MomentsForm):
    """To be asked for what is left over: what and how often; the rest is folded."""

    categories = forms.MultipleChoiceField(
        label=_("What do you like to do?"),
        help_text=_("We ask you for what you choose. Is nobody found? Then we may ask something else too."),
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one")},
    )
    week_limit = _week_limit(first=True, required=False, empty_value=None, initial=WEEK_LIMIT)

    field_order = ("categories", "week_limit", *ABOUT, "suits")

    @staticmethod
    def initial_of(volunteer: Volunteer) -> dict[str, Any]:
        """Of who signs up again."""
        return {name: getattr(volunteer, name) for name in ("categories", "week_limit", "suits", *ABOUT)}

    def said(self) -> dict[str, Any]:
        """Once valid: all but what they like to do. How often, of who said nothing, stays as it is."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "categories" and not (name == "week_limit" and value is None)
        }


class TooMuchForm(forms.Form):
    """What suits somebody for whom a job is too much."""

    stops = forms.TypedChoiceField(
        label=_("What suits you?"),
        choices=[
            (Stops.JOB.value, _("Only this job stops")),
            (Stops.EVERYTHING.value, _("Everything stops for now")),
            (Stops.BEYOND.value, _("This job is more than neighbours can do")),
        ],
        coerce=lambda value: Stops(int(value)),
        initial=Stops.JOB.value,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what suits you")},
    )
    call = forms.BooleanField(label=_("Would you like to talk?"), required=False)

    def __init__(self, *args: Any, contact: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["call"].help_text = _("Let %(contact)s call me") % {"contact": contact}


class PauseForm(forms.Form):
    """A break, until a day somebody names."""

    until = day_field(
        label=_("Until which day?"),
        help_text=with_day(_("For example %(day)s. From that day on we may ask you again.")),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate(now)

    def clean_until(self) -> datetime:
        tomorrow = self.today + timedelta(days=1)
        on = day_in(self.cleaned_data["until"], self.today, first=tomorrow, furthest=LONGEST_PAUSE)
        return local_moment(on, time())
