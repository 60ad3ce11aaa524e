"""The asker answers who would like to help; who offered can still change their mind."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import web
from requests_app import offers
from requests_app.texts import OFFER_OVER
from requests_app.transitions import NotAllowed
from requests_app.views.answers import Request, too_late
from requests_app.views.buttons import verb_of_page
from requests_app.views.finding import own_request, visible_request


def accept(request: Request, pk: int, offer: int) -> HttpResponse:
    """Yes please."""
    own_request(request, pk)
    if request.method != "POST":
        return redirect("help_request", pk)
    try:
        comes = offers.accept(pk, offer_pk=offer, actor=web(request.user), now=timezone.now())
    except NotAllowed:
        comes = False
    if not comes:
        return too_late(request, str(OFFER_OVER))
    messages.success(request, _("Good to hear. We let your neighbour know. Below you see who is coming."))
    return redirect("help_request", pk)


def decline(request: Request, pk: int, offer: int) -> HttpResponse:
    """No, thank you: one tap, no reason."""
    own_request(request, pk)
    if request.method != "POST":
        return redirect("help_request", pk)
    done = _("That's fine. We let your neighbour know gently, and keep looking.")
    actor = web(request.user)
    return verb_of_page(request, pk, lambda now: offers.decline(pk, offer_pk=offer, actor=actor, now=now), done)


def take_back(request: Request, pk: int) -> HttpResponse:
    """Can't make it after all."""
    visible_request(request, pk)
    if request.method != "POST":
        return redirect("help_request", pk)
    done = _("That's fine. We keep looking.")
    actor = web(request.user)
    return verb_of_page(request, pk, lambda now: offers.take_back(pk, helper=request.user, actor=actor, now=now), done)
