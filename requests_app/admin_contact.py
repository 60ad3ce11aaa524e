"""The buttons of the contact person beside a request that is theirs; each asks one thing on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import staff
from accounts.scoping import BESIDE, ScopedAdmin
from requests_app import contact_rung, lifecycle
from requests_app.forms.contact import CalledForm, FoundForm, NobodyForm
from requests_app.models import HelpRequest, Status
from requests_app.transitions import NotAllowed

VERBS = ("called", "found", "nobody_found", "turn_back")


def makes_sense(action: str, row: HelpRequest) -> bool:
    """Whether this button stands beside this request."""
    if action == "turn_back":
        last = contact_rung.last_word(row)
        lately = last is not None and timezone.now() < last.at + lifecycle.PUT_BACK_WITHIN
        return lately and row.status in {Status.TAKEN, Status.LAPSED}
    theirs = row.status == Status.OPEN and row.owner_id is not None
    return theirs and not (action == "nobody_found" and row.slots_taken)


class ContactVerbs(ScopedAdmin):
    """For the admin of requests."""

    municipality_path = "municipality"

    @admin.action(description=_("I called"))
    def called(self, request: HttpRequest, queryset: QuerySet[HelpRequest]) -> HttpResponse | None:
        return self._noted(request, queryset, CalledForm, contact_rung.called, _("I called"))

    @admin.action(description=_("Somebody found"))
    def found(self, request: HttpRequest, queryset: QuerySet[HelpRequest]) -> HttpResponse | None:
        return self._noted(request, queryset, FoundForm, contact_rung.found, _("Somebody found"))

    @admin.action(description=_("Nobody found"))
    def nobody_found(self, request: HttpRequest, queryset: QuerySet[HelpRequest]) -> HttpResponse | None:
        return self._noted(request, queryset, NobodyForm, contact_rung.nobody_found, _("Nobody found"))

    @admin.action(description=_("Turn this back; it lies with the contact person again"))
    def turn_back(self, request: HttpRequest, queryset: QuerySet[HelpRequest]) -> None:
        actor = staff(request.user)  # type: ignore[arg-type]  # the site let nobody else in
        self.do_each(request, queryset, partial(contact_rung.turn_back, actor=actor, now=timezone.now()), NotAllowed)

    def _noted(
        self, request: HttpRequest, rows: QuerySet[HelpRequest], kind: Any, verb: Callable[..., object], title: Any
    ) -> HttpResponse | None:
        """The question, and with an answer the verb; each request has its own."""
        chosen, now = list(rows[:2]), timezone.now()
        if len(chosen) != 1:
            self.message_user(request, gettext("Choose one request at a time"), messages.WARNING)
            return None
        data = request.POST if "noted" in request.POST else None
        form: Any = kind(data) if kind is NobodyForm else kind(data, help_request=chosen[0], now=now)
        if not form.is_valid():
            context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "form": form}
            context |= {"row": chosen[0], "checkbox": ACTION_CHECKBOX_NAME, "beside": request.POST.get(BESIDE, "")}
            context["action"] = request.POST.get("action", "")
            return TemplateResponse(request, "admin/requests_app/helprequest/contact.html", context)
        answer = form.answer if kind is FoundForm else form.cleaned_data
        actor = staff(request.user)  # type: ignore[arg-type]  # the site let nobody else in
        self.do_each(request, rows, partial(verb, actor=actor, now=now, **answer), NotAllowed)
        return None
