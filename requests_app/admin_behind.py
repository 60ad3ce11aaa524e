"""What stays behind: open requests that nobody took, for staff, in order of need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin_lists import short_moment
from requests_app import admin as requests_admin
from requests_app import admin_contact
from requests_app.models import Audience, StaysBehind
from requests_app.models.stays_behind import Need, need
from volunteers.models import Ask


class NeedFilter(admin.SimpleListFilter):
    """By who has it: the contact person (late or not), or the volunteers."""

    title = gettext_lazy("who has it")
    parameter_name = "need"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [(str(value), words) for value, words in Need.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        values = {str(value) for value in Need.values}
        return queryset.filter(need=int(self.value() or 0)) if self.value() in values else queryset


@admin.register(StaysBehind)
class StaysBehindAdmin(requests_admin.HelpRequestAdmin):
    """The same requests and the same verbs; each line says what was tried, and leads to the request."""

    list_display = ("what", "needed", "village", "who_has_it", "tried")
    list_display_links = None
    list_filter = (NeedFilter, "category", "village")
    list_select_related = ("village__municipality", "author", "owner")
    actions = (*admin_contact.VERBS, "hand_to_contact", "hide", "restore")

    def all_rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().all_rows(request)
        return rows.in_need(timezone.now()).with_what_was_tried()  # type: ignore[no-any-return]  # of StaysBehind

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {"title": _("What stays behind"), **(extra_context or {})})

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return (need(timezone.now()).asc(), "needed_by", "pk")

    @admin.display(description=gettext_lazy("request"))
    def what(self, row: StaysBehind) -> SafeString:
        url = reverse("admin:requests_app_helprequest_change", args=[row.pk])
        return format_html('<a href="{}">{}</a>', url, row)

    @admin.display(description=gettext_lazy("needed by"))
    def needed(self, row: StaysBehind) -> str:
        return short_moment(row.needed_by)

    @admin.display(description=gettext_lazy("who has it"))
    def who_has_it(self, row: Any) -> str:
        if row.owner is None:
            return str(Need(row.need).label)
        return _("%(name)s, reacts before %(moment)s") % {
            "name": row.owner,
            "moment": short_moment(row.owner_deadline_at),
        }

    @admin.display(description=gettext_lazy("what was tried"))
    def tried(self, row: Any) -> SafeString:
        return format_html('<ul class="tried">{}</ul>', format_html_join("", "<li>{}</li>", zip(_tried(row))))


def _tried(row: Any) -> Iterator[str]:
    if row.audience == Audience.NEIGHBOURS:
        seen = row.neighbours or 0
        yield ngettext("%(count)s neighbour can see it", "%(count)s neighbours can see it", seen) % {"count": seen}
    asked, noes = len(row.answers), row.answers.count(Ask.Answer.NO)
    if asked:
        words = ngettext(
            "%(count)s volunteer asked, %(noes)s said no", "%(count)s volunteers asked, %(noes)s said no", asked
        )
        yield words % {"count": asked, "noes": noes}
    else:
        yield _("no volunteer was asked")
    if row.offers_waiting:
        yield _("an offer waits for the asker's answer")
    if row.handed_at:
        yield _("with the team since %(moment)s") % {"moment": short_moment(row.handed_at)}
    if row.need == Need.LATE:
        yield _("the promised moment has passed")
    if row.hidden_at:
        yield _("hidden for now")
