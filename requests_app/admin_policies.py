"""The numbers of the ladder, for coordinators: a new version beside the old ones, never a change of one."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import staff
from accounts.admin_lists import short_moment
from accounts.scoping import ScopedAdmin
from accounts.tenancy import COORDINATORS
from requests_app import policies
from requests_app.models import Policy
from requests_app.transitions import NotAllowed

NUMBERS = (
    *("circle", "first_wave", "first_wave_within_a_day", "between_waves", "contact"),
    *("circle_after", "first_wave_after", "between_waves_after", "contact_after"),
    *("goals", "caps", "widen_share", "office_hours"),
)

SHARE = _("A share of the time between posting and the moment help is needed: 0.25 is a quarter of it.")
FIXED = _("Hours:minutes:seconds, like 0:30:00. Wins over the share above. Empty: the share counts.")
HELP = {
    **dict.fromkeys(
        ("circle", "first_wave", "first_wave_within_a_day", "between_waves", "contact", "widen_share"), SHARE
    ),
    **dict.fromkeys(("circle_after", "first_wave_after", "between_waves_after", "contact_after"), FIXED),
    "goals": _("How sure each wave wants to be that somebody says yes, like 0.6,0.8,0.9."),
    "caps": _("How many volunteers each wave asks at most, as many numbers as there are chances: 5,8,12."),
    "office_hours": _("So many working hours before the help is needed, it is with the contact person. 0: none."),
}

# Subscripting is for the type checker only: Django's own class does not know it when it runs.
if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Policy]
else:
    _ModelForm = forms.ModelForm


class PolicyForm(_ModelForm):
    """As many caps as goals; each wave aims higher than the one before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in HELP.items():
            if name in self.fields:
                self.fields[name].help_text = words

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


LONG = 120  # minutes; from here on in hours


def _after(fixed: timedelta | None, share: float) -> str:
    """Where there is a fixed time, it is what counts: "30 min", "5 h"; else "25 % of the time there is"."""
    if fixed is None:
        return gettext("%(percent)s %% of the time there is") % {"percent": f"{share * 100:g}"}
    minutes = fixed.total_seconds() / 60
    if minutes < LONG:
        return gettext("%(n)s min") % {"n": f"{minutes:g}"}
    return gettext("%(n)s h") % {"n": f"{minutes / 60:g}"}


@admin.register(Policy)
class PolicyAdmin(ScopedAdmin):
    """Adding one is a next version; the others stay to look at, and one can be switched off."""

    municipality_path = "municipality"
    roles = COORDINATORS
    may_add = True
    form = PolicyForm
    name_needs = ("municipality",)
    list_display = ("municipality", "category", "version", "in_force", "first", "between", "to_contact", "made")
    list_filter = ("category", "municipality")
    list_select_related = ("created_by",)
    ordering = ("municipality", "category", "-version", "-pk")
    autocomplete_fields = ("municipality",)
    actions = ("switch_off",)

    def all_rows(self, request: HttpRequest) -> QuerySet[Any]:
        same = Policy.objects.filter(municipality=OuterRef("municipality"), category=OuterRef("category"))
        newer = same.filter(switched_off_at=None, version__gt=OuterRef("version"))
        rows: QuerySet[Any] = super().all_rows(request).annotate(overtaken=Exists(newer))
        return rows

    @admin.display(description=_("in force"))
    def in_force(self, row: Any) -> str:
        if row.switched_off_at:
            return gettext("switched off on %(day)s") % {"day": short_moment(row.switched_off_at)}
        return gettext("for running requests only") if row.overtaken else gettext("yes")

    @admin.display(description=_("first volunteers"))
    def first(self, row: Policy) -> str:
        return _after(row.first_wave_after, row.first_wave)

    @admin.display(description=_("between waves"))
    def between(self, row: Policy) -> str:
        return _after(row.between_waves_after, row.between_waves)

    @admin.display(description=_("contact person"))
    def to_contact(self, row: Policy) -> str:
        return _after(row.contact_after, row.contact)

    @admin.display(description=_("made"))
    def made(self, row: Policy) -> str:
        return f"{short_moment(row.created_at)} {row.created_by or ''}".strip()

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
