"""Asking in the browser: three questions, a check, and it stands on the board. Nothing typed is lost."""

import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actors import web
from requests_app import lifecycle, pace
from requests_app.models import Audience, HelpRequest, MatchMode, Part, Place, RequestAddress, Status
from tests import make
from tests.cast import as_reader
from tests.make import NOW, THURSDAY
from villages.models import Tally

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WHAT = {"category": "groceries", "text": "Kan iemand mijn boodschappen halen?", "title": "De Spar", "slots": "1"}
WHEN = {
    "day": "other",
    "date": "12-3-2026",
    "part": "afternoon",
    "minutes": "30",
    "place": "home",
    "address": "Voorstraat 12",
}
WHO = {"audience": "neighbours", "match_mode": "choose"}


@pytest.fixture
def riet(client, beesd):
    """Lives in Beesd, not confirmed yet: may ask."""
    person = make.resident(beesd, "Riet")
    as_reader(client, person)
    return person


@pytest.fixture
def draft(beesd, riet):
    return make.draft(beesd, author=riet)


def send(client, step, draft, **typed):
    return client.post(reverse(step, args=[draft.pk]), typed)


def test_asking_takes_three_questions_and_a_check(client, beesd, riet):
    assert client.get(reverse("ask")).status_code == 200
    assert not HelpRequest.objects.exists()

    step = client.post(reverse("ask"), WHAT)
    help_request = HelpRequest.objects.get()
    assert step.headers["Location"] == reverse("ask_when", args=[help_request.pk])
    step = send(client, "ask_when", help_request, **WHEN)
    assert step.headers["Location"] == reverse("ask_who", args=[help_request.pk])
    step = send(client, "ask_who", help_request, **WHO)
    assert step.headers["Location"] == reverse("ask_check", args=[help_request.pk])
    check = client.get(step.headers["Location"]).content.decode()
    assert "Thursday 12 March, in the afternoon" in check
    assert "There are no volunteers in" in check
    step = send(client, "ask_check", help_request)
    assert step.headers["Location"] == reverse("help_request", args=[help_request.pk])

    help_request.refresh_from_db()
    assert (help_request.status, help_request.title, help_request.street) == (Status.OPEN, "De Spar", "Voorstraat")
    assert (help_request.part, help_request.help_on, help_request.minutes) == (Part.AFTERNOON, THURSDAY, 30)
    assert make.address_of(help_request) == "Voorstraat 12"
    assert "Your request is on the board" in client.get(step.headers["Location"]).content.decode()


def test_check_page_shows_the_moments_that_the_ladder_then_keeps(client, draft):
    check = client.get(reverse("ask_check", args=[draft.pk]))

    shown = [step["when"] for step in check.context["steps"] if step["when"]]
    send(client, "ask_check", draft)
    page = client.get(reverse("help_request", args=[draft.pk]))

    assert shown
    assert [step["when"] for step in page.context["steps"] if step["state"] == "next"] == shown


def test_posting_twice_posts_once_and_ends_on_the_request_both_times(client, draft):
    first, second = send(client, "ask_check", draft), send(client, "ask_check", draft)

    assert first.headers["Location"] == second.headers["Location"] == reverse("help_request", args=[draft.pk])
    assert draft.events.count() == 1


def test_starting_again_goes_on_with_the_draft_there_is(client, draft):
    assert client.get(reverse("ask")).headers["Location"] == reverse("ask_what", args=[draft.pk])


def test_draft_comes_back_as_it_was_typed(client, draft):
    what = client.get(reverse("ask_what", args=[draft.pk])).content.decode()
    when = client.get(reverse("ask_when", args=[draft.pk])).content.decode()

    assert "Kan iemand mijn boodschappen halen?" in what
    assert 'value="Boodschappen van de Spar"' in what
    assert 'value="12-3-2026"' in when
    assert 'value="Voorstraat 12"' in when


@pytest.mark.parametrize(("then", "to"), [("stop", "mine"), ("back", "ask_what")])
def test_stopping_and_going_back_keep_what_is_half_done(client, draft, then, to):
    response = send(client, "ask_when", draft, then=then, day="any", place="village", place_text="Het Klokhuis")

    draft.refresh_from_db()
    assert response.headers["Location"] == reverse(to, args=[draft.pk] if to == "ask_what" else [])
    assert (draft.part, draft.place, draft.place_text) == (Part.ANY, Place.VILLAGE, "Het Klokhuis")


