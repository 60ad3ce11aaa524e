"""Signing in: one question for everybody, a code by mail, and nothing that tells a stranger who takes part."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from notifications.delivery import deliver
from notifications.mail_adapter import AccountAdapter
from notifications.models import Message, State
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def riet():
    return make.user("Riet", email="riet@voorbeeld.nl")


def ask_for_code(client, email, **extra):
    return client.post(reverse("account_login"), {"email": email, **extra}, follow=True)


def type_code(client, code, **extra):
    return client.post(reverse("account_confirm_login_code"), {"code": code, **extra})


def newest_code():
    return Message.objects.filter(kind="account.code").latest("pk").params["code"]


def start():
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def signed_in(client):
    return client.session.get("_auth_user_id")


def test_code_comes_by_mail_and_opens_the_door(client, riet):
    ask_for_code(client, "Riet@Voorbeeld.nl")
    code = newest_code()
    deliver(timezone.now())

    response = type_code(client, f"{code[:3]} {code[3:]}")

    assert (response.status_code, response.url) == (302, start())
    assert signed_in(client) == str(riet.pk)
    (letter,) = mail.outbox
    assert letter.to == ["riet@voorbeeld.nl"]
    assert letter.subject == f"Je code is {code[:3]} {code[3:]}"
    assert "15 minuten" in letter.body


def test_new_address_gets_a_code_and_an_account_once_it_is_typed(client):
    ask_for_code(client, "new@voorbeeld.nl")

    assert User.objects.count() == 0
    assert Message.objects.get().address == "new@voorbeeld.nl"
    type_code(client, newest_code())

    user = User.objects.get()
    assert (user.email, user.first_name, user.has_usable_password()) == ("new@voorbeeld.nl", "", False)
    assert signed_in(client) == str(user.pk)


def test_stranger_cannot_see_whether_an_address_is_known(client, riet):
    answers = []
    for email in ("riet@voorbeeld.nl", "none@voorbeeld.nl"):
        client.cookies.clear()
        asked = ask_for_code(client, email)
        wrong = type_code(client, "000000")
        answers.append((asked.redirect_chain, asked.status_code, wrong.status_code))

    assert answers[0] == answers[1]
    assert Message.objects.filter(kind="account.code").count() == 2


def test_wrong_code_is_told_and_keeps_the_door_shut(client, riet):
    ask_for_code(client, riet.email)
    right = newest_code()

    response = type_code(client, "999999" if right != "999999" else "111111")

    assert response.status_code == 422
    assert "Deze code klopt niet" in response.content.decode()
    assert not signed_in(client)


def test_too_many_wrong_codes_need_a_new_one(client, riet):
    ask_for_code(client, riet.email)
    code = newest_code()
    wrong = "999999" if code != "999999" else "111111"

    for _ in range(5):
        type_code(client, wrong)
    type_code(client, code)

    assert not signed_in(client)


def test_old_code_does_not_work_and_says_so(client, riet):
    ask_for_code(client, riet.email)
    code = newest_code()

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        response = client.post(reverse("account_confirm_login_code"), {"code": code}, follow=True)

    assert not signed_in(client)
    assert response.redirect_chain[0][0].startswith(reverse("account_login"))


def test_code_that_waited_too_long_is_not_sent_any_more(client, riet):
    ask_for_code(client, riet.email)

    deliver(timezone.now() + timedelta(minutes=16))

    assert mail.outbox == []
    assert Message.objects.get().state == State.DROPPED


def test_new_code_replaces_the_first_one(client):
    ask_for_code(client, "new@voorbeeld.nl")
    first = newest_code()
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    second = newest_code()

    assert Message.objects.count() == 2
    if first != second:
        assert type_code(client, first).status_code == 422
    type_code(client, second)
    assert signed_in(client)


def test_code_sent_again_works_as_long_as_the_first(client):
    begun = timezone.now()
    ask_for_code(client, "new@voorbeeld.nl")
    with time_machine.travel(begun + timedelta(minutes=14)):
        client.post(reverse("account_confirm_login_code"), {"action": "resend"})

    with time_machine.travel(begun + timedelta(minutes=28)):
        type_code(client, newest_code())

    assert signed_in(client)


def test_code_of_somebody_elses_browser_does_not_work(client, riet, django_user_model):
    ask_for_code(client, riet.email)
    other = client.__class__()

    response = type_code(other, newest_code())

    assert (response.status_code, response.url) == (302, reverse("account_login"))
    assert not signed_in(other)


def test_somebody_who_was_shut_out_cannot_come_in(client, riet):
    User.objects.update(is_active=False)
    ask_for_code(client, riet.email)

    response = type_code(client, newest_code())

    assert (response.status_code, response.url) == (302, reverse("account_inactive"))
    assert not signed_in(client)
    assert User.objects.count() == 1


def test_changed_address_opens_the_door_and_the_old_one_does_not(client, riet):
    ask_for_code(client, "riet@voorbeeld.nl")
    type_code(client, newest_code())
    User.objects.filter(pk=riet.pk).update(email="nieuw@voorbeeld.nl")
    with_new, with_old = client.__class__(), client.__class__()

    for browser, email in ((with_old, "riet@voorbeeld.nl"), (with_new, "nieuw@voorbeeld.nl")):
        ask_for_code(browser, email)
        type_code(browser, newest_code())

    assert signed_in(with_new) == str(riet.pk)
    assert signed_in(with_old) not in {None, str(riet.pk)}


def test_page_that_was_asked_for_follows_the_login(client, riet):
    ask_for_code(client, riet.email, next="/berichten/")

    response = type_code(client, newest_code(), next="/berichten/")

    assert response.url == "/berichten/"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_login_leads_to_no_other_site(client, riet, elsewhere):
    ask_for_code(client, riet.email, next=elsewhere)

    response = type_code(client, newest_code(), next=elsewhere)

    assert response.url == start()


@pytest.mark.parametrize("email", ["", "no address", "nul\x00@voorbeeld.nl", "é" * 400 + "@voorbeeld.nl", "a@b"])
def test_strange_address_gets_a_clear_answer(client, email):
    response = ask_for_code(client, email)

    assert response.status_code == 422
    assert Message.objects.count() == 0


def test_address_in_a_wrong_encoding_gets_a_clear_answer(client):
    form = "application/x-www-form-urlencoded"

    response = client.post(reverse("account_login"), b"email=%ed%a0%80%ff@voorbeeld.nl", content_type=form)

    assert response.status_code == 422


@pytest.mark.parametrize("code", ["", "\x00", "é" * 6, "9" * 4000, "½½½½½½"])
def test_strange_code_gets_a_clear_answer(client, riet, code):
    ask_for_code(client, riet.email)

    assert type_code(client, code).status_code == 422


def test_asking_for_codes_has_an_end(client, riet):
    for _ in range(5):
        client.cookies.clear()
        ask_for_code(client, riet.email)
    client.cookies.clear()

    response = ask_for_code(client, riet.email)

    assert response.status_code == 422
    assert Message.objects.count() == 5


def test_code_is_in_the_language_of_who_asks(client):
    client.cookies["django_language"] = "en"
    ask_for_code(client, "john@voorbeeld.nl")

    deliver(timezone.now())

    assert mail.outbox[0].subject.startswith("Your code is")


def test_newcomer_keeps_the_language_they_joined_in(client):
    client.cookies["django_language"] = "en"
    ask_for_code(client, "john@voorbeeld.nl")

    type_code(client, newest_code())

    assert User.objects.get().language == "en"


def test_code_is_wiped_once_it_is_sent(client, riet):
    ask_for_code(client, riet.email)

    deliver(timezone.now())

    assert Message.objects.get().params == {}


def test_mail_without_words_of_ours_is_not_sent_in_words_of_others(rf):
    with pytest.raises(LookupError, match="no words"):
        AccountAdapter(rf.get("/")).send_mail("account/email/unknown_account", "riet@voorbeeld.nl", {})


def test_pages_with_passwords_do_not_exist(client):
    for path in ("signup/", "password/reset/", "password/change/", "email/", "login/"):
        assert client.get(f"/inloggen/{path}").status_code == 404


@pytest.mark.django_db
def test_page_to_confirm_an_address_leads_on_who_is_signed_in_and_who_is_not(client):
    assert client.get(reverse("account_email_verification_sent")).url.startswith(reverse("account_login"))
    client.force_login(make.user())

    assert client.get(reverse("account_email_verification_sent")).url == reverse("start")
