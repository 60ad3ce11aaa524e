"""A circle is for whom one knows: nobody mails strangers through it, whatever they type and however often."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse

from accounts.actors import web
from notifications.delivery import deliver
from notifications.models import Message
from requests_app import circle, circle_mail, lifecycle, pace
from requests_app.models import CircleContact, CircleInvite, CircleMail, HelpRequest, Status
from tests import make
from tests.cast import as_reader
from tests.make import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "english")]

SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def newcomer(beesd):
    """Says to live here; nobody knows yet whether that is so."""
    return make.resident(beesd, "Piet")


def letters(kind="circle.asked"):
    return Message.objects.filter(kind=kind, user=None).exclude(state="dropped")


def ask_and_withdraw(village, author, *people, now=NOW):
    asked = make.circle_request(village, *people, author=author, now=now)
    return lifecycle.withdraw(asked.pk, actor=web(author), now=now)


# Who is not known to live here


def test_nobody_is_mailed_for_somebody_who_is_not_known_to_live_here(beesd, newcomer):
    make.circle_request(beesd, make.in_circle(newcomer), author=newcomer)

    assert not letters().exists()
    assert not CircleMail.objects.exists()


def test_newcomer_sends_the_text_and_the_link_works_as_any(client, beesd, newcomer):
    els = make.in_circle(newcomer)
    asked = make.circle_request(beesd, els, author=newcomer)
    as_reader(client, newcomer)

    page = client.get(asked.get_absolute_url()).content.decode()

    assert "Send as an e-mail" in page
    assert f"mailto:{quote(els.email)}?body=Hi%20Els" in page
    circle.accept(asked.circle_invites.get().pk, now=SOON)
    assert HelpRequest.objects.get(pk=asked.pk).status == Status.TAKEN


def test_newcomer_reads_before_posting_that_the_text_is_their_own_to_send(client, beesd, newcomer):
    els = make.in_circle(newcomer)
    draft = make.circle_draft(beesd, els, author=newcomer)
    as_reader(client, newcomer)

    for page in (reverse("my_circle"), reverse("ask_who", args=[draft.pk]), reverse("ask_check", args=[draft.pk])):
        assert "Until then you send a text yourself" in client.get(page).content.decode(), page
    assert f"You send an e-mail to {els.email}" in client.get(reverse("my_circle")).content.decode()


def test_neighbour_reads_nothing_of_that(client, beesd, riet):
    draft = make.circle_draft(beesd, make.in_circle(riet), author=riet)
    as_reader(client, riet)

    for page in (reverse("my_circle"), reverse("ask_who", args=[draft.pk]), reverse("ask_check", args=[draft.pk])):
        assert "Until then you send a text yourself" not in client.get(page).content.decode(), page


# How often


def test_ten_requests_of_one_person_are_enough_for_a_day_and_nothing_typed_is_lost(client, beesd, riet):
    for _ in range(pace.MOST_REQUESTS):
        lifecycle.withdraw(make.help_request(beesd, author=riet).pk, actor=web(riet), now=NOW)
    draft = make.draft(beesd, author=riet)
    as_reader(client, riet)

    page = client.post(reverse("ask_check", args=[draft.pk]))

    assert page.status_code == 429
    assert "You posted 10 requests today" in page.content.decode()
    assert "Tomorrow at this time" in page.content.decode()
    assert HelpRequest.objects.get(pk=draft.pk).status == Status.DRAFT
    lifecycle.ask(draft.pk, actor=web(riet), now=NOW + timedelta(days=1))


def test_circle_of_one_person_gets_so_many_mails_in_a_day_also_when_they_are_taken_back(client, beesd, riet):
    people = [make.in_circle(riet, f"Els{n}") for n in range(10)]
    for _ in range(circle_mail.MOST_BY_ONE // 10):
        ask_and_withdraw(beesd, riet, *people)
    draft = make.circle_draft(beesd, *people, author=riet)
    as_reader(client, riet)

    page = client.post(reverse("ask_check", args=[draft.pk]), {"after_circle": "circle"})

    assert page.status_code == 429
    assert "Your circle had many e-mails today" in page.content.decode()
    assert CircleMail.objects.count() == circle_mail.MOST_BY_ONE


def test_address_gets_so_many_mails_in_a_day_from_all_circles_together(beesd):
    for n in range(circle_mail.MOST_TO_ONE + 1):
        author = make.neighbour(beesd, f"Buur{n}")
        els = circle.add(author, name="Els", email="els@kring.example", now=NOW)
        asked = make.circle_request(beesd, els, author=author)

    assert letters().count() == circle_mail.MOST_TO_ONE
    assert asked.circle_invites.get().told_at is None  # the last one sends a text
    asked = make.circle_request(beesd, els, author=author, now=NOW + timedelta(days=1))
    assert letters().count() == circle_mail.MOST_TO_ONE + 1


def test_changing_a_request_again_and_again_floods_nobody(beesd, riet):
    asked = make.circle_request(beesd, make.in_circle(riet), author=riet)
    deliver(NOW)

    for minutes in range(10, 100, 5):
        lifecycle.edit(asked.pk, changes={"minutes": minutes}, actor=web(riet), now=SOON)

    assert letters().count() + letters("circle.changed").count() == circle_mail.MOST_TO_ONE


def test_withdrawn_at_once_nobody_hears_that_it_is_settled_and_the_mails_stay_counted(beesd, riet):
    els = make.in_circle(riet)
    asked = make.circle_request(beesd, els, author=riet)
    deliver(NOW)

    lifecycle.withdraw(asked.pk, actor=web(riet), now=SOON)
    make.circle_request(beesd, els, author=riet, now=SOON)

    assert not letters("circle.settled").exists()
    assert CircleMail.objects.filter(fingerprint=els.fingerprint).count() == 2


def test_somebody_else_who_comes_at_once_is_told_all_the_same(beesd, riet):
    els, henk = make.in_circle(riet), make.in_circle(riet, "Henk")
    make.circle_request(beesd, els, henk, author=riet)
    deliver(NOW)

    circle.accept(CircleInvite.objects.get(contact=henk).pk, now=SOON)

    assert letters("circle.settled").get().address == els.email
    assert CircleContact.objects.count() == 2


# What is mailed


@pytest.mark.parametrize(
    "title", ["Win 500 euro op win-geld.example", "Kijk op www.win.nl", "http://win", "WIN-GELD.EXAMPLE/x nu"]
)
def test_no_web_address_is_mailed(beesd, riet, mailoutbox, title):
    els = make.in_circle(riet)
    asked = make.circle_request(beesd, els, author=riet, title=title)
    deliver(NOW)
    lifecycle.edit(asked.pk, changes={"minutes": 60}, actor=web(riet), now=SOON)
    circle.accept(asked.circle_invites.get().pk, now=SOON)
    lifecycle.withdraw(asked.pk, actor=web(riet), now=SOON)
    deliver(NOW + timedelta(hours=1))

    mails = [f"{mail.subject} {mail.body}" for mail in mailoutbox if mail.to == [els.email]]
    assert len(mails) >= 2
    assert not any("win" in mail.lower() for mail in mails)
    assert "Boodschappen, " in mails[0]


def test_ordinary_title_is_mailed_as_it_is_with_who_asks_and_where(beesd, riet, mailoutbox):
    els = make.in_circle(riet)
    make.circle_request(beesd, els, author=riet, title="Graag a.u.b. om 16.00 uur brood e.d. halen")
    deliver(NOW)

    letter = next(mail.body for mail in mailoutbox if mail.to == [els.email])
    assert "Graag a.u.b. om 16.00 uur brood e.d. halen" in letter
    assert "Riet in Beesd" in letter
    assert "Ken je Riet niet? Kies dan: " in letter


def test_web_address_is_no_first_name(beesd, mailoutbox):
    author = make.neighbour(beesd, "win-geld.example")
    els = make.in_circle(author)
    make.circle_request(beesd, els, author=author)
    deliver(NOW)

    letter = next(mail for mail in mailoutbox if mail.to == [els.email])
    assert "win-geld" not in f"{letter.subject} {letter.body}"
