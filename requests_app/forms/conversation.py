"""What is typed in a conversation: a message, another time, a phone number."""

from __future__ import annotations

import datetime as dt  # a form field is called time
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from accounts.example_day import with_day
from accounts.sentence import Sentence
from requests_app import conversation, talk
from requests_app.forms.moment import BEGUN, day_field, day_in, moment_chosen, time_field, time_in
from requests_app.models import ConversationMessage
from requests_app.models.conversation import MESSAGE_LENGTH

LAST_DAY = conversation.FURTHEST - dt.timedelta(days=1)  # whatever the time of that day
Kind = ConversationMessage.Kind


class MessageForm(forms.Form):
    """A quick answer, or own words. ``key`` is that of the form as it was shown: sent twice is sent once."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    quick = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    text = Sentence(
        label=_("Or write it yourself"),
        max_length=MESSAGE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if data := kwargs.get("data"):  # a browser sends a line end as two characters and counts it as one
            kwargs["data"] = data = data.copy()
            data["text"] = data.get("text", "").replace("\r\n", "\n")
        super().__init__(*args, **kwargs)
        self.fields["quick"].choices = list(talk.quick_answers().items())  # type: ignore[attr-defined]  # a ChoiceField

    def clean_key(self) -> UUID:
        try:
            return UUID(self.cleaned_data["key"])
        except ValueError:
            return uuid4()

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("quick"):  # what was typed beside it is kept for later, however long
            self.errors.pop("text", None)
        elif "text" in data and not data["text"]:
            self.add_error("text", _("Write a message, or choose a quick answer"))
        return data

    def message(self) -> tuple[Kind, str]:
        """What is sent."""
        quick = self.cleaned_data.get("quick")
        return (Kind.QUICK, quick) if quick else (Kind.WORDS, self.cleaned_data["text"])

    def left_over(self) -> str:
        """What was typed and not sent, because a quick answer was."""
        return str(self.data.get("text", "")) if self.cleaned_data.get("quick") else ""


class TimeForm(forms.Form):
    """Another day, another time."""

    day = day_field(label=_("Which day?"), help_text=with_day(_("For example %(day)s, or: tomorrow")))
    time = time_field(label=_("What time?"), help_text=_("For example 10.15"))

    def __init__(self, *args: Any, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_day(self) -> dt.date:
        return day_in(self.cleaned_data["day"], timezone.localdate(self.now), furthest=LAST_DAY)

    def clean_time(self) -> dt.time:
        return time_in(self.cleaned_data["time"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "day" in data and "time" in data:
            data["moment_at"] = moment_chosen(self, data["day"], data["time"])
            if data["moment_at"] and data["moment_at"] <= self.now:
                self.add_error("time", BEGUN)
        return data


class PhoneForm(forms.Form):
    """One's own number, for who has none here yet."""

    phone = PhoneNumberField(
        label=_("Your phone number"),
        region="NL",
        help_text=_("For example 06 12 34 56 78"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={
            "required": _("Write your phone number like this: 06 12 34 56 78"),
            "invalid": _("Write your phone number like this: 06 12 34 56 78"),
        },
    )
