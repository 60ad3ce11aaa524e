from __future__ import annotations

from django.contrib import admin

from accounts.scoping import ScopedAdmin
from moderation.models import Decision


@admin.register(Decision)
class DecisionAdmin(ScopedAdmin):
    """What was taken off the board or put back, by whom and why: to look at only."""

    municipality_path = "municipality"
    list_display = ("at", "kind", "subject_kind", "subject", "reason", "by")
    list_filter = ("kind", "municipality")
    list_select_related = ("by",)
    ordering = ("-pk",)
