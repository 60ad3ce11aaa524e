"""Browsers whose buttons are pressed at the same moment: over HTTP, at the server of production."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import SimpleCookie
from urllib.parse import urlencode
from urllib.request import urlopen

from django.conf import settings
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import Client

from accounts.models import User
from bench.figure import is_taste
from bench.place import answers, running, wait_for

CSRF = "a" * 32
WARM = 4  # pages before the first race: thirty threads that each read the same templates take seconds
LONGEST_WAIT = 60  # seconds for one answer: two cores may have other work
AT_ONCE = 30
# All are inside at once: with the eight threads of a small server most would wait at the door.
SERVER = {"SAMSAM_WEB_PROCESSES": "1" if is_taste() else "2", "SAMSAM_WEB_THREADS": str(AT_ONCE)}


@dataclass(frozen=True)
class Answer:
    """What somebody got to see; ``done``: a redirect with good news, not one that says that it went otherwise."""

    status: int
    page: str = ""
    place: str = ""  # where a redirect leads
    done: bool = False

    @property
    def failed(self) -> bool:
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def refused(self) -> bool:
        """Sent back to the page of the request, with a word of why not."""
        return self.status == HTTPStatus.FOUND and not self.done


class Door:
    """One browser tab: keeps its line, and holds the last byte of a form back until all may go."""

    def __init__(self, user: User, session: str, *, patience: float = LONGEST_WAIT) -> None:
        self.user = user
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        self.patience = patience
        self._connect()

    def hold(self, path: str, **fields: str) -> None:
        """Everything but the last byte, so that the server waits for us."""
        body = urlencode({"csrfmiddlewaretoken": CSRF, **fields}).encode()
        form = ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        self.line.sendall(self._head("POST", path, *form) + body[:-1])
        self.last = body[-1:]

    def go(self) -> None:
        self.line.sendall(self.last)

    def answer(self, method: str = "POST") -> Answer:
        response = http.client.HTTPResponse(self.line, method=method)
        response.begin()
        page = response.read().decode()
        cookies = [SimpleCookie(text) for text in response.headers.get_all("Set-Cookie", [])]
        said = next((cookie["messages"].value for cookie in cookies if "messages" in cookie), "")
        return Answer(response.status, page, response.headers.get("Location", ""), done=_is_good_news(said))

    def press(self, path: str, **fields: str) -> Answer:
        self.hold(path, **fields)
        self.go()
        return self.answer()

    def look(self, path: str) -> Answer:
        """A page; by a new line where the server closed this one because nothing was said for long, as browsers do."""
        try:
            return self._look(path)
        except ConnectionError:
            self.close()
            self._connect()
            return self._look(path)

    def close(self) -> None:
        self.line.close()

    def _look(self, path: str) -> Answer:
        self.line.sendall(self._head("GET", path))
        return self.answer("GET")

    def _connect(self) -> None:
        self.line = socket.create_connection(("127.0.0.1", settings.PORT), timeout=self.patience)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _head(self, method: str, path: str, *more: str) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{settings.PORT}", f"Cookie: {self.cookies}", *more]
        return "\r\n".join([*lines, "", ""]).encode()


@dataclass(frozen=True)
class Press:
    """Somebody's button."""

    door: Door
    path: str
    fields: dict[str, str] = field(default_factory=dict)


def at_once(presses: Sequence[Press], *, early: int = 0, lead: float = 0) -> list[Answer]:
    """All of them at the same moment; so many of the first named come ``lead`` seconds before the others."""
    for press in presses:
        press.door.hold(press.path, **press.fields)
    for press in presses[:early]:
        press.door.go()
    time.sleep(lead)
    for press in presses[early:]:
        press.door.go()
    return [press.door.answer() for press in presses]


@contextlib.contextmanager
def web_server(*module: str, **more: str) -> Iterator[None]:
    """A running web server, that of SamSam unless another one is named."""
    with running(module or ("samsam", "web"), settings.VAR / "log" / "web.log", **SERVER | more):
        wait_for("the web server", lambda: answers(settings.PORT))
        for _ in range(WARM):
            urlopen(settings.SITE_URL, timeout=LONGEST_WAIT).close()  # noqa: S310 (ours)
        yield


def session_of(user: User) -> str:
    browser = Client()
    browser.force_login(user)
    return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)


def _is_good_news(cookie: str) -> bool:
    said = CookieStorage(HttpRequest())._decode(cookie) if cookie else []  # noqa: SLF001 (its own format)
    return any(message.level == SUCCESS for message in said or [])
