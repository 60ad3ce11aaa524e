"""Whether each page is valid HTML, by the validator of the W3C."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.shortcuts import render
from django.test import Client

from bench.figure import Figure, at_least, dosed, exactly
from bench.node import installed
from bench.pages import content, pages

ERRORS = ("400.html", "403.html", "403_csrf.html", "405.html", "409.html", "429.html", "500.html", "503.html")
AROUND = b'<!doctype html><html lang="nl"><title>Een deel</title><h1>Een deel</h1>%b</html>'


def markup() -> Iterator[Figure]:
    """Each page whole, those for errors too. After a swap it is the same page: ``tests/test_swaps.py``."""
    folder = installed()
    if folder is None or not shutil.which("java"):
        print("There is no npm or no Java here, so the pages are not validated.", file=sys.stderr)
        return
    found = pages()
    found = found[:: max(1, len(found) // dosed(len(found), least=3))]
    with TemporaryDirectory() as place:
        names: dict[str, object] = {}
        for number, page in enumerate(found):
            file = Path(place) / f"{number}.html"
            text = content(page).content
            file.write_bytes(text if page.whole else AROUND % text)
            names[file.name] = page
        for template in ERRORS:
            (Path(place) / template).write_bytes(_of_an_error(template))
            names[template] = template
        errors = _errors(folder / "vnu-jar" / "build" / "dist" / "vnu.jar", Path(place))
    for error in errors:
        page = names[Path(error["url"]).name]
        print(f"{page}: {error['message']} ({error.get('extract', '')!r})", file=sys.stderr)
    yield at_least(1, "markup: pages validated", len(names), "pages")
    yield exactly(0, "markup: errors of the W3C validator", len(errors), "errors")


def _of_an_error(template: str) -> bytes:
    request = Client(SERVER_NAME="127.0.0.1").get("/").wsgi_request
    return bytes(render(request, template, {"title": "Iemand was net voor je", "back": "/"}).content)


def _errors(jar: Path, place: Path) -> list[dict[str, str]]:
    command = ["java", "-Xss2m", "-jar", str(jar), "--format", "json", "--errors-only", "--skip-non-html", str(place)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    return list(json.loads(ended.stderr or '{"messages": []}')["messages"])
