"""One visitor a person, each page they pass looked at by axe."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as conf
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User
from notifications.delivery import deliver
from requests_app import escalation
from requests_app.models import HelpRequest
from tests import make
from tests.make import NOW
from villages.models import Village

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what is good needs no story
}
DESK = {"width": 1280, "height": 900}
TOUCH = {"is_mobile": True, "has_touch": True}
DEVICES: dict[str, dict[str, Any]] = {
    "iPhone SE": {"viewport": {"width": 320, "height": 568}, "device_scale_factor": 2, **TOUCH},
    "Moto G4": {"viewport": {"width": 360, "height": 640}, "device_scale_factor": 3, **TOUCH},
    "desktop": {"viewport": DESK},
}
PATIENCE = 150  # tenths of a second
COLOURS_ARE_THERE = "Promise.allSettled(document.getAnimations().map(it => it.finished)).then(() => true)"
AXE = Axe()
PICTURES = os.environ.get("SAMSAM_PICTURES", "")  # a folder: each page looked at leaves its picture there


@dataclass
class Visitor:
    """Somebody at their phone; ``complaints`` is what axe, the width of a page or the console said on the way."""

    context: BrowserContext
    page: Page
    address: str
    device: str
    javascript: bool
    complaints: list[str] = field(default_factory=list)
    taps: int = 0

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def press(self, name: str) -> None:
        """A button by its words; waits for the page that follows, with JavaScript for what is swapped in."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.taps += 1
        self.settle()

    def follow(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()
        self.taps += 1
        self.settle()

    def taps_in_mail(self, email: str) -> None:
        """The one button of the last mail to this address, as a mail program opens it."""
        letter = [one for one in mail.outbox if one.to == [email]][-1]
        (button,) = re.findall(r'<a class="button" href="([^"]+)"', str(letter.alternatives[0].content))
        self.taps += 1
        self.open(button.removeprefix(self.address))

    def settle(self) -> None:
        # On a busy machine a page may stay for a moment after its form was sent; its button says so until then.
        self.page.locator("button[aria-busy]").first.wait_for(state="detached")
        self.page.wait_for_load_state("networkidle")  # of a page that stays it has been so before
        self.page.locator(".htmx-request").first.wait_for(state="detached")
        self.look()

    def choose(self, name: str) -> None:
        self.page.get_by_label(re.compile(f"^{name}")).check()

    def sees(self, words: str) -> bool:
        """Whether these words are there at this moment."""
        return re.search(words, self.page.inner_text("main")) is not None

    def reads(self, words: str) -> bool:
        """Whether these words come: a script, or a busy machine, may need a moment."""
        for _ in range(PATIENCE):
            if self.sees(words):
                return True
            self.page.wait_for_timeout(100)
        return False

    def look(self) -> None:
        """Axe and the width, where there is a script to look with; without JavaScript it is the same page.

        A page is looked at once in all stories, light on this device; each address once dark on a wide screen.
        """
        if not self.javascript:
            return
        page = re.sub(r"\d+|[\w-]{64}", "", self.page.content())  # numbers and tokens differ, and break no rule
        self._measure()
        if _nobody_looked_at(f"light {page}"):
            self._axe(f"light {self.device}")
        kind = kind_of(self.page.url.removeprefix(self.address))
        if _nobody_looked_at(f"dark {kind}"):
            size = self.page.viewport_size
            self.page.set_viewport_size(DESK)
            self.page.emulate_media(color_scheme="dark")
            self.page.evaluate(COLOURS_ARE_THERE)  # those of Django's own admin fade
            self._measure()
            self._axe("dark desk")
            if size:
                self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme="light")
        if PICTURES:
            name = re.sub(r"\W+", "-", self.page.url.removeprefix(self.address)).strip("-") or "home"
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)

    def _axe(self, how: str) -> None:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.axe_script)
        for violation in self.page.evaluate("rules => axe.run(rules)", RULES)["violations"]:
            where = [node["target"] for node in violation["nodes"]]
            self.complaints.append(f"{self.page.url}, {how}: {violation['id']} at {where}")

    def _measure(self) -> None:
        sideways = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if sideways > 0:
            self.complaints.append(f"{self.page.url}: {sideways} px wider than the screen")

    def log_in(self, email: str) -> None:
        """By the code that is really mailed."""
        self.open("/inloggen/")
        self.page.get_by_label("E-mailadres").fill(email)
        self.press("Stuur mij een code")
        deliver(timezone.now())
        codes = [re.search(r"\d{3} \d{3}", one.subject) for one in mail.outbox if one.to == [email]]
        code = [found.group() for found in codes if found][-1]
        self.page.get_by_label("Code").fill(code)
        self.press("Inloggen")

    def has_logged_in(self, email: str) -> None:
        """As after the code, on the page that follows; the way there is told in a few stories."""
        client = Client()
        client.force_login(User.objects.get(email=email))
        value = client.cookies[conf.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": conf.SESSION_COOKIE_NAME, "value": value, "url": self.address}])
        self.open(reverse(conf.LOGIN_REDIRECT_URL))


def kind_of(path: str) -> str:
    """An address without its numbers: what pages of one kind have in common."""
    return re.sub(r"\d+|\?.*", "", path)


def looked_at(path: str) -> bool:
    """Somebody passed a page of this kind in this run."""
    return _mark(f"dark {kind_of(path)}").exists()


def _mark(page: str) -> Path:
    return Path(os.environ["SAMSAM_VAR"]) / f"looked-at-{hashlib.sha256(page.encode()).hexdigest()}"


def _nobody_looked_at(page: str) -> bool:
    """Not yet in this run, in whichever of its processes; from now on somebody did."""
    try:
        _mark(page).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def device(request: pytest.FixtureRequest) -> str:
    """Each story has one of the three by its name, always the same; ``make audit`` tells it on all."""
    names = list(DEVICES)
    return os.environ.get("SAMSAM_DEVICE") or names[sum(request.node.nodeid.encode()) % len(names)]


@pytest.fixture
def visit(chromium: Browser, live_server, device: str, javascript: bool, settings) -> Iterator[Callable[[], Visitor]]:
    """``visit()``: a new visitor with a device of their own; afterwards none of them had a complaint."""
    settings.SITE_URL = live_server.url
    cache.clear()  # how often somebody asked for a code in an earlier story, at the same moment
    visitors: list[Visitor] = []

    def arrive() -> Visitor:
        context = chromium.new_context(
            **DEVICES[device],
            locale="nl-NL",
            java_script_enabled=javascript,
            reduced_motion="reduce",  # colours have arrived when axe looks
        )
        context.set_default_timeout(30_000)  # two cores may have other work
        visitor = Visitor(context, context.new_page(), live_server.url, device, javascript)
        visitor.page.on("console", lambda line: visitor.complaints.append(f"console: {line.text}"))
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(f"script: {error}"))
        visitors.append(visitor)
        return visitor

    yield arrive
    complaints = [line for visitor in visitors for line in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []


class Time:
    """The clock of the server, moved by the test. On the way every step is walked at its own moment."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def goes_to(self, moment: datetime) -> None:
        while (due := HelpRequest.objects.due(moment).order_by("next_at").first()) is not None:
            self._traveller.move_to(max(due.next_at, timezone.now()))
            escalation.sweep(timezone.now())
        self._traveller.move_to(moment)
        deliver(moment)


@pytest.fixture
def clock() -> Iterator[Time]:
    with time_machine.travel(NOW, tick=True) as traveller:
        yield Time(traveller)


@pytest.fixture
def village(clock: Time) -> Village:
    return make.village("Beesd")


@pytest.fixture
def riet(village: Village) -> User:
    return make.neighbour(village, "Riet", email="riet@samsam.example")
