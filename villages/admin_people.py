"""The people who live in a municipality or work for it, for its staff; their rights are for superusers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.models import StaffRole, User
from accounts.scoping import ScopedAdmin
from villages import standing_in
from villages.models import Group, Residency, Village

# Subscripting is for the type checker only: Django's own class does not know it when it runs.
if TYPE_CHECKING:
    _PersonForm = forms.ModelForm[User]
else:
    _PersonForm = forms.ModelForm

# An address is proven by its owner, by a code; nobody changes it here.
FIXED = ("email", "date_joined")
RIGHTS = ("is_active", "is_staff", "is_superuser")


class PersonForm(_PersonForm):
    """Whom a village has as its face, or a group as its only host, keeps the account: nobody else would hear it."""

    def clean_is_active(self) -> bool:
        is_active: bool = self.cleaned_data["is_active"]
        faced = Village.objects.filter(contact_person__user=self.instance).order_by("name", "pk")
        if not is_active and (village := faced.first()):
            sentence = _("This is the contact person of %(village)s. Choose somebody else there first.")
            raise ValidationError(sentence % {"village": village.name})
        if not is_active and (group := Group.objects.hosted_by_nobody_else(self.instance).first()):
            sentence = _("This is the only host of %(group)s. Add somebody there first.")
            raise ValidationError(sentence % {"group": group.name})
        return is_active


@admin.register(User)
class PersonAdmin(ScopedAdmin):
    """Seen by staff of where somebody lives now, or works."""

    municipality_path = "residencies__municipality"
    may_change = True
    form = PersonForm
    list_display = ("first_name", "email", "phone", "language", "is_staff", "is_active")
    list_filter = ("is_staff", "is_active", "language")
    ordering = ("-pk",)
    search_fields = ("first_name",)
    email_path = "email"
    actions = ("forget_authenticator",)
    fields = ("first_name", "email", "phone", "language", "is_active", "is_staff", "is_superuser", "date_joined")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)
        return found if _is_superuser(request) else {}

    def makes_sense(self, action: str, row: User) -> bool:
        return row.is_staff

    @admin.action(description=_("Lost phone: forget the second step"))
    def forget_authenticator(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self.do_each(request, queryset, second_factor.forget, PermissionDenied)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            standing_in.stays_away(obj)

    def within(self, municipalities: frozenset[int]) -> Q:
        them = OuterRef("pk")
        where = sorted(municipalities)
        home = Residency.objects.active().filter(user=them, municipality__in=where)
        return Q(Exists(home)) | Q(Exists(StaffRole.objects.filter(user=them, municipality__in=where)))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Rights are given by superusers; of other staff nothing is changed by anybody else."""
        if _is_superuser(request):
            return FIXED
        return self.fields if obj is not None and (obj.is_staff or obj.is_superuser) else (*FIXED, *RIGHTS)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
