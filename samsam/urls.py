from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from samsam import health
from samsam.pages import accessibility, home, install, kept, leaving, letters, mine, paper, safe, who_sees
from samsam.pages.figures import views as figures

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("dorp/<slug:slug>/", home.village, name="village"),
    path("dorp/<slug:slug>/poster/", paper.poster, name="poster"),
    path("start/", home.start, name="start"),
    path("", include("villages.urls")),
    path("inloggen/uitloggen/", leaving.sign_out, name="account_logout"),
    path("inloggen/", include("accounts.urls")),
    path("", include("notifications.urls")),
    path("", include("moderation.urls")),
    path("beheer/dorp/<slug:slug>/brief/", paper.letter, name="village_letter"),
    path("beheer/dorp/<slug:slug>/lijst/", paper.table_list, name="table_list"),
    path("beheer/cijfers/", figures.team, name="figures"),
    path("beheer/cijfers/cijfers.csv", figures.team_file, name="figures_file"),
    path("beheer/cijfers/delen/", figures.share, name="figures_to_share"),
    path("beheer/cijfers/delen/cijfers.csv", figures.share_file, name="figures_to_share_file"),
    path("beheer/cijfers/uitleg/", figures.dictionary, name="figure_words"),
    path("beheer/cijfers/uitleg.csv", figures.dictionary_file, name="figure_words_file"),
    path("beheer/", admin.site.urls),
    path("", include("requests_app.urls")),
    path("groepen/<int:pk>/lijst/", paper.group_list, name="group_list"),
    path("van-mij/", mine.mine, name="mine"),
    path("mijn-afspraken/", kept.appointments, name="appointments"),
    path("letters/", letters.letters, name="letters"),
    path("samsam-<str:language>.webmanifest", install.manifest, name="manifest"),
    path("sw.js", install.worker, name="worker"),
    path("zonder-internet/", install.offline, name="offline"),
    path("wie-ziet-mijn-gegevens/", who_sees.who_sees, name="who_sees"),
    path("veilig-helpen/", safe.safe, name="safe"),
    path("toegankelijkheid/", accessibility.accessibility, name="accessibility"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
