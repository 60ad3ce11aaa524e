"""Escalations while the processes that do them are killed in the middle of their work, and the broker is emptied."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench import place, seed
from bench.figure import Figure, at_least, at_most, dosed, exactly
from notifications.models import Channel, Message, State
from requests_app import invariants
from requests_app.models import Event, HelpRequest
from samsam.embedded import Servers
from volunteers.models import Ask

VOLUNTEERS = 3  # in each village, all of them asked: with the asker four people hear of an escalation
ORDER = random.Random(2026)


class Scene:
    """The processes under attack, and what they have done so far."""

    def __init__(self, servers: Servers, mails: Path) -> None:
        self.servers, self.mails = servers, mails
        self.valkey = servers.running["REDIS_URL"]
        self.logs = {word: settings.VAR / "log" / f"{word}.log" for word in ("worker", "beat")}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.waiting: list[int] = []
        self.kills: Counter[str] = Counter()
        self.emptied = 0

    def start(self, word: str) -> None:
        self.logs[word].unlink(missing_ok=True)
        self.processes[word] = place.start(["samsam", word], self.logs[word])

    def sent(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.mails.read_text().splitlines()]

    def make_due(self, share: int) -> None:
        """The moment of the next few requests has come."""
        now, self.waiting = self.waiting[:share], self.waiting[share:]
        HelpRequest.objects.filter(pk__in=now).update(next_at=timezone.now())

    def kill_worker_while_it_sends(self) -> None:
        before = len(self.sent())
        place.wait_for("a mail of this worker", lambda: len(self.sent()) > before, pause=0.005)
        self._kill("worker")

    def kill_worker_while_it_writes(self) -> None:
        place.wait_for("a transaction of this worker", _somebody_writes, pause=0.001)
        self._kill("worker")

    def kill_beat(self) -> None:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=place.PATIENCE).monitor() as heard:
            next(command for command in heard.listen() if command["command"].startswith("LPUSH sweep "))
        self._kill("beat")

    def kill_valkey(self) -> None:
        before = len(self.sent())
        place.wait_for("a mail, told of through Valkey", lambda: len(self.sent()) > before, pause=0.005)
        process = self.valkey.process
        assert process
        process.kill()
        process.wait()
        self.kills["valkey"] += 1
        self.servers.revive()
        place.wait_for("Valkey again", self.valkey.is_ready)

    def empty_valkey(self) -> None:
        redis.Redis.from_url(settings.REDIS_URL).flushall()
        self.emptied += 1

    def is_all_done(self) -> bool:
        left = HelpRequest.objects.due(timezone.now()).exists() or Message.objects.filter(state=State.DUE).exists()
        return not left

    def stop(self) -> None:
        for process in self.processes.values():
            _kill_session(process)

    def _kill(self, word: str) -> None:
        process = self.processes[word]
        assert process.poll() is None, f"{word} had ended by itself: {self.logs[word].read_text(errors='replace')}"
        _kill_session(process)
        self.kills[word] += 1
        if word == "worker":  # its claims die with it; time goes on until the lease is over
            Message.objects.filter(state=State.DUE, attempts__gt=0).update(not_before=timezone.now())
        self.start(word)


def kills(servers: Servers, mails: Path) -> Iterator[Figure]:
    """In the end every step was taken once, everybody was told, and hardly anybody twice."""
    seed.clear()
    wanted = dosed(100, least=12)
    now = timezone.now()
    for _ in range(wanted):
        village = seed.village(volunteers=VOLUNTEERS)
        seed.open_requests(village, 1, now=now, next_at=now + timedelta(hours=1))
    scene = Scene(servers, mails)
    scene.waiting = list(HelpRequest.objects.values_list("pk", flat=True))
    with contextlib.ExitStack() as stack:
        stack.callback(scene.stop)
        for word in ("worker", "beat"):
            scene.start(word)
        attacks = _attacks(scene)
        for number, attack in enumerate(attacks):
            scene.make_due(len(scene.waiting) // (len(attacks) - number + 1))
            attack()
            time.sleep(ORDER.uniform(0, 0.2))
        scene.make_due(len(scene.waiting))
        place.wait_for("everything done", scene.is_all_done, within=120)
    yield from _figures(scene, wanted)


def _attacks(scene: Scene) -> list[Callable[[], None]]:
    attacks = [scene.kill_worker_while_it_sends, scene.kill_beat] * dosed(6, least=1)
    attacks += [scene.kill_worker_while_it_writes, scene.kill_valkey] * dosed(5, least=1)
    attacks += [scene.empty_valkey] * dosed(5, least=1)
    ORDER.shuffle(attacks)
    return attacks


def _figures(scene: Scene, wanted: int) -> Iterator[Figure]:
    killed = sum(scene.kills.values())
    told = VOLUNTEERS * wanted + wanted
    asked = Event.objects.filter(kind=Event.Kind.ASKED)
    here = "under kills"
    yield at_least(dosed(20, least=4), f"{here}: processes killed at work, worker, beat and Valkey", killed, "kills")
    yield exactly(dosed(5, least=1), f"{here}: times Valkey was emptied", scene.emptied, "times")
    yield exactly(wanted, f"{here}: escalations", asked.count(), "escalations")
    yield exactly(wanted, f"{here}: requests escalated", asked.values("help_request").distinct().count(), "requests")
    yield exactly(VOLUNTEERS * wanted, f"{here}: volunteers asked", Ask.objects.count(), "asks")
    in_app = Counter(Message.objects.filter(channel=Channel.IN_APP).values_list("user", "kind"))
    yield exactly(told, f"{here}: people told on the site", len(in_app), "rows")
    yield exactly(0, f"{here}: told twice on the site", in_app.total() - len(in_app), "rows")
    sent = scene.sent()
    ids = {(mail["to"], mail["id"]) for mail in sent}
    rows = Message.objects.filter(channel=Channel.MAIL, state=State.SENT).select_related("user")
    known = {(row.user.email, f"<{row.message_id}@{settings.MAIL_DOMAIN}>") for row in rows if row.user}
    yield exactly(told, f"{here}: mails in the database that went out", len(known), "mails")
    yield exactly(0, f"{here}: of those, not with the mail server", len(known - ids), "mails")
    yield exactly(0, f"{here}: with the mail server under another Message-ID", len(ids - known), "mails")
    yield at_most(killed, f"{here}: mails that went twice", len(sent) - len(ids), "mails")
    yield exactly(0, f"{here}: rules broken", sum(invariants.count(timezone.now()).values()), "rows")


def _somebody_writes() -> bool:
    """Is a sweep between its lock and its commit?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND mode = 'RowExclusiveLock' AND pid <> %s",
            [Event._meta.db_table, connection.connection.info.backend_pid],
        )
        return bool(cursor.fetchone()[0])


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    """The process and all its children, at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
