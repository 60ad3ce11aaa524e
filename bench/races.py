"""Thirty neighbours press "Ik help" at the same moment, over HTTP, at the server of production."""

from __future__ import annotations

import contextlib
import http.client
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from bench import seed
from bench.figure import Figure, at_least, dosed, exactly
from bench.place import answers, running, wait_for
from requests_app.models import HelpRequest, PickUp, Status
from requests_app.texts import GROUP_FULL, TOO_LATE
from villages.models import Residency, Village

NEIGHBOURS = 30
# All thirty are inside at once: with the eight threads of a small server most would wait at the door.
SERVER = {"SAMSAM_WEB_PROCESSES": "2", "SAMSAM_WEB_THREADS": str(NEIGHBOURS)}
CSRF = "a" * 32
GUARDS = {
    "requests_app_pickup": ("pick_up_one_slot", "pick_up_one_helper"),
    "requests_app_helprequest": ("request_slots_taken",),
    "villages_tally": ("tally_not_negative",),
}


@dataclass(frozen=True)
class Round:
    """What thirty people got to see, and whether the database agrees."""

    right: bool  # as many winners as places, on their screens and in the database
    friendly: int
    failed: int


def races() -> Iterator[Figure]:
    """With one place and with three: exactly so many get one, everybody else a page in plain words."""
    rounds = dosed(250, least=5)  # with each number of places
    with _neighbours("samsam", "web") as (village, doors):
        for slots in (1, 3):
            seen = [_round(village, doors, slots) for _ in range(rounds)]
            name = f"30 at once for {slots} place{'s' if slots > 1 else ''}"
            yield exactly(
                rounds, f"{name}: rounds with exactly {slots} helping", sum(one.right for one in seen), "rounds"
            )
            friendly = sum(one.friendly for one in seen)
            yield exactly((NEIGHBOURS - slots) * rounds, f"{name}: friendly pages for the others", friendly, "pages")
            yield exactly(0, f"{name}: answers 5xx", sum(one.failed for one in seen), "answers")


def careless_races() -> Iterator[Figure]:
    """Does this see it? A server that looks and then saves, on a database without the last guards, must fail."""
    rounds = dosed(20, least=5)
    with connection.cursor() as cursor:
        for table, guards in GUARDS.items():
            for guard in guards:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {guard}")
                cursor.execute(f"DROP INDEX IF EXISTS {guard}")
    with _neighbours("bench.careless_take") as (village, doors):
        wrong = sum(not _round(village, doors, slots=1).right for _ in range(rounds))
    yield at_least(rounds * 19 // 20, f"without lock and guards: rounds of {rounds} seen to go wrong", wrong, "rounds")


@contextlib.contextmanager
def _neighbours(*server: str) -> Iterator[tuple[Village, list[Door]]]:
    """A running web server and thirty neighbours of one village, each with a session and a line of their own."""
    seed.clear()
    village = seed.village(neighbours=NEIGHBOURS + 1)
    homes = Residency.objects.filter(village=village).select_related("user").order_by("pk")
    with contextlib.ExitStack() as stack:
        stack.enter_context(running(server, settings.VAR / "log" / "web.log", **SERVER))
        wait_for("the web server", lambda: answers(settings.PORT))
        yield village, [stack.enter_context(contextlib.closing(Door(_session(home)))) for home in homes[:NEIGHBOURS]]


class Door:
    """One neighbour's browser: keeps its line, and holds the last byte back until all may go."""

    def __init__(self, session: str) -> None:
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        self.line = socket.create_connection(("127.0.0.1", settings.PORT), timeout=60)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def knock(self, path: str) -> None:
        body = f"csrfmiddlewaretoken={CSRF}"
        head = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{settings.PORT}", f"Cookie: {self.cookies}"]
        head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "", ""]
        self.line.sendall("\r\n".join(head).encode() + body[:-1].encode())
        self.last = body[-1:].encode()

    def go(self) -> None:
        self.line.sendall(self.last)

    def answer(self) -> tuple[int, str]:
        response = http.client.HTTPResponse(self.line, method="POST")
        response.begin()
        return response.status, response.read().decode()

    def close(self) -> None:
        self.line.close()


def _round(village: Village, doors: list[Door], slots: int) -> Round:
    now = timezone.now()
    seed.open_requests(village, 1, now=now, next_at=now + timedelta(hours=1), slots=slots)
    help_request = HelpRequest.objects.latest("pk")
    path = reverse("take", args=[help_request.pk])
    for door in doors:
        door.knock(path)
    for door in doors:
        door.go()
    seen = [door.answer() for door in doors]
    won = sum(status == HTTPStatus.FOUND for status, _ in seen)
    sorry = _sorry(slots)
    help_request.refresh_from_db()
    places = PickUp.objects.filter(help_request=help_request, ended_at=None).values_list("slot", flat=True)
    agrees = sorted(places) == list(range(1, slots + 1)) and help_request.slots_taken == slots
    return Round(
        right=won == slots and agrees and help_request.status == Status.TAKEN,
        friendly=sum(status == HTTPStatus.CONFLICT and sorry in page for status, page in seen),
        failed=sum(status >= HTTPStatus.INTERNAL_SERVER_ERROR for status, _ in seen),
    )


def _sorry(slots: int) -> str:
    """How the page begins that says somebody was just before you."""
    with translation.override("nl"):
        text = str(TOO_LATE if slots == 1 else GROUP_FULL)
    return escape(text.partition(". ")[0])


def _session(home: Residency) -> str:
    browser = Client()
    browser.force_login(home.user)
    return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)
