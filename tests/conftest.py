"""Fixtures for every test."""

import os
import shutil

import pytest
from django.utils import translation
from playwright.sync_api import sync_playwright

# Nothing outside this machine is asked for.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


@pytest.fixture
def english():
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def chromium():
    """The system's Chromium. Without it browser tests are skipped, or fail where SAMSAM_BROWSER_REQUIRED says so."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        sentence = "There is no Chromium here, so the browser tests are not done. On Debian: apt install chromium."
        (pytest.fail if os.environ.get("SAMSAM_BROWSER_REQUIRED") else pytest.skip)(sentence)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in our thread; the tests use none
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()
