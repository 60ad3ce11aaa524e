"""How many taps it takes to ask, and what a page says about the words, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Locator

from requests_app.models import HelpRequest, Place, Status
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TAPS = 9


class Hand:
    """Every tap and every use of the keyboard, counted; waits and looks as its visitor does."""

    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page
        self.taps = self.typed = 0

    def tap(self, on: Locator):
        on.click()
        self.taps += 1
        self.visitor.settle()

    def choose(self, name: str):
        self.tap(self.page.locator("label").filter(has_text=re.compile(f"^{name}")).first)

    def press(self, name: str):
        self.tap(self.page.get_by_role("button", name=name, exact=True))

    def write(self, label: str, text: str):
        self.page.get_by_label(label).click()
        self.taps += 1
        self.page.keyboard.press("End")
        self.page.keyboard.type(text)
        self.typed += 1


@pytest.fixture
def hand(visit, riet):
    """Riet at home, logged in."""
    visitor = visit()
    visitor.has_logged_in(riet.email)
    visitor.open("/")
    return Hand(visitor)


def test_from_home_to_a_posted_request_takes_at_most_nine_taps_and_the_keyboard_once(hand, village, riet):
    make.help_request(village, author=riet)  # her address is known from last time

    hand.tap(hand.page.get_by_role("link", name="Ik kan hulp gebruiken"))
    hand.choose("Boodschappen")
    hand.write("Vertel kort wat er moet gebeuren", "Kan iemand mijn boodschappen halen? Het is één tas.")
    hand.press("Verder")
    hand.choose("Morgen")
    hand.choose("Middag")
    hand.press("Verder")
    hand.press("Verder")
    hand.press("Plaats mijn vraag")

    assert hand.visitor.sees("Je vraag staat op het prikbord")
    assert (hand.taps, hand.typed) == (MOST_TAPS, 1)
    posted = HelpRequest.objects.filter(status=Status.OPEN).first()
    assert (posted.part, posted.minutes, make.address_of(posted)) == ("afternoon", 30, "Voorstraat 12")


def test_first_request_takes_nine_taps_too_and_the_keyboard_only_for_the_house_number(hand):
    hand.tap(hand.page.get_by_role("link", name="Ik kan hulp gebruiken"))
    hand.choose("Boodschappen")
    hand.tap(hand.page.get_by_text("Hoe zeggen anderen het?"))
    if not hand.visitor.javascript:
        hand.press("Laat zien")
        hand.taps -= 1  # with JavaScript the sentences are there
    hand.tap(hand.page.get_by_role("button", name="Wie haalt donderdag mijn boodschappen?"))
    hand.press("Verder")
    hand.write("Je straat en huisnummer", "12")
    hand.press("Verder")
    hand.press("Verder")
    hand.press("Plaats mijn vraag")

    assert hand.visitor.sees("Je vraag staat op het prikbord")
    assert (hand.taps, hand.typed) == (MOST_TAPS, 1)
    posted = HelpRequest.objects.get(status=Status.OPEN)
    assert (posted.text, posted.part) == (
        "Wie haalt donderdag mijn boodschappen? Het is één tas. Ik heb een lijstje klaar.",
        "any",
    )
    assert make.address_of(posted) == "Voorstraat 12"


def test_wish_is_a_posted_request_in_four_taps_without_the_keyboard(hand):
    hand.visitor.open("/vraag/fijn/")

    hand.tap(hand.page.get_by_role("link", name="Even gezelschap"))
    hand.tap(hand.page.get_by_role("link", name=re.compile("^Een kop koffie")))
    hand.tap(hand.page.get_by_role("button", name=re.compile("^Maakt niet uit")))
    assert hand.visitor.sees("Klopt het zo|Klopt dit")
    hand.press("Plaats mijn vraag")

    assert hand.visitor.sees("Je vraag staat op het prikbord")
    assert (hand.taps, hand.typed) == (4, 0)
    posted = HelpRequest.objects.get(status=Status.OPEN)
    assert (posted.title, posted.minutes, posted.place) == ("Een kop koffie en een praatje", 20, Place.VILLAGE)


def test_phone_number_is_taken_out_by_a_button_and_nothing_else_is_lost(hand):
    hand.visitor.open("/vraag/")
    hand.choose("Tuin")
    hand.write("Vertel kort wat er moet gebeuren", "Wie maait mijn gras? Bel 06 12345678.")
    hand.press("Verder")
    assert hand.visitor.sees("In je tekst staat een telefoonnummer")

    hand.press("Haal het weg")

    assert hand.page.get_by_label("Vertel kort wat er moet gebeuren").input_value() == "Wie maait mijn gras? Bel."
    assert hand.page.get_by_label(re.compile("^Tuin")).is_checked()
    hand.press("Verder")
    assert HelpRequest.objects.get().text == "Wie maait mijn gras? Bel."
    hand.visitor.complaints[:] = [line for line in hand.visitor.complaints if "422" not in line]


def test_danger_shows_whom_to_call_and_lets_go_on(hand):
    hand.visitor.open("/vraag/")
    hand.choose("Koffie of wandeling")
    told = hand.page.get_by_label("Vertel kort wat er moet gebeuren")
    told.fill("Ik wil niet meer leven.")  # without a key, as what is pasted or dictated
    if hand.visitor.javascript:  # at once, while she writes
        hand.page.get_by_role("link", name="Bel 113").wait_for()
        assert hand.page.evaluate("document.activeElement.id") == "id_text"
    else:
        hand.press("Verder")
    for number in ("112", "113", "08000113", "08002000"):
        assert hand.page.locator(f'main a[href="tel:{number}"]').is_visible()

    hand.press("Verder")

    assert "/wanneer/" in hand.page.url
    assert HelpRequest.objects.get().text == "Ik wil niet meer leven."


def test_softer_words_are_offered_and_taken_by_a_button(hand):
    hand.visitor.open("/vraag/")
    hand.choose("Koffie of wandeling")
    hand.write("Vertel kort wat er moet gebeuren", "Ik ben zo eenzaam. Wie drinkt koffie?")
    if hand.visitor.javascript:
        hand.page.get_by_text("Zullen we het iets zachter zeggen?").wait_for()
    else:
        hand.press("Verder")
    hand.press("Zeg het zachter Ik ben zo eenzaam")

    written = hand.page.get_by_label("Vertel kort wat er moet gebeuren").input_value()
    assert written == "Ik vind gezelschap fijn. Wie drinkt koffie?"
    assert hand.page.get_by_label(re.compile("^Koffie of wandeling")).is_checked()
    hand.press("Verder")
    assert "/wanneer/" in hand.page.url
