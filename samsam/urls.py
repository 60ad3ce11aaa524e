from django.urls import URLPattern, URLResolver, path

from samsam import health
from samsam.pages import letters

urlpatterns: list[URLPattern | URLResolver] = [
    path("letters/", letters.letters, name="letters"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
