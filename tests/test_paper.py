"""What leaves the screen: for everybody a poster without a code, for staff of that village a letter and a list."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from structlog.testing import capture_logs

from accounts.actors import web
from requests_app import offers
from tests import make, team
from tests.make import NOW
from villages.models import Village

pytestmark = pytest.mark.django_db
STAFF_PAGES = ["village_letter", "table_list"]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def village():
    return make.village("Beesd")


@pytest.fixture
def desk(village):
    return english(team.at_work(team.colleague(village.municipality)))


def english(client):
    client.cookies["django_language"] = "en"
    return client


def page(client, name, village):
    answer = client.get(reverse(name, args=[village.slug]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_poster_shows_where_to_go_and_whom_to_call(client, village, settings):
    settings.SITE_URL = "https://samsam.example"

    poster = page(english(client), "poster", village)

    assert f"Or go to <strong>samsam.example/dorp/{village.slug}</strong>" in poster
    assert poster.count("<b>SamSam Beesd</b><br>06 - 12 34 56 78<br>") == 8
    assert "<path" in poster.split('class="poster__qr"')[1].split("</div>")[0]


def test_square_on_the_poster_holds_the_public_address_and_nothing_else(client, village, settings, monkeypatch):
    settings.SITE_URL = "https://samsam.example"
    drawn = []
    monkeypatch.setattr("samsam.templatetags.ui.segno.make", lambda text, **_: drawn.append(text) or _Square())

    page(client, "poster", village)

    assert drawn == [f"https://samsam.example/dorp/{village.slug}/"]


class _Square:
    def svg_inline(self, **_):
        return "<svg></svg>"


@pytest.mark.parametrize("name", ["poster", "village"])
def test_code_of_the_letter_stands_on_no_public_page(client, village, name):
    shown = page(client, name, village)

    assert village.letter_code not in shown
    assert village.letter_code[:4] + " " + village.letter_code[4:] not in shown


def test_poster_is_for_villages_that_are_on_and_their_page_leads_to_it(client, village):
    off = make.village("Acquoy", on=False)

    assert client.get(reverse("poster", args=[off.slug])).status_code == 404
    assert reverse("poster", args=[village.slug]) in page(client, "village", village)


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_letter_and_list_are_for_staff_of_that_village(client, village, name):
    url = reverse(name, args=[village.slug])
    elsewhere = team.at_work(team.colleague(make.municipality()))
    neighbour, contact = make.neighbour(village), village.contact_person.user

    visitor = client.get(url)
    client.force_login(neighbour)
    resident = client.get(url)
    client.force_login(contact)  # the second factor was not shown
    without_second_factor = client.get(url)

    assert visitor.status_code == without_second_factor.status_code == 302
    assert resident.status_code == elsewhere.get(url).status_code == 404
    own = team.at_work(contact).get(url)
    assert own.status_code == 200
    assert "no-store" in own["Cache-Control"]


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_letter_and_list_of_a_village_that_is_off_are_not_there(desk, village, name):
    Village.objects.filter(pk=village.pk).update(switched_on_at=None)

    assert desk.get(reverse(name, args=[village.slug])).status_code == 404


@pytest.mark.parametrize(
    ("name", "what"), [("village_letter", "letter_looked_at"), ("table_list", "table_list_looked_at")]
)
def test_each_look_of_staff_is_noted_with_numbers_only(desk, village, name, what):
    with capture_logs() as logs:
        page(desk, name, village)

    noted = [line for line in logs if line["event"] == what]
    assert [(line["pk"], line["road"]) for line in noted] == [(village.pk, "staff")]
    assert village.letter_code not in str(logs)


def test_letter_has_the_code_until_when_it_works_and_whom_to_call(desk, village):
    Village.objects.filter(pk=village.pk).update(letter_code="ABCD2345", letter_code_until=NOW + timedelta(days=2))

    letter = page(desk, "village_letter", village)

    assert "<strong>ABCD 2345</strong>" in letter
    assert "The code works until Thursday 12 March." in letter
    assert "06 - 12 34 56 78" in letter


def test_letter_with_a_code_that_is_too_old_is_not_printed(desk, village):
    Village.objects.filter(pk=village.pk).update(letter_code="ABCD2345", letter_code_until=NOW)

    letter = page(desk, "village_letter", village)

    assert "ABCD 2345" not in letter
    assert "The code on the letter is too old" in letter


def test_list_shows_what_neighbours_may_see_and_how_to_answer_by_phone(desk, village):
    help_request = make.help_request(village, address="Voorstraat 12", slots=2, text="Van de Spar")

    shown = page(desk, "table_list", village)

    for words in (
        "Boodschappen van de Spar</h2>",
        f"Request {help_request.pk} · Riet, Voorstraat</p>",
        "Thursday 12 March, in the afternoon · About 30 minutes · 2 more people needed",
        "Call Marieke and say the number of the request.",
        "06 - 12 34 56 78",
        "Printed Tuesday 10 March at 9:10.",
    ):
        assert words in shown
    assert "Voorstraat 12" not in shown
    assert help_request.author.email not in shown


def test_list_leaves_out_what_is_not_for_every_neighbour_of_this_village(desk, village):
    make.help_request(village, title="Alleen vrijwilligers", audience="volunteers")
    make.help_request(make.village(), title="Ander dorp")
    hidden = make.help_request(village, title="Verborgen")
    type(hidden).objects.filter(pk=hidden.pk).update(hidden_at=NOW)
    taken = make.help_request(village, title="Geregeld")
    joris = make.neighbour(village, "Joris")
    offers.say_yes(taken.pk, helper=joris, actor=web(joris), now=NOW)

    shown = page(desk, "table_list", village)

    assert "No requests in Beesd right now." in shown
    assert [title for title in ("Alleen vrij", "Ander dorp", "Verborgen", "Geregeld") if title in shown] == []


@pytest.mark.parametrize("count", [1, 4])
def test_list_asks_the_database_no_more_for_more_requests(desk, village, count, django_assert_max_num_queries):
    for _ in range(count):
        make.help_request(village)

    with django_assert_max_num_queries(12):
        shown = page(desk, "table_list", village)

    assert shown.count("<li><h2>") == count


def test_page_of_the_village_in_admin_leads_to_all_three(desk, village):
    shown = desk.get(reverse("admin:villages_village_change", args=[village.pk])).content.decode()

    for name in ("poster", *STAFF_PAGES):
        assert reverse(name, args=[village.slug]) in shown
