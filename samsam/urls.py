from django.urls import URLPattern, URLResolver, path

from samsam.pages import letters

urlpatterns: list[URLPattern | URLResolver] = [
    path("letters/", letters.letters, name="letters"),
]
