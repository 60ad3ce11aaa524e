"""Before the first page: tables, static files, places, and in development a demo. Repeating it changes nothing."""

import io
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from samsam.reach import broker_answers, database_answers


def prepare() -> None:
    """Leaves a database that the web server and the workers can start on; says who can log in to the demo."""
    database_answers()
    broker_answers()
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    if not settings.DEBUG and _static_files_changed():
        call_command("collectstatic", verbosity=0, interactive=False)
    call_command("load_places", stdout=io.StringIO())
    if settings.DEMO:
        call_command("seed_demo", stdout=io.StringIO())
        sys.stdout.write(_logins())
    connection.close()


def _static_files_changed() -> bool:
    """Are the collected files older than their sources? An image brings them along, and cannot write."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    sources = (path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*"))
    return not manifest.exists() or any(path.stat().st_mtime > manifest.stat().st_mtime for path in sources)


def _logins() -> str:
    """What the demo says about itself, for the newcomer at the terminal."""
    from samsam.demo.logins import demo_logins  # noqa: PLC0415 (models: not before the apps are ready)

    return demo_logins()
