"""The admin in a real browser, under our own strict policy: no script or style is refused, its widgets work."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import expect

from requests_app import escalation, trials
from tests import make, team
from tests.browser.conftest import DESK, RULES
from tests.make import NOW

# Select2 gives the box of its combobox a role without a name; the combobox itself has one.
NOT_OURS = {"exclude": [[".select2-selection__rendered"]]}
PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def village():
    return make.village("Beesd")


@pytest.fixture
def page(chromium, live_server, village):
    """A tab of a coordinator; what the browser complains about is kept on ``page.complaints``."""
    client = team.at_work(team.colleague(village.municipality, kind="coordinator"))
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="nl-NL")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    tab = context.new_page()
    tab.complaints = []
    tab.on("console", lambda line: tab.complaints.append(line.text) if line.type in {"error", "warning"} else None)
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    yield tab
    context.close()


def test_every_page_of_the_admin_keeps_our_policy_and_can_be_read_by_all(page, village):
    help_request = make.help_request(village, title="Heg knippen")
    escalation.hand_to_contact(help_request.pk, actor=make.web(help_request.author), now=NOW)
    volunteer = make.volunteer(village)
    make.ask(volunteer)
    numbers = [{"first_wave": 0.4}, {"goals": [0.9], "caps": [40]}]
    words = {"inhabitants": 500, "actor": make.web(help_request.author), "now": NOW}
    trial = trials.begin(village.municipality, "", numbers, **words)
    trials.run_next()
    names = [model._meta.label_lower.replace(".", "_") for model in admin.site._registry]
    pages = [
        *(reverse(f"admin:{name}_changelist") for name in sorted(names)),
        *(reverse(f"admin:{name}_add") for name in ("villages_village", "villages_contactperson")),
        reverse("admin:requests_app_policy_add"),
        reverse("admin:requests_app_policytrial_add"),
        reverse("admin:requests_app_policytrial_change", args=[trial.pk]),
        reverse("admin:requests_app_helprequest_change", args=[help_request.pk]),
        reverse("admin:volunteers_volunteer_change", args=[volunteer.pk]),
        reverse("admin:villages_village_change", args=[village.pk]),
        reverse("admin:villages_village_history", args=[village.pk]),
        reverse("admin:index"),
    ]

    said = []
    for number, url in enumerate(pages):
        phone = number % 2 == 0
        page.set_viewport_size(PHONE if phone else DESK)
        page.emulate_media(color_scheme="light" if phone else "dark", reduced_motion="reduce")
        answer = page.goto(url)
        page.wait_for_load_state("networkidle")
        assert (answer.status, page.complaints) == (200, []), url
        found = Axe().run(page, context=NOT_OURS, options=RULES).response["violations"]
        said += [(url, violation["id"], node["html"]) for violation in found for node in violation["nodes"]]
        page.complaints.clear()  # of what axe itself tries
    assert said == []


def test_outcome_of_the_policy_lab_fits_a_phone_and_its_progress_needs_no_script(page, chromium, live_server, village):
    others = [{"first_wave": 0.4}, {"first_wave": 0.1}, {"caps": [5, 8, 12, 12], "contact": 0.8}]
    words = {"inhabitants": 500, "actor": make.web(make.user()), "now": NOW}
    trial = trials.begin(village.municipality, "", others, **words)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="nl-NL", viewport=PHONE)
    context.add_cookies(page.context.cookies())
    tab = context.new_page()

    tab.goto(reverse("admin:requests_app_policytrial_change", args=[trial.pk]))
    expect(tab.get_by_role("progressbar")).to_be_visible()
    trials.run_next()

    expect(tab.get_by_role("img", name="Op tijd geholpen")).to_be_visible(timeout=15_000)
    expect(tab.get_by_role("progressbar")).to_have_count(0)
    assert tab.evaluate("document.scrollingElement.scrollWidth") == PHONE["width"]
    context.close()


def test_first_page_fits_a_phone(page, village):
    make.resident(village, "Nieuw")
    page.set_viewport_size({"width": 390, "height": 800})

    page.goto(reverse("admin:index"))

    assert page.evaluate("document.scrollingElement.scrollWidth") == 390


def test_choosing_from_a_long_list_works(page, village):
    neighbour = make.neighbour(village, "Roos")
    page.goto(reverse("admin:villages_contactperson_add"))

    page.locator(".field-user .select2-selection").click()
    page.keyboard.type("Roo")
    page.locator(".select2-results__option", has_text="Roos").click()

    assert page.locator("#id_user").input_value() == str(neighbour.pk)
    assert page.complaints == []


@pytest.mark.parametrize("javascript", [True, False])
def test_request_is_hidden_from_its_own_page(page, chromium, live_server, village, javascript):
    help_request = make.help_request(village, title="Heg knippen")
    cookies = page.context.cookies()
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=javascript, locale="nl-NL")
    context.add_cookies(cookies)
    tab = context.new_page()

    tab.goto(reverse("admin:requests_app_helprequest_change", args=[help_request.pk]))
    tab.get_by_role("button", name="Verberg, met een reden").click()
    tab.get_by_label("Reden").fill("Er staat een adres in.")
    tab.get_by_role("button", name="Verberg").click()

    expect(tab.get_by_text("Gedaan voor 1.")).to_be_visible()
    help_request.refresh_from_db()
    assert help_request.hidden_at is not None
    context.close()
