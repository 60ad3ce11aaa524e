"""What is printed: each on the paper it is meant for, and nothing of the screen around it."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.actors import web
from requests_app import offers
from samsam.pages.letters import THEME_COOKIE
from tests import make, team

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAPER = {"width": 794, "height": 1123}  # A4 in CSS pixels


@pytest.fixture
def village():
    return make.village("Beesd")


@pytest.fixture
def tab(chromium, live_server, settings):
    """A browser on a desk, in Dutch, with a printer."""
    settings.SITE_URL = "https://samsam.example"
    context = chromium.new_context(service_workers="block", viewport=PAPER, locale="nl-NL", base_url=live_server.url)
    page = context.new_page()
    page.emulate_media(media="print")
    yield page
    context.close()


def printed(page):
    """As a PDF, with the paper that the page itself asks for."""
    page.wait_for_load_state("networkidle")
    return page.pdf(prefer_css_page_size=True, print_background=False)


def sheets(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize(
    "name", ["Beesd", "Nieuw-Zwinderen aan de Zuidwolderstraat", "Sint Jacobiparochie en Westhoek bij Minnertsga"]
)
def test_poster_is_exactly_one_sheet(tab, village, name):
    village.name = name
    village.save(update_fields=["name"])

    tab.goto(reverse("poster", args=[village.slug]))

    assert sheets(printed(tab)) == 1
    assert tab.locator(".poster__qr svg").is_visible()
    assert not tab.locator(".top").is_visible()
    assert not tab.locator(".foot").is_visible()
    assert tab.locator(".tears li").count() == 8
    assert tab.evaluate(
        "document.querySelector('.poster').scrollHeight <= document.querySelector('.poster').clientHeight"
    )


@pytest.fixture
def desk_tab(tab, village, live_server):
    """The same, of the contact person at work."""
    client = team.at_work(village.contact_person.user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    tab.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return tab


def test_letter_is_exactly_one_sheet(desk_tab, village):
    desk_tab.goto(reverse("village_letter", args=[village.slug]))

    assert sheets(printed(desk_tab)) == 1
    assert desk_tab.locator(".sheet__code").is_visible()
    assert not desk_tab.locator(".no-print").is_visible()


def test_list_is_in_large_print_and_goes_on_over_the_sheets_it_needs(desk_tab, village):
    now = timezone.now()
    for number in range(12):
        make.help_request(village, title=f"Boodschappen {number}", now=now, help_on=None, part="any")

    desk_tab.goto(reverse("table_list", args=[village.slug]))

    assert 2 <= sheets(printed(desk_tab)) <= 4
    size = desk_tab.evaluate("parseFloat(getComputedStyle(document.querySelector('.sheet__rows p')).fontSize)")
    assert size >= 20 * 96 / 72  # 20 points


@pytest.fixture
def help_request(village):
    now = timezone.now()
    author = make.neighbour(village, "Riet")
    asked = make.help_request(village, author=author, now=now, help_on=None, part="any", match_mode="choose")
    joris = make.neighbour(village, "Joris")
    offers.say_yes(asked.pk, helper=joris, actor=web(joris), now=now)  # so the asker has buttons to press
    return asked


ON_SCREEN_ONLY = ".top, .nav, .foot, .skip, .btn, button, input, form, .back"


@pytest.mark.parametrize("role", ["asker", "neighbour"])
@pytest.mark.parametrize("name", ["help_request", "mine"])
def test_request_and_mine_print_without_menu_and_buttons(client, tab, live_server, village, help_request, role, name):
    client.force_login(help_request.author if role == "asker" else make.neighbour(village, "Fatma"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: session, THEME_COOKIE: "dark"}
    tab.context.add_cookies([{"name": key, "value": it, "url": live_server.url} for key, it in cookies.items()])

    tab.goto(reverse(name, args=[help_request.pk] if name == "help_request" else []))

    assert sheets(printed(tab)) <= 2  # what was posted stands below what happens with it
    assert tab.locator("h1").is_visible()
    assert tab.evaluate("getComputedStyle(document.body).getPropertyValue('--c-surface').trim()") == "#ffffff"
    assert [it for it in tab.locator(ON_SCREEN_ONLY).all() if it.is_visible()] == []
    if role == "asker" and name == "help_request":
        assert tab.get_by_text("Voorstraat 12").is_visible()  # also what is folded on the screen
