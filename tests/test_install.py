"""SamSam on a home screen and without internet: the manifest, the worker, the page it shows, and what it keeps."""

import json
import re
import struct
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone

from requests_app import lifecycle, offers
from samsam.pages import install
from tests import make
from tests.make import NOW, web
from tests.test_look import static_text

SCRIPTS = 10_000  # bytes: all of ours

pytestmark = pytest.mark.usefixtures("clock")


def size_of(name):
    head = Path(finders.find(name)).read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    return struct.unpack(">II", head[16:24])


@pytest.mark.parametrize(("language", "words"), [("nl", "buren helpen elkaar"), ("en", "neighbours help each other")])
def test_manifest_says_what_a_home_screen_needs(client, language, words):
    response = client.get(reverse("manifest", args=[language]), headers={"Accept-Language": "fr"})
    facts = json.loads(response.content)

    assert response["Content-Type"] == "application/manifest+json"
    assert words in facts["name"]
    assert (facts["short_name"], facts["start_url"], facts["display"]) == ("SamSam", "/", "standalone")
    assert facts["lang"] == language
    assert {icon.get("purpose", "any") for icon in facts["icons"]} == {"any", "maskable"}
    for icon in facts["icons"]:
        width, height = size_of(icon["src"].removeprefix("/static/"))
        assert icon["sizes"] == f"{width}x{height}"


def test_manifest_of_a_language_we_do_not_speak_is_not_here(client):
    assert client.get(reverse("manifest", args=["fr"])).status_code == 404


def test_every_page_names_the_manifest_of_its_language_and_an_icon_for_iphones(client, db):
    page = client.get(reverse("letters")).content.decode()

    assert f'<link rel="manifest" href="{reverse("manifest", args=["nl"])}">' in page
    assert '<meta name="theme-color" content="#0a3f30">' in page
    assert size_of("img/apple-touch-icon.png") == (180, 180)


def test_worker_is_asked_for_each_time_and_costs_no_query_of_its_own(client, riet, django_assert_num_queries):
    client.force_login(riet)
    with django_assert_num_queries(4):  # session and user, twice: Django's own
        first = client.get(reverse("worker"))
        again = client.get(reverse("worker"), headers={"If-None-Match": first["ETag"]})

    assert reverse("worker") == "/sw.js"
    assert first["Content-Type"] == "text/javascript"
    assert "no-cache" in first["Cache-Control"]
    assert again.status_code == 304


def test_worker_is_the_same_for_everybody_until_a_file_of_the_shell_changes(client, riet, monkeypatch):
    versions = [client.get(reverse("worker")).content]
    client.cookies["django_language"] = "en"
    client.force_login(riet)
    versions.append(client.get(reverse("worker")).content)
    monkeypatch.setattr(install, "SHELL", install.SHELL[1:])
    versions.append(client.get(reverse("worker")).content)

    assert versions[0] == versions[1] != versions[2]


def test_worker_keeps_the_public_shell_and_nothing_else(client):
    facts = json.loads(re.search(r"const SAMSAM = (.*);", client.get(reverse("worker")).content.decode()).group(1))

    assert facts["offline"] == reverse("offline")
    assert all(address.startswith("/static/") for address in facts["shell"])
    assert all(finders.find(name) for name in install.SHELL)


def test_scripts_of_ours_keep_their_budget():
    assert sum(len(static_text(f"js/{name}.js").encode()) for name in ("samsam", "device", "sw")) <= SCRIPTS


def test_page_without_internet_says_whom_to_call_and_nothing_of_who_is_signed_in(client, riet):
    client.force_login(riet)

    page = client.get(reverse("offline")).content.decode()

    assert "Je hebt nu geen internet" in page
    assert "Bel Marieke" in page
    assert "data-who" not in page
    assert "csrf" not in page
    assert reverse("account_logout") not in page
    assert "Riet" not in page