def test_stopping_on_the_first_page_keeps_the_text_without_a_category(client, riet):
    response = client.post(reverse("ask"), {"text": "De heg is hoog", "slots": "1", "then": "stop"})

    assert response.headers["Location"] == reverse("mine")
    assert HelpRequest.objects.get().text == "De heg is hoog"


@pytest.mark.parametrize(("then", "to"), [("stop", "mine"), ("back", "board")])
def test_leaving_an_empty_first_page_leaves_nothing_behind(client, riet, then, to):
    response = client.post(reverse("ask"), {"slots": "1", "then": then})

    assert response.headers["Location"] == reverse(to)
    assert not HelpRequest.objects.exists()


def test_going_back_with_something_that_makes_no_sense_says_so_and_keeps_it(client, draft):
    response = send(client, "ask_when", draft, **WHEN | {"date": "ooit", "then": "back"})

    assert response.status_code == 422
    assert 'value="ooit"' in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"category": ""}, "category", "Choose what a neighbour can help with"),
        ({"category": "money"}, "category", "Please choose one of these"),
        ({"text": " "}, "text", "Tell us briefly what needs doing"),
        ({"text": "x" * 301}, "text", "Make your text shorter. 300 characters fit"),
        ({"text": "Bel 06 12345678"}, "text", "Your text has a phone number"),
        ({"title": "Naar Voorstraat 12"}, "title", "Your text has a house number"),
        ({"title": "Mail riet@samsam.example"}, "title", "Your text has an e-mail address"),
        ({"title": "x" * 61}, "title", "Make your text shorter. 60 characters fit"),
        ({"slots": "7"}, "slots", "Please choose one of these"),
        ({"slots": "9" * 40}, "slots", "Please choose one of these"),
        ({"text": "nul\0"}, "text", "There is a sign in your text that we cannot keep"),
    ],
)
def test_error_in_the_first_question_stands_at_the_field_and_above(client, draft, typed, field, words):
    response = send(client, "ask_what", draft, **WHAT | typed)

    text = response.content.decode()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert text.count(words) >= 2
    assert "<title>Error:" in text
    assert "De Spar" in text or field == "title"


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"day": ""}, "day", "Choose a day"),
        ({"date": "3-3-2026"}, "date", "Choose a day that is still to come"),
        ({"date": ""}, "date", "Write the day like this: 12-3-2026"),
        ({"date": "morgenvroeg"}, "date", "Write the day like this: 12-3-2026"),
        ({"date": "9" * 60}, "date", "Write the day like this: 12-3-2026"),
        ({"date": "12-3-2028"}, "date", "Choose a day within a year"),
        ({"part": ""}, "part", "Choose morning, afternoon, evening or a fixed time"),
        ({"day": "today", "part": "morning"}, "part", "This moment has already begun"),
        ({"part": "fixed"}, "time", "Write the time like this: 10.15"),
        ({"part": "fixed", "time": "kwart over tien"}, "time", "Write the time like this: 10.15"),
        ({"day": "today", "part": "fixed", "time": "9.00"}, "time", "This moment has already begun"),
        ({"minutes": ""}, "minutes", "Choose about how long it takes"),
        ({"place": ""}, "place", "Choose where it is"),
        ({"address": "Voorstraat"}, "address", "Write your street and house number"),
        ({"address": "Voorstraat 1" + "x" * 120}, "address", "Make your text shorter. 120 characters fit"),
        ({"place_text": "Bel 0612345678"}, "place_text", "Your text has a phone number"),
    ],
)
def test_error_in_the_second_question_stands_at_the_field_and_above(client, draft, typed, field, words):
    response = send(client, "ask_when", draft, **WHEN | typed)

    text = response.content.decode()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert text.count(words) >= 2
    assert "Something is not right yet" in text
    for name in ("date", "address"):
        assert f'value="{(WHEN | typed)[name]}"' in text or not (WHEN | typed)[name]


