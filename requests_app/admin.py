"""Requests and what happened to them, for staff. What changes a request is a verb, never a field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, staff
from accounts.admin_lists import short_moment
from accounts.models import User
from accounts.scoping import ScopedAdmin, ScopedInline
from requests_app import (
    admin_contact,
    admin_going,
    admin_groups,
    admin_policies,
    admin_trials,
    escalation,
    moderating,
    moments,
    stopping,
)
from requests_app.admin_reason import reason_form, reason_page
from requests_app.models import Event, HelpRequest, PickUp, Status
from requests_app.models.help_request import Rung
from requests_app.timeline import timeline
from requests_app.timeline_others import for_staff
from requests_app.transitions import NotAllowed

__all__ = ["admin_behind", "admin_going", "admin_groups", "admin_policies", "admin_trials"]  # register theirs


class StatusFilter(admin.ChoicesFieldListFilter):
    """Drafts are not in the list, so they are not asked for either."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        return (choice for choice in super().choices(changelist) if choice["display"] != Status.DRAFT.label)


class HiddenFilter(admin.SimpleListFilter):
    title = _("hidden")
    parameter_name = "hidden"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(hidden_at__isnull=self.value() == "no")


class NeededFilter(admin.SimpleListFilter):
    """Who was asked whether it is still needed, and did not say."""

    title = _("still needed?")
    parameter_name = "needed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("unknown", _("no answer yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
        if self.value() != "unknown":
            return queryset
        return queryset.filter(status=Status.OPEN, needed_asked_at__isnull=False)


class PickUpInline(ScopedInline):
    model = PickUp
    municipality_path = "help_request__municipality"
    name_needs = ("helper",)  # somebody of the asker's own circle is not named here
    view_on_site = False  # a conversation is for its two people only
    fields = readonly_fields = ("helper", "slot", "taken_at", "ended_at", "end")


class EventInline(ScopedInline):
    model = Event
    municipality_path = "municipality"
    name_needs = ("by",)
    fields = readonly_fields = ("at", "kind", "said", "status", "who", "road")

    @admin.display(description=_("with that"))
    def said(self, row: Event) -> str:
        return stopping.in_words(row)

    @admin.display(description=_("by"))
    def who(self, row: Event) -> User | str:
        return row.by_for_staff or self.get_empty_value_display()


@admin.register(HelpRequest)
class HelpRequestAdmin(admin_contact.ContactVerbs):
    """To look at, and to steer by actions. Never the address: that is for who helps. Drafts are the asker's own."""

    municipality_path = "municipality"
    list_display = ("__str__", "status", "deadline", "village", "author", "rung", "next_step", "owner")
    list_filter = (("status", StatusFilter), "rung", HiddenFilter, NeededFilter, "category", "village")
    list_select_related = ("village__municipality", "author", "owner")
    ordering = ("-pk",)
    search_fields = ("title", "author__first_name")
    email_path = "author__email"
    fields = (
        *("category", "title", "text", "author", "village", "street", "place", "place_text"),
        *("part", "help_on", "help_at", "minutes", "slots", "slots_taken", "audience", "match_mode"),
        *("status", "posted_at", "needed_by", "closed_at", "hidden_at"),
        *("rung", "next_at", "owner", "owner_deadline_at", "needed_asked_at", "policy"),
    )
    inlines = (PickUpInline, EventInline)
    change_form_template = "admin/requests_app/helprequest/change_form.html"
    actions = (*admin_contact.VERBS, "ask_volunteers_now", "hand_to_contact", "hide", "restore")

    def all_rows(self, request: HttpRequest) -> QuerySet[Any]:
        return super().all_rows(request).exclude(status=Status.DRAFT)

    @admin.display(description=_("next step"))
    def next_step(self, row: HelpRequest) -> str:
        return short_moment(row.next_at)

    @admin.display(description=_("reacts before"))
    def deadline(self, row: HelpRequest) -> str:
        return short_moment(row.owner_deadline_at)

    def makes_sense(self, action: str, row: HelpRequest) -> bool:
        if action in admin_contact.VERBS:
            return admin_contact.makes_sense(action, row)
        match action:
            case "hide" | "restore":
                return bool(row.hidden_at) == (action == "restore")
            case "ask_volunteers_now":
                waits = row.status == Status.OPEN and row.rung in {Rung.NEIGHBOURS, Rung.GROUP} and not row.hidden_at
                return waits and moments.asks_volunteers(row)
            case "hand_to_contact":
                return row.status == Status.OPEN and row.owner_id is None
        return True

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if help_request := context.get("original"):
            now = timezone.now()
            context |= {
                "lines": timeline(help_request, now, for_staff=True),
                "staff_lines": for_staff(help_request, now),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=_("Ask volunteers now"))
    def ask_volunteers_now(self, request: HttpRequest, queryset: QuerySet[HelpRequest]) -> None:
        self._each(request, queryset, escalation.ask_volunteers_now)

    @admin.action(description=_("Hand to the contact person"))
    def hand_to_contact(self, request: HttpRequest, queryset: QuerySet[HelpRequest]) -> None:
        self._each(request, queryset, escalation.hand_to_contact)

    @admin.action(description=_("Hide, with a reason"))
    def hide(self, request: HttpRequest, queryset: QuerySet[HelpRequest]) -> HttpResponse | None:
        form = reason_form(request)
        if not form.is_valid():
            return reason_page(self, request, queryset, form)
        self._each(request, queryset, partial(moderating.hide, reason=form.cleaned_data["reason"]))
        return None

    @admin.action(description=_("Make visible again"))
    def restore(self, request: HttpRequest, queryset: QuerySet[HelpRequest]) -> None:
        self._each(request, queryset, moderating.restore)

    def _each(self, request: HttpRequest, rows: QuerySet[HelpRequest], verb: Callable[..., object]) -> None:
        self.do_each(request, rows, partial(verb, actor=_actor(request), now=timezone.now()), NotAllowed)


@admin.register(Event)
class EventAdmin(ScopedAdmin):
    """What happened, as it happened: nobody adds, changes or deletes one."""

    municipality_path = "municipality"
    list_display = ("at", "help_request", "kind", "status", "who", "road")
    list_filter = ("kind", "road")
    list_select_related = ("help_request", "by")
    ordering = ("-pk",)
    search_fields = ("=help_request__id",)
    search_help_text = _("The number of a request.")
    fields = readonly_fields = ("at", "help_request", "kind", "status", "who", "road", "policy", "params")

    @admin.display(description=_("by"))
    def who(self, row: Event) -> User | str:
        return row.by_for_staff or self.get_empty_value_display()


def _actor(request: HttpRequest) -> Actor:
    assert isinstance(request.user, User)
    return staff(request.user)


from requests_app import admin_behind  # noqa: E402  it builds on the list of requests above
