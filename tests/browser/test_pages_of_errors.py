"""What somebody meets when a page cannot be shown, looked at as any other page."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import include, path, re_path

from requests_app.views.answers import too_late
from samsam.pages.expired import too_old

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _raise(error):
    raise error


WAYS = {
    "400": lambda _request: _raise(BadRequest("nonsense")),
    "403": lambda _request: _raise(PermissionDenied()),
    "403-form": too_old,
    "404": lambda _request: _raise(Http404()),
    "405": lambda _request: HttpResponseNotAllowed(["POST"]),
    "409": lambda request: too_late(request, "Iemand was net voor je. Fijn dat je wilde helpen."),
    "429": lambda request: render(request, "429.html", {"back": "/prikbord/"}, status=429),
    "500": lambda _request: _raise(ZeroDivisionError()),
}
urlpatterns = [
    *(path(f"stuk/{way}/", login_not_required(view)) for way, view in WAYS.items()),
    re_path("", include("samsam.urls")),
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("javascript", [True])
@pytest.mark.parametrize("way", [*WAYS, "503"])
def test_page_for_what_cannot_be_shown_is_as_good_as_any_other(visit, settings, village, way):
    settings.MAINTENANCE = way == "503"
    visitor = visit()

    answer = visitor.page.goto(f"{visitor.address}/stuk/{way}/")
    visitor.look()

    assert answer.status == int(way[:3])
    assert visitor.page.locator("h1").count() == 1
    visitor.complaints = [line for line in visitor.complaints if way[:3] not in line]  # the status, on the console
