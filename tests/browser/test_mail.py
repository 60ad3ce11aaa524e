"""A mail in a browser's window, as phones and webmail show it: in the light, in the dark, narrow and wide."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import translation

from notifications import letter
from notifications.kinds import Signature, Words
from notifications.models import Channel, Group, Message
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LIGHT, DARK = "rgb(255, 255, 255)", "rgb(24, 36, 30)"
LONG = "Boodschappenlijstjesbezorgdienstmedewerker"


@pytest.fixture
def page_of_a_mail():
    riet = make.neighbour(make.village("Beesd"), "Riet")
    words = Words(
        f"Je vraag staat op het prikbord: {LONG}",
        "Buren in Beesd kunnen nu reageren. Je hoeft niets te doen.",
        "/vragen/7/",
        "Bekijk je vraag",
        Signature("Beesd", "06 - 12 34 56 78"),
        (f"{LONG}: morgen", "Gras maaien: donderdag"),
    )
    with translation.override("nl"):
        mail = letter.letter(Message(kind="request.posted", channel=Channel.MAIL, user=riet), words, Group.OWN)
    return mail.alternatives[0][0]


@pytest.mark.parametrize("width", [320, 390, 700])
@pytest.mark.parametrize(("scheme", "sheet"), [("light", LIGHT), ("dark", DARK)])
def test_mail_reads_well(chromium, page_of_a_mail, scheme, sheet, width):
    context = chromium.new_context(
        service_workers="block", viewport={"width": width, "height": 700}, color_scheme=scheme
    )
    asked = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(page_of_a_mail)

    violations = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    button = page.get_by_role("link", name="Bekijk je vraag").bounding_box()
    body = page.locator(".sheet").evaluate("node => [getComputedStyle(node).backgroundColor, node.offsetWidth]")
    size = page.locator(".sheet p").first.evaluate("node => getComputedStyle(node).fontSize")
    context.close()

    assert [(violation["id"], violation["nodes"][0]["target"]) for violation in violations] == []
    assert wide <= 0
    assert button["height"] >= 48
    assert (body[0], size) == (sheet, "18px")
    assert body[1] <= 600
    assert [url for url in asked if not url.startswith("about:")] == []


def test_mail_without_its_style_is_still_a_letter(chromium, page_of_a_mail):
    context = chromium.new_context(
        service_workers="block", viewport={"width": 390, "height": 700}, java_script_enabled=False
    )
    page = context.new_page()
    page.set_content(page_of_a_mail.replace("<style>", "<!--").replace("</style>", "-->"))

    heading, link = page.get_by_role("heading").inner_text(), page.get_by_role("link", name="Bekijk je vraag")

    assert page.get_by_text("Buren in Beesd kunnen nu reageren.").locator("visible=true").count() == 1
    assert heading.startswith("Je vraag staat op het prikbord")
    assert link.get_attribute("href").endswith("/vragen/7/")
    context.close()
