"""Who is calling, when proxies of ours stand before us."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def remote_address(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Puts the caller's address in REMOTE_ADDR, as the outermost of our TRUSTED_PROXY_COUNT proxies wrote it.

    What stands further to the left was written by the caller, and is not believed.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        forwarded = [word.strip() for word in request.headers.get("X-Forwarded-For", "").split(",") if word.strip()]
        ours = forwarded[-settings.TRUSTED_PROXY_COUNT :] if settings.TRUSTED_PROXY_COUNT else []
        if ours:
            request.META["REMOTE_ADDR"] = ours[0]
        return get_response(request)

    return middleware
