"""What a page costs: the queries of the board, and the bytes of a first visit."""

from __future__ import annotations

import contextlib
import http.client
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench import seed
from bench.figure import Figure, at_most, dosed, exactly
from bench.place import answers, running, wait_for
from requests_app.views.board import BOARD_LENGTH
from villages.models import Residency, Village

FONTS = (".woff2", ".woff")
LIMIT = 50_000  # bytes


def queries() -> Iterator[Figure]:
    """Of a whole page with twenty cards, for a neighbour; whatever the size of the village."""
    village = _village()
    browser = _browser(village)
    for there in (BOARD_LENGTH, dosed(10_000, least=200)):
        _fill(village, there)
        browser.get(reverse("board"))  # what a process asks once
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(reverse("board")).content.decode()
        yield exactly(BOARD_LENGTH, f"board: cards, of {there:,} requests", page.count("<article"), "cards")
        yield at_most(6, f"board: queries, of {there:,} requests", len(asked), "queries")


def first_visit() -> Iterator[Figure]:
    """With an empty cache, as a browser gets it from the server of production."""
    village = _village()
    _fill(village, BOARD_LENGTH)
    cookie = f"{settings.SESSION_COOKIE_NAME}={_browser(village).cookies[settings.SESSION_COOKIE_NAME].value}"
    with running(["samsam", "web"], settings.VAR / "log" / "web.log"):
        wait_for("the web server", lambda: answers(settings.PORT))
        for name, path, cookies in (("home, a visitor", reverse("home"), ""), ("board", reverse("board"), cookie)):
            sizes = _visit(path, cookies)
            fonts = sum(size for url, size in sizes.items() if url.endswith(FONTS))
            yield at_most(LIMIT, f"first visit, {name}: all but fonts", sum(sizes.values()) - fonts, "bytes")
            yield Figure(f"first visit, {name}: the page itself", sizes[path], "bytes")
            yield Figure(f"first visit, {name}: fonts", fonts, "bytes")


def _village() -> Village:
    seed.clear()
    return seed.village(neighbours=2)


def _browser(village: Village) -> Client:
    """Of the neighbour who did not ask."""
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(Residency.objects.filter(village=village).earliest("pk").user)
    return browser


def _fill(village: Village, wanted: int) -> None:
    now = timezone.now()
    more = wanted - village.tally.open_requests if hasattr(village, "tally") else wanted
    seed.open_requests(village, more, now=now, next_at=now + timedelta(hours=1))
    village.refresh_from_db()
    seed.settle()


def _visit(path: str, cookie: str) -> dict[str, int]:
    """Every address a browser asks for, and what it gets: head and body, packed as they come."""
    html, size = _get(path, cookie)
    sizes, wanted = {path: size}, _Links.of(html, path)
    while wanted:
        url = wanted.pop()
        text, sizes[url] = _get(url, cookie)
        found = [urljoin(url, name) for name in re.findall(r"url\(['\"]?([^'\")#]+)", text)] if ".css" in url else []
        wanted += [name for name in found if name not in sizes and not name.startswith("data:")]
    return sizes


def _get(path: str, cookie: str) -> tuple[str, int]:
    line = http.client.HTTPConnection("127.0.0.1", settings.PORT, timeout=30)
    with contextlib.closing(line):
        line.request("GET", path, headers={"Accept-Encoding": "gzip, deflate, br", "Cookie": cookie})
        answer = line.getresponse()
        packed = len(answer.read()) + sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 19
        line.request("GET", path, headers={"Cookie": cookie})  # once more to read it
        text = line.getresponse().read().decode(errors="replace")
    if answer.status != http.HTTPStatus.OK:
        raise AssertionError(f"{path} answered {answer.status}")
    return text, packed


class _Links(HTMLParser):
    """What a browser fetches for a page without being asked."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    @classmethod
    def of(cls, html: str, path: str) -> list[str]:
        parser = cls()
        parser.feed(html)
        return [urljoin(path, url.partition("#")[0]) for url in sorted(parser.found)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        url = {"link": values.get("href"), "use": values.get("href")}.get(tag, values.get("src"))
        if tag == "link" and values.get("rel") not in {
            "stylesheet",
            "icon",
            "preload",
            "manifest",
            "apple-touch-icon",
        }:
            return
        if url and url.partition("#")[0]:
            self.found.add(url.partition("#")[0])
