"""The same work of an open source that many use: ``escalate_tickets`` of django-helpdesk, on the same PostgreSQL."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from bench.figure import Figure, at_least
from bench.place import folder

TICKETS = 2_000
DATABASE = "helpdesk"
NAME = "against django-helpdesk's escalate_tickets"


def beside(ours: float) -> Iterator[Figure]:
    """``ours``: CPU seconds of one escalation. Nothing where the package cannot be fetched: that is said in words."""
    with folder() as there:
        python = _installed(there / "venv")
        if python is None:
            print("django-helpdesk could not be fetched from PyPI, so nothing is put beside it.", file=sys.stderr)
            return
        seconds = _escalate(python)
    yield Figure(f"{NAME}: its CPU of one escalation", seconds * 1000, "ms")
    yield at_least(15, f"{NAME}: our escalations per CPU second", seconds / ours, "times")


def _installed(place: Path) -> Path | None:
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    ended = subprocess.run([*install, "django-helpdesk==2.6.1", "psycopg[binary]"], check=False, capture_output=True)
    return python if ended.returncode == 0 else None


def _escalate(python: Path) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    words = settings.DATABASES["default"]
    script = Path(__file__).with_name("helpdesk_run.py")
    command = [python, "-P", script, words["HOST"], words["USER"], DATABASE, str(TICKETS)]
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=python.parent)
    said = json.loads(ended.stdout.splitlines()[-1])
    return float(said["cpu"]) / int(said["escalated"])
