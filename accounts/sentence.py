"""Words somebody types for others to read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Sentence(forms.CharField):
    """Too long is said in words: with ``maxlength`` a browser cuts a pasted text, or stops typing, in silence."""

    default_error_messages = {"max_length": _("Make your text shorter. %(limit_value)d characters fit")}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs
