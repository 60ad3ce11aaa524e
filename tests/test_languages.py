"""A page speaks one language: what a reader of Dutch and a reader of English both see is a name or a number."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actors import web
from requests_app import offers
from requests_app.models import Part, RequestAsk
from tests import make
from volunteers.models import Ask

SPOKEN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title", "content", "data-busy"}
# The same in both languages.
SAME = {"SamSam", "Nederlands", "English", "code", "112", "nl", "en"}


class Texts(HTMLParser):
    """Every text of a page that somebody reads or hears."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}
        named = dict(attrs)
        if tag != "meta":
            self.found |= {value.strip() for name, value in attrs if name in SPOKEN_ATTRIBUTES and value}
        if tag == "input" and named.get("type") == "submit":
            self.found.add(named.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent and re.search(r"[^\W\d_]{2}", data):
            self.found.add(" ".join(data.split()))


def in_both(client, address: str, *names: str, status: int = 200) -> set[str]:
    """The texts that do not change with the language, apart from these names."""
    pages = []
    for language in ("nl", "en"):
        client.cookies["django_language"] = language
        response = client.get(address)
        assert response.status_code == status, address
        assert f'<html lang="{language}"' in response.content.decode()
        pages.append(Texts(response.content.decode()).found)
    both = pages[0] & pages[1] - SAME
    return {text for text in both if _without(text, *names, *SAME)}


def _without(text: str, *names: str) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return re.sub(r"[\W\d_]", "", text)


HOURS = "Maandag tot en met vrijdag, 9.00 tot 17.00 uur"  # written by the team, in its language
WRITTEN = ("Riet", "Joris", "Samira", "Voorstraat", "Boodschappen van de Spar", "Kan iemand mijn boodschappen halen?")
NAMES = ("Tigrinya", "in Beesd", "Beesd", "Marieke", "Gemeente", "Drenthe", "GeoNames", "CBS", HOURS, *WRITTEN)


@pytest.mark.parametrize("name", ["home", "village_choice", "letters", "account_login"])
def test_public_page_speaks_one_language(client, beesd, name):
    assert in_both(client, reverse(name), *NAMES) == set()


@pytest.mark.parametrize("address", ["/is-er-niet/", "/dorp/is-er-niet/"])
def test_page_that_is_not_there_speaks_one_language(client, beesd, address):
    assert in_both(client, address, *NAMES, status=404) == set()


def test_question_for_the_code_speaks_one_language(client, beesd):
    client.post(reverse("account_login"), {"email": "riet@samsam.example"})

    assert in_both(client, reverse("account_confirm_login_code"), *NAMES, "riet@samsam.example") == set()


@pytest.mark.parametrize("name", ["welcome", "welcome_street", "welcome_name", "welcome_done", "join"])
def test_joining_speaks_one_language(client, beesd, name):
    client.force_login(make.resident(beesd, "Riet"))
    address = reverse(name)
    response = client.get(address, follow=True)  # a step that is done leads on
    address = response.redirect_chain[-1][0] if response.redirect_chain else address

    assert in_both(client, address, *NAMES) == set()


@pytest.mark.parametrize("name", ["edit", "give_back", "withdraw"])
def test_steps_beside_a_request_speak_one_language(client, beesd, name):
    asked = make.help_request(beesd, now=timezone.now(), part=Part.ANY, help_on=None)
    reader = asked.author
    if name == "give_back":
        reader = make.neighbour(beesd, "Joris")
        offers.say_yes(asked.pk, helper=reader, actor=web(reader), now=timezone.now())
    client.force_login(reader)

    assert in_both(client, reverse(name, args=[asked.pk]), *NAMES) == set()


def test_village_page_speaks_one_language(client, beesd):
    assert in_both(client, reverse("village", args=[beesd.slug]), *NAMES) == set()


@pytest.mark.parametrize("name", ["board", "mine", "inbox", "volunteer", "village_choice", "home", "account_logout"])
def test_page_of_a_neighbour_speaks_one_language(client, beesd, name):
    joris = make.neighbour(beesd, "Joris")
    asked = make.help_request(beesd, now=timezone.now(), part=Part.ANY, help_on=None)
    offers.say_yes(asked.pk, helper=joris, actor=web(joris), now=timezone.now())
    make.help_request(beesd, now=timezone.now(), part=Part.ANY, help_on=None, author=joris)
    client.force_login(joris)

    assert in_both(client, reverse(name), *NAMES) == set()


@pytest.mark.parametrize("name", ["ask_what", "ask_when", "ask_who", "ask_check"])
def test_question_speaks_one_language(client, beesd, name):
    draft = make.draft(beesd, now=timezone.now(), part=Part.ANY, help_on=None)
    client.force_login(draft.author)

    assert in_both(client, reverse(name, args=[draft.pk]), *NAMES) == set()


@pytest.mark.parametrize("who", ["author", "neighbour", "helper", "volunteer"])
def test_page_of_a_request_speaks_one_language(client, beesd, who):
    now = timezone.now()
    asked = make.help_request(beesd, now=now, part=Part.ANY, help_on=None)
    volunteer = make.volunteer(beesd, "Samira")
    ask = make.ask(volunteer, asked.pk, answer=Ask.Answer.OPEN, reasons=["category", "long_not_asked", "room"])
    RequestAsk.objects.create(help_request=asked, ask=ask)
    readers = {"author": asked.author, "neighbour": make.neighbour(beesd, "Joris"), "volunteer": volunteer.user}
    if who == "helper":
        readers["helper"] = readers["neighbour"]
        offers.say_yes(asked.pk, helper=readers["helper"], actor=web(readers["helper"]), now=now)
    client.force_login(readers[who])

    assert in_both(client, reverse("help_request", args=[asked.pk]), *NAMES) == set()
    assert in_both(client, reverse("volunteer"), *NAMES) == set()


def test_text_left_in_english_is_seen():
    page = '<html><body><p>Beesd 3</p><p title="Over">Left over</p><script>var x = "code"</script></body></html>'

    assert Texts(page).found == {"Beesd 3", "Left over", "Over"}
    assert _without("Beesd 3", *NAMES) == ""
    assert _without("Left over", *NAMES) == "Leftover"
