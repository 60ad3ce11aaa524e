"""A conversation as people live it, from another time to a word of thanks, with and without JavaScript."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation import blocking
from requests_app import offers
from requests_app.models import PickUp
from tests import make
from tests.make import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two(visit, clock):
    """Riet and Joris, logged in, with an appointment."""
    village = make.village("Beesd", quiet=False)
    people = [make.neighbour(village, name, email=f"{name.lower()}@samsam.example") for name in ("Riet", "Joris")]
    help_request = make.help_request(village, author=people[0], title="Boodschappen")
    offers.say_yes(help_request.pk, helper=people[1], actor=make.web(people[1]), now=NOW)
    visitors = [visit(), visit()]
    for visitor, person in zip(visitors, people, strict=True):
        visitor.has_logged_in(person.email)
    return (*visitors, PickUp.objects.select_related("help_request").get())


def test_conversation_to_appointment_to_thanks(two, clock):
    riet, joris, pick_up = two

    joris.open(f"/vragen/{pick_up.help_request_id}/")
    joris.follow("Naar jullie gesprek")
    joris.page.get_by_label("Of schrijf zelf").fill("Kan het ook vrijdag?")
    joris.press("Verstuur")
    assert joris.reads("Kan het ook vrijdag?")
    assert joris.page.get_by_label("Of schrijf zelf").input_value() == ""
    joris.follow("Spreek een tijd af")
    joris.page.get_by_label("Welke dag?").fill("13-3-2026")
    joris.page.get_by_label("Hoe laat?").fill("10.00")
    joris.press("Vraag het Riet")
    assert joris.reads("Riet heeft nog niet geantwoord")

    riet.open("/berichten/")
    assert riet.reads("Andere tijd: vrijdag om 10.00 uur?")
    riet.follow("Je gesprekken met buren")
    riet.follow("Joris")
    riet.press("Dat is goed")
    riet.press("Ja, dat is goed")
    assert riet.reads("Vrijdag 13 maart om 10.00 uur")
    assert riet.reads("Afgesproken")

    clock.goes_to(NOW.replace(day=13, hour=12))
    riet.open(f"/gesprekken/{pick_up.pk}/")
    riet.follow("Het is gelukt")
    riet.press("Ja, het is gelukt")
    riet.press("Fijn dat je er was.")
    assert riet.reads("Joris leest je bedankje")

    joris.open(f"/gesprekken/{pick_up.pk}/")
    assert joris.reads("Fijn dat je er was.")
    assert not joris.sees("Voorstraat 12")


def test_two_messages_after_each_other_and_a_mistake_keep_what_was_typed(two):
    _riet, joris, pick_up = two

    joris.open(f"/gesprekken/{pick_up.pk}/")
    joris.press("Verstuur")
    assert joris.reads("Schrijf een bericht, of kies een snel antwoord")
    joris.complaints[:] = [line for line in joris.complaints if "422" not in line]  # the browser names the status
    for text in ("Eerste", "Tweede"):
        joris.page.get_by_label("Of schrijf zelf").fill(text)
        joris.press("Verstuur")

    assert joris.reads("Eerste")
    assert joris.reads("Tweede")
    assert not joris.sees("Schrijf een bericht, of kies een snel antwoord")
    assert pick_up.messages.count() == 2


def test_block_in_the_middle_of_a_conversation(two):
    riet, joris, pick_up = two
    joris.open(f"/gesprekken/{pick_up.pk}/")
    joris.page.get_by_label("Of schrijf zelf").fill("Ben je er nog?")

    blocking.block(pick_up.help_request.author, pick_up.helper, now=timezone.now())
    joris.press("Verstuur")
    joris.complaints[:] = [line for line in joris.complaints if "422" not in line]

    assert joris.reads("Jullie kunnen elkaar hier niet meer schrijven")
    assert not joris.sees("Riet wil")
    assert not pick_up.messages.exists()
    for visitor in (riet, joris):
        visitor.open(f"/gesprekken/{pick_up.pk}/")
        assert visitor.reads("Jullie kunnen elkaar hier niet meer schrijven. Is er iets\\? Bel Marieke")
        assert not visitor.sees("Verstuur")


@pytest.mark.parametrize("javascript", [True])
def test_a_new_message_comes_by_itself_and_leaves_what_is_typed(two):
    riet, joris, pick_up = two
    riet.page.clock.install()
    riet.open(f"/gesprekken/{pick_up.pk}/")
    riet.page.get_by_label("Of schrijf zelf").fill("Ik was aan het typen")
    joris.open(f"/gesprekken/{pick_up.pk}/")
    joris.press("Bel me even")
    riet.page.clock.run_for(timedelta(seconds=21).total_seconds() * 1000)
    riet.page.locator(".msg").get_by_text("Bel me even").wait_for()

    assert riet.page.get_by_label("Of schrijf zelf").input_value() == "Ik was aan het typen"


@pytest.mark.parametrize("javascript", [True])
def test_a_message_written_without_a_connection_is_still_there(two):
    _riet, joris, pick_up = two
    joris.open(f"/gesprekken/{pick_up.pk}/")
    joris.page.get_by_label("Of schrijf zelf").fill("Ik ben er om tien uur")

    joris.context.set_offline(True)
    joris.page.get_by_role("button", name="Verstuur").click()
    joris.page.locator("#messages .note--error").wait_for()
    assert joris.page.get_by_label("Of schrijf zelf").input_value() == "Ik ben er om tien uur"
    assert not pick_up.messages.exists()
    joris.context.set_offline(False)
    joris.complaints.clear()  # the browser and htmx complain that there was no internet, rightly
    joris.press("Verstuur")

    joris.page.locator(".msg").get_by_text("Ik ben er om tien uur").wait_for()
    assert pick_up.messages.count() == 1
