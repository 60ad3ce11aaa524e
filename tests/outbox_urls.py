"""The site's pages, with an empty one for each that is not built yet."""

from django.http import HttpResponse
from django.urls import include, path

from samsam.urls import urlpatterns as built


def empty(_request, **_words):
    return HttpResponse()


urlpatterns = [
    *built,
    path("prikbord/", empty, name="board"),
    path("vragen/<int:pk>/", empty, name="help_request"),
    path(
        "beheer/", include(([path("vraag/<int:object_id>/", empty, name="requests_app_helprequest_change")], "admin"))
    ),
]
