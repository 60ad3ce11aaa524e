"""Answers that would be an empty page. The other pages are found by Django by their name: ``404.html`` and so on."""

from collections.abc import Callable

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.shortcuts import render

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def answer_in_words(get_response: GetResponse) -> GetResponse:
    """Middleware: who opens the address of a button, after a login for example, gets a page that says so."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page: HttpResponse = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    return middleware
