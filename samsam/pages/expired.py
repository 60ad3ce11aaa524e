"""A login that ran out while a page was open: on to the login page, and back to where somebody was."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def login_again(get_response: GetResponse) -> GetResponse:
    """Middleware: htmx would put the login page into the part it swaps; the whole page goes there instead."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        htmx = HtmxDetails(request)
        if not htmx or not response.headers.get("Location", "").startswith(f"{login}?"):
            return response
        here = htmx.current_url_abs_path or request.get_full_path()
        return HttpResponseClientRedirect(f"{login}?{urlencode({'next': here})}")

    return middleware
