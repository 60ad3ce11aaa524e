"""The stories of the browser tests, told on each device: two phones of old and a desk."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figure import Figure, at_least, exactly
from bench.place import clean_environment
from tests.browser.conftest import DEVICES

ROOT = Path(__file__).resolve().parent.parent


def stories() -> Iterator[Figure]:
    """All of them, whatever the dose."""
    for device in DEVICES:
        told, failed = _tell_on(device)
        yield at_least(1, f"stories: told on {device}", told, "stories")
        yield exactly(0, f"stories: went wrong on {device}", failed, "stories")


def _tell_on(device: str) -> tuple[int, int]:
    """How many were told, and how many of them went wrong; what was wrong stands on the error output."""
    with TemporaryDirectory() as place:
        report = Path(place) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", f"--junitxml={report}"]
        surroundings = clean_environment() | {"SAMSAM_DEVICE": device, "SAMSAM_BROWSER_REQUIRED": "1"}
        subprocess.run([*command, "tests/browser"], cwd=ROOT, check=False, stdout=sys.stderr, env=surroundings)
        suite = ET.parse(report).getroot()[0]  # noqa: S314 (written by the line above)
    count = {name: int(suite.attrib[name]) for name in ("tests", "skipped", "failures", "errors")}
    return count["tests"] - count["skipped"], count["failures"] + count["errors"]
