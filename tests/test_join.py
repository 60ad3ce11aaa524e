"""Joining a village in the browser: three small steps, then the code of a letter or the contact person."""

import pytest
from django.urls import reverse

from tests import make
from tests.cast import as_reader
from villages.models import Residency, Village

pytestmark = pytest.mark.django_db


@pytest.fixture
def beesd():
    village = make.village("Beesd")
    Village.objects.filter(pk=village.pk).update(
        slug="beesd", letter_code="BEESD234", letter_code_until="2040-01-01T00:00Z", pc4s=["4153"]
    )
    village.refresh_from_db()
    return village


@pytest.fixture
def fatma(client):
    person = make.user("", email="fatma@samsam.example")
    person.first_name = ""
    person.save(update_fields=["first_name"])
    as_reader(client, person)
    return person


@pytest.fixture
def riet(client, beesd):
    """Lives in Beesd, not proven yet."""
    person = make.resident(beesd, "Riet")
    as_reader(client, person)
    return person


def text_of(response):
    return response.content.decode()


def join(client, **typed):
    return client.post(reverse("join_village", args=["beesd"]), {"way": "code", "sixteen": "on", **typed})


def test_welcome_in_three_steps_and_then_what_first(client, beesd, fatma):
    assert client.get(reverse("start")).headers["Location"] == reverse("welcome")

    step = client.post(reverse("welcome"), {"village": "beesd"})
    assert step.headers["Location"] == reverse("welcome_street")
    step = client.post(reverse("welcome_street"), {"street": "  Molendijk "})
    assert step.headers["Location"] == reverse("welcome_name")
    step = client.post(reverse("welcome_name"), {"first_name": "Fatma", "sixteen": "on"})
    assert step.headers["Location"] == reverse("welcome_done")

    home = Residency.objects.get(user=fatma)
    assert (home.village, home.street, home.confirmed_at) == (beesd, "Molendijk", None)
    done = text_of(client.get(reverse("welcome_done")))
    assert "Welcome, Fatma. What would you like to do first?" in done
    assert reverse("join_village", args=["beesd"]) in done


@pytest.mark.parametrize(
    ("step", "typed", "message"),
    [
        ("welcome", {}, "Choose the village you live in"),
        ("welcome", {"village": "acquoy"}, "Choose the village you live in"),
        ("welcome", {"village": "\x00"}, "There is a sign in your text that we cannot keep"),
        ("welcome_street", {"street": " "}, "Write the name of your street"),
        ("welcome_street", {"street": "Voorstraat 12"}, "Leave out the house number. The street is enough"),
        ("welcome_street", {"street": "Voorstraat 12 a"}, "Leave out the house number. The street is enough"),
        ("welcome_street", {"street": "x" * 81}, "Ensure this value has at most 80 characters (it has 81)."),
        ("welcome_street", {"street": "Voor\x00straat"}, "There is a sign in your text that we cannot keep"),
        ("welcome_name", {"sixteen": "on"}, "Write your first name"),
        (
            "welcome_name",
            {"first_name": "Riet"},
            "Taking part is possible from 16 years. Are you? Then tick this",
        ),
    ],
)
def test_welcome_says_what_is_not_right_at_the_field_and_above(client, riet, step, typed, message):
    make.village("Acquoy", on=False)

    response = client.post(reverse(step), typed)

    page = text_of(response)
    assert response.status_code == 422
    assert "Something is not right yet" in page
    assert page.count(message) == 2
    assert "<title>Error: " in page
    kept = [value for name, value in typed.items() if name != "village" and "\x00" not in value]
    assert [value for value in kept if value.strip() not in page] == []


def test_street_that_ends_in_a_year_is_a_street(client, riet):
    response = client.post(reverse("welcome_street"), {"street": "Plein 1944"})

    assert response.status_code == 302
    assert Residency.objects.get(user=riet).street == "Plein 1944"


def test_menu_says_where_the_steps_of_a_newcomer_are(client, beesd, riet):
    welcome, join = (text_of(client.get(url)) for url in (reverse("welcome"), reverse("join_village", args=["beesd"])))

    assert f'href="{reverse("mine")}" aria-current="true"' in welcome
    assert f'href="{reverse("board")}" aria-current="true"' in join


def test_step_before_its_time_goes_back_to_the_first(client, beesd, fatma):
    for step in ("welcome_street", "welcome_name", "welcome_done"):
        assert client.get(reverse(step)).headers["Location"] == reverse("welcome")


