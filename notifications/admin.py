"""The outbox as staff see it: how far each message got. What it says is nobody's but the reader's."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin_lists import short_moment
from accounts.scoping import ScopedAdmin
from notifications import again
from notifications.kinds import KINDS
from notifications.models import Message, State


def said(kind: str) -> str:
    """A kind in the words that a locked screen may show: nothing of who or what. Its name where there are none."""
    return str(KINDS[kind].push) or kind if kind in KINDS else kind


class StateFilter(admin.SimpleListFilter):
    """Failed ones first: they ask for something, the others are a record."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("all", _("All")), *((state.value, state.label) for state in State if state != State.FAILED)]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": State.FAILED.label}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        wanted = self.value() or State.FAILED
        return queryset if wanted == "all" else queryset.filter(state=wanted)


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return sorted(((name, said(name)) for name in KINDS), key=itemgetter(1))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(ScopedAdmin):
    """Never its params: they may hold a code to log in with. Rows of no municipality are for superusers."""

    municipality_path = "municipality"
    list_display = ("written", "about", "channel", "user", "state", "attempts", "failure")
    list_filter = (StateFilter, "channel", KindFilter)
    list_select_related = ("user",)
    ordering = ("-pk",)
    search_fields = ("user__first_name",)
    email_path = "user__email"
    fields = (
        *("kind", "channel", "user", "to", "municipality", "state", "failure"),
        *("attempts", "created_at", "not_before", "sent_at", "read_at"),
    )
    actions = ("try_again",)

    @admin.display(description=_("written"))
    def written(self, row: Message) -> str:
        return short_moment(row.created_at)

    @admin.display(description=_("e-mail address"))
    def to(self, row: Message) -> str:
        return "" if row.kind in KINDS and KINDS[row.kind].private else row.address

    @admin.display(description=_("kind"))
    def about(self, row: Message) -> str:
        return said(row.kind)

    def makes_sense(self, action: str, row: Message) -> bool:
        return row.state == State.FAILED

    @admin.action(description=_("Try again"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        now = timezone.now()
        self.do_each(request, queryset, lambda pk: again.try_again(pk, now=now), again.NotAllowed)
