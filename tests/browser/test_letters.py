"""Pages at the edges: the smallest phone with the largest letters, and a wide screen with little on it."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page

from samsam.pages.letters import TEXT_COOKIE
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What sticks out of the screen to the right, also where the page hides it. The drawing on the first page may.
STICKS_OUT = """() => [...document.querySelectorAll("header *, main *, footer *")]
  .filter(it => !it.closest("svg, .hero__art, .vh, .band") && it.getBoundingClientRect().right > innerWidth + 1)
  .map(it => it.tagName + " " + it.className)"""


@pytest.fixture
def phone(chromium: Browser, live_server) -> Iterator[Page]:
    context = chromium.new_context(
        service_workers="block", base_url=live_server.url, viewport={"width": 320, "height": 640}, locale="nl-NL"
    )
    context.add_cookies([{"name": TEXT_COOKIE, "value": "xlarge", "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_nothing_falls_off_a_small_phone_with_the_largest_letters(phone):
    village = make.village("Beesd")
    make.help_request(village)
    place = reverse("village", args=[village.slug])
    phone.goto(place)  # from here on the header has its third button

    found = {}
    for width in (320, 360, 390):
        phone.set_viewport_size({"width": width, "height": 640})
        for path in (
            "/",
            place,
            "/dorpen/",
            "/letters/",
            "/inloggen/",
            "/toegankelijkheid/",
            "/wie-ziet-mijn-gegevens/",
        ):
            answer = phone.goto(path)
            assert answer.ok
            found[path, width] = phone.evaluate(STICKS_OUT)

    assert {where: what for where, what in found.items() if what} == {}


def test_long_word_in_the_error_summary_stays_inside_it(phone):
    phone.goto("/inloggen/")
    phone.locator("main form button").click()
    summary = phone.get_by_role("alert")
    summary.get_by_role("link").evaluate("it => { it.textContent = 'In je tekst staat een telefoonnummer.' }")

    link, box = summary.get_by_role("link").bounding_box(), summary.bounding_box()

    assert link["x"] + link["width"] <= box["x"] + box["width"]


def test_footer_stands_at_the_bottom_and_leaves_room_only_for_a_menu_that_is_there(phone):
    make.village("Beesd")
    phone.context.clear_cookies()
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto("/inloggen/")
    room = phone.evaluate("parseFloat(getComputedStyle(document.querySelector('footer')).paddingBottom)")

    phone.set_viewport_size({"width": 1280, "height": 1400})
    bottom = phone.evaluate("document.querySelector('footer').getBoundingClientRect().bottom")

    assert room < 3 * 16
    assert bottom == 1400
