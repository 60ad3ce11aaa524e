"""Who works for which municipality. The people themselves stand in ``villages``, which knows who lives where."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest

from accounts.models import Municipality, StaffRole
from accounts.scoping import ScopedAdmin
from accounts.tenancy import COORDINATORS


@admin.register(Municipality)
class MunicipalityAdmin(ScopedAdmin):
    municipality_path = "pk"
    list_display = ("name", "code", "province")
    search_fields = ("name",)

    def worth_filtering_on(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those where somebody works; of all 342 most have nothing to filter."""
        return rows.filter(Exists(StaffRole.objects.filter(municipality=OuterRef("pk"))))


@admin.register(StaffRole)
class StaffRoleAdmin(ScopedAdmin):
    """Coordinators see who works with them; who gives out roles is the administrator of the platform."""

    municipality_path = "municipality"
    roles = COORDINATORS
    may_add = may_delete = True
    name_needs = ("user", "municipality")
    list_display = ("user", "municipality", "kind")
    list_filter = ("kind", "municipality")
    search_fields = ("user__first_name",)
    email_path = "user__email"
    autocomplete_fields = ("user", "municipality")
    ordering = ("municipality", "pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_superuser(request)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
