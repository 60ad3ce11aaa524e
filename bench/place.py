"""A place of our own to measure in: embedded servers in a folder that goes away, with the settings of production."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import django

from samsam.embedded import Servers, child, started

NAMES = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "PORT"}
NAMES |= {"TRUSTED_PROXY_COUNT", "DJANGO_SETTINGS_MODULE", "MAKELEVEL", "MAKEFLAGS", "MFLAGS", "PYTEST_XDIST_WORKER"}
PATIENCE = 180.0  # seconds: two cores may have other work


@contextlib.contextmanager
def production(*, mail_port: int = 9, careful: bool = False, **more: str) -> Iterator[Servers]:
    """Migrated servers with all places in them, and Django set up on them; nothing of the checkout is touched.

    ``careful``: what was committed outlives a PostgreSQL that is killed.
    """
    with folder() as var:
        _forget_environment()
        port = free_port()
        os.environ |= {
            "SAMSAM_VAR": str(var),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1",
            "PORT": str(port),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "DJANGO_SETTINGS_MODULE": "samsam.settings",
            **more,
        }
        with started(var, careful=careful) as servers:
            subprocess.run([sys.executable, "-m", "samsam", "prepare"], check=True, cwd=child.PROJECT)
            django.setup()
            try:
                yield servers
            finally:
                _close()


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """In ``/tmp``, where the account that PostgreSQL runs under may come too."""
    made = Path(tempfile.mkdtemp(prefix="samsam-bench-", dir="/tmp"))
    made.chmod(0o711)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def clean_environment() -> dict[str, str]:
    """As in a fresh terminal."""
    return {name: value for name, value in os.environ.items() if name not in NAMES and not name.startswith("SAMSAM_")}


@contextlib.contextmanager
def running(module: Sequence[str], log: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m ...`` for as long as the block, in a session of its own that ends with us."""
    process = start(module, log, **more)
    try:
        yield process
    finally:
        child.stop(process, signal.SIGTERM, signal.SIGKILL, within=15)


def start(module: Sequence[str], log: Path, **more: str) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return child.start(
            [sys.executable, "-m", *module],
            when_parent_dies=signal.SIGKILL,
            env=os.environ | {"PYTHONUNBUFFERED": "1"} | more,
            folder=child.PROJECT,
            stdout=out,
            stderr=out,
        )


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])


def wait_for(what: str, true: Callable[[], Any], *, within: float = PATIENCE, pause: float = 0.05) -> Any:
    """The first true answer; ``TimeoutError`` when it does not come."""
    deadline = time.monotonic() + within
    while not (answer := true()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {within:.0f} seconds")
        time.sleep(pause)
    return answer


def answers(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def _forget_environment() -> None:
    kept = clean_environment()
    for name in set(os.environ) - set(kept):
        del os.environ[name]


def _close() -> None:
    """Gives the connections back before the server goes."""
    from django.db import connection  # noqa: PLC0415 (needs the settings)

    connection.close()
    connection.close_pool()
