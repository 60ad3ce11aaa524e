"""The same work of an open source that many use: ``escalate_tickets`` of django-helpdesk, on the same PostgreSQL."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from bench.place import folder

PACKAGES = ("django-helpdesk==2.6.1", "psycopg[binary]")
DATABASE = "helpdesk"
FEW = 20  # tickets


class Helpdesk:
    """A process of its own, that escalates so many tickets whenever it is told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def seconds(self, tickets: int) -> float:
        """CPU of one escalation, of so many new tickets, once they are made. 0 when it fails: why is said."""
        try:
            print(tickets, file=self._process.stdin, flush=True)
            lines = iter(self._process.stdout.readline, "")
            said = json.loads(next(line for line in lines if line.startswith("{")))
        except (OSError, StopIteration):
            print("django-helpdesk ended by itself.", file=sys.stderr)
            return 0.0
        if said["escalated"] != tickets:
            print(f"django-helpdesk escalated {said['escalated']} of {tickets} tickets.", file=sys.stderr)
            return 0.0
        return float(said["cpu"]) / tickets


@contextmanager
def helpdesk() -> Iterator[Helpdesk | None]:
    """Ready to begin. None where the package cannot be fetched: why stands on the error output."""
    with folder() as here:
        python = _installed(here / "venv")
        if python is None:
            yield None
            return
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
            cursor.execute(f"CREATE DATABASE {DATABASE}")
        words = settings.DATABASES["default"]
        script = Path(__file__).with_name("helpdesk_run.py")
        command = [python, "-P", script, words["HOST"], words["USER"], DATABASE]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=python.parent) as process:
            try:
                there = Helpdesk(process)
                there.seconds(FEW)  # what it does once, and we did
                yield there
            finally:
                process.kill()


def _installed(place: Path) -> Path | None:
    python = place / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
    try:
        venv.create(place, with_pip=True)
        subprocess.run(install, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", "") or error
        print(f"django-helpdesk could not be fetched from PyPI, so nothing is put beside it: {said}", file=sys.stderr)
        return None
    return python
