"""What happens to the appointment, when two people have no contact any more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PartingForm(forms.Form):
    """Asked only where there is an appointment; who says nothing has it called off."""

    appointment = forms.ChoiceField(
        label=_("And your appointment?"),
        choices=[("off", _("Cancel it too")), ("on", _("It goes on"))],
        initial="off",
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["appointment"].help_text = _("Cancel it? Then %(name)s hears only that it is off, as always.") % {
            "name": name
        }

    @property
    def call_off(self) -> bool:
        """Once valid: end the appointments too."""
        return bool(self.cleaned_data["appointment"] != "on")
