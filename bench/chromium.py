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


def visit(browser: Browser, page: Page) -> BrowserContext:
    """A visitor at a phone, logged in as the page wants."""
    context = browser.new_context(
        base_url=settings.SITE_URL,
        viewport={"width": 390, "height": 844},
        locale="nl-NL",
        reduced_motion="reduce",  # what scrolls has arrived when it is looked at
    )
    if page.cookie:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": page.cookie, "url": settings.SITE_URL}])
    return context
