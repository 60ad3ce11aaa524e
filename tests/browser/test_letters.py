"""Pages at the edges: the smallest phone with the largest letters, and a wide screen with little on it."""

from collections.abc import Iterator

import pytest
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
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 320, "height": 640}, locale="nl-NL")
    context.add_cookies([{"name": TEXT_COOKIE, "value": "xlarge", "url": live_server.url}])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ["/", "/dorp/beesd/", "/dorpen/", "/letters/", "/inloggen/"])
def test_nothing_falls_off_a_small_phone_with_the_largest_letters(phone, path):
    make.help_request(make.village("Beesd"))
    phone.goto("/dorp/beesd/")  # from here on the header has its third button

    for width in (320, 360, 390):
        phone.set_viewport_size({"width": width, "height": 640})
        phone.goto(path)

        assert phone.evaluate(STICKS_OUT) == [], width


def test_links_of_the_error_summary_stay_inside_it(phone):
    phone.goto("/inloggen/")
    phone.locator("main form button").click()

    assert phone.get_by_role("alert").is_visible()
    assert phone.evaluate(STICKS_OUT) == []


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
