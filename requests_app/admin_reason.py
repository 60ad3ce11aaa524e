"""The page between a choice and a decision: staff write down why."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.scoping import BESIDE, MOST_AT_ONCE, ScopedAdmin
from requests_app.forms.moderation import ReasonForm


def reason_form(request: HttpRequest) -> ReasonForm:
    """Empty on the first visit."""
    return ReasonForm(request.POST if "reason" in request.POST else None)


def reason_page(
    admin: ScopedAdmin, request: HttpRequest, queryset: QuerySet[Any], form: ReasonForm
) -> TemplateResponse:
    """What is chosen, and the question why it is hidden."""
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Hide, with a reason"),
        "opts": admin.opts,
        "form": form,
        "rows": queryset[:MOST_AT_ONCE],
        "checkbox": ACTION_CHECKBOX_NAME,
        "beside": request.POST.get(BESIDE, ""),
        "action": "hide",
    }
    return TemplateResponse(request, "admin/requests_app/helprequest/hide.html", context)
