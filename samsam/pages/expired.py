"""A login that ran out while a page was open, or a page that was open for too long: nothing typed is lost."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts import kept

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SERVER_ERRORS = range(500, 600)


def login_again(get_response: GetResponse) -> GetResponse:
    """Middleware: on to the login page, and back to where somebody was; what was typed stands there again.

    htmx would put the login page into the part it swaps; the whole page goes there instead.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        if not response.headers.get("Location", "").startswith(f"{login}?"):
            if request.method == "POST" and response.status_code not in {HTTPStatus.FORBIDDEN, *SERVER_ERRORS}:
                kept.settle(request)
            return response
        if kept.keep(request):
            messages.info(request, _("Your text is kept. Sign in, then you see it again."))
        htmx = HtmxDetails(request)
        if not htmx:
            return response
        here = htmx.current_url_abs_path or request.get_full_path()
        return HttpResponseClientRedirect(f"{login}?{urlencode({'next': here})}")

    return middleware


def too_old(request: HttpRequest, **_reason: str) -> HttpResponse:
    """A form whose token is not the one of this browser (any more). What was typed can be looked at and sent again.

    Only when the form certainly came from a page of ours: nobody else may write into somebody's form, and nothing
    is ever sent again by itself.
    """
    way_back = request.path if _is_from_us(request) and kept.keep(request) else ""
    return render(request, "403_csrf.html", {"way_back": way_back}, status=HTTPStatus.FORBIDDEN)


def _is_from_us(request: HttpRequest) -> bool:
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