@pytest.mark.parametrize(
    ("typed", "on", "at"),
    [
        ({"date": "12/3", "part": "fixed", "time": "10:15"}, THURSDAY, "2026-03-12T10:15+01:00"),
        ({"date": "12 maart", "part": "fixed", "time": "10.15"}, THURSDAY, "2026-03-12T10:15+01:00"),
        ({"day": "tomorrow", "part": "evening", "date": ""}, THURSDAY - timedelta(days=1), None),
        ({"day": "any", "part": "", "date": ""}, None, None),
    ],
)
def test_moment_is_kept_as_it_was_meant(client, draft, typed, on, at):
    assert send(client, "ask_when", draft, **WHEN | typed).status_code == 302

    draft.refresh_from_db()
    assert draft.help_on == on
    assert draft.help_at == (at and datetime.fromisoformat(at))


def test_address_is_not_asked_for_away_from_home(client, draft):
    response = send(client, "ask_when", draft, **WHEN | {"place": "way", "address": ""})

    assert response.status_code == 302
    assert not RequestAddress.objects.filter(pk=draft.pk).exists()


def test_third_question_shows_the_card_and_what_neighbours_do_not_see(client, draft):
    text = client.get(reverse("ask_who", args=[draft.pk])).content.decode()

    assert "Riet, Voorstraat" in text
    assert "You first see who would like to help." in text
    assert "Neighbours do not see:" in text
    assert "Voorstraat 12" not in text


def test_third_question_says_how_many_people_once_nobody_can_be_counted_out(client, beesd, draft):
    few = client.get(reverse("ask_who", args=[draft.pk])).content.decode()
    Tally.add(beesd.pk, neighbours=146)
    for _ in range(10):
        make.volunteer(beesd)

    many = client.get(reverse("ask_who", args=[draft.pk])).content.decode()

    assert "A few people whom Marieke knows" in few
    assert not re.search(r"\d neighbours?\b", few)
    assert "Now 156 neighbours." in many
    assert "10 people whom Marieke knows" in many


def test_third_question_and_the_check_count_the_same_neighbours(client, beesd):
    for _ in range(12):
        make.neighbour(beesd)
    riet = make.neighbour(beesd, "Riet")  # counted in the tally herself
    as_reader(client, riet)
    draft = make.draft(beesd, author=riet)

    question, check = (
        client.get(reverse(step, args=[draft.pk])).content.decode() for step in ("ask_who", "ask_check")
    )

    assert "Now 12 neighbours." in question
    assert "12 neighbours can see your request" in check
    assert "<dd>At your home</dd>" in check


def test_only_volunteers_is_kept(client, draft):
    send(client, "ask_who", draft, audience="volunteers", match_mode="first")

    draft.refresh_from_db()
    assert (draft.audience, draft.match_mode) == (Audience.VOLUNTEERS, MatchMode.FIRST)
    assert send(client, "ask_who", draft, audience="everybody", match_mode="first").status_code == 422
    assert send(client, "ask_who", draft, audience="volunteers").status_code == 422
    assert send(client, "ask_who", draft).status_code == 422


@pytest.mark.parametrize(("ticked", "at_once"), [({}, False), ({"volunteer_at_once": "on"}, True)])
def test_check_page_asks_whether_a_volunteer_comes_at_once_never_ticked_beforehand(client, draft, ticked, at_once):
    HelpRequest.objects.filter(pk=draft.pk).update(match_mode=MatchMode.CHOOSE)

    page = client.get(reverse("ask_check", args=[draft.pk])).content.decode()
    send(client, "ask_check", draft, **ticked)

    box = re.search(r"<input[^>]*volunteer_at_once[^>]*>", page)
    assert box is not None
    assert "checked" not in box.group()
    draft.refresh_from_db()
    assert (draft.status, draft.volunteer_at_once) == (Status.OPEN, at_once)


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"category": ""}, "ask_what"),
        ({"part": "", "help_on": None}, "ask_when"),
        ({"help_on": THURSDAY - timedelta(days=9)}, "ask_when"),
    ],
)
def test_check_page_goes_back_to_what_has_no_answer(client, draft, changes, step):
    HelpRequest.objects.filter(pk=draft.pk).update(**changes)

    assert client.get(reverse("ask_check", args=[draft.pk])).headers["Location"] == reverse(step, args=[draft.pk])
    assert send(client, "ask_check", draft).headers["Location"] == reverse(step, args=[draft.pk])


