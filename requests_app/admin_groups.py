"""Places to meet and their groups, for staff: who receives people there, and who takes part with an account.

First names without an account are the hosts' own: staff do not see them.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedAdmin, ScopedInline
from requests_app import groups
from requests_app.categories import Category
from requests_app.transitions import NotAllowed
from villages.groups import leave
from villages.models import Group, Host, Member, Place

# Subscripting is for the type checker only: Django's own class does not know it when it runs.
if TYPE_CHECKING:
    _PlaceForm = forms.ModelForm[Place]
    _GroupForm = forms.ModelForm[Group]
else:
    _PlaceForm = _GroupForm = forms.ModelForm


class PlaceForm(_PlaceForm):
    """A place of a village of that municipality, called as people call it."""

    class Meta:
        help_texts = {
            "name": _("As people say it, in a sentence: het Klokhuis, De Brink."),
            "meets": _("In words: donderdag 10.00-12.00 uur."),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        village, municipality = data.get("village"), data.get("municipality")
        if village and municipality and village.municipality_id != municipality.pk:
            self.add_error("village", _("Choose a village of this municipality."))
        return data


@admin.register(Place)
class PlaceAdmin(ScopedAdmin):
    """Where people of a village meet."""

    municipality_path = "municipality"
    may_add = may_change = True
    form = PlaceForm
    list_display = ("name", "village", "meets", "municipality")
    list_filter = ("municipality",)
    list_select_related = ("village__municipality", "municipality")
    search_fields = ("name",)
    ordering = ("name", "pk")
    autocomplete_fields = ("municipality", "village")
    fields = ("municipality", "village", "name", "address", "meets")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("municipality", "village") if obj else ()


class GroupForm(_GroupForm):
    """What a group likes to do is chosen from the categories of requests."""

    categories = forms.MultipleChoiceField(
        label=capfirst(_("what they like to do")), choices=Category.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        help_texts = {
            "name": _("As people say it, in a sentence: de koffiegroep."),
            "ended_at": _("From then on nothing is put before it."),
        }

    def clean_ended_at(self) -> datetime | None:
        ended_at: datetime | None = self.cleaned_data["ended_at"]
        if ended_at and self.instance.pk and self.instance.ended_at is None:
            try:
                groups.check_may_end(self.instance.pk)
            except NotAllowed as refusal:
                raise ValidationError(str(refusal)) from refusal
        return ended_at


class HostInline(ScopedInline):
    """Who receives people there; the list of hosts is where one is added."""

    model = Host
    municipality_path = "group__place__municipality"
    name_needs = ("user",)
    fields = readonly_fields = ("user",)


@admin.register(Group)
class GroupAdmin(ScopedAdmin):
    """Without a host nothing is put before it: add one in the list of hosts."""

    municipality_path = "place__municipality"
    may_add = may_change = True
    form = GroupForm
    list_display = ("name", "place", "likes", "ended_at")
    list_select_related = ("place",)
    search_fields = ("name",)
    ordering = ("name", "pk")
    autocomplete_fields = ("place",)
    fields = ("place", "name", "categories", "ended_at")
    inlines = (HostInline,)

    @admin.display(description=_("what they like to do"))
    def likes(self, row: Group) -> str:
        return ", ".join(str(Category(category).label) for category in row.categories if category in Category.values)


@admin.register(Host)
class HostAdmin(ScopedAdmin):
    """Who receives the people of a group: sees what lies before it, and ticks who does it."""

    municipality_path = "group__place__municipality"
    may_add = True
    list_display = ("user", "group")
    actions = ("dismiss",)
    list_select_related = ("user", "group")
    ordering = ("-pk",)
    search_fields = ("user__first_name",)
    autocomplete_fields = ("group", "user")
    fields = ("group", "user")

    @admin.action(description=_("No host any more"))
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.do_each(request, queryset, groups.dismiss, NotAllowed)


@admin.register(Member)
class MemberAdmin(ScopedAdmin):
    """Those with an account."""

    municipality_path = "group__place__municipality"
    may_add = True
    list_display = ("user", "group", "joined_at", "left_at")
    actions = ("leave",)
    list_select_related = ("user", "group")
    ordering = ("-pk",)
    search_fields = ("user__first_name",)
    autocomplete_fields = ("group", "user")
    fields = ("group", "user")

    def makes_sense(self, action: str, row: Member) -> bool:
        return row.left_at is None

    @admin.action(description=_("Out of the group"))
    def leave(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.do_each(request, queryset, partial(leave, now=timezone.now()), NotAllowed)

    def all_rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().all_rows(request).exclude(user=None)
        return rows

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "user" in form.base_fields:
            form.base_fields["user"].required = True
        return form
