"""The page on which somebody says what they want to be told, and when not."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import saying
from accounts.models import User
from accounts.reader import language
from notifications import digests
from notifications.models import Channel, Digest, Group
from notifications.preferences import ASKED_ABOUT, Quiet
from notifications.wishes import wants

ABOUT = {
    Group.OWN: format_lazy("{}\n{}", Group.OWN.label, _("Who wants to help, and how it goes on")),
    Group.APPOINTMENTS: format_lazy("{}\n{}", Group.APPOINTMENTS.label, _("When somebody comes, or the time changes")),
    Group.ASKED: format_lazy("{}\n{}", Group.ASKED.label, _("Only if you help as a volunteer")),
}
NEVER = "never"


def _in_words(at: time) -> str:
    return saying.time_in_words(at, language())


def _in_the_morning(sentence: Any) -> str:
    return str(sentence) % {"time": _in_words(digests.MORNING)}


_in_words_later, _in_the_morning_later = lazy(_in_words, str), lazy(_in_the_morning, str)
ONCE_A_DAY = _in_the_morning_later(_("All in one message, at %(time)s"))
ONCE_A_WEEK = _in_the_morning_later(_("On Monday, at %(time)s"))


class Hour(forms.TypedChoiceField):
    """A full hour of the clock, or none."""

    def __init__(self, **kwargs: Any) -> None:
        hours = [time(hour) for hour in range(24)]
        super().__init__(
            choices=[("", _("No time")), *((f"{at:%H:%M}", _in_words_later(at)) for at in hours)],
            coerce=time.fromisoformat,
            empty_value=None,
            required=False,
            **kwargs,
        )


class PreferencesForm(forms.Form):
    """What by mail and on a phone, how often what is new, and when not.

    ``asks_push`` only of who has a phone that says yes to notifications. The answer says whether it was asked
    (``ASKED_PUSH``): one that came on meanwhile is not silenced by a page that did not know of it.
    """

    ASKED_PUSH = "asked_push"

    mail = forms.MultipleChoiceField(
        label=_("What would you like e-mail about?"),
        choices=[(group.value, ABOUT[group]) for group in ASKED_ABOUT],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    push = forms.MultipleChoiceField(
        label=_("What would you like notifications about on your devices?"),
        choices=[(group.value, ABOUT[group]) for group in ASKED_ABOUT],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    often = forms.ChoiceField(
        label=_("How often news from the board?"),
        choices=[
            (Digest.Every.DAILY, format_lazy("{}\n{}", _("Once a day"), ONCE_A_DAY)),
            (Digest.Every.WEEKLY, format_lazy("{}\n{}", _("Once a week"), ONCE_A_WEEK)),
            (NEVER, format_lazy("{}\n{}", _("Never"), _("I look at the board myself"))),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often")},
    )
    quiet_from = Hour(label=_("From"))
    quiet_until = Hour(label=_("Until"))
    quiet_days = forms.TypedMultipleChoiceField(
        label=_("Quiet all day"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, asks_push: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_push:
            del self.fields["push"]

    @staticmethod
    def initial_of(user: User) -> dict[str, Any]:
        return {
            "mail": [group.value for group in ASKED_ABOUT if wants(user, group, Channel.MAIL)],
            "push": [group.value for group in ASKED_ABOUT if wants(user, group, Channel.PUSH)],
            "often": digests.often(user.pk) or NEVER,
            "quiet_from": f"{user.quiet_from:%H:%M}" if user.quiet_from else "",
            "quiet_until": f"{user.quiet_until:%H:%M}" if user.quiet_until else "",
            "quiet_days": user.quiet_days,
        }

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        from_, until = data.get("quiet_from"), data.get("quiet_until")
        if from_ is not None and until is None:
            self.add_error("quiet_until", _("Choose until when, or no time twice"))
        elif until is not None and from_ is None:
            self.add_error("quiet_from", _("Choose from when, or no time twice"))
        elif from_ is not None and from_ == until:
            self.add_error("quiet_until", _("Choose another time than the first"))
        if len(data.get("quiet_days", ())) == len(WEEKDAYS):
            self.add_error("quiet_days", _("Leave one day open. Else we can never tell you anything"))
        return data

    def changes(self) -> dict[str, Any]:
        """For ``preferences.keep``."""
        data = self.cleaned_data
        return {
            "mail": {Group(group) for group in data["mail"]},
            "push": {Group(group) for group in data["push"]} if "push" in data else None,
            "often": None if data["often"] == NEVER else data["often"],
            "quiet": Quiet(data["quiet_from"], data["quiet_until"], tuple(data["quiet_days"])),
        }
