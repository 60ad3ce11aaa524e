"""The whole story as people live it, in a browser, with and without JavaScript."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.utils import timezone, translation

from notifications import inbox
from requests_app import offers
from requests_app.models import HelpRequest, Status
from tests import make
from tests.make import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WEDNESDAY_8 = NOW.replace(day=11, hour=7, minute=0)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def ask(riet, *, day="12-3-2026", who="De eerste die kan is goed", people="1"):
    """Groceries, on an afternoon, at home: three questions and a last look."""
    riet.open("/vraag/")
    riet.choose("Boodschappen")
    riet.page.get_by_label("Vertel kort wat er moet gebeuren").fill(
        "Kan iemand mijn boodschappen halen? Het is één tas."
    )
    riet.page.locator(f"[name=slots][value='{people}']").check()
    riet.press("Verder")
    riet.choose("Op een andere dag")
    riet.page.get_by_label("Welke dag?").fill(day)
    riet.choose("Middag")
    riet.choose("30 minuten")
    riet.choose("Bij mij thuis")
    riet.page.get_by_label("Je straat en huisnummer").fill("Voorstraat 12")
    riet.press("Verder")
    riet.choose("Alle buren in Beesd")
    riet.choose(who)
    riet.press("Verder")
    assert riet.reads("Donderdag 12 maart, in de middag")
    assert riet.reads(r"om \d+\.\d\d uur")
    riet.press("Plaats mijn vraag")
    assert riet.reads("Je vraag staat op het prikbord")
    return HelpRequest.objects.get(status=Status.OPEN)


def test_ask_take_finish(visit, clock, village):
    make.neighbour(village, "Riet", email="riet@samsam.example")
    make.neighbour(village, "Joris", email="joris@samsam.example", street="Molendijk")
    riet, joris = visit(), visit()

    riet.log_in("riet@samsam.example")
    help_request = ask(riet)

    joris.open("/")
    joris.log_in("joris@samsam.example")
    assert joris.reads("Riet, Voorstraat")
    assert not joris.sees("Voorstraat 12")
    joris.follow("Boodschappen")
    assert not joris.sees("Voorstraat 12")
    joris.press("Ja, ik help Riet")
    assert joris.reads("Voorstraat 12")

    riet.open("/berichten/")
    assert riet.reads("Joris komt je helpen")
    riet.open(f"/vragen/{help_request.pk}/")
    assert riet.reads("Joris")
    clock.goes_to(help_request.needed_by + timedelta(hours=6))
    riet.open(f"/vragen/{help_request.pk}/")
    riet.press("Ja, het is gelukt")

    joris.open(f"/vragen/{help_request.pk}/")
    assert not joris.sees("Voorstraat 12")
    help_request.refresh_from_db()
    assert help_request.status == Status.DONE


def test_choose_between_two_offers(visit, clock, village):
    make.neighbour(village, "Riet", email="riet@samsam.example")
    make.neighbour(village, "Joris", email="joris@samsam.example", street="Molendijk")
    fatma = make.neighbour(village, "Fatma")
    riet, joris = visit(), visit()
    riet.has_logged_in("riet@samsam.example")
    help_request = ask(riet, who="Ik zeg zelf ja")

    offers.say_yes(help_request.pk, helper=fatma, actor=make.web(fatma), now=timezone.now())
    joris.has_logged_in("joris@samsam.example")
    joris.open(f"/vragen/{help_request.pk}/")
    joris.press("Ja, ik help Riet")
    assert joris.reads("Je hoort het als er een antwoord is")
    assert not joris.sees("Voorstraat 12")

    riet.open("/berichten/")
    assert riet.reads("Joris wil je helpen")
    riet.open(f"/vragen/{help_request.pk}/")
    assert riet.reads("Fatma wil je helpen")
    riet.page.get_by_role("button", name=re.compile("Ja graag.*Joris")).click()
    riet.settle()
    assert riet.reads("Wie er komt")
    assert not riet.sees("Fatma wil je helpen. Vind")

    joris.open("/berichten/")
    assert joris.reads("Riet zegt: graag")
    joris.open(f"/vragen/{help_request.pk}/")
    assert joris.reads("Voorstraat 12")
    help_request.refresh_from_db()
    assert help_request.status == Status.TAKEN
    assert inbox_of(fatma) == ["Het is al geregeld"]


def test_group_of_three(visit, clock, village):
    make.neighbour(village, "Riet", email="riet@samsam.example")
    fatma = make.neighbour(village, "Fatma")
    make.neighbour(village, "Joris", email="joris@samsam.example", street="Molendijk")
    make.neighbour(village, "Bram", email="bram@samsam.example", street="Dorpsplein")
    riet, joris, bram = visit(), visit(), visit()
    riet.has_logged_in("riet@samsam.example")
    help_request = ask(riet, people="3")
    path = f"/vragen/{help_request.pk}/"

    offers.say_yes(help_request.pk, helper=fatma, actor=make.web(fatma), now=timezone.now())
    joris.has_logged_in("joris@samsam.example")
    joris.open("/prikbord/")
    assert joris.reads("Nog 2 mensen nodig")
    joris.open(path)
    assert joris.reads("1 van de 3 mensen gevonden")
    joris.press("Ja, ik help Riet")
    assert joris.reads("Voorstraat 12")
    assert joris.reads("2 van de 3 mensen gevonden")
    bram.has_logged_in("bram@samsam.example")
    bram.open(path)
    bram.press("Ja, ik help Riet")
    assert bram.reads("Voorstraat 12")

    riet.open(path)
    assert all(riet.reads(name) for name in ("Fatma", "Joris", "Bram"))
    help_request.refresh_from_db()
    assert (help_request.status, help_request.slots_taken) == (Status.TAKEN, 3)

    bram.follow("Afzeggen")
    bram.press("Afzeggen")
    bram.open(path)
    assert not bram.sees("Voorstraat 12")
    riet.open(path)
    assert riet.reads("Bram kan toch niet")
    help_request.refresh_from_db()
    assert (help_request.status, help_request.slots_taken) == (Status.OPEN, 2)


def test_ask_nobody_wave_volunteer(visit, clock, village):
    make.neighbour(village, "Riet", email="riet@samsam.example")
    samira = make.volunteer(village, "Samira").user
    riet, volunteer = visit(), visit()

    riet.has_logged_in("riet@samsam.example")
    help_request = ask(riet)
    clock.goes_to(WEDNESDAY_8)

    volunteer.has_logged_in(samira.email)
    volunteer.taps = 0
    volunteer.taps_in_mail(samira.email)  # 1
    assert volunteer.reads("Boodschappen")
    volunteer.press("Ja, dit doe ik")  # 2
    assert volunteer.reads("Voorstraat 12")
    assert volunteer.taps == 2

    riet.open(f"/vragen/{help_request.pk}/")
    assert riet.reads("Samira")
    help_request.refresh_from_db()
    assert help_request.status == Status.TAKEN


def test_ask_nobody_at_all_contact_person(visit, clock, village):
    make.neighbour(village, "Riet", email="riet@samsam.example")
    marieke = village.contact_person.user
    TOTP.activate(marieke, SECRET)
    riet, team = visit(), visit()

    riet.has_logged_in("riet@samsam.example")
    help_request = ask(riet)
    clock.goes_to(WEDNESDAY_8 + timedelta(hours=8))
    riet.open(f"/vragen/{help_request.pk}/")
    assert riet.reads("Marieke zoekt mee en belt je")

    team.log_in(marieke.email)
    team.page.get_by_label("Code uit je app").fill(second_factor())  # the page before it has a field for a code too
    team.press("Verder")
    team.page.wait_for_url(lambda url: "/inloggen/" not in url)
    team.open("/berichten/")
    assert team.reads("Er wacht een vraag op je")
    team.page.goto(team.address + f"/beheer/requests_app/helprequest/{help_request.pk}/change/")
    assert "Boodschappen" in team.page.inner_text("#content")

    clock.goes_to(help_request.needed_by)
    riet.open("/berichten/")
    assert riet.reads("De datum van je vraag is voorbij")
    help_request.refresh_from_db()
    assert help_request.status == Status.LAPSED


def test_somebody_was_just_before(visit, clock, village):
    make.neighbour(village, "Joris", email="joris@samsam.example")
    fatma = make.neighbour(village, "Fatma")
    help_request = make.help_request(village)
    joris = visit()
    joris.has_logged_in("joris@samsam.example")
    joris.open(f"/vragen/{help_request.pk}/")

    offers.say_yes(help_request.pk, helper=fatma, actor=make.web(fatma), now=timezone.now())
    joris.page.get_by_role("button", name="Ja, ik help Riet").click()
    joris.settle()

    assert joris.reads("Een andere buur was net eerder")
    joris.complaints[:] = [line for line in joris.complaints if "409" not in line]  # the browser names the status


def inbox_of(person):
    """The subjects of what this person reads on the site, newest first."""
    with translation.override("nl"):
        return [item.words.subject for day in inbox.page(person, timezone.now()).days for item in day.items]


def second_factor() -> str:
    """The code an authenticator app shows at this moment."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(SECRET, counter))
