"""Ready for languages with longer words, and for those read from right to left: shown in one that nobody speaks.

Every text of ours is put in brackets and made half as long again. What has no brackets is not in the catalogue, and
what does not fit falls off the screen.
"""

from __future__ import annotations

import pytest
from django.conf import settings as conf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import trans_real

from accounts.actors import web
from requests_app import offers
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPEN, CLOSE = "⟦", "⟧"
# Bigger than the screen, or hanging out of it at the side where reading ends; also where the page hides that.
SIDEWAYS = """() => {
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) return ["the page: " + page.scrollWidth];
  return [...document.querySelectorAll("header *, main *, footer *")].filter(it => {
    if (it.closest("svg, .hero__art, .vh, .skip, .band")) return false;
    const box = it.getBoundingClientRect();
    return box.width && (box.left < -1 || box.right > innerWidth + 1);
  }).map(it => it.tagName + "." + it.className + ": " + it.innerText);
}"""
# The sides of the first page's own words: at its right edge they begin.
BEGINS_RIGHT = """() => {
  const title = document.querySelector("h1"), words = document.createRange();
  words.selectNodeContents(title);
  return Math.abs(words.getBoundingClientRect().right - title.getBoundingClientRect().right) < 2;
}"""

WHERE_DIGITS_ARE = """() => {
  const text = document.querySelector(".foot__tel").lastChild, at = sign => {
    const range = document.createRange();
    range.setStart(text, text.data.indexOf(sign));
    range.setEnd(text, text.data.indexOf(sign) + 1);
    return range.getBoundingClientRect().x;
  };
  return [at("0"), at("8")];
}"""


class Longer:
    """The Dutch of everything, in brackets and half as long again."""

    def __init__(self, dutch: trans_real.DjangoTranslation) -> None:
        self._dutch = dutch

    def __getattr__(self, name: str) -> object:
        return getattr(self._dutch, name)

    def gettext(self, message: str) -> str:
        return self._longer(self._dutch.gettext(message))

    def ngettext(self, *message: str | int) -> str:
        return self._longer(self._dutch.ngettext(*message))

    @staticmethod
    def _longer(text: str) -> str:
        # Formats of days and numbers are texts too, of Django's own.
        if not text.strip() or text.isupper() or len(text) < 3:
            return text
        return f"{OPEN}{text}{' ~~~' * (len(text) // 8 + 1)}{CLOSE}"


@pytest.fixture
def strange_language(monkeypatch, settings):
    """What is called Dutch is that language now, read from the right."""
    settings.LANGUAGES_BIDI = ["nl"]
    monkeypatch.setitem(trans_real._translations, "nl", Longer(trans_real.translation("nl")))


@pytest.fixture
def places():
    """A village with something of everything, and who looks at what."""
    village = make.village("Beesd")
    now = timezone.now()
    asker, joris, samira = make.neighbour(village, "Riet"), make.neighbour(village, "Joris"), make.volunteer(village)
    asked = make.help_request(village, author=asker, now=now, help_on=None, part="any")
    taken = make.help_request(village, author=asker, now=now, help_on=None, part="any", slots=3)
    offers.say_yes(taken.pk, helper=joris, actor=web(joris), now=now)
    draft = make.draft(village, author=asker, now=now, help_on=None, part="any")
    ours = [reverse(name) for name in ("board", "mine", "inbox", "preferences", "going", "conversations", "wish")]
    steps = [reverse(name, args=[draft.pk]) for name in ("ask_what", "ask_when", "ask_who", "ask_check")]
    requests = [asked.get_absolute_url(), taken.get_absolute_url()]
    public = ["home", "village_choice", "letters", "account_login", "who_sees", "safe", "accessibility"]
    village_pages = [reverse(name, args=[village.slug]) for name in ("village", "poster", "join_village")]
    return {
        None: [*map(reverse, public), *village_pages, "/is-er-niet/"],
        asker: [*ours, *steps, *requests, reverse("edit", args=[asked.pk])],
        joris: [*requests, reverse("give_back", args=[taken.pk]), reverse("report", args=["request", asked.pk])],
        samira.user: [reverse("volunteer")],
    }


def test_every_page_fits_a_phone_in_a_language_with_long_words_read_from_the_right(
    chromium, live_server, client, strange_language, places
):
    faults = {}
    for person, paths in places.items():
        context = chromium.new_context(service_workers="block", viewport={"width": 390, "height": 844}, locale="nl-NL")
        if person:
            client.force_login(person)
            value = client.cookies[conf.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": conf.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = context.new_page()
        for path in paths:
            answer = page.goto(live_server.url + path)
            assert answer.status == (404 if path == "/is-er-niet/" else 200), path
            assert page.locator("html").get_attribute("dir") == "rtl"
            assert OPEN in page.inner_text("main"), path
            if sideways := page.evaluate(SIDEWAYS):
                faults[path] = sideways
        context.close()

    assert faults == {}


def test_numbers_and_the_drawing_stay_as_they_are(chromium, live_server, strange_language):
    village = make.village("Beesd")
    context = chromium.new_context(service_workers="block", viewport={"width": 390, "height": 844}, locale="nl-NL")
    page = context.new_page()
    page.goto(live_server.url + reverse("village", args=[village.slug]))
    first, last = page.evaluate(WHERE_DIGITS_ARE)

    page.goto(live_server.url)
    drawing = page.locator(".hero__art svg").bounding_box()

    context.close()
    assert first < last  # "06 - 12 34 56 78" begins with its 0
    assert drawing["x"] < 0
    assert drawing["x"] + drawing["width"] > 390


def test_page_begins_at_the_right(chromium, live_server, strange_language):
    context = chromium.new_context(service_workers="block", viewport={"width": 1280, "height": 844}, locale="nl-NL")
    page = context.new_page()
    page.goto(live_server.url + reverse("letters"))

    begins_right = page.evaluate(BEGINS_RIGHT)

    context.close()
    assert begins_right
