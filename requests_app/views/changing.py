"""Changing a posted request: the same questions, on one page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actors import web
from accounts.kept import answers, keeps_typed
from requests_app import lifecycle
from requests_app.addresses import address_of
from requests_app.forms import gentle
from requests_app.forms.ask import EditForm, what_of
from requests_app.forms.when import when_of
from requests_app.models import HelpRequest, Status
from requests_app.texts import PAST_DAY
from requests_app.transitions import NotAllowed
from requests_app.views.answers import Request, show


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: Request, pk: int) -> HttpResponse:
    """Who comes or was asked is told; who changed it elsewhere meanwhile chooses which words stay."""
    now = timezone.now()
    rows = HelpRequest.objects.select_related("author", "village__contact_person")
    help_request = rows.filter(pk=pk, author=request.user).exclude(status=Status.DRAFT).first()
    if help_request is None:
        raise Http404
    if help_request.status not in {Status.OPEN, Status.TAKEN} or not _is_ahead(help_request, now):
        messages.warning(request, PAST_DAY)
        return redirect("help_request", pk)
    initial = what_of(help_request) | when_of(help_request, address_of(help_request), now)
    initial |= {"version": help_request.version} | answers(request)
    if gentle.pressed(request.POST):
        return _page(request, EditForm(initial=gentle.refilled(request.POST), now=now), help_request)
    form = EditForm(data=request.POST or None, initial=initial, now=now)
    return _save(request, form, help_request) if request.method == "POST" else _page(request, form, help_request)


def _save(request: Request, form: EditForm, help_request: HelpRequest) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form, help_request, status=422)
    if form.cleaned_data["version"] != help_request.version:
        return _page(request, _newer(form, help_request), help_request, status=409)
    if gentle.unseen(form, request.POST):
        return _page(request, form, help_request, asks_again=True)
    try:
        lifecycle.edit(help_request.pk, changes=form.changes(), actor=web(request.user), now=form.now)
    except NotAllowed as refusal:
        form.add_error("slots" if form.cleaned_data["slots"] < help_request.slots_taken else None, str(refusal))
        return _page(request, form, help_request, status=422)
    messages.success(request, _("Your request is changed. Who comes or was asked hears it."))
    return redirect("help_request", help_request.pk)


def _is_ahead(help_request: HelpRequest, now: datetime) -> bool:
    return help_request.needed_by is not None and help_request.needed_by > now


def _newer(form: EditForm, help_request: HelpRequest) -> EditForm:
    """The same words, now on top of the newest version: saving once more makes them stay."""
    data = {name: form.data[name] for name in form.data} | {"version": str(help_request.version)}
    again = EditForm(data=data, now=form.now)
    again.add_error(
        None, _("You just changed this somewhere else too. Your text is below. Choose which one stays, and save")
    )
    return again


def _page(
    request: Request, form: EditForm, help_request: HelpRequest, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"form": form, "help_request": help_request, "village": help_request.village, "section": "mine"}
    context["notes"] = gentle.notes_on(form)
    if gentle.pressed(request.POST) == gentle.LOOK:
        return show(request, "requests_app/edit.html", "gentle", context)
    return render(request, "requests_app/edit.html", context, status=status)
