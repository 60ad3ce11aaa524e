from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from samsam import health
from samsam.pages import home, install, kept, leaving, letters, mine

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("dorp/<slug:slug>/", home.village, name="village"),
    path("start/", home.start, name="start"),
    path("", include("villages.urls")),
    path("inloggen/uitloggen/", leaving.sign_out, name="account_logout"),
    path("inloggen/", include("accounts.urls")),
    path("", include("notifications.urls")),
    path("", include("moderation.urls")),
    path("beheer/", admin.site.urls),
    path("", include("requests_app.urls")),
    path("van-mij/", mine.mine, name="mine"),
    path("mijn-afspraken/", kept.appointments, name="appointments"),
    path("letters/", letters.letters, name="letters"),
    path("samsam-<str:language>.webmanifest", install.manifest, name="manifest"),
    path("sw.js", install.worker, name="worker"),
    path("zonder-internet/", install.offline, name="offline"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
