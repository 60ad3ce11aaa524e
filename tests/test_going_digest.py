"""News of what neighbours do anyway, in the digest: only what is new and has room; once, and never what was seen."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.actors import staff
from moderation import blocking
from notifications import digests
from notifications.delivery import deliver
from notifications.digests import Count
from notifications.models import State
from requests_app import going
from requests_app.models import SpareOffer
from requests_app.views.board import MOST_SPARE
from tests import make
from tests.copy_rules import faults
from tests.make import NOW
from tests.test_digests import NINE, posted, reader, said, told
from villages.models import Residency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)


@pytest.fixture
def beesd():
    return make.village("Beesd")


@pytest.fixture
def riet(beesd):
    """A neighbour who chose a digest a day, on Tuesday morning."""
    return reader(beesd, "Riet")


def spare(village, at=NOW + HOUR, name="Joris", **words):
    return make.spare_offer(village, author=make.neighbour(village, name), now=at, **words)


def look(client, person, at, name="board", **query):
    client.force_login(person)
    with time_machine.travel(at, tick=False):
        return client.get(reverse(name), query)


def test_digest_tells_what_neighbours_do_anyway_beside_the_requests(riet, beesd):
    posted(beesd)
    spare(beesd)
    spare(beesd, name="Fatma", kind="sharing", title="drie porties soep", what=["portion"], note="Bij de kerk")

    assert digests.sweep(NINE) == Count(told=1)

    words = said(told().get())
    assert words.subject == "1 vraag en 2 buren die iets delen in Beesd"
    assert words.lines[1:] == (
        "Joris gaat toch naar de Spar, morgen om 14.00 uur",
        "Fatma heeft over: drie porties soep, morgen om 14.00 uur",
    )
    assert "kerk" not in f"{words}"  # where they meet is for who joins
    assert said(told().get(), language="en").subject == "1 request and 2 neighbours sharing something in Beesd"


def test_it_alone_is_a_reason_for_a_digest_and_is_told_once(riet, beesd):
    spare(beesd)

    assert [digests.sweep(NINE + timedelta(days=days)) for days in (0, 1)] == [Count(told=1), Count(nothing=1)]

    assert said(told().get()).subject == "1 buur die iets deelt in Beesd"


@pytest.mark.parametrize(
    "what",
    ["own", "joined", "left again", "full", "called off", "hidden", "past", "elsewhere", "blocked", "apart", "before"],
)
def test_what_is_no_news_to_this_reader_is_not_in_it(riet, beesd, what):
    village = make.village() if what == "elsewhere" else beesd
    author = riet if what == "own" else make.neighbour(village, "Joris")
    at = NOW - HOUR if what == "before" else NOW + HOUR
    leaves = {"leaves_at": NINE} if what == "past" else {}
    it, later = make.spare_offer(village, author=author, now=at, places=2, **leaves), NOW + 2 * HOUR
    if what in ("joined", "left again"):
        going.take(it.pk, taker=riet, what="groceries", now=later)
        if what == "left again":
            going.give_back(it.pk, taker=riet, now=later)
    elif what == "full":
        for _ in range(2):
            going.take(it.pk, taker=make.neighbour(beesd), what="groceries", now=later)
    elif what == "called off":
        going.call_off(it.pk, now=later)
    elif what == "hidden":
        going.hide(it.pk, reason="x", actor=staff(beesd.contact_person.user), now=later)
    elif what == "blocked":
        blocking.block(author, riet, now=later)
    elif what == "apart":
        blocking.keep_apart(riet, author, now=later)

    assert digests.sweep(NINE) == Count(nothing=1)


def test_what_somebody_saw_on_the_board_is_not_told(client, riet, beesd):
    spare(beesd)
    look(client, riet, NOW + 2 * HOUR)
    spare(beesd, NOW + 3 * HOUR, name="Fatma")

    digests.sweep(NINE)

    assert [line.partition(" ")[0] for line in said(told().get()).lines] == ["Fatma"]


def test_what_is_seen_after_it_was_told_stops_the_mail(client, riet, beesd):
    spare(beesd)
    digests.sweep(NINE)
    look(client, riet, NINE + timedelta(minutes=1))

    deliver(NINE + timedelta(minutes=2))

    assert told().get().state == State.DROPPED


def test_a_board_that_only_shows_older_ones_is_no_reason_to_mark(client, riet, beesd):
    spare(beesd)
    for hours in (2, 3):
        look(client, riet, NOW + hours * HOUR)

    assert Residency.objects.get(user=riet).board_seen_at == NOW + 2 * HOUR


def test_what_does_not_fit_on_the_board_does_not_mark_it(client, riet, beesd):
    for number in range(MOST_SPARE):
        spare(beesd, name=f"Vroeg{number}", at=NOW - HOUR, leaves_at=NOW + (10 + number) * HOUR)
    spare(beesd, name="Laat")
    look(client, riet, NOW + 2 * HOUR)

    assert Residency.objects.get(user=riet).board_seen_at == NOW + 2 * HOUR  # the older ones were new to her
    spare(beesd, NOW + 3 * HOUR, name="Later")
    look(client, riet, NOW + 4 * HOUR)

    assert Residency.objects.get(user=riet).board_seen_at == NOW + 2 * HOUR
    digests.sweep(NINE)
    assert "Later" in said(told().get()).lines[0]


@pytest.mark.parametrize("count", [1, 8])
def test_queries_do_not_grow(riet, beesd, count, django_assert_num_queries):
    for number in range(count):
        reader(beesd, f"Lezer{number}")
        spare(beesd, name=f"Buur{number}")

    # Due; homes, requests, apart; homes, what they do anyway, joined, apart; the messages; the next moments; nobody
    # due; four savepoints.
    with django_assert_num_queries(15):
        assert digests.sweep(NINE).told == count + 1


def test_reader_with_news_looks_at_the_board_in_six_queries_and_others_in_five(
    client, riet, beesd, django_assert_num_queries
):
    posted(beesd)
    spare(beesd)
    wim = make.neighbour(beesd)
    for person, queries in ((wim, 5), (riet, 6), (riet, 5)):
        client.force_login(person)
        with time_machine.travel(NOW + 2 * HOUR, tick=False), django_assert_num_queries(queries):
            client.get(reverse("board"))


def test_menu_of_the_board_is_that_of_other_pages(client, beesd):
    samira = make.volunteer(beesd, "Samira").user
    make.spare_offer(beesd, author=samira)
    going.take(SpareOffer.objects.get().pk, taker=make.neighbour(beesd), what="groceries", now=NOW)

    menus = {look(client, samira, NOW, name).content.decode().partition("<main")[0] for name in ("board", "mine")}

    assert all('href="/berichten/"' in menu and "1" in menu for menu in menus)
    assert len({menu.count(reverse("volunteer")) for menu in menus}) == 1


@pytest.mark.parametrize("language", ["nl", "en"])
def test_words_keep_the_rules_and_the_subject_its_length(riet, beesd, language):
    home = Residency.objects.get(user=riet).village
    home.name = "Sint Jacobiparochie aan de lange Middelweg"
    home.save(update_fields=["name"])
    for number in range(12):
        posted(home, title=f"Vraag {number}")
        spare(home, name=f"Buur{number}")
    digests.sweep(NINE)

    words = said(told().get(), language=language)

    assert len(words.subject) <= 60
    assert [it for text in (words.subject, words.body) for it in faults(text, dutch=language == "nl")] == []
    assert len(words.lines) == 10
