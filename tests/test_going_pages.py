"""The pages of "Ik ga toch": for whose it is, for who joins, and for who reads along."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from moderation.blocking import block
from requests_app import going
from requests_app.models import SpareOffer, What
from requests_app.views.board import MOST_SPARE
from requests_app.views.going import LIST_LENGTH
from tests import make
from tests.cast import as_reader
from tests.make import NOW
from villages.models import Residency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ANSWERS = {"title": "de Spar", "day": "other", "date": "12-3-2026", "time": "14.00", "what": ["groceries", "person"]}
ANSWERS |= {"places": "2", "note": "Ik rijd voor bij de kerk"}


@pytest.fixture
def riet(client, beesd):
    """Confirmed neighbour, logged in, reading English."""
    person = make.neighbour(beesd, "Riet", street="Achterstraat", phone="+31687654321")
    as_reader(client, person)
    return person


@pytest.fixture
def spare(beesd):
    joris = make.neighbour(beesd, "Joris", street="Molendijk", phone="+31611112222")
    return make.spare_offer(beesd, author=joris, places=2, what=[What.GROCERIES, What.PERSON])


def page(client, spare):
    return client.get(spare.get_absolute_url()).content.decode()


def press(client, name, spare, **data):
    return client.post(reverse(name, args=[spare.pk]), data, follow=True)


def test_posting_shows_it_on_the_board_and_what_goes_along(client, beesd, riet):
    asked = make.help_request(beesd, author=make.neighbour(beesd, "Wim"), title="Twee pakken melk")

    response = client.post(reverse("going"), ANSWERS, follow=True)

    spare = SpareOffer.objects.get()
    text = response.content.decode()
    assert response.redirect_chain == [(spare.get_absolute_url(), 302)]
    assert (spare.author, spare.places, spare.what) == (riet, 2, ["groceries", "person"])
    assert spare.leaves_at == datetime(2026, 3, 12, 13, tzinfo=UTC)
    assert "It comes off by itself" in text
    assert "going that way anyway. So this is easy to add." in text
    assert asked.get_absolute_url() in text
    assert "This is your own" in client.get(reverse("board")).content.decode()


def test_something_to_share_is_portions(client, riet):
    answers = {name: ANSWERS[name] for name in ("title", "day", "date", "time", "places")}

    client.post(reverse("sharing"), answers | {"title": "soep", "note": ""})

    spare = SpareOffer.objects.get()
    assert (spare.kind, spare.what, spare.places) == ("sharing", ["portion"], 2)
    assert "Riet has something to share: soep" in page(client, spare)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "Say it in a few words"),
        ({"title": "x" * 61}, "Make your text shorter. 60 characters fit"),
        ({"title": "Bel 06 12345678"}, "Your text has a phone number"),
        ({"note": "Bel 06-12 34 56 78"}, "Your text has a phone number"),
        ({"note": "Voorstraat 12"}, "Your text has a house number"),
        ({"what": []}, "Choose what you can take"),
        ({"what": ["portion"]}, "Something is not right yet"),
        ({"places": "7"}, "Something is not right yet"),
        ({"day": ""}, "Choose a day"),
        ({"date": "ooit"}, "Write the day like this"),
        ({"date": "9-3-2026"}, "Choose a day that is still to come"),
        ({"date": "25-3-2026"}, "Choose a day within 14 days"),
        ({"date": "24-3-2026", "time": "9.11"}, "Choose a day within 14 days"),
        ({"day": "today", "time": "9.10"}, "This moment has already begun"),
        ({"time": "straks"}, "Write the time like this"),
        ({"time": ""}, "Write the time like this"),
    ],
)
def test_what_is_not_right_is_said_and_what_was_typed_stays(client, riet, changed, sentence):
    response = client.post(reverse("going"), ANSWERS | changed)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not SpareOffer.objects.exists()


def test_the_fourth_at_a_time_is_said_on_the_page(client, beesd, riet):
    for hours in range(going.MOST_OPEN):
        make.spare_offer(beesd, author=riet, leaves_at=NOW + timedelta(hours=hours + 1))

    response = client.post(reverse("going"), ANSWERS)

    assert response.status_code == 422
    assert "enough for now" in response.content.decode()


def test_card_on_the_board_says_who_where_and_when_and_takes_a_part_in_one_tap(client, beesd, riet, spare):
    text = client.get(reverse("board")).content.decode()
    assert "Joris is going to de Spar anyway" in text
    assert "Thursday at 14:00" in text
    assert "Joris, Molendijk" in text
    assert "Bring something for me" in text
    assert "May I come along?" in text
    assert "kerk" not in text

    response = press(client, "spare_take", spare, what="person")

    text = response.content.decode()
    assert response.redirect_chain == [(spare.get_absolute_url(), 302)]
    assert "You are coming along" in text
    assert "Ik rijd voor bij de kerk" in text
    assert spare.held.get().what == "person"


def test_only_first_name_and_street_are_shown_to_each_other(client, riet, spare):
    press(client, "spare_take", spare, what="groceries")
    theirs = page(client, spare)
    client.force_login(spare.author)
    own = page(client, spare)

    assert "Molendijk" in theirs
    assert "Riet" in own
    assert "Achterstraat" in own
    for secret in ("11112222", "87654321", "@samsam.example"):
        assert secret not in theirs + own


def test_who_joins_writes_a_word_that_only_the_author_reads(client, beesd, riet, spare):
    press(client, "spare_take", spare, what="groceries")

    press(client, "spare_wish", spare, wish="  Een halfje bruin ")

    assert "Een halfje bruin" in page(client, spare)
    client.force_login(make.neighbour(beesd))
    assert "Een halfje bruin" not in page(client, spare)
    client.force_login(spare.author)
    assert "Een halfje bruin" in page(client, spare)


def test_a_phone_number_in_that_word_is_pointed_out_and_kept(client, riet, spare):
    press(client, "spare_take", spare, what="groceries")

    response = press(client, "spare_wish", spare, wish="Bel 06 12345678")

    assert response.status_code == 422
    assert "Your text has a phone number" in response.content.decode()
    assert "Bel 06 12345678" in response.content.decode()
    assert spare.held.get().wish == ""


def test_a_word_from_who_does_not_join_is_refused_in_words(client, riet, spare):
    assert "not here (any more)" in press(client, "spare_wish", spare, wish="Kaas").content.decode()


def test_changing_ones_mind_frees_the_place(client, riet, spare):
    press(client, "spare_take", spare, what="groceries")

    text = press(client, "spare_give_back", spare).content.decode()

    assert "The place is free again." in text
    assert "Bring something for me" in text
    assert not spare.held.filter(ended_at=None).exists()


def test_who_is_late_reads_a_friendly_page(client, beesd, riet, spare):
    for _ in range(2):
        going.take(spare.pk, taker=make.neighbour(beesd), what="person", now=NOW)

    response = press(client, "spare_take", spare, what="person")

    assert response.status_code == 409
    assert "Another neighbour was just before you" in response.content.decode()


def test_author_changes_and_calls_off_and_puts_back(client, beesd, riet):
    spare = make.spare_offer(beesd, author=riet)
    changed = {name: ANSWERS[name] for name in ("title", "day", "date", "places", "note")} | {"time": "15.30"}
    assert 'value="14.00"' in client.get(reverse("spare_change", args=[spare.pk])).content.decode()

    client.post(reverse("spare_change", args=[spare.pk]), changed)
    assert "Thursday at 15:30" in page(client, spare)
    assert "Call it off?" in client.get(reverse("spare_call_off", args=[spare.pk])).content.decode()
    assert "does not go on" in press(client, "spare_call_off", spare).content.decode()
    assert client.get(reverse("spare_change", args=[spare.pk])).status_code == 302
    assert "back on the board" in press(client, "spare_put_back", spare).content.decode()

    spare.refresh_from_db()
    assert (spare.what, spare.places, spare.withdrawn_at) == (["groceries"], 2, None)


def test_fewer_places_than_are_taken_is_said_at_the_form(client, beesd, riet):
    spare = make.spare_offer(beesd, author=riet, places=2)
    for _ in range(2):
        going.take(spare.pk, taker=make.neighbour(beesd), what="groceries", now=NOW)
    answers = {name: ANSWERS[name] for name in ("title", "day", "date", "time")} | {"places": "1", "note": ""}

    response = client.post(reverse("spare_change", args=[spare.pk]), answers)

    assert response.status_code == 422
    assert "Choose 2 or more" in response.content.decode()


def test_hidden_by_staff_its_author_reads_why_and_others_nothing(client, beesd, riet, spare):
    going.hide(spare.pk, reason="Dit is reclame.", actor=make.web(beesd.contact_person.user), now=NOW)

    assert client.get(spare.get_absolute_url()).status_code == 404
    client.force_login(spare.author)
    assert "Dit is reclame." in page(client, spare)


@pytest.mark.parametrize("name", ["spare_offer", "spare_take", "spare_give_back", "spare_wish", "spare_change"])
@pytest.mark.parametrize("who", ["of another village", "kept apart", "not confirmed", "past"])
def test_what_one_may_not_see_does_not_exist(client, beesd, riet, spare, clock, who, name):
    if who == "of another village":
        Residency.objects.filter(user=riet).update(ended_at=NOW)
        Residency.objects.filter(user=make.neighbour(make.village())).update(user=riet)
    elif who == "kept apart":
        block(spare.author, riet, now=NOW)
    elif who == "not confirmed":
        Residency.objects.filter(user=riet).update(expires_at=NOW)
    else:
        clock.move_to(spare.leaves_at)

    response = client.post(reverse(name, args=[spare.pk])) if name != "spare_offer" else None

    assert client.get(spare.get_absolute_url()).status_code == 404
    assert response is None or response.status_code == 404


@pytest.mark.parametrize("name", ["spare_change", "spare_call_off", "spare_put_back"])
def test_only_its_author_changes_it(client, riet, spare, name):
    assert client.post(reverse(name, args=[spare.pk])).status_code == 404


@pytest.mark.parametrize("name", ["spare_take", "spare_give_back", "spare_wish", "spare_put_back"])
def test_looking_changes_nothing(client, riet, spare, name):
    response = client.get(reverse(name, args=[spare.pk]))

    assert response.headers["Location"] == spare.get_absolute_url()
    assert not spare.held.exists()


def test_visitors_see_nothing_of_it(client, beesd, spare):
    for url in (spare.get_absolute_url(), reverse("going"), reverse("sharing"), reverse("spare_offers")):
        assert client.get(url).headers["Location"].startswith(reverse("account_login"))
    for url in ("/", reverse("village", args=[beesd.slug])):
        assert "Joris" not in client.get(url).content.decode()


@pytest.mark.parametrize("name", ["going", "sharing", "spare_offers"])
def test_who_is_not_confirmed_is_led_to_what_is_possible(client, beesd, riet, name):
    Residency.objects.filter(user=riet).update(expires_at=NOW)

    response = client.get(reverse(name), follow=True)

    assert "You are almost there" in response.content.decode()


def test_it_is_shown_to_who_asked_for_what_goes_along_and_taken_from_there(client, beesd, riet, spare):
    help_request = make.help_request(beesd, author=riet)
    text = page(client, help_request)
    assert "A neighbour goes that way anyway" in text
    assert reverse("spare_take", args=[spare.pk]) in text

    taken = press(client, "spare_take", spare, what="groceries").content.decode()

    assert "Is this settled too?" in taken
    assert help_request.get_absolute_url() in taken


def test_mine_shows_what_i_do_anyway_and_what_i_join_until_it_has_begun(client, beesd, riet, spare, clock):
    own = make.spare_offer(beesd, author=riet, title="Assen", leaves_at=NOW + timedelta(hours=1))
    press(client, "spare_take", spare, what="groceries")

    response = client.get(reverse("mine"))
    clock.move_to(own.leaves_at)
    later = client.get(reverse("mine"))

    assert [card.pk for card in response.context["spares"]] == [own.pk]
    assert [card.pk for card in response.context["joined"]] == [spare.pk]
    assert later.context["spares"] == []


def test_who_joined_keeps_the_page_afterwards(client, riet, spare, clock):
    press(client, "spare_take", spare, what="groceries")
    clock.move_to(spare.leaves_at)

    assert "This has passed already" in page(client, spare)


def test_page_after_a_swap_is_that_of_a_fresh_page(client, riet, spare):
    press(client, "spare_take", spare, what="groceries")

    swapped = client.post(
        reverse("spare_give_back", args=[spare.pk]), headers={"HX-Request": "true"}, follow=True
    ).content.decode()
    fresh = page(client, spare)

    start = swapped.index('<p><a class="link back"')
    assert without_tokens(swapped[start:].strip()) in without_tokens(fresh)
    assert "The place is free again." in swapped[:start]
    assert "<html" not in swapped


def without_tokens(text):
    return re.sub(r'value="[\w]{64}"', "", text)


def test_board_shows_the_soonest_and_leads_to_the_rest_page_by_page(client, beesd, riet):
    for number in range(LIST_LENGTH + 2):
        author = make.neighbour(beesd)
        make.spare_offer(beesd, author=author, title=f"Plek {number}", leaves_at=NOW + timedelta(hours=number + 1))

    board = client.get(reverse("board"))
    first = client.get(board.context["spares_more_url"])
    second = client.get(first.context["next_url"])

    assert [card.sentence.split()[4:6] for card in board.context["spares"]] == [
        ["Plek", str(n)] for n in range(MOST_SPARE)
    ]
    shown = [card.pk for response in (first, second) for card in response.context["spares"]]
    assert len(shown) == len(set(shown)) == LIST_LENGTH + 2
    assert second.context["next_url"] == ""
    assert client.get(reverse("spare_offers") + "?after=x").status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_pages_take_as_many_queries_however_many_join(client, beesd, riet, count, django_assert_max_num_queries):
    spare = make.spare_offer(beesd, author=riet, places=6)
    for _ in range(count):
        going.take(spare.pk, taker=make.neighbour(beesd), what="groceries", now=NOW)
        make.help_request(beesd, author=make.neighbour(beesd))

    with django_assert_max_num_queries(7):  # session, user, itself, who joins, their streets, what goes along, menu
        response = client.get(spare.get_absolute_url())

    assert len(response.context["joining"]) == count


@pytest.mark.parametrize(
    ("evening", "typed", "moment"),
    [
        # The clock goes from 2.00 to 3.00, and in October from 3.00 back to 2.00.
        (datetime(2026, 3, 28, 20, tzinfo=UTC), "4.00", datetime(2026, 3, 29, 2, tzinfo=UTC)),
        (datetime(2026, 10, 24, 20, tzinfo=UTC), "4.00", datetime(2026, 10, 25, 3, tzinfo=UTC)),
        (datetime(2026, 10, 24, 20, tzinfo=UTC), "2.30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_night_in_which_the_clock_changes_it_comes_off_at_the_hour_that_was_meant(
    client, beesd, riet, clock, evening, typed, moment
):
    clock.move_to(evening)
    client.force_login(riet)  # months later
    client.post(reverse("going"), ANSWERS | {"day": "tomorrow", "time": typed})

    def on_board():
        return len(client.get(reverse("board")).context["spares"])

    assert SpareOffer.objects.get().leaves_at == moment
    clock.move_to(moment - timedelta(seconds=1))
    assert on_board() == 1
    clock.move_to(moment)
    assert on_board() == 0


def test_days_of_14_days_reach_over_a_change_of_the_clock(client, riet, clock):
    clock.move_to(datetime(2026, 3, 20, 8, tzinfo=UTC))  # 9.00 in winter time

    response = client.post(reverse("going"), ANSWERS | {"date": "3-4-2026", "time": "9.00"})

    assert response.status_code == 302  # an hour shorter than 14 times 24 hours
