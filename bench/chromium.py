"""The system's Chromium, for figures that only a browser can give."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.pages import Page

QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def path() -> str:
    """Where it is; empty when there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")


@contextmanager
def chromium() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in our thread; we use none
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=QUIET, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()


def visit(browser: Browser, page: Page, *, width: int, dark: bool, letters: str) -> BrowserContext:
    """A visitor with these eyes and this screen, logged in as the page wants."""
    context = browser.new_context(
        base_url=settings.SITE_URL,
        viewport={"width": width, "height": 844},
        locale="nl-NL",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",  # what scrolls has arrived when it is looked at
    )
    cookies = {settings.SESSION_COOKIE_NAME: page.cookie, "text": letters}
    context.add_cookies(
        [{"name": name, "value": value, "url": settings.SITE_URL} for name, value in cookies.items() if value]
    )
    return context
