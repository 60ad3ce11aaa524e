"""Volunteers as staff see them: their limits, their breaks, the certificate, and what they were asked."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedAdmin, ScopedInline
from volunteers.models import CATEGORY_WORDS, Ask, Volunteer


class AskInline(ScopedInline):
    """What was asked and answered lately; a request is only a number here."""

    model = Ask
    municipality_path = "municipality"
    name_needs = ("volunteer__user",)
    fields = readonly_fields = ("asked_at", "subject", "wave", "answer", "answered_at")


class BreakFilter(admin.SimpleListFilter):
    title = _("may be asked")
    parameter_name = "free"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("takes a break or stopped"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
        now = timezone.now()
        free = queryset.filter(ended_at=None).exclude(paused_until__gt=now).exclude(resting_until__gt=now)
        match self.value():
            case "yes":
                return free
            case "no":
                return queryset.exclude(pk__in=free.order_by().values("pk"))
        return queryset


@admin.register(Volunteer)
class VolunteerAdmin(ScopedAdmin):
    """Staff note what a volunteer tells them on the phone, and the date of the certificate they saw."""

    municipality_path = "municipality"
    may_change = True
    name_needs = ("user",)
    list_display = (
        *("user", "village", "week_limit", "month_limit"),
        *("paused_until", "resting_until", "certificate_until_on", "ended_at"),
    )
    list_filter = (BreakFilter, "village")
    list_select_related = ("user", "village__municipality")
    ordering = ("-pk",)
    search_fields = ("user__first_name",)
    email_path = "user__email"
    fields = (
        *("user", "village", "likes", "suits", "joined_at", "resting_until", "ended_at"),
        *("week_limit", "month_limit", "paused_until", "certificate_until_on"),
    )
    readonly_fields = ("user", "village", "likes", "suits", "joined_at", "resting_until", "ended_at")
    inlines = (AskInline,)

    @admin.display(description=_("likes to do"))
    def likes(self, row: Volunteer) -> str:
        return ", ".join(str(CATEGORY_WORDS.get(category, category)) for category in row.categories)
