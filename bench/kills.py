"""Escalations while the processes that do them are killed in the middle of their work, and servers come and go."""

from __future__ import annotations

import contextlib
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from bench import attacks, place, seed, smtp_sink, traces
from bench.figure import Figure, at_least, at_most, dosed, exactly, full_dose, is_taste
from bench.ledgers import reconciled
from bench.scene import BEAT, VOLUNTEERS, WEB, WORKER, Scene, is_all_done, notes_of, requests
from requests_app.models import HelpRequest
from samsam.embedded import Servers, child

LAST = 120  # seconds after the last kill
SETS = ("set-1", "set-2")
SHARE, LOOKS, LOOK_EVERY = 5, 20, 0.02  # requests at a time; how often we look meanwhile who is at work; seconds
ORDER = random.Random(2026)


def kills(servers: Servers, mails: Path, mail_port: int) -> Iterator[Figure]:
    """In the end every step was taken once, everybody was told, hardly anybody twice, and no yes was forgotten."""
    wanted = dosed(1000, least=12)
    seed.clear()
    scene = Scene(servers, mail_port)
    scene.add(wanted)
    _mood(mails, smtp_sink.TROUBLES)
    with contextlib.ExitStack() as stack:
        stack.callback(scene.stop)
        for word in (WEB, WORKER, BEAT):
            scene.start(word)
        place.wait_for("the web server", lambda: place.answers(settings.PORT))
        scene.visitors.start()
        planned = _plan()
        for number, (name, attack) in enumerate(planned):
            scene.make_due(len(scene.waiting) // (len(planned) - number + 1))
            attack(scene)
            scene.kills[name] += 1
            scene.look_after()
            time.sleep(ORDER.uniform(0, 0.2))
        _mood(mails, ())
        last = time.monotonic()
        scene.visitors.stop()
        scene.make_due(len(scene.waiting))
        place.wait_for("everything done", is_all_done, within=2 * LAST, pause=0.5)
        took = time.monotonic() - last
        scene.look_after()
    yield from _struck(scene)
    yield at_most(LAST, "under kills: from the last one until everything was done", took, "s")
    yield exactly(0, "under kills: processes that ended by themselves", len(scene.ended), "processes")
    yield from _visited(scene)
    yield from _troubled(mails)
    repeats = sum(scene.kills.values()) - scene.kills[attacks.EMPTIED[0]]
    sent = _sent(mails)
    yield from reconciled("under kills", sent, escalations=scene.added, volunteers=VOLUNTEERS, repeats=repeats)


def twins(mails: Path, mail_port: int) -> Iterator[Figure]:
    """Two sets of everything at once, nobody killed, a mail server with moods: not one mail goes twice."""
    wanted = dosed(250, least=4)
    seed.clear()
    waiting = requests(wanted)
    before = len(_sent(mails))
    if full_dose():
        _mood(mails, [trouble for trouble in smtp_sink.TROUBLES if trouble != smtp_sink.CLOSES_AFTER])
    seen: Counter[str] = Counter()
    workers: dict[str, int] = {}

    def look() -> None:
        """Which set has a line open to the mail server?"""
        seen.update(name for name, pid in workers.items() if traces.hold_line(traces.children(pid), to=mail_port))

    with contextlib.ExitStack() as stack:
        stack.callback(_mood, mails, ())
        logs = [settings.VAR / "log" / f"{name}.log" for name in SETS]
        for name, log in zip(SETS, logs, strict=True):
            # A folder of its own, as on a machine of its own: beat keeps there what it did last.
            own = {"SAMSAM_VAR": str(settings.VAR / name), "SAMSAM_STATIC": str(settings.STATIC_ROOT)}
            for word in (WORKER, BEAT):
                process = place.start(["samsam", word], log, PGAPPNAME=name, **own)
                workers.setdefault(name, process.pid)
                stack.callback(child.stop, process, signal.SIGTERM, signal.SIGKILL, within=15)
        place.wait_for("both sets", lambda: all("ready." in log.read_text(errors="replace") for log in logs))
        while waiting:
            now, waiting = waiting[:SHARE], waiting[SHARE:]
            HelpRequest.objects.filter(pk__in=now).update(next_at=timezone.now())
            for _ in range(LOOKS):
                look()
                time.sleep(LOOK_EVERY)
        _mood(mails, ())
        place.wait_for("everything done", lambda: look() or is_all_done(), within=2 * LAST, pause=0.2)
    for name in SETS:
        yield at_least(1, f"two sets at once: times that we saw {name} send", seen[name], "times")
    sent = _sent(mails)[before:]
    yield from reconciled("two sets at once", sent, escalations=wanted, volunteers=VOLUNTEERS, repeats=0)


def _plan() -> list[tuple[str, Callable[[Scene], None]]]:
    planned = [(name, attack) for name, (attack, _) in attacks.KINDS.items() for _ in range(_times(name))]
    name, attack, full = attacks.EMPTIED
    planned += [(name, attack)] * dosed(full, least=1)
    ORDER.shuffle(planned)
    return planned


def _times(name: str) -> int:
    return 0 if is_taste() and name not in attacks.TASTE else dosed(attacks.KINDS[name][1], least=1)


def _struck(scene: Scene) -> Iterator[Figure]:
    for name in filter(_times, attacks.KINDS):
        yield exactly(_times(name), f"under kills: struck at work, {name}", scene.kills[name], "times")
    emptied, _, full = attacks.EMPTIED
    yield exactly(dosed(full, least=1), f"under kills: {emptied}", scene.kills[emptied], "times")
    struck = sum(scene.kills.values()) - scene.kills[emptied]
    yield at_least(dosed(200, least=len(attacks.TASTE)), "under kills: kills and cuts in all", struck, "times")


def _visited(scene: Scene) -> Iterator[Figure]:
    seen = scene.visitors.seen()
    odd = {what: count for what, count in seen.items() if what not in ("broken", "5xx")}
    yield at_least(1, "under kills: times a page said yes to a visitor", len(scene.visitors.yes()), "times")
    yield exactly(0, "under kills: of those, forgotten", len(scene.visitors.lost()), "times")
    yield at_least(0 if is_taste() else 1, "under kills: buttons whose line broke", seen["broken"], "times")
    yield Figure("under kills: answers 5xx while a server was away", seen["5xx"], "answers")
    yield exactly(0, f"under kills: other answers{f' {odd}' if odd else ''}", sum(odd.values()), "answers")
    yield Figure("under kills: the longest until all worked again by itself", scene.slowest, "s")


def _troubled(mails: Path) -> Iterator[Figure]:
    had = Counter(note["trouble"] for note in notes_of(mails) if "trouble" in note)
    for trouble in dict.fromkeys(smtp_sink.TROUBLES):
        name = f"under kills: mails whose server {trouble}"
        yield at_least(1, name, had[trouble], "mails") if full_dose() else Figure(name, had[trouble], "mails")


def _mood(mails: Path, troubles: Sequence[str]) -> None:
    """What the mail server does to its senders from now on."""
    mood = smtp_sink.mood_of(mails)
    mood.write_text("\n".join(troubles)) if troubles else mood.unlink(missing_ok=True)


def _sent(mails: Path) -> list[dict[str, str]]:
    return [note for note in notes_of(mails) if "to" in note]
