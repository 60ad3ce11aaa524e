"""Fields of the admin that say what they are to who does not see them."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect
from django.utils.translation import gettext as _


class NamedSelect(AutocompleteSelect):
    """Says what it is for while nothing is chosen: its box has no other name to read out."""

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"data-placeholder": _("Choose: %(what)s") % {"what": self.field.verbose_name}}


def with_named_parts(field: Any) -> Any:
    """The day and the time of a moment each have a name; any other field stays as it is."""
    if isinstance(widget := getattr(field, "widget", None), AdminSplitDateTime):
        for part, name in zip(widget.widgets, (_("Date"), _("Time")), strict=True):
            part.attrs["aria-label"] = f"{field.label}: {name}"
    return field
