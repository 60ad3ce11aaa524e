"""``python -m samsam web``: the web server."""

import signal
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
