"""The notice board: for the neighbours of one village, and nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actors import web
from requests_app import lifecycle, offers
from requests_app.categories import Category
from requests_app.models import Audience, HelpRequest, Part
from requests_app.views.board import BOARD_LENGTH
from tests import make
from tests.cast import as_reader
from tests.make import NOW
from villages.models import Residency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def joris(client, beesd):
    """Confirmed neighbour, logged in, reading English."""
    person = make.neighbour(beesd, "Joris", street="Achterstraat")
    as_reader(client, person)
    return person


def board(client, **query):
    return client.get(reverse("board"), query)


def titles(response):
    return [card.title for card in response.context["cards"]]


def test_board_shows_first_name_street_and_band_and_nothing_more(client, beesd, joris):
    riet = make.neighbour(beesd, "Riet", phone="+31687654321", email="riet.jansen@samsam.example")
    make.help_request(beesd, author=riet, address="Voorstraat 12")

    text = board(client).content.decode()

    assert "Riet, Voorstraat" in text
    assert "in the village" in text
    assert "Thursday, in the afternoon" in text
    assert "About 30 minutes" in text
    for hidden in ("Voorstraat 12", "87654321", "jansen", "samsam.example", "Kan iemand"):
        assert hidden not in text


def test_board_says_around_the_corner_in_the_same_street(client, beesd, joris):
    anneke = make.neighbour(beesd, "Anneke", street=" achterstraat")
    make.help_request(beesd, author=anneke, street=" achterstraat")

    assert board(client).context["cards"][0].band == "around the corner"


def test_board_shows_own_requests_too_and_says_so(client, beesd, joris):
    make.help_request(beesd, author=joris)

    assert board(client).context["cards"][0].band == "your own request"


def test_board_shows_the_soonest_first_after_that_what_is_settled_and_the_state_of_each(client, beesd, joris):
    make.help_request(beesd, title="Later", help_on=make.THURSDAY + timedelta(days=1))
    make.help_request(beesd, title="Donderdag")
    found = make.help_request(beesd, title="Gevonden")
    helper = make.neighbour(beesd)
    offers.say_yes(found.pk, helper=helper, actor=web(helper), now=NOW)

    response = board(client)

    assert [(card.title, card.state) for card in response.context["cards"]] == [
        ("Donderdag", "new"),
        ("Later", "new"),
        ("Gevonden", "found"),
    ]
    assert "Someone found" in response.content.decode()


@pytest.mark.parametrize("other", ["another village", "volunteers only", "contact person only", "hidden", "past"])
def test_board_leaves_out_what_is_not_for_it(client, beesd, joris, other):
    village = make.village() if other == "another village" else beesd
    help_request = make.help_request(village)
    changes = {
        "another village": {},
        "volunteers only": {"audience": Audience.VOLUNTEERS},
        "contact person only": {"audience": Audience.CONTACT},
        "hidden": {"hidden_at": NOW},
        "past": {"needed_by": NOW},
    }[other]
    if changes:
        HelpRequest.objects.filter(pk=help_request.pk).update(**changes)

    assert titles(board(client)) == []


def test_board_leaves_out_drafts_and_what_is_withdrawn(client, beesd, joris):
    make.draft(beesd)
    withdrawn = make.help_request(beesd)
    lifecycle.withdraw(withdrawn.pk, actor=web(withdrawn.author), now=NOW)

    response = board(client)

    assert titles(response) == []
    assert "No requests in Beesd right now. Lovely." in response.content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_board_takes_five_queries_whatever_its_size(client, beesd, joris, count, django_assert_max_num_queries):
    for number in range(count):
        make.help_request(beesd, author=make.neighbour(beesd))
        make.spare_offer(beesd, author=make.neighbour(beesd), places=1 + number % 6)

    # Session, user, home with the menu, cards, what neighbours do anyway.
    with django_assert_max_num_queries(5):
        response = board(client)

    assert len(titles(response)) == count


def test_board_goes_on_after_twenty_without_losing_or_repeating_one(client, beesd, joris):
    for number in range(BOARD_LENGTH + 3):
        make.help_request(beesd, author=make.neighbour(beesd), title=f"Vraag {number}")

    first = board(client)
    second = client.get(first.context["next_url"])

    assert len(titles(first)) == BOARD_LENGTH
    assert sorted(titles(first) + titles(second)) == sorted(f"Vraag {n}" for n in range(BOARD_LENGTH + 3))
    assert second.context["next_url"] == ""
    assert "on this page" in first.content.decode()


def test_filter_on_time_keeps_what_fits_and_what_takes_as_long_as_you_like(client, beesd, joris):
    make.help_request(beesd, author=make.neighbour(beesd), title="Kort", minutes=20)
    make.help_request(beesd, author=make.neighbour(beesd), title="Lang", minutes=60)
    make.help_request(beesd, author=make.neighbour(beesd), title="Zolang je wilt", minutes=None)

    assert sorted(titles(board(client, minutes="20"))) == ["Kort", "Zolang je wilt"]
    assert len(titles(board(client, minutes="60"))) == 3


def test_filter_on_kind_takes_more_than_one(client, beesd, joris):
    for category in (Category.RIDE, Category.PET, Category.GARDEN):
        make.help_request(beesd, author=make.neighbour(beesd), title=category, category=category)

    response = board(client, kind=["ride", "pet"])

    assert sorted(titles(response)) == ["pet", "ride"]
    assert "<strong>2 requests</strong> in Beesd" in response.content.decode()
    assert response.content.decode().count("checked") == 5  # two kinds; any time, any day, in the village


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"minutes": "20"}, "Nothing found for 20 minutes."),
        ({"day": "today"}, "Nothing found for today."),
        ({"kind": "pet", "day": "weekend"}, "Nothing found for in the weekend, pet."),
        ({"band": "near"}, "Nothing found for around the corner."),
        ({"kind": ["pet", "ride", "garden", "house"]}, "Nothing found for what you chose."),
    ],
)
def test_filter_that_finds_nothing_names_what_was_chosen_and_shows_the_way_back(client, beesd, joris, query, sentence):
    make.help_request(beesd, minutes=60)

    text = board(client, **query).content.decode()

    assert sentence in text
    assert "Show everything" in text


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("today", ["any", "tuesday"]),
        ("tomorrow", ["any", "wednesday"]),
        ("week", ["any", "sunday", "thursday", "tuesday", "wednesday"]),
        ("weekend", ["any", "sunday"]),
        ("", ["any", "next monday", "sunday", "thursday", "tuesday", "wednesday"]),
    ],
)
def test_filter_on_day_keeps_that_day_and_what_may_be_any_time(client, beesd, joris, day, found):
    make.help_request(beesd, author=make.neighbour(beesd), title="any", part=Part.ANY, help_on=None)
    for title, days in {"tuesday": 0, "wednesday": 1, "thursday": 2, "sunday": 5, "next monday": 6}.items():
        on = NOW.date() + timedelta(days=days)
        make.help_request(beesd, author=make.neighbour(beesd), title=title, help_on=on)

    assert sorted(titles(board(client, day=day))) == found


def test_filter_on_a_day_leaves_out_what_may_be_any_time_until_before_that_day(client, beesd, joris):
    made = make.help_request(beesd, part=Part.ANY, help_on=None)
    HelpRequest.objects.filter(pk=made.pk).update(needed_by=NOW + timedelta(hours=3))

    assert titles(board(client, day="tomorrow")) == []
    assert len(titles(board(client, day="today"))) == 1


def test_filter_on_near_keeps_the_same_street(client, beesd, joris):
    make.help_request(beesd, author=make.neighbour(beesd), title="Dichtbij", street=" achterstraat ")
    make.help_request(beesd, author=make.neighbour(beesd), title="Verder", street="Voorstraat")

    assert titles(board(client, band="near")) == ["Dichtbij"]


def test_filter_on_near_finds_nothing_for_who_gave_no_street(client, beesd, joris):
    Residency.objects.filter(user=joris).update(street="")
    make.help_request(beesd, street="")

    assert titles(board(client, band="near")) == []


def test_filter_goes_along_to_a_request_and_back(client, beesd, joris):
    made = make.help_request(beesd, minutes=20)
    url = board(client, minutes="20", kind=["groceries", "pet"], day="week").context["cards"][0].url

    back = client.get(url).context["board_url"]

    assert url.startswith(made.get_absolute_url())
    assert back == reverse("board") + "?minutes=20&day=week&kind=groceries&kind=pet"
    assert f'href="{back.replace("&", "&amp;")}"' in client.get(url).content.decode()


@pytest.mark.parametrize("query", ["", "?minutes=7", "?after=x", "?day=\0", "?next=https://example.org"])
def test_way_back_from_a_request_is_the_whole_board_when_nothing_sensible_came_along(client, beesd, joris, query):
    made = make.help_request(beesd)

    assert client.get(made.get_absolute_url() + query).context["board_url"] == reverse("board")


def test_page_of_the_board_goes_along_too(client, beesd, joris):
    for _ in range(BOARD_LENGTH + 1):
        make.help_request(beesd, author=make.neighbour(beesd))
    second = client.get(board(client).context["next_url"])

    back = client.get(second.context["cards"][0].url).context["board_url"]

    assert titles(client.get(back)) == titles(second)


def test_page_past_the_end_says_so_and_leads_back(client, beesd, joris):
    make.help_request(beesd)

    text = board(client, minutes="60", after="99999999999999999-1").content.decode()

    assert "That was everything." in text
    assert f'href="{reverse("board")}?minutes=60"' in text


def test_address_after_a_swap_has_no_empty_fields(client, beesd, joris):
    query = {"minutes": "", "day": "today", "band": ""}

    swapped = client.get(reverse("board"), query, headers={"HX-Request": "true"})

    assert swapped.headers["HX-Push-Url"] == reverse("board") + "?day=today"


def test_filter_goes_along_to_the_next_page(client, beesd, joris):
    for _ in range(BOARD_LENGTH + 1):
        make.help_request(beesd, author=make.neighbour(beesd), minutes=20)
    make.help_request(beesd, author=make.neighbour(beesd), minutes=60)

    first = board(client, minutes="20")

    assert len(titles(client.get(first.context["next_url"]))) == 1


def test_cards_after_a_swap_are_those_of_a_fresh_page(client, beesd, joris):
    make.help_request(beesd, minutes=20)
    make.spare_offer(beesd)
    query = {"minutes": "20", "day": "week", "kind": "groceries"}

    fresh = client.get(reverse("board"), query)
    swapped = client.get(reverse("board"), query, headers={"HX-Request": "true"})

    count, cards = swapped.content.decode().split('<div id="cards"')
    assert '<div id="cards"' + cards.rstrip() in fresh.content.decode()
    assert "<strong>1 request</strong> in Beesd" in count
    assert '<p id="count" role="status"><strong>1 request</strong> in Beesd</p>' in fresh.content.decode()
    assert "<html" not in swapped.content.decode()
    assert "HX-Request" in swapped.headers["Vary"]
    assert "HX-Request" in fresh.headers["Vary"]


def test_board_is_private_and_costs_nothing_when_it_is_still_the_same(client, beesd, joris):
    make.help_request(beesd)
    first = board(client)

    again = client.get(reverse("board"), headers={"If-None-Match": first.headers["ETag"]})
    make.help_request(beesd, author=make.neighbour(beesd))
    changed = client.get(reverse("board"), headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert changed.status_code == 200
    assert "private" in first.headers["Cache-Control"]
    assert "no-cache" in first.headers["Cache-Control"]


def test_visitor_is_sent_to_the_login_and_back(client, beesd):
    response = board(client, minutes="20")

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))
    assert "next=" in response.headers["Location"]


@pytest.mark.parametrize("who", ["waiting", "expired", "nowhere"])
def test_who_is_not_known_to_live_there_reads_what_is_possible_already(client, beesd, joris, who):
    make.help_request(beesd)
    homes = Residency.objects.filter(user=joris)
    if who == "waiting":
        homes.update(confirmed_at=None, proof="", expires_at=None)
    elif who == "expired":
        homes.update(expires_at=NOW)
    else:
        homes.update(ended_at=NOW)

    response = board(client)
    text = response.content.decode()

    assert response.status_code == 200
    assert "You are almost there" in text
    assert "Boodschappen" not in text
    assert (reverse("village_choice") if who == "nowhere" else reverse("ask")) in text


@pytest.mark.parametrize(
    "query",
    [
        {"minutes": "999999999999999999999"},
        {"minutes": "\0"},
        {"kind": "money"},
        {"kind": "\0"},
        {"day": "yesterday"},
        {"day": "\0"},
        {"band": "far"},
        {"after": "x"},
        {"after": "\0"},
        {"after": "1" * 30},
        {"after": "99999999999999999999-1"},
        {"after": "99999999999999999-999999999999999999999"},
    ],
)
def test_filter_that_makes_no_sense_is_a_page_that_is_not_there(client, beesd, joris, query):
    assert board(client, **query).status_code == 404


@pytest.mark.parametrize("after", ["0-0", "99999999999999999-999999999999999999", "5-5"])
def test_place_in_the_list_that_is_far_away_is_just_empty_or_whole(client, beesd, joris, after):
    make.help_request(beesd, part=Part.ANY, help_on=None)

    assert board(client, after=after).status_code == 200


def test_address_with_a_broken_encoding_is_no_fault_of_ours(client, beesd, joris):
    assert client.get(reverse("board") + "?kind=%ff%fe&minutes=%00").status_code == 404
