"""What a form says about the words in it, and what its buttons do with them: nothing is lost, nothing is blocked."""

import pytest
from django.urls import reverse

from requests_app.models import HelpRequest, Place
from tests import make
from tests.cast import as_reader
from tests.make import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WHAT = {"category": "company", "text": "Wie drinkt koffie met mij?", "title": "Koffie", "slots": "2"}
WHEN = {"day": "any", "date": "", "part": "", "minutes": "30", "place": "village", "address": ""}
HTMX = {"HX-Request": "true"}
LONELY, DANGER = "Ik ben eenzaam. Wie drinkt koffie?", "Ik wil niet meer leven"


@pytest.fixture
def riet(client):
    person = make.resident(make.village("Beesd"), "Riet")
    as_reader(client, person)
    return person


@pytest.fixture
def draft(riet):
    return make.draft(make.Residency.objects.get(user=riet).village, author=riet)


def send(client, draft, step="ask_what", headers=None, **typed):
    return client.post(reverse(step, args=[draft.pk]), typed, headers=headers)


def shown(response, name):
    return response.context["form"][name].value()


def test_private_things_are_all_named_and_taken_out_by_one_button(client, draft):
    typed = WHAT | {"text": "Koffie?\r\nBel 06 12345678 of mail riet@samsam.example, graag"}
    refused = send(client, draft, **typed)
    before = HelpRequest.objects.get().text

    taken_out = send(client, draft, **typed, then="take-out:text")

    assert refused.status_code == 422
    assert "Your text has a phone number and an e-mail address. Please remove them" in refused.content.decode()
    assert 'value="take-out:text"' in refused.content.decode()
    assert taken_out.status_code == 200
    assert shown(taken_out, "text") == "Koffie?\nBel of mail, graag"
    assert (shown(taken_out, "category"), shown(taken_out, "title"), shown(taken_out, "slots")) == (
        "company",
        "Koffie",
        "2",
    )
    assert HelpRequest.objects.get().text == before  # stored with "Next", not before


def test_taking_out_is_for_the_field_it_stands_at(client, draft):
    typed = WHAT | {"text": "Bel 06 12345678", "title": "Bel 06 87654321"}

    taken_out = send(client, draft, **typed, then="take-out:title")

    assert (shown(taken_out, "text"), shown(taken_out, "title")) == ("Bel 06 12345678", "Bel")


@pytest.mark.parametrize("about", ["", "slots", "csrfmiddlewaretoken", "x" * 500, "text:text"])
def test_taking_out_of_what_is_no_text_changes_nothing(client, draft, about):
    assert shown(send(client, draft, **WHAT, then=f"take-out:{about}"), "text") == WHAT["text"]


def test_first_page_without_a_draft_has_the_same_buttons(client, riet):
    response = client.post(reverse("ask"), WHAT | {"text": "Bel 06 12345678", "then": "take-out:text"})

    assert shown(response, "text") == "Bel"
    assert not HelpRequest.objects.exists()


def test_place_may_have_a_house_number_and_loses_a_phone_number(client, draft):
    typed = WHEN | {"place_text": "Bij Voorstraat 12, bel 06 12345678"}
    refused = send(client, draft, "ask_when", **typed)

    taken_out = send(client, draft, "ask_when", **typed, then="take-out:place_text")

    assert 'value="take-out:place_text"' in refused.content.decode()
    assert shown(taken_out, "place_text") == "Bij Voorstraat 12, bel"
    assert (shown(taken_out, "day"), shown(taken_out, "minutes")) == ("any", "30")


def test_softer_words_are_offered_once_and_going_on_is_the_next_tap(client, draft):
    first = send(client, draft, **WHAT | {"text": LONELY})
    page = client.get(reverse("ask_what", args=[draft.pk]))
    second = send(client, draft, **WHAT | {"text": LONELY}, seen=page.context["notes"].seen)

    assert first.headers["Location"] == f"{reverse('ask_what', args=[draft.pk])}#gentle"
    assert "Shall we say it a bit softer?" in page.content.decode()
    assert "Ik ben eenzaam”" in page.content.decode()
    assert second.headers["Location"] == reverse("ask_when", args=[draft.pk])
    draft.refresh_from_db()
    assert draft.text == LONELY


@pytest.mark.parametrize("then", ["stop", "back"])
def test_who_stops_or_goes_back_is_not_held_up_by_words(client, draft, then):
    response = send(client, draft, **WHAT | {"text": LONELY}, then=then)

    assert "#gentle" not in response.headers["Location"]


def test_softer_wording_is_put_in_its_place_by_a_button(client, draft):
    response = send(client, draft, **WHAT | {"text": LONELY}, then="soften:company")

    assert shown(response, "text") == "Ik vind gezelschap fijn. Wie drinkt koffie?"
    assert response.context["notes"].hints == ()


def test_danger_shows_whom_to_call_at_once_keeps_the_text_and_never_blocks(client, draft):
    first = send(client, draft, **WHAT | {"text": DANGER})
    pages = [client.get(reverse(step, args=[draft.pk])).content.decode() for step in ("ask_what", "ask_check")]
    onward = send(client, draft, **WHAT | {"text": DANGER}, seen="danger")

    assert first.headers["Location"].endswith("#gentle")
    for page in pages:
        for number in ("112", "113", "08000113", "08002000"):
            assert f'href="tel:{number}"' in page.partition("<main")[2].partition("</main>")[0]
    assert onward.headers["Location"] == reverse("ask_when", args=[draft.pk])
    draft.refresh_from_db()
    assert draft.text == DANGER


