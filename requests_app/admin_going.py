"""What neighbours do anyway, for staff: to look at, and to take off the board with a reason. Never who joins."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import staff
from accounts.admin_lists import short_moment
from accounts.models import User
from accounts.scoping import ScopedAdmin
from requests_app import going
from requests_app.admin_reason import reason_form, reason_page
from requests_app.models import SpareOffer
from requests_app.transitions import NotAllowed


@admin.register(SpareOffer)
class SpareOfferAdmin(ScopedAdmin):
    """To look at; what stands there is its author's, until it is hidden."""

    municipality_path = "municipality"
    list_display = ("__str__", "village", "author", "kind", "moment", "places_taken", "places")
    list_filter = ("kind", "village")
    list_select_related = ("village__municipality", "author")
    ordering = ("-pk",)
    search_fields = ("title", "author__first_name")
    fields = (
        *("kind", "title", "what", "note", "author", "village", "leaves_at", "places", "places_taken"),
        *("posted_at", "withdrawn_at", "hidden_at"),
    )
    actions = ("hide", "restore")

    @admin.display(description=_("moment"))
    def moment(self, row: SpareOffer) -> str:
        return short_moment(row.leaves_at)

    def makes_sense(self, action: str, row: SpareOffer) -> bool:
        return bool(row.hidden_at) == (action == "restore")

    @admin.action(description=_("Hide, with a reason"))
    def hide(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        form = reason_form(request)
        if not form.is_valid():
            return reason_page(self, request, queryset, form)
        self._each(request, queryset, partial(going.hide, reason=form.cleaned_data["reason"]))
        return None

    @admin.action(description=_("Make visible again"))
    def restore(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._each(request, queryset, going.restore)

    def _each(self, request: HttpRequest, rows: QuerySet[Any], verb: Callable[..., object]) -> None:
        assert isinstance(request.user, User)
        self.do_each(request, rows, partial(verb, actor=staff(request.user), now=timezone.now()), NotAllowed)
