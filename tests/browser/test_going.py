"""Take part of something a neighbour does anyway, and the board at its fullest, in a browser."""

import pytest

from requests_app.models import SpareOffer
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Wilhelminaalexandrinajohannahendrikamari"
UNBROKEN = "Hottentottententententoonstellingsbezoekersparkeerplaatsen"


def test_take_part_of_ik_ga_toch(visit, clock, village):
    make.neighbour(village, "Joris", email="joris@samsam.example", street="Molendijk")
    make.neighbour(village, "Riet", email="riet@samsam.example", street="Achterstraat")
    joris, riet = visit(), visit()

    joris.has_logged_in("joris@samsam.example")
    joris.open("/prikbord/")
    joris.follow("Ik ga toch")
    joris.page.get_by_label("Waar ga je heen?").fill("de Spar")
    joris.choose("Op een andere dag")
    joris.page.get_by_label("Welke dag?").fill("donderdag")
    joris.page.get_by_label("Hoe laat ga je weg?").fill("14 uur")
    joris.choose("Boodschappen")
    joris.choose("1 persoon")
    joris.page.get_by_label("Waar spreek je af?").fill("Ik rijd voor bij de kerk")
    joris.press("Zet het op het prikbord")
    assert joris.reads("Het gaat er vanzelf af als je weg bent")

    riet.has_logged_in("riet@samsam.example")
    riet.open("/prikbord/")
    assert riet.reads("Joris gaat toch naar de Spar")
    assert riet.reads("Donderdag om 14.00 uur")
    assert not riet.sees("kerk")
    riet.page.get_by_role("button", name="Neem iets voor mij mee").click()
    riet.settle()
    assert riet.reads("Ik rijd voor bij de kerk")
    riet.page.get_by_label("Wat wil je erover zeggen?").fill("Eén brood en een pak melk")
    riet.press("Bewaar")

    joris.open("/berichten/")
    assert joris.reads("Riet vraagt of je iets meeneemt")
    spare = SpareOffer.objects.get()
    joris.open(spare.get_absolute_url())
    assert joris.reads("Riet")
    assert joris.reads("Eén brood en een pak melk")

    riet.open("/van-mij/")
    assert riet.reads("Er komt iets voor je mee")
    riet.follow("Joris gaat toch naar de Spar")
    riet.press("Toch niet")
    assert riet.reads("De plek is weer vrij")
    clock.goes_to(spare.leaves_at)
    riet.open("/prikbord/")
    assert not riet.sees("de Spar")


def test_filter_of_the_board_stays_along_the_way(visit, clock, village):
    make.neighbour(village, "Joris", email="joris@samsam.example")
    make.help_request(village, title="Kort", minutes=20)
    make.help_request(village, author=make.neighbour(village), title="Lang", minutes=60)
    joris = visit()
    joris.has_logged_in("joris@samsam.example")
    joris.open("/prikbord/")

    joris.page.get_by_text("Kies een dag, of wat je leuk vindt").click()
    joris.choose("20 minuten")
    joris.choose("Deze week")
    if joris.javascript:
        joris.page.wait_for_url("**/prikbord/?minutes=20&day=week")
        joris.settle()
    else:
        joris.press("Laat zien")
    assert joris.reads("1 vraag in Beesd")
    assert not joris.sees("Lang")

    joris.follow("Kort")
    joris.follow("Terug naar het prikbord")
    assert joris.reads("1 vraag in Beesd")
    assert joris.page.get_by_label("20 minuten").is_checked()
    assert joris.page.get_by_label("Deze week").is_checked()
    joris.choose("Om de hoek")
    if joris.javascript:
        joris.page.wait_for_url("**band=near")
        with joris.page.expect_event("load"):  # the page as it was is asked for again
            joris.page.evaluate("history.back()")
        joris.settle()
        assert joris.reads("1 vraag in Beesd")


@pytest.mark.parametrize("javascript", [True], ids=["with JavaScript"])
def test_board_with_200_requests_and_long_names_fits_a_narrow_phone(visit, clock, village, javascript):
    make.neighbour(village, "Joris", email="joris@samsam.example")
    people = [
        make.neighbour(village, LONG, street="Burgemeester-van-Haersma-Buma-van-Nassaustraat") for _ in range(70)
    ]
    for number in range(200):
        make.help_request(village, author=people[number // 3], title=UNBROKEN if number % 2 else f"Vraag {number}")
    for author in people[:6]:
        make.spare_offer(village, author=author, title=UNBROKEN, places=6)
    joris = visit()
    joris.has_logged_in("joris@samsam.example")
    joris.page.set_viewport_size({"width": 320, "height": 600})

    joris.open("/prikbord/")
    joris.open("/prikbord/ik-ga-toch/")
    shown, next_url = 0, "/prikbord/"
    while next_url:
        joris.page.goto(joris.address + next_url)
        shown += joris.page.locator("#cards article").count()
        assert joris.page.evaluate("document.documentElement.scrollWidth") == 320
        link = joris.page.locator("[rel=next]")
        next_url = link.get_attribute("href") if link.count() else ""

    assert shown == 200