def test_ordinary_words_are_passed_by_without_a_word(client, draft):
    page = client.get(reverse("ask_what", args=[draft.pk])).content.decode()
    onward = send(client, draft, **WHAT)

    assert "Shall we say it" not in page
    assert 'href="tel:113"' not in page
    assert onward.headers["Location"] == reverse("ask_when", args=[draft.pk])


@pytest.mark.parametrize("then", ["look", "examples", "example:0"])
def test_part_that_is_swapped_in_equals_that_of_the_page(client, draft, then):
    typed = WHAT | {"text": LONELY, "then": then}

    page = send(client, draft, **typed).content.decode()
    part = send(client, draft, headers=HTMX, **typed).content.decode()

    assert part.strip() in page
    assert "<html" not in part


def test_example_is_added_to_what_was_typed_and_only_once(client, draft):
    once = send(client, draft, **WHAT, then="example:0")
    twice = send(client, draft, **WHAT | {"text": shown(once, "text")}, then="example:0")

    assert shown(once, "text").startswith(f"{WHAT['text']} Who would come for a cup of coffee?")
    assert shown(twice, "text") == shown(once, "text")
    assert 'details class="more" open' in once.content.decode()


@pytest.mark.parametrize("then", ["example:", "example:9", "example:-1", "example:١", "example:" + "9" * 400])
def test_example_that_is_not_there_changes_nothing(client, draft, then):
    assert shown(send(client, draft, **WHAT, then=then), "text") == WHAT["text"]


def test_examples_follow_what_was_chosen_and_wait_for_it(client, riet):
    unchosen = client.post(reverse("ask"), {"text": "", "slots": "1", "then": "examples"}).content.decode()
    chosen = client.post(reverse("ask"), {"category": "pet", "text": "", "then": "examples"}).content.decode()

    assert "First choose above what it is about." in unchosen
    assert "Who can walk my dog?" in chosen


def test_posted_request_is_looked_at_too_before_it_changes(client, riet, draft):
    posted = make.lifecycle.ask(draft.pk, actor=make.web(riet), now=NOW)
    typed = WHAT | WHEN | {"place_text": "Het Klokhuis", "version": "1"}
    url = reverse("edit", args=[posted.pk])

    taken_out = client.post(url, typed | {"text": "Bel 06 12345678", "then": "take-out:text"})
    held_up = client.post(url, typed | {"text": LONELY})
    looked = client.post(url, typed | {"text": DANGER, "then": "look"}, headers=HTMX)
    saved = client.post(url, typed | {"text": LONELY, "seen": "company"})

    assert (taken_out.status_code, shown(taken_out, "text"), shown(taken_out, "version")) == (200, "Bel", "1")
    assert "Shall we say it a bit softer?" in held_up.content.decode()
    assert 'href="tel:113"' in looked.content.decode()
    assert saved.status_code == 302
    posted.refresh_from_db()
    assert (posted.text, posted.place) == (LONELY, Place.VILLAGE)


def test_long_text_is_given_back_whole(client, draft):
    text = "Bel 06 12345678. " + "Koffie. " * 5000

    response = send(client, draft, **WHAT | {"text": text}, then="take-out:text")

    assert len(shown(response, "text")) >= len(text) - 40
    assert "06 12345678" not in shown(response, "text")


@pytest.mark.parametrize("text", ["\0", "\ud7ff\u200b", "<script>alert(1)</script> ik ben eenzaam", "{% x %}"])
def test_odd_text_breaks_nothing(client, draft, text):
    for then in ("look", "soften:company", "soften:", "take-out:text", "example:1"):
        response = send(client, draft, **WHAT | {"text": text}, then=then)
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()


def test_likely_answers_stand_there_already(client, riet):
    draft = make.drafts.begin(riet, make.Residency.objects.get(user=riet).village, NOW, street="Voorstraat")
    make.drafts.save_draft(draft.pk, author=riet, changes={"category": "ride", "text": "Naar de dokter"})

    form = client.get(reverse("ask_when", args=[draft.pk])).context["form"]

    assert {name: form[name].value() for name in ("day", "minutes", "place", "address")} == {
        "day": "any",
        "minutes": 60,
        "place": "home",
        "address": "Voorstraat ",
    }


def test_address_of_last_time_stands_there_for_its_owner_only(client, riet, draft):
    make.lifecycle.ask(draft.pk, actor=make.web(riet), now=NOW)
    joris = make.resident(draft.village, "Joris")
    for author in (riet, joris):
        make.drafts.begin(author, draft.village, NOW, street="Voorstraat")

    addresses = []
    for author in (riet, joris):
        client.force_login(author)
        own = HelpRequest.objects.get(author=author, status="draft")
        addresses.append(client.get(reverse("ask_when", args=[own.pk])).context["form"]["address"].value())

    assert addresses == ["Voorstraat 12", "Voorstraat "]
