"""Volunteers as staff see them: their limits, their breaks, the certificate, and what they were asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scoping import ScopedAdmin, ScopedInline
from volunteers import verbs
from volunteers.models import CATEGORY_WORDS, MOMENT_WORDS, NEWCOMER_WITHIN, Ask, Volunteer, VolunteerQuerySet


class AskInline(ScopedInline):
    """What was asked lately, and each yes; a request is only a number here. A no is the volunteer's own business."""

    model = Ask
    municipality_path = "municipality"
    name_needs = ("volunteer__user",)
    fields = readonly_fields = ("asked_at", "subject", "wave", "yes_at")

    @admin.display(description=_("Said yes"))
    def yes_at(self, ask: Ask) -> datetime | str:
        return (ask.answered_at or "") if ask.answer == Ask.Answer.YES else ""


class BreakFilter(admin.SimpleListFilter):
    title = _("may be asked")
    parameter_name = "free"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [
            ("yes", _("Yes")),
            ("no", _("takes a break or stopped")),
            ("waiting", _("waits for a yes")),
            ("newcomer", _("never asked in 14 days")),
            ("peace", _("left in peace")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
        assert isinstance(queryset, VolunteerQuerySet)
        now = timezone.now()
        free = queryset.in_touch().exclude(paused_until__gt=now).exclude(resting_until__gt=now)
        match self.value():
            case "yes":
                return free
            case "no":
                return queryset.exclude(pk__in=free.order_by().values("pk"))
            case "waiting":
                return queryset.waiting()
            case "newcomer":
                return queryset.not_asked_yet(now - NEWCOMER_WITHIN)
            case "peace":
                return queryset.filter(ended_at=None, retired_at__isnull=False)
        return queryset


@admin.register(Volunteer)
class VolunteerAdmin(ScopedAdmin):
    """Staff note what a volunteer tells them on the phone, and the date of the certificate they saw."""

    municipality_path = "municipality"
    may_change = True
    name_needs = ("user",)
    list_display = (
        *("user", "village", "approved_at", "week_limit", "month_limit", "light", "buddy"),
        *("paused_until", "resting_until", "certificate_until_on", "retired_at", "ended_at"),
    )
    list_filter = (BreakFilter, "village", "light", "buddy")
    list_select_related = ("user", "village__municipality")
    ordering = ("-pk",)
    search_fields = ("user__first_name",)
    email_path = "user__email"
    actions = ("welcome", "talk_first")
    fields = (
        *("user", "village", "phone", "joined_at", "approved_at", "talk_first_at"),
        *("likes", "moments", "where", "comes_by", "speaks", "buddy", "light"),
        *("resting_until", "silences", "retired_at", "ended_at"),
        *("week_limit", "month_limit", "paused_until", "certificate_seen_on", "certificate_until_on"),
    )
    readonly_fields = (
        *("user", "village", "phone", "joined_at", "approved_at", "talk_first_at"),
        *("likes", "moments", "where", "comes_by", "speaks", "buddy", "light"),
        *("resting_until", "silences", "retired_at", "ended_at"),
    )
    inlines = (AskInline,)

    @admin.display(description=_("likes to do"))
    def likes(self, row: Volunteer) -> str:
        return ", ".join(str(CATEGORY_WORDS.get(category, category)) for category in row.categories)

    @admin.display(description=_("can help on"))
    def moments(self, row: Volunteer) -> str:
        return ", ".join(str(MOMENT_WORDS.get(moment, moment)) for moment in row.suits)

    @admin.display(description=_("phone number"))
    def phone(self, row: Volunteer) -> str:
        return row.user.phone.as_national if row.user.phone else ""

    @admin.display(description=_("comes by"))
    def comes_by(self, row: Volunteer) -> str:
        return ", ".join(str(Volunteer.Transport(one).label) for one in row.transport)

    @admin.display(description=_("speaks"))
    def speaks(self, row: Volunteer) -> str:
        return ", ".join(str(Volunteer.Language(one).label) for one in row.languages)

    def save_model(self, request: HttpRequest, obj: Volunteer, form: Any, change: bool) -> None:
        """By the verbs, so that the clock's words go along: a break that ends, a certificate that ends."""
        now, changed = timezone.now(), set(form.changed_data)
        super().save_model(request, obj, form, change)
        if "paused_until" in changed:
            if obj.paused_until and obj.paused_until > now:
                verbs.pause(obj.pk, obj.paused_until, now)
            else:
                verbs.resume(obj.pk)
        if changed & {"certificate_seen_on", "certificate_until_on"}:
            dates = {"seen_on": obj.certificate_seen_on, "until_on": obj.certificate_until_on}
            verbs.note_certificate(obj.pk, **dates, now=now)

    def makes_sense(self, action: str, row: Volunteer) -> bool:
        waits = row.approved_at is None and row.ended_at is None
        return waits and (action == "welcome" or row.talk_first_at is None)

    @admin.action(description=_("Yes, welcome as a volunteer"))
    def welcome(self, request: HttpRequest, queryset: QuerySet[Volunteer]) -> None:
        now = timezone.now()
        self.do_each(request, queryset, lambda pk: verbs.welcome(pk, now=now), verbs.NotAllowed)

    @admin.action(description=_("I'd like a talk first"))
    def talk_first(self, request: HttpRequest, queryset: QuerySet[Volunteer]) -> None:
        now = timezone.now()
        self.do_each(request, queryset, lambda pk: verbs.talk_first(pk, now=now), verbs.NotAllowed)
