"""The processes under attack, who looks after them, and what they have done so far."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import redis
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from bench import place, seed
from bench.doors import SERVER
from bench.visitors import Visitors
from notifications.models import Message, State
from requests_app.models import Event, HelpRequest
from samsam.embedded import Servers, child

WEB, WORKER, BEAT = "web", "worker", "beat"
VOLUNTEERS = 3  # in each village, all of them asked: with the asker four people hear of an escalation
Answer = TypeVar("Answer")


class Scene:
    """Starts again what is killed, as a supervisor does, and nothing else: the rest must come back by itself."""

    def __init__(self, servers: Servers, mail_port: int) -> None:
        self.servers, self.mail_port = servers, mail_port
        self.postgres, self.valkey = servers.running["DATABASE_URL"], servers.running["REDIS_URL"]
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.waiting: list[int] = []
        self.added = 0
        self.kills: Counter[str] = Counter()
        self.ended: list[str] = []  # processes that nobody killed
        self.slowest = 0.0  # seconds until all worked again, after a server was away
        self.visitors = Visitors()

    # -- Processes -------------------------------------------------------------------------------------------
    def start(self, word: str) -> None:
        log = settings.VAR / "log" / f"{word}.log"
        more = SERVER | {"SAMSAM_WEB_THREADS": "8"} if word == WEB else {}
        # The name under which PostgreSQL knows its connections.
        self.processes[word] = place.start(["samsam", word], log, PGAPPNAME=word, **more)

    def pid(self, word: str) -> int:
        return self.processes[word].pid

    def killed(self, word: str) -> None:
        """Its parent process is gone; so are its children, a moment later. Another one takes its place."""
        self.processes[word].wait()
        child.sweep_session(self.processes[word])
        self.start(word)

    def kill_server(self, server: object, how: signal.Signals) -> None:
        """PostgreSQL or Valkey goes, and comes back; the others wait for it by themselves."""
        process = server.process
        process.send_signal(how)
        process.wait()
        place.wait_for("it runs again", lambda: self.servers.revive() or server.is_ready())

    def look_after(self) -> None:
        """Who ended without being killed? Nobody should."""
        for word, process in self.processes.items():
            if process.poll() is not None:
                log = (settings.VAR / "log" / f"{word}.log").read_text(errors="replace")[-2000:]
                self.ended.append(word)
                print(f"{word} ended by itself; its last words:\n{log}", file=sys.stderr)
                self.start(word)

    def comes_back(self) -> None:
        """Pages take yes for an answer, and requests are walked; nobody is started again for it."""
        begun = time.monotonic()
        yes, walked = len(self.visitors.yes()), walks()
        self.make_due(1)
        place.wait_for("pages again", lambda: self.look_after() or len(self.visitors.yes()) > yes)
        place.wait_for("the clock again", lambda: self.look_after() or walks() > walked or not has_due())
        self.slowest = max(self.slowest, time.monotonic() - begun)

    # -- What there is to do ---------------------------------------------------------------------------------
    def add(self, count: int) -> None:
        """So many requests more, that wait for their moment."""
        self.waiting += patiently(lambda: requests(count))
        self.added += count

    def make_due(self, share: int) -> None:
        """The moment of the next few requests has come. Strikes that missed can have used up all there were."""
        if len(self.waiting) < share:
            self.add(share - len(self.waiting))
        now, self.waiting = self.waiting[:share], self.waiting[share:]
        patiently(lambda: HelpRequest.objects.filter(pk__in=now).update(next_at=timezone.now()))

    def stop(self) -> None:
        self.visitors.stop()
        for process in self.processes.values():
            child.stop(process, signal.SIGTERM, signal.SIGKILL, within=15)


def requests(count: int) -> list[int]:
    """Each in a village of its own, with volunteers who have not been asked anything."""
    now, made = timezone.now(), []
    for _ in range(count):
        village = seed.village(volunteers=VOLUNTEERS)
        seed.open_requests(village, 1, now=now, next_at=now + timedelta(hours=1))
        made.append(village.pk)
    return list(HelpRequest.objects.filter(village__in=made).values_list("pk", flat=True))


def notes_of(mails: Path) -> list[dict[str, str]]:
    """What the mail server wrote down: mails, and its own troubles."""
    return [json.loads(line) for line in mails.read_text().splitlines()]


def has_due() -> bool:
    return patiently(lambda: HelpRequest.objects.due(timezone.now()).exists())


def is_all_done() -> bool:
    return not has_due() and not patiently(lambda: Message.objects.filter(state=State.DUE).exists())


def walks() -> int:
    return patiently(Event.objects.filter(kind=Event.Kind.ASKED).count)


def patiently(work: Callable[[], Answer]) -> Answer:
    """What it answers; while PostgreSQL is away it is tried again."""

    def attempt() -> tuple[Answer] | None:
        try:
            return (work(),)
        except (OperationalError, InterfaceError):
            connection.close()
            return None

    (answer,) = place.wait_for("PostgreSQL", attempt)
    return answer


class Ears:
    """Hears each message that is put in Valkey, at the moment itself."""

    def __init__(self, queue: str = "") -> None:
        self.beginning = f"LPUSH {queue}"

    def wait(self) -> None:
        """Until the next one; when Valkey goes meanwhile it is listened to again."""
        deadline = time.monotonic() + place.PATIENCE
        while time.monotonic() < deadline:
            try:
                with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=place.PATIENCE).monitor() as heard:
                    next(command for command in heard.listen() if command["command"].startswith(self.beginning))
                    return
            except (redis.ConnectionError, redis.TimeoutError):
                time.sleep(0.05)
        raise TimeoutError(f"{self.beginning}: nobody said so")
