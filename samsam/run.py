"""All of SamSam in one program, for development and a first look: ``make run``."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import NoReturn

from samsam import environment
from samsam.embedded import CannotStart, Servers, child, started
from samsam.embedded.launch import die_with_parent
from samsam.supervisor import Process, Supervisor

DEMO_PHONE = "06 00 00 00 00"  # every page has a number to call, that of a trial too
REVIVE_EVERY = 1.0  # seconds; a server that cannot start is not tried in a tight loop


def run() -> None:
    """Runs until Ctrl-C, which ends all of it cleanly; raises ``CannotStart`` with a sentence when it cannot."""
    environment.prefer_development()
    if environment.flag("DEBUG"):
        os.environ.setdefault("SAMSAM_PHONE", DEMO_PHONE)
    if os.environ.get("MAKELEVEL"):
        die_with_parent(signal.SIGTERM)  # make was killed
    with stopping_once(), contextlib.suppress(KeyboardInterrupt):
        from django.conf import settings  # noqa: PLC0415 (checked here, once the environment is complete)

        from samsam import reach  # noqa: PLC0415 (reads the settings)

        reach.refuse_busy(settings.HOST, settings.PORT)
        if os.environ.get("DATABASE_URL"):
            reach.database_answers()  # before anything is made
        if os.environ.get("REDIS_URL"):
            reach.broker_answers()
        with started(environment.var()) as servers:
            environment.keep_push_key(environment.var() / "push.key")
            logins = _prepared()
            _supervise(servers, f"{settings.SITE_URL}/", logins)
    _say("SamSam has stopped.")


@contextlib.contextmanager
def stopping_once() -> Iterator[None]:
    """The first signal to stop raises ``KeyboardInterrupt``; the next are ignored, so that we end in order.

    A hangup that is ignored already stays so: somebody started us with nohup.
    """
    stopping = {signal.SIGINT, signal.SIGTERM}
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        stopping.add(signal.SIGHUP)

    def stop(_number: int, _frame: object) -> NoReturn:
        for number in stopping:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in stopping:
        signal.signal(number, stop)
    yield


def _prepared() -> str:
    """Tables, places and demo, made by a process of their own; answers what it says about logging in."""
    process = child.start(
        [sys.executable, "-m", "samsam", "prepare"],
        when_parent_dies=signal.SIGKILL,
        env=os.environ,
        folder=child.PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        said, trouble = process.communicate()
    finally:
        child.sweep_session(process)
    if process.returncode:
        raise CannotStart(trouble.decode(errors="replace").strip() or "The database could not be prepared.")
    return said.decode(errors="replace")


def _supervise(servers: Servers, address: str, logins: str) -> None:
    from samsam.reach import web_answers  # noqa: PLC0415 (reads the settings)

    def process(word: str, *, essential: bool = False) -> Process:
        return Process(word, [sys.executable, "-m", "samsam", word], essential=essential)

    waiting = True
    revived_at = time.monotonic()

    def on_tick() -> None:
        nonlocal waiting, revived_at
        if waiting and web_answers():
            waiting = False
            _say(f"\nSamSam is here: {address}   (Ctrl-C stops it)\n{logins}")
        if time.monotonic() - revived_at > REVIVE_EVERY:
            revived_at = time.monotonic()
            for name in servers.revive():
                _say(f"{name} ended by itself; it has been started again.")

    Supervisor([process("web", essential=True), process("worker"), process("beat")], on_tick=on_tick).run()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
