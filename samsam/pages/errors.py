"""Pages for what cannot be shown. Django finds most by their name (``404.html`` and so on); these need a hand."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.views.defaults import page_not_found

UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, UnicodeError)


class AnswerInWords:
    """Middleware: the page that says what to do, also where Django would answer nothing, or something for developers.

    Who opens the address of a button by itself, after a login for example, gets a page with a way on. A page that is
    not there looks the same while developing as in production.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        if settings.DEBUG and response.status_code == 404 and request.resolver_match is None:
            return page_not_found(request, Http404())
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return page_not_found(request, exception) if isinstance(exception, Http404) else None


def read_first(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """The innermost middleware: what cannot be read is a page that says so, whatever its address.

    Django reads a form where it is first used, in the check of its token: too late to answer with a page, which needs
    that token itself.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        try:
            _ = request.GET, request.POST
        except UNREADABLE:
            request.GET, request.POST = QueryDict(), QueryDict()  # nothing to read
            request._files = MultiValueDict()  # type: ignore[attr-defined]  # noqa: SLF001 (the same)
            return render(request, "400.html", status=400)
        return get_response(request)

    return middleware