def test_village_is_found_by_its_name_and_one_that_is_off_says_so(client, beesd, fatma):
    make.village("Acquoy", on=False)

    assert 'value="beesd"' in text_of(client.get(reverse("welcome"), {"q": "bee"}))
    off = text_of(client.get(reverse("welcome"), {"q": "Acquoy"}))
    assert "SamSam is not in “Acquoy” yet." in off


def test_join_of_somebody_without_a_home_starts_with_the_welcome_for_that_village(client, beesd, fatma):
    response = client.get(reverse("join_village", args=["beesd"]))

    assert response.headers["Location"] == reverse("welcome") + "?village=beesd"
    assert 'value="beesd" ' in text_of(client.get(response.headers["Location"]))
    assert "checked" in text_of(client.get(response.headers["Location"]))
    assert not Residency.objects.exists()


def test_join_with_the_code_of_the_letter(client, beesd, riet):
    assert client.get(reverse("start")).headers["Location"] == reverse("join_village", args=["beesd"])

    response = join(client, code="beesd 234")

    assert response.headers["Location"] == reverse("start")
    assert client.get(reverse("start")).headers["Location"] == reverse("board")
    assert Residency.objects.get(user=riet).proof == "code"
    assert "You have joined in Beesd." in text_of(client.get(reverse("join_village", args=["beesd"])))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"code": "WRONG234"}, "This code is not right. Look at the letter again. Still no luck? Call Marieke."),
        ({"code": ""}, "Fill in the code from your letter"),
        ({"code": "BEESD\x00234"}, "There is a sign in your text that we cannot keep"),
        ({"code": "A" * 33}, "Ensure this value has at most 32 characters (it has 33)."),
        (
            {"code": "BEESD234", "sixteen": ""},
            "Taking part is possible from 16 years. Are you? Then tick this",
        ),
        ({"way": "\x00", "code": "BEESD234"}, "Choose one of the two ways"),
    ],
)
def test_join_says_what_is_not_right_and_keeps_what_was_typed(client, riet, typed, message):
    response = join(client, **typed)

    page = text_of(response)
    assert response.status_code == 422
    assert page.count(message) == 2
    assert typed.get("code", "") in page or "\x00" in typed["code"]
    assert not Residency.objects.get(user=riet).is_proven(make.NOW)


def test_join_with_an_outdated_code_says_whom_to_call(client, beesd, riet):
    Village.objects.update(letter_code_until="2020-01-01T00:00Z")

    assert "This code is too old. Call Marieke for a new letter." in text_of(join(client, code="BEESD234"))


def test_join_tried_too_often_asks_for_patience_with_429(client, beesd, riet):
    for _ in range(10):
        assert join(client, code="WRONG").status_code == 422

    response = join(client, code="BEESD234")

    assert response.status_code == 429
    assert "That was a bit fast. Try again in 10 minutes" in text_of(response)


def test_age_is_asked_once_a_visit(client, riet):
    assert "I am 16 or older" in text_of(client.get(reverse("join_village", args=["beesd"])))

    client.post(reverse("welcome_name"), {"first_name": "Riet", "sixteen": "on"})

    assert "I am 16 or older" not in text_of(client.get(reverse("join_village", args=["beesd"])))


def test_join_by_the_contact_person_waits_and_says_whom_to_call(client, beesd, riet):
    response = join(client, way="contact")

    assert response.headers["Location"] == reverse("join_waiting", args=["beesd"])
    waiting = text_of(client.get(response.headers["Location"]))
    assert "You are almost there" in waiting
    assert "Marieke is looking at it." in waiting
    assert "tel:+31-6-12345678" in waiting
    assert not Residency.objects.get(user=riet).is_proven(make.NOW)


def test_proof_near_its_end_is_renewed_with_one_button(client, beesd, riet):
    join(client, code="BEESD234")
    home = Residency.objects.get(user=riet)
    assert "I still live here" not in text_of(client.get(reverse("join_village", args=["beesd"])))
    soon = home.claimed_at.replace(year=2026, month=12)
    Residency.objects.update(expires_at=soon)

    page = text_of(client.get(reverse("join_village", args=["beesd"])))
    assert "Your proof ends on" in page
    client.post(reverse("still_here"))

    home.refresh_from_db()
    assert home.expires_at > soon


def test_look_at_a_page_changes_nothing(client, beesd, riet):
    before = Residency.objects.values().get(user=riet)

    for url in ("join", "welcome", "welcome_street", "welcome_name", "welcome_done", "village_choice", "start"):
        client.get(reverse(url))
    assert client.get(reverse("still_here")).status_code == 405

    assert Residency.objects.values().get(user=riet) == before


