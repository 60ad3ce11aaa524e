"""'Lees voor': a button only where the browser can speak; a second tap stops."""

import pytest
from django.conf import settings
from django.utils import timezone

from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The voice of the browser, written down instead of heard.
VOICE = """
  window.said = []; window.stopped = 0;
  window.SpeechSynthesisUtterance = function (words) { this.words = words; };
  Object.defineProperty(window, "speechSynthesis", { value: {
    speak: it => { window.said.push([it.lang, it.words]); window.last = it; },
    cancel: () => { window.stopped += 1; }
  } });
"""
NO_VOICE = 'Object.defineProperty(window, "speechSynthesis", { value: undefined });'


@pytest.fixture
def open_request(client, chromium, live_server):
    village = make.village("Beesd")
    help_request = make.help_request(village, now=timezone.now(), help_on=None, part="any")
    client.force_login(make.neighbour(village, "Fatma"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    contexts = []

    def open_with(voice, **options):
        context = chromium.new_context(
            service_workers="block", viewport={"width": 390, "height": 844}, locale="nl-NL", **options
        )
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        context.add_init_script(voice)
        page = context.new_page()
        page.goto(live_server.url + help_request.get_absolute_url())
        return page

    yield open_with
    for context in contexts:
        context.close()


def test_request_is_read_aloud_and_a_second_tap_stops(open_request):
    page = open_request(VOICE)

    page.get_by_role("button", name="Lees voor").click()
    language, words = page.evaluate("said[0]")
    assert language == "nl"
    assert "Boodschappen van de Spar" in words
    assert "Kan iemand mijn boodschappen halen?" in words
    assert "Ja, ik help Riet" not in words  # what can be pressed is no part of the story

    page.get_by_role("button", name="Stop met voorlezen").click()
    assert page.evaluate("[said.length, stopped]") == [1, 2]
    assert page.get_by_role("button", name="Lees voor").is_visible()


def test_button_offers_again_once_all_is_read(open_request):
    page = open_request(VOICE)
    page.get_by_role("button", name="Lees voor").click()

    page.evaluate("last.onend()")

    assert page.get_by_role("button", name="Lees voor").is_visible()


@pytest.mark.parametrize(
    "options", [{}, {"java_script_enabled": False}], ids=["without a voice", "without JavaScript"]
)
def test_no_button_where_the_browser_cannot_read(open_request, options):
    page = open_request(NO_VOICE, **options)

    assert page.locator("[data-read]").count() == 1
    assert not page.locator("[data-read]").is_visible()
