"""The link in a mail that stops such mails: without a login, in one step, and only by posting."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from notifications import preferences, stopping, wishes
from notifications.delivery import Count, deliver
from notifications.models import Channel, Digest, Group, Message
from tests import make
from tests.make import NOW
from tests.smtp_sink import sink

pytestmark = pytest.mark.django_db


def wants(user, group):
    user.refresh_from_db()
    return wishes.wants(user, group, Channel.MAIL)


@pytest.mark.django_db(transaction=True)
def test_one_click_of_a_mail_program_stops_these_mails_and_no_others(settings):
    settings.SITE_URL = "https://samsam.example"
    riet = make.neighbour(make.village("Beesd", quiet=False), "Riet")
    with sink(settings) as server:
        make.help_request(riet.residencies.get().village, author=riet)
        deliver(NOW)
        (mail,) = server.mails
        link = mail["List-Unsubscribe"].strip(" <>").removeprefix(settings.SITE_URL)

        program = Client(enforce_csrf_checks=True)
        answer = program.post(link, {"List-Unsubscribe": "One-Click"}, secure=True)

        assert answer.status_code == 200
        assert answer.cookies.get("sessionid") is None
        assert not wants(riet, Group.OWN)
        assert wants(riet, Group.APPOINTMENTS)
        make.help_request(riet.residencies.get().village, author=riet)
        assert deliver(NOW) == Count()
        assert len(server.mails) == 1
    assert Message.objects.filter(user=riet, channel=Channel.IN_APP).count() == 2


def test_looking_at_the_link_changes_nothing_and_asks(client, riet):
    page = client.get(stopping.path(riet.pk, Group.OWN)).content.decode()

    assert wants(riet, Group.OWN)
    assert "Deze e-mails niet meer?" in page
    assert "Mijn vragen" in page
    assert '<form class="row" method="post"><button class="btn">' in page


def test_page_speaks_the_language_of_the_mail(client):
    john = make.neighbour(make.village("Beesd"), "John", language="en")

    assert "No more of these e-mails?" in client.get(stopping.path(john.pk, Group.OWN)).content.decode()


def test_stopping_twice_is_stopping_once_and_it_can_be_undone(client, riet):
    link = stopping.path(riet.pk, Group.ASKED)

    pages = [client.post(link).content.decode() for _ in range(2)]
    riet.refresh_from_db()
    assert riet.muted == ["mail:asked"]
    assert all("Je krijgt deze e-mails niet meer" in page for page in pages)
    assert reverse("volunteer") in pages[0]

    page = client.post(link, {"again": "1"}).content.decode()

    assert "Je krijgt deze e-mails weer" in page
    assert wants(riet, Group.ASKED)


def test_digest_stops_and_starts_as_it_was(client, riet):
    preferences.keep(riet.pk, mail=[], often="daily", quiet=preferences.Quiet(), now=NOW)
    link = stopping.path(riet.pk, Group.DIGEST)

    client.post(link)
    assert Digest.objects.get().next_at is None

    client.post(link, {"again": "1"})
    assert (Digest.objects.get().every, Digest.objects.get().next_at is not None) == ("daily", True)


@pytest.mark.parametrize("part", ["person", "group", "signature", "nothing signed", "no group"])
def test_link_that_was_tampered_with_is_not_there(client, riet, part):
    other = make.user("Joris")
    start, _, token = stopping.path(riet.pk, Group.OWN).rstrip("/").rpartition("/")
    changed = {
        "person": token.replace(str(riet.pk), str(other.pk), 1),
        "group": token.replace("own", "asked"),
        "signature": f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}",
        "nothing signed": f"{riet.pk}-own",
        "no group": stopping._SIGNER.sign(f"{riet.pk}-code"),
    }[part]

    assert changed != token
    assert client.post(f"{start}/{changed}/").status_code == 404
    assert client.get(f"{start}/{changed}/").status_code == 404
    assert wants(riet, Group.OWN)
    assert wants(other, Group.OWN)


def test_link_of_somebody_who_left_is_not_there(client, riet):
    riet.is_active = False
    riet.save(update_fields=["is_active"])

    assert client.get(stopping.path(riet.pk, Group.OWN)).status_code == 404


def test_mail_that_waits_is_not_sent_once_its_reader_stopped_it(riet):
    make.help_request(riet.residencies.get().village, author=riet)
    assert Message.objects.due(NOW).filter(user=riet).count() == 1

    preferences.stop(riet.pk, Group.OWN, Channel.MAIL, now=NOW)

    assert deliver(NOW) == Count(dropped=1)


def test_link_in_the_text_is_the_one_of_the_header(riet):
    link = stopping.path(riet.pk, Group.OWN)

    assert re.fullmatch(rf"/berichten/stop/{riet.pk}-own\.[\w-]{{43}}/", link)
    assert stopping.read(link.split("/")[-2]) == (riet.pk, Group.OWN)
