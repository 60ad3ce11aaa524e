"""The door of the admin: the login of the site, a second factor in this session, and for others no door at all."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import User
from tests import make, team

INDEX = "/beheer/"
ADDRESSES = [
    *("/beheer/", "/beheer/login/", "/beheer/logout/", "/beheer/jsi18n/", "/beheer/autocomplete/", "/beheer/zomaar/"),
    *("/beheer/requests_app/", "/beheer/requests_app/helprequest/", "/beheer/requests_app/helprequest/1/change/"),
    *("/beheer/accounts/user/add/", "/beheer/villages/village/1/history/", "/beheer/r/1/1/"),
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make.municipality()


@pytest.fixture
def colleague(place):
    return team.colleague(place)


def log_in(client: Client, user: User, onwards: str = INDEX) -> str:
    """By the mailed code, as everybody; answers where that leads."""
    client.post(f"{reverse('account_request_login_code')}?next={onwards}", {"email": user.email, "next": onwards})
    code = client.session["account_login"]["state"]["stages"]["login_by_code"]["data"]["code"]
    answer = client.post(reverse("account_confirm_login_code"), {"code": code, "next": onwards})
    return answer.url


@pytest.mark.parametrize("address", [address for address in ADDRESSES if "logout" not in address])
def test_visitor_is_sent_to_the_login_of_the_site(client, address):
    answer = client.get(address, follow=True)

    assert answer.request["PATH_INFO"] == reverse("account_login")
    assert 'type="password"' not in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_admin_does_not_exist_for_who_does_not_work_here(client, address, method):
    client.force_login(make.user())

    answer = getattr(client, method)(address, {"username": "x", "password": "y"})

    assert answer.status_code == 404


def test_every_address_of_the_admin_is_behind_the_same_door():
    patterns, _app, _name = admin.site.urls
    names = {pattern.name for pattern in patterns if getattr(pattern, "name", None)}

    assert names == {"index", "login", "logout", "autocomplete", "jsi18n", "app_list"}
    assert not [name for name in get_resolver().reverse_dict if str(name).startswith("password")]


def test_admin_has_no_form_to_log_in_with(client, colleague):
    colleague.set_password("secret")
    colleague.save()

    answer = client.post("/beheer/login/?next=/beheer/", {"username": colleague.email, "password": "secret"})

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_staff_without_an_authenticator_set_one_up_and_come_in_with_its_code(client, colleague):
    assert log_in(client, colleague) == INDEX

    page = client.get(INDEX, follow=True)
    assert page.request["PATH_INFO"] == reverse("mfa_activate_totp")

    seed = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": team.code_of(seed)})
    assert Authenticator.objects.filter(user=colleague, type="totp").exists()

    page = client.get(INDEX, follow=True)
    assert page.request["PATH_INFO"] == reverse("mfa_reauthenticate")

    page = client.post(reverse("mfa_reauthenticate"), {"code": team.code_of(seed), "next": INDEX}, follow=True)
    assert page.request["PATH_INFO"] == INDEX
    assert page.status_code == 200


def test_staff_with_an_authenticator_give_its_code_while_logging_in(client, colleague):
    team.with_authenticator(colleague)

    assert log_in(client, colleague) == reverse("mfa_authenticate")
    assert client.get(INDEX).status_code == 302

    client.post(reverse("mfa_authenticate"), {"code": team.code_of()})
    assert client.get(INDEX).status_code == 200


def test_wrong_code_of_the_authenticator_opens_nothing(client, colleague):
    team.with_authenticator(colleague)
    log_in(client, colleague)

    client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert client.get(INDEX).status_code == 302
    assert "_auth_user_id" not in client.session


def test_staff_logged_in_without_the_second_factor_are_asked_for_it(client, colleague):
    team.with_authenticator(colleague)
    client.force_login(colleague)
    wanted = "/beheer/villages/village/"

    asked = client.get(wanted, follow=True)
    answer = client.post(f"{asked.request['PATH_INFO']}?next={wanted}", {"code": team.code_of(), "next": wanted})

    assert asked.request["PATH_INFO"] == reverse("mfa_reauthenticate")
    assert answer.url == wanted
    assert client.get(wanted).status_code == 200


def test_second_factor_of_another_login_does_not_count(colleague, place):
    client = team.at_work(colleague)
    another = team.with_authenticator(team.colleague(place))

    assert client.get(INDEX).status_code == 200
    client.force_login(another)

    assert client.get(INDEX).status_code == 302


def test_who_took_the_authenticator_away_is_asked_to_set_one_up(colleague):
    client = team.at_work(colleague)
    Authenticator.objects.filter(user=colleague).delete()

    page = client.get(INDEX, follow=True)

    assert page.request["PATH_INFO"] == reverse("mfa_activate_totp")


def test_lost_phone_is_forgotten_by_a_superuser_only(colleague, place):
    team.with_authenticator(colleague)
    request = {"action": "forget_authenticator", "_selected_action": [colleague.pk]}
    other = team.at_work(team.colleague(place))
    page = other.get(f"/beheer/accounts/user/{colleague.pk}/change/")

    other.post("/beheer/accounts/user/", request)
    kept = Authenticator.objects.filter(user=colleague).exists()
    team.at_work(team.superuser()).post("/beheer/accounts/user/", request)

    assert page.context["verbs"] == []
    assert kept
    assert not Authenticator.objects.filter(user=colleague).exists()


def test_pages_of_the_team_are_not_kept_by_the_browser(colleague):
    client = team.at_work(colleague)

    for address in (INDEX, "/beheer/requests_app/helprequest/", "/beheer/villages/contactperson/add/"):
        assert "no-store" in client.get(address)["Cache-Control"]


@pytest.mark.parametrize(
    ("change", "page", "status"), [({"is_staff": False}, INDEX, 404), ({"is_active": False}, "/inloggen/", 200)]
)
def test_who_stops_working_here_is_out_at_once(colleague, change, page, status):
    client = team.at_work(colleague)
    User.objects.filter(pk=colleague.pk).update(**change)

    answer = client.get(INDEX, follow=True)

    assert (answer.request["PATH_INFO"], answer.status_code) == (page, status)


def test_address_elsewhere_is_no_way_on(colleague):
    client = team.at_work(colleague)

    answer = client.get("/beheer/login/?next=https://evil.example/")

    assert answer.url == INDEX


def test_logging_out_of_the_admin_logs_out_of_the_site(colleague):
    client = team.at_work(colleague)

    looked = client.get("/beheer/logout/")
    still = client.get(INDEX)
    left = client.post("/beheer/logout/")

    assert looked.status_code == 302
    assert still.status_code == 200
    assert left.url == reverse("home")
    assert client.get(INDEX).status_code == 302
