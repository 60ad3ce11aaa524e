"""How a view answers: a page or, for htmx, the named part of the same template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from villages.models import Residency, home_of


class Request(HttpRequest):
    """What a view gets once the middleware has seen that somebody is logged in."""

    user: User
    htmx: HtmxDetails


View = Callable[[Request, int], HttpResponse]


def show(request: Request, template: str, part: str, context: Mapping[str, Any]) -> HttpResponse:
    """The page; for htmx only ``part`` of it, which is the same there as in the page."""
    partly = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    response = render(request, f"{template}#{part}" if partly else template, {**context, "partly": partly})
    patch_vary_headers(response, ["HX-Request"])
    return response


def place_to_ask(request: Request) -> Residency | HttpResponse:
    """Where this person may ask something: their home; or the page that is first, where that is not so yet."""
    home = home_of(request.user)
    if home is None:
        return redirect("welcome")
    return home if home.village.switched_on_at else redirect("village", home.village.slug)


def button(page: str) -> Callable[[View], View]:
    """A verb behind a button. Its address opened otherwise, after a login for example, shows ``page``."""

    def decorate(view: View) -> View:
        def pressed(request: Request, pk: int) -> HttpResponse:
            return view(request, pk) if request.method == "POST" else redirect(page, pk)

        return pressed

    return decorate


def too_fast(request: Request, url: str, message: str = "") -> HttpResponse:
    """So much in a short time: a friendly page that says when to try again, with the way back to ``url``.

    ``message``: what it was and when again, where that is not ten minutes.
    """
    title, _full_stop, text = message.partition(". ")
    return render(request, "429.html", {"back": url, "title": title, "text": text}, status=429)


def too_late(request: Request, message: str, **more: Any) -> HttpResponse:
    """Somebody was just before you: a friendly page with a way on, never the word error. Whole, for htmx too.

    ``more`` is what else can be done: ``stands_by`` or ``may_stand_by``, for the request ``pk``.
    """
    title, _full_stop, text = message.partition(". ")
    way_on = {"url": reverse("board"), "link": _("Back to the board"), **more}
    return render(request, "409.html", {"title": title, "text": text, **way_on}, status=409)