def test_join_of_a_village_that_is_off_or_unknown_is_not_there(client, riet):
    off = make.village("Acquoy", on=False)

    for slug in (off.slug, "nergens"):
        assert client.get(reverse("join_village", args=[slug])).status_code == 404


def test_contact_person_stands_on_every_page_of_joining(client, beesd, riet):
    for url in ("welcome", "welcome_street", "welcome_name", "welcome_done"):
        page = text_of(client.get(reverse(url)))
        assert "Marieke is the contact person of Beesd." in page
        assert "Maandag tot en met vrijdag, 9.00 tot 17.00 uur" in page


def test_staff_without_a_home_go_to_the_staff_pages(client, beesd):
    client.force_login(beesd.contact_person.user)

    assert client.get(reverse("start")).headers["Location"] == reverse("admin:index")


@pytest.mark.parametrize("name", ["0612345678", "riet@samsam.example", "www.riet.nl", "Riet2", "...", "12"])
def test_first_name_is_no_phone_number_nor_an_address(client, riet, name):
    page = client.post(reverse("welcome_name"), {"first_name": name, "sixteen": "on"})

    assert page.status_code == 422
    assert "Write your first name only" in page.content.decode()
    assert name in page.content.decode()


@pytest.mark.parametrize("name", ["Jan-Willem", "Anne Fleur", "Søren", "D'Arcy", "आशा", "J."])
def test_first_names_of_people_are_fine(client, riet, name):
    assert client.post(reverse("welcome_name"), {"first_name": name, "sixteen": "on"}).status_code == 302

    riet.refresh_from_db()
    assert riet.first_name == name


@pytest.mark.parametrize("url", ["/welkom/", "/welkom/straat/", "/welkom/naam/", "/meedoen/beesd/"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"street=%ff%fe&first_name=%ff&village=%ff&code=%ff&way=%ff", "application/x-www-form-urlencoded"),
        (b"street=a&village=b&code=c", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"street=" + b"x" * 300_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % number for number in range(300)), "application/x-www-form-urlencoded"),
        (b"not a form at all", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
    ],
)
def test_what_no_browser_sends_is_refused_and_never_a_failure(client, riet, url, body, kind):
    response = client.post(url, body, content_type=kind)

    assert response.status_code in {302, 400, 413, 422}
    home = Residency.objects.get(user=riet)
    assert (home.village.slug, home.proof) == ("beesd", "")


def test_visit_to_the_page_of_waiting_once_joined_goes_to_the_own_village(client, beesd, riet):
    join(client, code="BEESD234")

    response = client.get(reverse("join_waiting", args=["beesd"]))

    assert response.headers["Location"] == reverse("join_village", args=["beesd"])
    assert client.get(reverse("join")).headers["Location"] == reverse("join_village", args=["beesd"])


def test_proof_that_has_run_out_is_not_renewed_with_a_button(client, beesd, riet):
    join(client, code="BEESD234")
    Residency.objects.update(expires_at="2020-01-01T00:00Z")

    client.post(reverse("still_here"))

    page = text_of(client.get(reverse("join_village", args=["beesd"])))
    assert "Show once more that you live here, with the code from a letter." in page
    assert not Residency.objects.get(user=riet).is_proven(make.NOW)


def test_still_here_of_somebody_without_a_home_starts_with_the_welcome(client, beesd, fatma):
    assert client.post(reverse("still_here")).headers["Location"] == reverse("welcome")


@pytest.mark.parametrize(("field", "step"), [("street", "welcome_street"), ("first_name", "welcome_name")])
def test_step_that_was_left_out_comes_first(client, beesd, riet, field, step):
    if field == "street":
        Residency.objects.update(street="")
    else:
        type(riet).objects.filter(pk=riet.pk).update(first_name="")

    for url in (reverse("start"), reverse("join_village", args=["beesd"]), reverse("welcome_done")):
        assert client.get(url).headers["Location"] == reverse(step)


@pytest.mark.parametrize("address", ["", "unix:", "not an address"])
def test_join_works_where_the_server_knows_no_address(client, beesd, riet, address):
    typed = {"way": "code", "sixteen": "on", "code": "BEESD234"}

    client.post(reverse("join_village", args=["beesd"]), typed, REMOTE_ADDR=address)

    assert Residency.objects.get(user=riet).proof == "code"
