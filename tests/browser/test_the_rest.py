"""Every kind of page that no story passed is looked at too: one look each, the rest is for ``make audit``."""

import pytest
from django.conf import settings as conf

from bench.pages import pages
from tests.browser.conftest import kind_of, looked_at

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
