"""Fixtures for every test."""

import os
import shutil

import pytest
import time_machine
from django.db import transaction
from django.utils import translation
from playwright.sync_api import sync_playwright

from tests import emptied, make
from villages import reference

# Each window would make two pages for an address bar that nobody sees: more work than a page of ours.
NO_ADDRESS_BAR = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
# What Playwright leaves out by itself; naming others undoes that.
LEFT_OUT = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "OptimizationHints", "AimEnabled"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "PreconnectToSearch"),
)
# Nothing outside this machine is asked for.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
QUIET += [f"--disable-features={','.join((*LEFT_OUT, *NO_ADDRESS_BAR))}"]

emptied.quickly()


@pytest.fixture
def english():
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def clock():
    """It is a Tuesday morning, and stays so until the story moves this clock."""
    with time_machine.travel(make.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def beesd(db):
    """A village with Marieke as its contact person."""
    return make.village("Beesd")


@pytest.fixture
def riet(beesd):
    """A confirmed neighbour."""
    return make.neighbour(beesd, "Riet")


@pytest.fixture(scope="module")
def all_places(django_db_setup, django_db_blocker):
    """Every place of the country, loaded once for the tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        reference.load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def places(all_places, db):
    """Every place of the country, as it is in the files."""


def path_of_chromium() -> str:
    """The system's. Without it browser tests are skipped, or fail where SAMSAM_BROWSER_REQUIRED says so."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        sentence = "There is no Chromium here, so the browser tests are not done. On Debian: apt install chromium."
        (pytest.fail if os.environ.get("SAMSAM_BROWSER_REQUIRED") else pytest.skip)(sentence)
    return path


@pytest.fixture(scope="session")
def chromium():
    path = path_of_chromium()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in our thread; the tests use none
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()
