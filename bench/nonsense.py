"""Every address, by everybody, with nonsense in the address, after the question mark and in the form: never a 5xx."""

from __future__ import annotations

import logging
import random
import re
import sys
from collections.abc import Iterator
from http import HTTPStatus
from itertools import chain
from urllib.parse import quote

from django.test import Client

from bench.cast import Cast, addresses, cast, patterns
from bench.figure import Figure, at_least, dosed, exactly

VALUES = [
    "\0",
    "a\0b",
    "9" * 400,
    "-1",
    "0",
    "1e999",
    "99999999999999999-999999999999999999",
    "é" * 2_000,
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") * 100,
    "\u202e\u0000\uffff",
    "2026-02-31",
    "31-12-9999",
    "24:61",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}",
    "//evil.example/",
    "",
]
BYTES = ["%FF%FE", "%C0%80", "%ED%A0%80", "%00", "%"]
# Forms as no browser sends them: another alphabet, no boundary, half a part.
FORMS = [
    ("application/x-www-form-urlencoded; charset=iso-8859-1", "email=a"),
    ("application/x-www-form-urlencoded; charset=utf-16", "email=a"),
    ("application/x-www-form-urlencoded; charset=UTF8", "email=a"),
    ("application/x-www-form-urlencoded", "&".join(f"a{n}=1" for n in range(300))),
    ("multipart/form-data", "email=a"),
    ("multipart/form-data; boundary=b", '--b\r\nContent-Disposition: form-data; name="a'),
]
FIELD = re.compile(r"name=\"([a-z_][a-z0-9_-]*)\"")
COMMON = ["next", "q", "page", "after", "minutes", "kind", "email", "code", "worked", "village", "language"]
CHANCE = random.Random(2026)


def nonsense() -> Iterator[Figure]:
    """Each role in turn; a taste takes two of them, and one of each sort of nonsense."""
    for name in ("django.request", "django.security.csrf"):
        logging.getLogger(name).setLevel(logging.ERROR)  # thousands of refusals say nothing
    tries = failed = 0
    here = cast()
    for role in CHANCE.sample(list(here.people), dosed(len(here.people), least=2)):
        browser = here.browser(role)
        strict = here.browser(role, strict=True)
        for what, status in chain(_tried(browser, here), _unreadable(strict, here)):
            tries += 1
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                failed += 1
                print(f"{status} for {role}: {what}", file=sys.stderr)
    yield at_least(500, "nonsense: pages asked for", tries, "answers")
    yield exactly(0, "nonsense: answers 5xx", failed, "answers")


def _tried(browser: Client, here: Cast) -> Iterator[tuple[str, int]]:
    """What was asked and the status of the answer."""
    for name, words in patterns():
        if name == "account_logout":
            continue
        urls = addresses(here, name, words)
        for url in urls:
            page = browser.get(url)
            yield f"GET {url}", page.status_code
            fields = set(FIELD.findall(page.content.decode(errors="replace"))) | set(COMMON)
            for value in CHANCE.sample(VALUES, dosed(6, least=1)):
                query = dict.fromkeys(fields, value)
                yield f"GET {url} with {value[:20]!r}", browser.get(url, query).status_code
                yield f"POST {url} with {value[:20]!r}", browser.post(url, query).status_code
                yield f"POST {url} with some {value[:20]!r}", browser.post(url, _some(query)).status_code
            for raw in CHANCE.sample(BYTES, dosed(3, least=1)):
                yield f"GET {url}?{raw}", browser.get(f"{url}?q={raw}&after={raw}&{raw}=1").status_code
                form = "&".join(f"{field}={raw}" for field in sorted(fields))
                kind = "application/x-www-form-urlencoded"
                yield f"POST {url} {raw}", browser.post(url, form.encode(), content_type=kind).status_code
        for url in urls[:1] if words else []:
            yield from _other_addresses(browser, url)


def _unreadable(browser: Client, here: Cast) -> Iterator[tuple[str, int]]:
    """Forms that cannot be read, sent as by a real browser: their tokens are looked at."""
    browser.get("/letters/")  # where it gets the cookie that belongs to a token
    urls = [urls[0] for name, words in patterns() if (urls := addresses(here, name, words))]
    for url in [*CHANCE.sample(urls, dosed(len(urls), least=2)), "/nietdaar/"]:
        for kind, body in FORMS:
            yield f"POST {url} as {kind}", browser.post(url, body.encode(), content_type=kind).status_code


def _some(query: dict[str, str]) -> dict[str, str]:
    """Half of the fields with something sensible, so that the others are looked at too."""
    return {field: CHANCE.choice([value, "1", "other", "any", "home"]) for field, value in query.items()}


def _other_addresses(browser: Client, url: str) -> Iterator[tuple[str, int]]:
    """The same page of what is not there, cannot be, or has another form."""
    last = re.search(r"/([^/]+)/(?:[a-z-]+/)?$", url)
    values = ["9" * 30, quote("é\0"), "%FF", "0", "999999999", "-1", "x", "a" * 3_000]
    for value in values[: dosed(len(values), least=3)]:
        other = url.replace(f"/{last[1]}/", f"/{value}/", 1) if last else url
        yield f"GET {other[:60]}", browser.get(other).status_code
        yield f"POST {other[:60]}", browser.post(other).status_code
