"""What was typed when the login had run out, or when a page was too old: it stands in its form again, and waits."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import kept
from notifications.models import Message
from requests_app.models import HelpRequest
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

WORDS = "Kan iemand mijn boodschappen halen?"
WHAT = {"category": "groceries", "text": WORDS, "title": "De Spar", "slots": "2"}
HTMX = {"HX-Request": "true"}
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def clock():
    cache.clear()  # how often somebody asked for a code
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def riet(beesd):
    return make.resident(beesd, "Riet")


@pytest.fixture
def strict():
    """A browser whose forms are looked at as real ones are."""
    return Client(enforce_csrf_checks=True)


def log_in(client, user, to):
    """By the mailed code, from the login page that the browser was sent to; answers where it ends."""
    there = {"next": unquote(to.partition("next=")[2])}
    client.post(to, {"email": user.email, **there})
    code = Message.objects.filter(kind="account.code").latest("pk").params["code"]
    return client.post(reverse("account_confirm_login_code"), {"code": code, **there})


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["without htmx", "with htmx"])
def test_words_typed_while_the_login_ran_out_stand_in_the_form_after_it(client, riet, headers):
    page = reverse("ask")
    here = {"HX-Current-URL": f"http://testserver{page}"} if headers else {}

    sent = client.post(page, WHAT, headers=headers | here)
    to = sent.headers.get("HX-Redirect") or sent.headers["Location"]
    login = client.get(to).content.decode()
    entered = log_in(client, riet, to)
    form = client.get(entered.url)

    assert "Je tekst is bewaard" in login
    assert entered.url == page
    assert f"{WORDS}</textarea>" in form.content.decode()
    assert 'value="De Spar"' in form.content.decode()
    assert form.context["form"]["slots"].value() == "2"
    assert not HelpRequest.objects.exists()  # nothing is sent by itself
    assert client.session.get_expiry_age() > 80 * 86_400  # the login lives as long as any


def test_words_are_kept_until_they_are_sent(client, riet):
    client.post(reverse("ask"), WHAT)
    client.force_login(riet)
    assert WORDS in client.get(reverse("ask")).content.decode()
    assert WORDS in client.get(reverse("ask")).content.decode()

    client.post(reverse("ask"), WHAT)

    assert kept.SESSION_KEY not in client.session
    assert HelpRequest.objects.get().text == WORDS


def test_change_of_a_posted_request_is_kept_with_the_version_it_was_made_from(client, riet, beesd):
    help_request = make.help_request(beesd, author=riet)
    page = reverse("edit", args=[help_request.pk])
    client.post(page, {"text": "Iets anders graag", "version": "7"})
    client.force_login(riet)

    form = client.get(page).context["form"]

    assert form["text"].value() == "Iets anders graag"
    assert form["version"].value() == "7"
    assert form["title"].value() == "Boodschappen van de Spar"


def test_choices_of_a_volunteer_are_kept_though_their_form_has_another_address(client, beesd):
    samira = make.volunteer(beesd, "Samira")
    client.post(reverse("volunteer_limits"), {"week_limit": "1", "month_limit": "2", "categories": ["tech", "walk"]})
    client.force_login(samira.user)

    form = client.get(reverse("volunteer_limits"), follow=True).context["limits"]

    assert (form["week_limit"].value(), form["categories"].value()) == ("1", ["tech", "walk"])


def test_street_of_a_newcomer_is_kept_and_not_stored_by_looking(client, riet):
    client.post(reverse("welcome_street"), {"street": "Molendijk"})
    client.force_login(riet)

    assert 'value="Molendijk"' in client.get(reverse("welcome_street")).content.decode()
    assert riet.residencies.get().street == "Voorstraat"


def test_words_are_not_shown_in_another_form_nor_after_an_hour(client, riet, clock):
    client.post(reverse("ask"), WHAT)
    client.force_login(riet)
    assert WORDS not in client.get(reverse("welcome_street")).content.decode()

    clock.move_to(NOW + timedelta(seconds=kept.FOR + 1))

    assert WORDS not in client.get(reverse("ask")).content.decode()


@pytest.mark.parametrize(
    ("page", "typed"),
    [("join", {"code": "BEESD234"}), ("inbox", {"text": WORDS}), ("ask", {"text": "a" * 30_000}), ("ask", {})],
)
def test_codes_endless_texts_and_buttons_are_not_kept(client, page, typed):
    client.post(reverse(page), typed)

    assert kept.SESSION_KEY not in client.session


@pytest.mark.parametrize("is_in", [True, False], ids=["logged in", "logged out"])
def test_form_with_an_old_token_is_kept_to_look_at_and_send_again(strict, riet, is_in):
    if is_in:
        strict.force_login(riet)
    page = reverse("ask")

    refused = strict.post(page, WHAT | {"csrfmiddlewaretoken": "x" * 64}, headers=OURS)
    strict.force_login(riet)
    form = strict.get(page)

    assert refused.status_code == 403
    assert "Je tekst is bewaard" in refused.content.decode()
    assert f'href="{page}"' in refused.content.decode()
    assert "<form" not in refused.content.decode().split("<main")[1].split("</main")[0]  # nothing to confirm unseen
    assert WORDS in form.content.decode()
    assert not HelpRequest.objects.exists()
    fresh = form.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert strict.post(page, WHAT | {"csrfmiddlewaretoken": fresh}, headers=OURS).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_form_of_somebody_elses_page_is_not_kept(strict, riet, headers):
    strict.force_login(riet)

    refused = strict.post(reverse("ask"), WHAT, headers=headers)

    assert refused.status_code == 403
    assert "Je tekst is bewaard" not in refused.content.decode()
    assert kept.SESSION_KEY not in strict.session


def test_old_browser_that_names_only_the_origin_keeps_too(strict, riet):
    strict.force_login(riet)

    strict.post(reverse("ask"), WHAT, headers={"Origin": "http://testserver"})

    assert strict.session[kept.SESSION_KEY]["fields"]["text"] == [WORDS]


def test_button_with_an_old_token_does_nothing_and_cannot_be_confirmed(strict, beesd):
    help_request = make.help_request(beesd)
    strict.force_login(make.neighbour(beesd))

    refused = strict.post(reverse("take", args=[help_request.pk]), headers=OURS)

    assert refused.status_code == 403
    assert kept.SESSION_KEY not in strict.session
