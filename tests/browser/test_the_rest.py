"""Every kind of page that no story passed is looked at too: one look each, the rest is for ``make audit``."""

import pytest
from django.conf import settings as conf

from accounts.actors import web
from bench.pages import pages
from requests_app import lifecycle
from tests import make
from tests.browser.conftest import kind_of, looked_at
from tests.make import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOT_THERE = "/deze-pagina-is-er-niet/"


@pytest.mark.parametrize("javascript", [True])
def test_pages_that_no_story_passed(visit):
    kinds = {kind_of(page.path): page for page in pages() if page.whole and not page.empty_form}
    rest = [page for kind, page in kinds.items() if kind != NOT_THERE and not looked_at(page.path)]
    visitor = visit()
    for page in sorted(rest, key=lambda page: page.cookie):
        visitor.context.clear_cookies()
        if page.cookie:
            cookie = {"name": conf.SESSION_COOKIE_NAME, "value": page.cookie, "url": visitor.address}
            visitor.context.add_cookies([cookie])
        visitor.open(page.path)


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
