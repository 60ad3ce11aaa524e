"""What residents told us, and decisions about what people wrote, each with its reason."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.actors import staff
from accounts.admin_lists import short_moment
from accounts.models import User
from accounts.scoping import BESIDE, MOST_AT_ONCE, ScopedAdmin
from moderation import reports, subjects
from moderation.forms import AnswerForm
from moderation.models import Decision, Report

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@admin.register(Decision)
class DecisionAdmin(ScopedAdmin):
    """What was taken off the board or put back, by whom and why: to look at only."""

    municipality_path = "municipality"
    list_display = ("at", "kind", "subject_kind", "subject", "reason", "by")
    list_filter = ("kind", "municipality")
    list_select_related = ("by",)
    ordering = ("-pk",)


class Verb(NamedTuple):
    outcome: Report.Outcome
    words: StrPromise


# What staff can decide; each asks for a reason first.
VERBS = {
    "keep": Verb(Report.Outcome.KEPT, _("It stays, with a reason")),
    "hide": Verb(Report.Outcome.HIDDEN, _("Hide, with a reason")),
    "other": Verb(Report.Outcome.OTHER, _("Another step was taken")),
}


class OpenFilter(admin.SimpleListFilter):
    title = _("decided")
    parameter_name = "decided"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("no", _("not yet")), ("yes", _("decided"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(handled_at__isnull=self.value() == "no")


@admin.register(Report)
class ReportAdmin(ScopedAdmin):
    """What somebody told us: only here stands who. A report about a colleague is for the others."""

    municipality_path = "municipality"
    list_display = ("told", "reason", "what", "about", "reporter", "before", "outcome", "handled_by")
    list_filter = (OpenFilter, "reason", "municipality")
    list_select_related = ("about", "reporter", "handled_by", "municipality")
    ordering = ("-pk",)
    fields = (
        *("reason", "text", "what", "about", "reporter", "at", "answer_before"),
        *("outcome", "answer", "handled_at", "handled_by"),
    )
    readonly_fields = ("what",)
    actions = tuple(VERBS)

    def all_rows(self, request: HttpRequest) -> QuerySet[Any]:
        return super().all_rows(request).exclude(about=request.user.pk)

    @admin.display(description=_("told"))
    def told(self, row: Report) -> str:
        return short_moment(row.at)

    @admin.display(description=_("answer before"))
    def before(self, row: Report) -> str:
        return short_moment(row.answer_before)

    @admin.display(description=_("about what"))
    def what(self, row: Report) -> str:
        kind = subjects.of_label(row.subject_kind)
        return (
            format_html('<a href="{}">{} {}</a>', kind.staff_page(row.subject), kind.words, row.subject)
            if kind
            else ""
        )

    def makes_sense(self, action: str, row: Report) -> bool:
        return row.handled_at is None and (action != "hide" or reports.can_hide(row))

    @admin.action(description=VERBS["keep"].words)
    def keep(self, request: HttpRequest, queryset: QuerySet[Report]) -> HttpResponse | None:
        return self._decide(request, queryset, "keep")

    @admin.action(description=VERBS["hide"].words)
    def hide(self, request: HttpRequest, queryset: QuerySet[Report]) -> HttpResponse | None:
        return self._decide(request, queryset, "hide")

    @admin.action(description=VERBS["other"].words)
    def other(self, request: HttpRequest, queryset: QuerySet[Report]) -> HttpResponse | None:
        return self._decide(request, queryset, "other")

    def _decide(self, request: HttpRequest, rows: QuerySet[Report], action: str) -> HttpResponse | None:
        """Asks for the reason first; then one verb for each."""
        outcome = VERBS[action].outcome
        form = AnswerForm(request.POST if "reason" in request.POST else None, outcome=outcome)
        if form.is_valid():
            assert isinstance(request.user, User)
            answer, actor = form.cleaned_data["reason"], staff(request.user)
            verb = partial(reports.decide, outcome=outcome, answer=answer, actor=actor, now=timezone.now())
            self.do_each(request, rows, verb, reports.NotAllowed)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": VERBS[action].words,
            "opts": self.opts,
            "form": form,
            "rows": rows[:MOST_AT_ONCE],
            "checkbox": ACTION_CHECKBOX_NAME,
            "beside": request.POST.get(BESIDE, ""),
            "action": action,
        }
        return TemplateResponse(request, "admin/with_reason.html", context)
