"""What everybody may see: the first page, all villages, one village. Never a word the asker wrote."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.actors import web
from accounts.models import Municipality
from requests_app import offers
from tests import make
from villages.models import Tally, Village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

# Words only an asker could have written, in every column an asker fills in.
PLANTED = {
    "title": "Kruidnagelkoekjes",
    "text": "Zeepaardjesgordijn",
    "street": "Wapperplantsoen",
    "address": "Wapperplantsoen 99",
}
SECRETS = [*PLANTED.values(), "Ottoliena"]


@pytest.fixture
def beesd():
    village = make.village("Beesd", of=make.municipality("West Betuwe"))
    Village.objects.filter(pk=village.pk).update(slug="beesd")
    village.refresh_from_db()
    return village


@pytest.fixture
def english_client(client):
    client.cookies["django_language"] = "en"
    return client


def text_of(response):
    return response.content.decode()


def plant(village, **fields):
    author = make.neighbour(village, "Ottoliena", street=PLANTED["street"])
    return make.help_request(village, author=author, **{**PLANTED, **fields})


@pytest.mark.parametrize("url", ["/", "/dorp/beesd/", "/dorpen/", "/dorpen/?q=bee"])
def test_visitor_never_reads_a_word_of_the_asker(english_client, beesd, url):
    plant(beesd)
    plant(beesd, part="any", help_on=None, place="village", place_text="Zeepaardjesgordijn")

    page = text_of(english_client.get(url))

    assert [secret for secret in SECRETS if secret in page] == []


@pytest.mark.parametrize("url", ["/", "/dorp/beesd/"])
def test_visitor_sees_category_part_of_the_day_and_length(english_client, beesd, url):
    plant(beesd)
    at = datetime(2026, 3, 12, 9, 15, tzinfo=UTC)
    plant(beesd, category="house", part="fixed", help_at=at, minutes=None)

    page = text_of(english_client.get(url))

    assert page.count('class="card req"') == 2
    for words in ("Groceries", "In the afternoon", "About 30 minutes"):
        assert words in page
    for words in ("Job in the house", "In the morning", "As long as you like"):
        assert words in page
    assert "10:15" not in page


def test_visitor_sees_at_most_three_requests_and_only_open_ones(english_client, beesd):
    for _ in range(5):
        plant(beesd)
    hidden = plant(beesd, category="pet")
    type(hidden).objects.filter(pk=hidden.pk).update(hidden_at=make.NOW, help_on="2026-03-11")

    page = text_of(english_client.get("/dorp/beesd/"))

    assert page.count('class="card req"') == 3
    assert "Pet" not in page


def test_request_that_somebody_took_is_not_shown_to_visitors(english_client, beesd):
    taken = plant(beesd, category="pet")
    joris = make.neighbour(beesd, "Joris")
    offers.say_yes(taken.pk, helper=joris, actor=web(joris), now=make.NOW)

    assert "card req" not in text_of(english_client.get("/dorp/beesd/"))


def test_request_for_volunteers_only_is_not_shown_to_visitors(english_client, beesd):
    plant(beesd, audience="volunteers")

    assert "card req" not in text_of(english_client.get("/dorp/beesd/"))


def test_home_shows_the_villages_that_are_on(english_client, beesd):
    make.village("Acquoy", on=False)

    page = text_of(english_client.get("/"))

    assert reverse("village", args=["beesd"]) in page
    assert "Acquoy" not in page


def test_home_without_any_village_still_works(english_client):
    response = english_client.get("/")

    assert response.status_code == 200
    assert "How it works" in text_of(response)


def test_village_that_was_looked_at_stays_on_the_first_page(english_client, beesd):
    grolloo = make.village("Grolloo")
    for village in (beesd, grolloo, grolloo):
        plant(village)

    assert "For example in Grolloo." in text_of(english_client.get("/"))
    english_client.get("/dorp/beesd/")

    page = text_of(english_client.get("/"))
    assert "For example in Beesd." in page
    assert "Marieke is the contact person of Beesd." in page


def test_village_shows_contact_person_phone_and_hours(english_client, beesd):
    page = text_of(english_client.get("/dorp/beesd/"))

    assert "06 12345678" not in page
    for words in ("Marieke", "06 - 12 34 56 78", "Maandag tot en met vrijdag, 9.00 tot 17.00 uur."):
        assert words in page


@pytest.mark.parametrize(
    ("neighbours", "words"),
    [(0, "SamSam is new in"), (9, "A few neighbours take part"), (10, "10 neighbours take part")],
)
def test_small_figure_is_put_in_words(english_client, beesd, neighbours, words):
    Tally.add(beesd.pk, neighbours=neighbours)

    page = text_of(english_client.get("/dorp/beesd/"))

    assert words in page
    assert "9 neighbours" not in page
    assert ("A few" in page) == (neighbours == 9)


def test_place_that_is_not_on_says_so_with_its_municipality(english_client):
    off = make.village("Acquoy", on=False, of=make.municipality("West Betuwe"))

    page = text_of(english_client.get(reverse("village", args=[off.slug])))

    assert "SamSam is not in Acquoy yet. The municipality of West Betuwe can switch it on." in page
    assert "card req" not in page


@pytest.mark.parametrize("typed", ["acq", "ACQUOY", " acquoy ", "quoy"])
def test_every_place_is_found_by_its_name(english_client, typed):
    make.village("Acquoy", on=False, of=make.municipality("West Betuwe"))

    page = text_of(english_client.get("/dorpen/", {"q": typed}))

    assert "<strong>Acquoy</strong>: SamSam is not here yet. The municipality of West Betuwe can switch it on." in page


def test_villages_that_are_on_are_found_first_and_the_list_is_bounded(english_client):
    of = make.municipality("Gemeente")
    Village.objects.bulk_create(
        Village(municipality=of, name=f"Den Ham {number:02}", slug=f"den-ham-{number}") for number in range(40)
    )
    on = make.village("Zuid Den Ham")

    page = text_of(english_client.get("/dorpen/", {"q": "den ham"}))

    assert page.index(on.name) < page.index("Den Ham 00")
    assert page.count("Den Ham") == 20 + 1  # found, and once among those that are on


def test_sources_of_the_places_are_named(english_client):
    page = text_of(english_client.get("/dorpen/"))

    assert "GeoNames" in page
    assert "CBS and Kadaster (CC BY 4.0)" in page


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/dorpen/?q=%00", 400),
        ("/dorpen/?q=" + "x" * 5000, 400),
        ("/dorpen/?q=%ff%fe", 200),
        ("/dorpen/?q=%25_'\"<script>", 200),
        ("/dorp/nergens/", 404),
        ("/dorp/%00/", 404),
        ("/dorp/" + "x" * 5000 + "/", 404),
    ],
)
def test_odd_input_gets_a_plain_page(english_client, url, status):
    response = english_client.get(url)

    assert response.status_code == status
    assert '<script>"' not in text_of(response)
    assert "</html>" in text_of(response)


def test_cookie_with_an_unknown_village_is_passed_over(english_client, beesd):
    for odd in ("nergens", "x" * 200, "\\000"):
        english_client.cookies["village"] = odd
        assert english_client.get("/").status_code == 200


def test_neighbour_finds_the_own_village_on_the_first_page(english_client, beesd):
    english_client.force_login(make.neighbour(beesd, "Riet"))

    page = text_of(english_client.get("/"))

    assert "You live in Beesd" in page
    assert reverse("board") in page
    assert "Which village do you live in?" not in page


def test_page_of_the_own_village_leads_to_the_board_and_of_another_does_not_invite(english_client, beesd):
    plant(beesd)
    english_client.force_login(make.neighbour(beesd, "Riet"))

    own = text_of(english_client.get("/dorp/beesd/"))
    other = text_of(english_client.get(reverse("village", args=[make.village("Grolloo").slug])))

    assert reverse("board") in own
    assert "card req" not in own
    assert "Do you live here too?" not in own + other


@pytest.mark.parametrize("count", [1, 12])
def test_query_count_does_not_grow_with_villages(client, beesd, count, django_assert_num_queries):
    for _ in range(count):
        plant(make.village())

    with django_assert_num_queries(3):  # the liveliest village, its cards, the villages that are on
        client.get("/")


def test_all_villages_of_two_names_show_their_municipality(english_client):
    for name in ("Buren", "West Betuwe"):
        village = make.village("Buurmalsen", of=Municipality.objects.create(code=name[:6], name=name))
        Village.objects.filter(pk=village.pk).update(shares_name=True)

    page = text_of(english_client.get("/dorpen/"))

    assert "Buurmalsen (Buren)" in page
    assert "Buurmalsen (West Betuwe)" in page


def test_number_of_places_found_is_told_and_is_still_a_heading(english_client):
    page = english_client.get("/dorpen/", {"q": "bee"}).content.decode()

    assert '<div role="status"><h2 id="found">' in page