def test_fourth_open_request_waits_and_says_why(client, beesd, riet):
    for _ in range(pace.MOST_OPEN):
        make.help_request(beesd, author=riet)
    draft = make.draft(beesd, author=riet)

    response = send(client, "ask_check", draft)

    assert response.status_code == 409
    assert "You have 3 open requests. Wait until one is done, or call Marieke" in response.content.decode()
    assert HelpRequest.objects.filter(status=Status.DRAFT).count() == 1


@pytest.mark.parametrize("step", ["ask_what", "ask_when", "ask_who", "ask_check"])
def test_draft_of_somebody_else_is_not_there(client, beesd, riet, step):
    other = make.draft(beesd)

    assert client.get(reverse(step, args=[other.pk])).status_code == 404
    assert send(client, step, other, **WHAT).status_code == 404
    assert client.get(reverse(step, args=[2**70])).status_code == 404
    other.refresh_from_db()
    assert other.text == "Kan iemand mijn boodschappen halen?"
    assert other.status == Status.DRAFT


@pytest.mark.parametrize("step", ["ask_what", "ask_when", "ask_who", "ask_check"])
def test_page_of_a_draft_that_is_posted_by_now_leads_to_the_request(client, draft, riet, step):
    lifecycle.ask(draft.pk, actor=web(riet), now=NOW)

    assert client.get(reverse(step, args=[draft.pk])).headers["Location"] == reverse("help_request", args=[draft.pk])
    response = send(client, step, draft, **WHAT | WHEN | WHO)
    assert response.headers["Location"] == reverse("help_request", args=[draft.pk])


def test_throwing_a_draft_away_takes_only_an_own_draft(client, beesd, draft):
    other, posted = make.draft(beesd), make.help_request(beesd)

    for somebody_elses in (other, posted):
        assert send(client, "throw_away", somebody_elses).status_code == 404
    for _twice in range(2):
        assert send(client, "throw_away", draft).headers["Location"] == reverse("mine")

    assert set(HelpRequest.objects.all()) == {other, posted}


def test_asking_again_copies_the_words_to_a_new_draft_without_a_day(client, draft, riet):
    lifecycle.ask(draft.pk, actor=web(riet), now=NOW)
    lifecycle.withdraw(draft.pk, actor=web(riet), now=NOW)

    response = send(client, "ask_again", draft)

    copy = HelpRequest.objects.get(status=Status.DRAFT)
    assert response.headers["Location"] == reverse("ask_when", args=[copy.pk])
    assert (copy.text, copy.part, make.address_of(copy)) == (
        "Kan iemand mijn boodschappen halen?",
        "",
        "Voorstraat 12",
    )


def test_asking_again_is_for_own_requests_only(client, beesd, riet):
    assert send(client, "ask_again", make.help_request(beesd)).status_code == 404


def test_who_has_no_village_yet_chooses_one_first(client):
    client.force_login(make.user("Fatma"))

    assert client.get(reverse("ask")).headers["Location"] == reverse("welcome")


def test_who_lives_where_samsam_is_not_yet_reads_so(client):
    village = make.village(on=False)
    client.force_login(make.resident(village))

    assert client.get(reverse("ask")).headers["Location"] == reverse("village", args=[village.slug])


@pytest.mark.parametrize("step", ["ask_when", "ask_check"])
def test_page_with_an_address_is_kept_nowhere(client, draft, step):
    assert "no-store" in client.get(reverse(step, args=[draft.pk])).headers["Cache-Control"]


@pytest.mark.parametrize("step", ["ask_what", "ask_who"])
def test_page_without_one_may_come_back_as_it_was_left(client, draft, step):
    policy = client.get(reverse(step, args=[draft.pk])).headers["Cache-Control"]

    assert "private" in policy
    assert "no-store" not in policy


def test_looking_never_changes_anything(client, draft):
    before = timezone.now()

    for step in ("ask_what", "ask_when", "ask_who", "ask_check", "throw_away", "ask_again"):
        client.get(reverse(step, args=[draft.pk]))

    assert list(HelpRequest.objects.values_list("pk", "status", "created_at")) == [(draft.pk, "draft", before)]


@pytest.mark.parametrize("step", ["ask_what", "ask_when", "ask_who", "ask_check"])
def test_broken_encoding_is_no_fault_of_ours(client, draft, step):
    response = client.generic(
        "POST",
        reverse(step, args=[draft.pk]),
        b"category=%ff%fe&text=%ed%a0%80&day=%00&audience=%c3%28",
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code in {302, 422}
