"""Closed for a while: one page for every address, which needs no database and no session."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from samsam.pages.letters import chosen

TRY_AGAIN_AFTER = 600  # seconds


def closed_for_a_while(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: with ``SAMSAM_MAINTENANCE`` everything but probes and files for browsers is a 503 with a page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not settings.MAINTENANCE:
            return get_response(request)
        # Without the request, so that no template can ask who this is.
        page = HttpResponse(render_to_string("503.html", chosen(request)), status=503)
        page["Retry-After"] = str(TRY_AGAIN_AFTER)
        page["Cache-Control"] = "no-store"
        return page

    return middleware
