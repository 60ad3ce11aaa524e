"""A yes when somebody was just before: who would still come stands by, and nobody else knows."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app import reserves
from requests_app.models import HelpRequest, RequestAsk, Reserve, Status
from requests_app.transitions import NotAllowed
from requests_app.views.answers import Request, button, too_late


def second_yes(request: Request, pk: int, message: str, *, was_asked: bool) -> HttpResponse:
    """It is arranged already. An asked volunteer stands by from now on; a neighbour may say so."""
    context = {"pk": pk, "may_stand_by": HelpRequest.objects.filter(pk=pk, status=Status.TAKEN).exists()}
    if was_asked:
        try:
            if not reserves.begin(pk, helper=request.user, was_asked=True, now=timezone.now()):
                return _free_again(request, pk)
            context["stands_by"] = True
        except NotAllowed:
            context["may_stand_by"] = False
    return too_late(request, message, **context)


@button("help_request")
def begin(request: Request, pk: int) -> HttpResponse:
    """Ask me if it does not go on after all."""
    if not (_sees(request, pk) or _was_asked(request, pk)):
        raise Http404
    try:
        stands_by = reserves.begin(pk, helper=request.user, was_asked=_was_asked(request, pk), now=timezone.now())
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        if not stands_by:
            return _free_again(request, pk)
        messages.success(request, _("That's kind. We ask you first if it doesn't go on after all."))
    return _back(request, pk)


@button("help_request")
def step_down(request: Request, pk: int) -> HttpResponse:
    """Rather not after all, asked or not: nobody hears of it."""
    if not Reserve.objects.filter(help_request=pk, helper=request.user).exists():
        raise Http404
    reserves.step_down(pk, helper=request.user, now=timezone.now())
    messages.success(request, _("That's fine. Thank you for telling us."))
    return _back(request, pk)


def _was_asked(request: Request, pk: int) -> bool:
    return RequestAsk.objects.filter(help_request=pk, ask__volunteer__user=request.user).exists()


def _sees(request: Request, pk: int) -> bool:
    return HelpRequest.objects.visible_to(request.user).filter(pk=pk).exists()


def _free_again(request: Request, pk: int) -> HttpResponse:
    messages.success(request, _("A place is free again. Would you still like to come?"))
    return redirect("help_request", pk)


def _back(request: Request, pk: int) -> HttpResponse:
    """The page of the request, or the board for who may not see that (any more)."""
    return redirect("help_request", pk) if _sees(request, pk) else redirect("board")
