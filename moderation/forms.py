"""What is wrong, in somebody's own words; and what the team decides about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.sentence import Sentence
from moderation.models import Report


class ReportForm(forms.Form):
    """One tap says what is wrong; a sentence is welcome, and needed only for something else."""

    reason = forms.ChoiceField(label=_("What is wrong?"), choices=Report.Reason.choices, widget=forms.RadioSelect)
    text = Sentence(
        label=_("What did you see?"),
        help_text=_("1 or 2 sentences is enough."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if chosen.get("reason") == Report.Reason.OTHER and "text" in chosen and not chosen["text"]:
            self.add_error("text", _("Tell us in 1 sentence what you saw"))
        return chosen


class AnswerForm(forms.Form):
    """Why staff decide what they decide."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        error_messages={"required": _("Write down the reason")},
    )

    def __init__(self, *args: Any, outcome: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = {
            Report.Outcome.KEPT: _("Who told us reads this, unless they came by a link."),
            Report.Outcome.HIDDEN: _("Who wrote it reads this. Never say who told us."),
        }.get(Report.Outcome(outcome), _("Only the team reads this: what did you do?"))