def test_other_pages_tell_a_browser_whether_it_is_the_same_person(client, riet):
    def mark():
        return re.search(r'data-who="(.*?)"', client.get(reverse("letters")).content.decode()).group(1)

    nobody = mark()
    client.force_login(riet)
    first, again = mark(), mark()
    client.force_login(make.user("Joris"))

    assert nobody == "-"
    assert first == again
    assert len({nobody, first, mark()}) == 3
    assert str(riet.pk) != first


def test_appointments_on_a_device_say_what_when_and_with_whom_and_no_more(client, riet):
    village = riet.residencies.get().village
    help_request = make.help_request(village, author=riet)
    fatma = make.neighbour(village, "Fatma")
    offers.say_yes(help_request.pk, helper=fatma, actor=web(fatma), now=NOW)
    make.help_request(village, author=make.neighbour(village, "Joris"), title="Van iemand anders")

    for reader, other in ((riet, "Fatma"), (fatma, "Riet")):
        client.force_login(reader)
        page = client.get(reverse("appointments")).content.decode()

        assert "Boodschappen van de Spar" in page
        assert "Donderdag 12 maart, in de middag" in page
        assert f"Met {other}" in page
        assert "dinsdag 10 maart om 9.10 uur" in page
        assert "Voorstraat" not in page
        assert "Kan iemand" not in page
        assert "Van iemand anders" not in page


def test_appointments_on_a_device_have_the_time_that_the_two_agreed(client, riet):
    village = riet.residencies.get().village
    agreed, earlier = (make.help_request(village, author=riet, title=title) for title in ("Bellen", "Samen lezen"))
    for help_request, name in ((agreed, "Fatma"), (earlier, "Joris")):
        helper = make.neighbour(village, name)
        offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)
    moment = agreed.needed_by + timedelta(days=2, hours=3)
    agreed.pick_ups.update(agreed_at=moment)

    with time_machine.travel(agreed.needed_by + timedelta(days=1, hours=1), tick=False):
        client.force_login(riet)
        page = client.get(reverse("appointments")).content.decode()

    assert "Zaterdag 14 maart om 15.00 uur" in page
    assert "Met Fatma" in page
    assert "Samen lezen" not in page  # its moment was the day before


def test_appointments_that_are_over_or_off_are_not_kept(client, riet):
    village = riet.residencies.get().village
    over, off = (make.help_request(village, author=riet) for _ in range(2))
    fatma = make.neighbour(village, "Fatma")
    for help_request in (over, off):
        offers.say_yes(help_request.pk, helper=fatma, actor=web(fatma), now=NOW)
    lifecycle.give_back(off.pk, helper=fatma, actor=web(fatma), now=NOW)
    client.force_login(fatma)
    assert client.get(reverse("appointments")).content.decode().count("<li") == 1

    with time_machine.travel(over.needed_by + timedelta(days=1), tick=False):
        client.force_login(fatma)
        assert "Je hebt nu geen afspraken" in client.get(reverse("appointments")).content.decode()


def test_appointments_are_for_who_is_signed_in(client, db):
    assert client.get(reverse("appointments")).status_code == 302


@pytest.mark.parametrize("count", [1, 4])
def test_appointments_take_as_many_queries_however_many_there_are(client, riet, count, django_assert_num_queries):
    village = riet.residencies.get().village
    for _ in range(count):
        help_request = make.help_request(village)
        offers.say_yes(help_request.pk, helper=riet, actor=web(riet), now=timezone.now())
    client.force_login(riet)

    with django_assert_num_queries(3):  # session, user, appointments
        client.get(reverse("appointments"))


def test_signing_out_clears_what_this_site_left_and_asking_does_not(client, riet):
    client.force_login(riet)

    assert "Clear-Site-Data" not in client.get(reverse("account_logout"))
    assert client.post(reverse("account_logout"))["Clear-Site-Data"] == '"storage"'
    assert client.get(reverse("mine")).status_code == 302
