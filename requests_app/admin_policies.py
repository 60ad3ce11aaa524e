"""The numbers of the ladder, for coordinators: a new version beside the old ones, never a change of one."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import staff
from accounts.scoping import ScopedAdmin
from accounts.tenancy import COORDINATORS
from requests_app import policies
from requests_app.models import Policy
from requests_app.transitions import NotAllowed

NUMBERS = (
    *("first_wave", "first_wave_within_a_day", "between_waves", "contact"),
    *("first_wave_after", "between_waves_after", "contact_after"),
    *("goals", "caps", "widen_share", "office_hours"),
)

# Subscripting is for the type checker only: Django's own class does not know it when it runs.
if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Policy]
else:
    _ModelForm = forms.ModelForm


class PolicyForm(_ModelForm):
    """As many caps as goals; each wave aims higher than the one before."""

    def clean_goals(self) -> list[float]:
        goals: list[float] = self.cleaned_data["goals"]
        if not goals or not all(0 < goal < 1 for goal in goals) or any(a > b for a, b in pairwise(goals)):
            raise ValidationError(_("Write rising chances between 0 and 1, like 0.6,0.8,0.9."))
        return goals

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        caps, goals = data.get("caps"), data.get("goals")
        if caps is not None and goals is not None and (len(caps) != len(goals) or not all(caps)):
            self.add_error("caps", _("Write as many numbers as there are chances, each at least 1."))
        return data


@admin.register(Policy)
class PolicyAdmin(ScopedAdmin):
    """Adding one is a next version; the others stay to look at, and one can be switched off."""

    municipality_path = "municipality"
    roles = COORDINATORS
    may_add = True
    form = PolicyForm
    name_needs = ("municipality",)
    list_display = (
        *("municipality", "category", "version", "created_at", "created_by", "switched_off_at"),
        *("first_wave", "between_waves", "contact", "office_hours"),
        *("first_wave_after", "between_waves_after", "contact_after"),  # where there is one, it is what counts
    )
    list_filter = ("category", "municipality")
    list_select_related = ("created_by",)
    ordering = ("municipality", "category", "-version", "-pk")
    autocomplete_fields = ("municipality",)
    actions = ("switch_off",)

    def makes_sense(self, action: str, row: Policy) -> bool:
        return row.switched_off_at is None

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        made = ("version", "created_at", "created_by", "switched_off_at") if obj else ()
        return ("municipality", "category", *made, *NUMBERS)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        policies.add_version(obj, actor=staff(request.user), now=timezone.now())  # type: ignore[arg-type]  # staff only

    @admin.action(description=_("Switch off; its requests go to the contact person"))
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Policy]) -> None:
        actor = staff(request.user)  # type: ignore[arg-type]  # the site let nobody else in
        self.do_each(request, queryset, partial(policies.switch_off, actor=actor, now=timezone.now()), NotAllowed)
