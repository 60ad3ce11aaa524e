"""The three processes that are always running. Each may run many times, on many machines (beat: once is enough)."""

import signal
import warnings
from collections.abc import Callable
from typing import Any

from django.conf import settings
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from samsam.embedded.launch import die_with_parent
from samsam.reach import refuse_busy


def web() -> None:
    """Serves pages until it is stopped."""
    refuse_busy(settings.HOST, settings.PORT)
    server = Granian(
        "samsam.wsgi",
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=settings.WEB_PROCESSES,
        blocking_threads=settings.WEB_THREADS,
        http=HTTPModes.http1,
        websockets=False,
        backlog=2048,
        log_level=LogLevels.error if settings.DEBUG else LogLevels.info,
        workers_kill_timeout=5,
        respawn_failed_workers=settings.WEB_PROCESSES > 1,
    )
    server.serve(target_loader=_application, wrap_loader=False)


def _application() -> Callable[..., Any]:
    """In the server's own child process: it holds the port, so it must not outlive the server."""
    die_with_parent(signal.SIGKILL)
    from samsam.wsgi import application  # noqa: PLC0415 (loads Django: in the child, not before the fork)

    return application


def worker() -> None:
    """Walks the ladder and sends messages when told to look."""
    from celery.exceptions import SecurityWarning  # noqa: PLC0415 (not loaded by the web server)

    from samsam.celery import app  # noqa: PLC0415 (the same)

    # The short timeout is for a page that rings; a worker waits on its connection all day.
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS | {"socket_timeout": 30}
    warnings.simplefilter("ignore", SecurityWarning)  # root in somebody's container: our tasks carry JSON only
    words = ["--quiet", "worker", "--loglevel", "INFO", "--queues", "sweep,deliver"]
    words += ["--concurrency", str(settings.WORKER_PROCESSES), "--without-mingle", "--without-gossip"]
    app.start(words)


def beat() -> None:
    """Says when to look. It keeps nothing that matters: a missed moment is caught up by the next."""
    from samsam.celery import app  # noqa: PLC0415 (not loaded by the web server)

    settings.VAR.mkdir(parents=True, exist_ok=True)
    app.start(
        ["--quiet", "beat", "--loglevel", "INFO", "--schedule", str(settings.VAR / "celerybeat"), "--pidfile", ""]
    )
