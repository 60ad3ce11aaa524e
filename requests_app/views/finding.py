"""Which request it is about: found for this viewer, or not there."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import Http404

from requests_app import words
from requests_app.models import HelpRequest, PickUp, Status
from requests_app.texts import GONE
from requests_app.views.answers import Request


def visible_request(request: Request, pk: int) -> HelpRequest:
    """One that this person may see, with who comes as ``active``; else it is not there."""
    helpers = PickUp.objects.filter(ended_at=None).select_related("helper", "contact", "member")
    rows = HelpRequest.objects.visible_to(request.user).filter(pk=pk)
    rows = rows.select_related("author", "municipality", "policy", "village__contact_person")
    help_request = rows.prefetch_related(Prefetch("pick_ups", helpers, to_attr="active")).first()
    if help_request is None:
        raise Http404(GONE)
    return help_request


def own_request(request: Request, pk: int) -> HelpRequest:
    """A request of this person, posted; for everybody else it is not there."""
    help_request = visible_request(request, pk)
    if help_request.author_id != request.user.pk or help_request.status == Status.DRAFT:
        raise Http404(GONE)
    return help_request


def about(help_request: HelpRequest) -> dict[str, Any]:
    """What every page about a request shows."""
    about = {"help_request": help_request, "village": help_request.village, "title": words.title(help_request)}
    return about | {"section": "mine"}
