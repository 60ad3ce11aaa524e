"""Every kind of page that no story passed is looked at too: one look each, the rest is for ``make audit``."""

from collections.abc import Iterator

import pytest
from django.conf import settings as conf

from accounts.actors import web
from bench.cast import Cast, addresses, cast, patterns
from bench.pages import NOT_LOOKED_AT
from requests_app import lifecycle
from tests import make
from tests.browser.conftest import kind_of, looked_at
from tests.make import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The words of every link and button in whose middle something else is found.
COVERED = """() => [...document.querySelectorAll("main a, main button, nav a")].filter(it => {
  it.scrollIntoView({block: "center", behavior: "instant"})
  const {left, top, width, height} = it.getBoundingClientRect()
  if (!width || !height || !it.checkVisibility()) return false
  const found = document.elementFromPoint(left + width / 2, top + height / 2)
  return !it.contains(found)
}).map(it => it.textContent.trim())"""


def unseen(here: Cast) -> Iterator[tuple[str, str]]:
    """Path and session, one of each kind, as the first who has that page sees it; the contact person sees most."""
    browsers = [here.browser(role) for role in reversed(here.people)]
    found: set[str] = set()
    for name, words in patterns():
        for path in [] if name in NOT_LOOKED_AT else addresses(here, name, words):
            if kind_of(path) in found or looked_at(path):
                continue
            for browser in browsers:
                answer = browser.get(path)
                if answer.status_code == 200 and answer.content.lstrip().startswith(b"<!doctype"):
                    found.add(kind_of(path))
                    session = browser.cookies.get(conf.SESSION_COOKIE_NAME)
                    yield path, session.value if session else ""
                    break


@pytest.mark.parametrize("javascript", [True])
def test_pages_that_no_story_passed(visit):
    rest = list(unseen(cast()))
    visitor = visit()
    for path, session in sorted(rest, key=lambda one: one[1]):
        visitor.context.clear_cookies()
        if session:
            visitor.context.add_cookies([{"name": conf.SESSION_COOKIE_NAME, "value": session, "url": visitor.address}])
        visitor.open(path)


def test_each_button_of_what_is_mine_can_be_pressed(visit, clock):
    """No card lies over another one's buttons: what stands there is what a finger finds."""
    village = make.village("Beesd")
    joop = make.neighbour(village, "Joop", email="joop@samsam.example")
    make.help_request(village, author=joop)
    for n in range(3):
        gone = make.help_request(village, author=joop, title=f"Heg {n}")
        lifecycle.withdraw(gone.pk, actor=web(joop), now=NOW)
    visitor = visit()
    visitor.has_logged_in("joop@samsam.example")

    visitor.open("/van-mij/")

    for there in visitor.page.locator("main").get_by_text("Plaats de vraag opnieuw").all():
        there.click(trial=True, timeout=3000)


@pytest.mark.parametrize("javascript", [True])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_request_half_written_lies_over_nothing_else(visit, clock, width):
    """What stands in the middle of each button and link is that button or link, the cards beside the draft too."""
    village = make.village("Beesd")
    joop = make.neighbour(village, "Joop", email="joop@samsam.example")
    make.help_request(village, author=joop, title="Heg snoeien")
    make.draft(village, author=joop, title="Ritje naar Tiel")
    visitor = visit()
    visitor.page.set_viewport_size({"width": width, "height": 900})
    visitor.has_logged_in("joop@samsam.example")

    visitor.open("/van-mij/")

    assert visitor.page.locator("main").get_by_role("link", name="Maak af", exact=True).count() == 1
    assert visitor.page.evaluate(COVERED) == []
