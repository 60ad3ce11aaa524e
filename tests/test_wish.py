"""Asking for who finds it hard: a wish becomes a small request, and nothing is typed."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.actors import web
from moderation import checks
from requests_app import drafts, lifecycle, wordings
from requests_app.categories import MINUTES, Category
from requests_app.forms.when import LENGTHS
from requests_app.models import HelpRequest, Part, Place, Status
from requests_app.models.help_request import MAX_SLOTS, TEXT_LENGTH, TITLE_LENGTH
from tests import make
from tests.cast import as_reader
from tests.copy_rules import faults
from tests.make import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

CHOSEN = {"wish": "company", "small": "0", "when": "2026-03-11:morning"}


@pytest.fixture
def riet(client):
    person = make.resident(make.village("Beesd"), "Riet")
    as_reader(client, person, "nl")
    return person


def village_of(person):
    return make.Residency.objects.get(user=person).village


def texts(language):
    sentences = [sentence for category in Category for sentence in wordings.examples(category, language)]
    for wish in wordings.wishes(language).values():
        sentences += [wish.label, wish.where, *(words for one in wish.small for words in (one.title, one.text))]
    return [*sentences, wordings.at_home(language)]


def test_wish_becomes_a_draft_to_look_at_and_post(client, riet):
    for chosen in ({}, {"wish": "company"}, {"wish": "company", "small": "0"}):
        assert client.get(reverse("wish"), chosen).status_code == 200
    assert not HelpRequest.objects.exists()

    step = client.post(reverse("wish"), CHOSEN)

    draft = HelpRequest.objects.get()
    assert step.headers["Location"] == reverse("ask_check", args=[draft.pk])
    assert (draft.status, draft.category, draft.title) == ("draft", "company", "Een kop koffie en een praatje")
    assert (draft.part, draft.help_on, draft.minutes) == (Part.MORNING, (NOW + timedelta(days=1)).date(), 20)
    assert (draft.place, draft.place_text, draft.street) == (Place.VILLAGE, "Dat spreken we samen af", "Voorstraat")
    client.post(step.headers["Location"])
    draft.refresh_from_db()
    assert draft.status == Status.OPEN


def test_wish_is_in_the_language_of_who_asks_and_english_for_others(client, riet):
    client.cookies["django_language"] = "en"
    client.post(reverse("wish"), CHOSEN)

    assert HelpRequest.objects.get().title == "A cup of coffee and a chat"
    assert wordings.wishes("nl-be") == wordings.wishes("nl")
    assert wordings.wishes("fy") == wordings.wishes("en")


def test_the_same_wish_twice_is_one_draft_and_what_was_written_before_stays(client, riet):
    own = make.draft(village_of(riet), author=riet)

    client.post(reverse("wish"), CHOSEN)
    client.post(reverse("wish"), CHOSEN)

    assert HelpRequest.objects.count() == 2
    own.refresh_from_db()
    assert own.text == "Kan iemand mijn boodschappen halen?"


def test_wish_at_home_has_the_address_of_last_time(client, riet):
    earlier = make.draft(village_of(riet), author=riet)
    lifecycle.ask(earlier.pk, actor=web(riet), now=NOW)

    client.post(reverse("wish"), CHOSEN | {"wish": "shop"})

    draft = HelpRequest.objects.get(status=Status.DRAFT)
    assert (draft.place, make.address_of(draft)) == (Place.HOME, "Voorstraat 12")


def test_wish_at_home_without_a_known_address_says_so_and_makes_none_up(client, riet):
    step = client.post(reverse("wish"), CHOSEN | {"wish": "shop"})

    draft = HelpRequest.objects.get()
    assert (draft.place, draft.place_text) == (Place.ELSEWHERE, "Bij mij thuis. De rest spreken we af")
    assert not hasattr(draft, "address")
    assert "Je huisnummer staat er nog niet bij" in client.get(step.headers["Location"]).content.decode()


def test_moments_to_choose_from_are_still_to_come(client, riet):
    with time_machine.travel(NOW + timedelta(hours=4), tick=False):  # ten past one
        values = [value for value, _ in client.get(reverse("wish"), CHOSEN).context["moments"]]
        late = client.post(reverse("wish"), CHOSEN | {"when": "2026-03-10:afternoon"})

    assert values[:3] == ["any", "2026-03-11:morning", "2026-03-11:afternoon"]
    assert late.status_code == 422
    assert not HelpRequest.objects.exists()


@pytest.mark.parametrize(
    "chosen",
    [
        {"wish": "moon"},
        {"small": "3"},
        {"small": "²"},
        {"small": "-1"},
        {"small": ""},
        {"when": ""},
        {"when": "\0" * 9},
    ],
)
def test_choice_that_is_not_there_makes_nothing(client, riet, chosen):
    assert client.post(reverse("wish"), CHOSEN | chosen).status_code in {200, 422}
    assert client.get(reverse("wish"), CHOSEN | chosen).status_code == 200
    assert not HelpRequest.objects.exists()


def test_who_has_no_village_yet_chooses_one_first(client):
    client.force_login(make.user("Fatma"))

    assert client.get(reverse("wish")).headers["Location"] == reverse("welcome")


def test_way_to_it_stands_on_the_ask_page_at_home_and_on_an_empty_board(client, riet):
    make.Residency.objects.filter(user=riet).update(
        proof="code", confirmed_at=NOW, expires_at=NOW + timedelta(days=300)
    )

    for page in ("ask", "home", "board"):
        assert f'href="{reverse("wish")}"' in client.get(reverse(page)).content.decode()


def test_both_languages_say_the_same():
    dutch, english = wordings.wishes("nl"), wordings.wishes("en")

    assert list(dutch) == list(english)
    assert 8 <= len(dutch) <= 10
    for key, wish in dutch.items():
        other = english[key]
        assert (wish.category, wish.place, bool(wish.where)) == (other.category, other.place, bool(other.where))
        assert [(one.minutes, one.slots) for one in wish.small] == [(one.minutes, one.slots) for one in other.small]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_suggested_words_fit_and_are_what_the_form_would_take(language):
    lengths = {value for value, _ in LENGTHS}
    for wish in wordings.wishes(language).values():
        assert wish.category in Category.values
        assert wish.place in Place.values
        assert len(wish.where) <= 80
        for one in wish.small:
            assert len(one.title) <= TITLE_LENGTH
            assert len(one.text) <= TEXT_LENGTH
            assert str(one.minutes) in lengths
            assert 1 <= one.slots <= MAX_SLOTS
    for category in Category:
        assert 2 <= len(wordings.examples(category, language)) <= 3
    assert {str(minutes) for minutes in MINUTES.values()} <= lengths


@pytest.mark.parametrize("language", ["nl", "en"])
def test_suggested_words_keep_the_rules_of_the_copy_guide_and_of_the_gentle_check(language):
    wrong = {text: faults(text, dutch=language == "nl") for text in texts(language)}
    seen = {text: [one.kind for sort in checks.Sort for one in checks.find(text, sort)] for text in texts(language)}

    assert {text: found for text, found in wrong.items() if found} == {}
    assert {text: found for text, found in seen.items() if found} == {}


def test_draft_that_says_the_same_is_not_begun_twice(riet):
    say = {"text": "Samen wandelen?", "category": "company"}
    village = village_of(riet)

    first = drafts.begin_with(riet, village, NOW, street="Voorstraat", changes=say)
    second = drafts.begin_with(riet, village, NOW, street="Voorstraat", changes=say)

    assert first == second
