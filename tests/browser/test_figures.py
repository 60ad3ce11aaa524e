"""Figures in a real browser: everybody can read them, on a phone and in the dark, and they fit on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.actors import web
from requests_app import escalation, offers
from requests_app.figures import counting, months
from requests_app.models import QuarterToShare
from tests import make, team
from tests.browser.conftest import RULES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ["figures", "figures_to_share", "figure_words", "admin:requests_app_staysbehind_changelist"]


@pytest.fixture
def village():
    """With a month of requests, a quarter that may be shared, and one that stays behind."""
    now = timezone.now()
    village = make.village("Beesd", quiet=False)
    for category in ("groceries", "ride"):
        for _ in range(11):
            on = timezone.localdate(now + timedelta(days=2))
            help_request = make.help_request(village, now=now, category=category, help_on=on)
            helper = make.neighbour(village)
            offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=now + timedelta(hours=1))
    left = make.help_request(village, now=now, help_on=timezone.localdate(now + timedelta(days=2)))
    escalation.ask_volunteers_now(left.pk, actor=web(left.author), now=now)
    counting.count_municipality(village.municipality_id, now)
    QuarterToShare.objects.all().delete()
    quarter = months.quarter_of(months.month_of(now))
    counting.count_municipality(village.municipality_id, months.closes(quarter, 3))
    return village


@pytest.fixture
def tab(chromium, live_server, village):
    client = team.at_work(village.contact_person.user)
    context = chromium.new_context(service_workers="block", locale="nl-NL", base_url=live_server.url)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text) if line.type in {"error", "warning"} else None)
    yield page
    context.close()


def test_figures_can_be_read_by_all_on_a_phone_and_at_a_desk_in_the_dark_too(tab):
    for width, scheme in ((390, "dark"), (1280, "light")):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.emulate_media(color_scheme=scheme)
        for name in PAGES:
            tab.goto(reverse(name))
            tab.wait_for_load_state("networkidle")

            found = Axe().run(tab, options=RULES).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], (name, width)
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
    assert [line for line in tab.complaints if "Service Worker" not in line] == []  # blocked here


def test_what_is_shared_prints_without_the_screen_around_it(tab):
    tab.set_viewport_size({"width": 794, "height": 1123})  # A4 in CSS pixels
    tab.emulate_media(media="print")

    tab.goto(reverse("figures_to_share"))

    assert not tab.locator(".no-print").is_visible()
    assert not tab.locator(".foot").is_visible()
    assert tab.locator(".sheet__tiles div").count() == 8
    assert tab.evaluate("document.documentElement.scrollWidth") <= 794
