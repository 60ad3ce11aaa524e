from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why something goes off the board; its author reads this."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The asker reads this. Say what is wrong with the text, and what can be done."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        error_messages={"required": _("Write down the reason")},
    )
