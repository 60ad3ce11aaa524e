"""Lighthouse, as a phone, on the pages a resident uses most; against the server of production."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator

from django.conf import settings

from bench.chromium import path
from bench.figure import Figure, at_least, dosed, full_dose
from bench.node import installed
from bench.pages import Page, pages

GOAL = 98
WANTED = {
    "home": ("visitor", "/"),
    "board": ("full village", "/prikbord/"),
    "ask": ("helper", "/vraag/"),
    "request": ("helper", "/vragen/"),
    "volunteer": ("volunteer", "/vrijwilliger/"),
}
KINDS = ("performance", "accessibility", "best-practices", "seo")
ATTEMPTS = 3
FLAGS = "--headless=new --no-first-run --disable-background-networking --disable-component-update --disable-sync"


def lighthouse() -> Iterator[Figure]:
    """The median of five runs of each page; a taste is one run of the first page."""
    folder = installed() if full_dose() else None
    if folder is None or not path() or not shutil.which("node"):
        print("Lighthouse is run with the full dose, where there are npm, Node and Chromium.", file=sys.stderr)
        return
    found = pages()
    for name, (role, begins) in WANTED.items():
        page = next(page for page in found if page.role == role and page.path.startswith(begins))
        runs = [_scores(folder / "lighthouse" / "cli" / "index.js", page) for _ in range(dosed(5, least=1))]
        for kind in KINDS if name == "home" else KINDS[:-1]:
            score = statistics.median(run[kind] for run in runs)
            yield at_least(GOAL, f"lighthouse: {name}, {kind}", score, "points")


def _scores(cli: object, page: Page) -> dict[str, float]:
    flags = FLAGS + (" --no-sandbox" if os.geteuid() == 0 else "")
    cookie = json.dumps({"Cookie": f"{settings.SESSION_COOKIE_NAME}={page.cookie}"})
    command = ["node", str(cli), settings.SITE_URL + page.path, "--output=json", "--quiet", f"--chrome-flags={flags}"]
    command += [f"--only-categories={','.join(KINDS)}", "--form-factor=mobile"]
    command += [f"--extra-headers={cookie}"] if page.cookie else []
    report = json.loads(_told(command))
    for audit in report["audits"].values():
        if audit["score"] is not None and audit["score"] < 1 and audit["scoreDisplayMode"] in {"binary", "numeric"}:
            print(f"lighthouse, {page}: {audit['id']} {audit.get('displayValue', '')}", file=sys.stderr)
    return {kind: round(report["categories"][kind]["score"] * 100) for kind in KINDS}


def _told(command: list[str]) -> str:
    """What the command prints. Chromium now and then paints nothing at all: such a run is said, and done again."""
    for attempt in range(ATTEMPTS):
        ended = subprocess.run(
            command, check=False, capture_output=True, text=True, env=os.environ | {"CHROME_PATH": path()}
        )
        if ended.returncode == 0:
            return ended.stdout
        print(f"lighthouse, attempt {attempt + 1} of {ATTEMPTS}: {ended.stderr[-500:]}", file=sys.stderr)
    raise RuntimeError(f"Lighthouse failed {ATTEMPTS} times; what it said is above.")
