"""Is this process alive, and can it do its work? Asked by machines, before anything else looks at the request."""

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from notifications.models import Message
from requests_app import heartbeat
from requests_app.models import HelpRequest

logger = structlog.get_logger(__name__)

RUNG_LATE = timedelta(minutes=5)  # the sweep looks every 15 seconds
# The clock beats once a minute. One that never ran here is no trouble by itself: what it leaves lying is.
CLOCK_LATE = heartbeat.SILENT_AFTER
MESSAGE_LATE = timedelta(minutes=15)  # a mail server may be away for a while; longer is for a person to look at


@login_not_required
def healthz(_request: HttpRequest) -> HttpResponse:
    """This process answers. Says nothing about the database: starting again would not mend that."""
    return _answer({"alive": True}, 200)


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """503 when the database or a migration is missing, or work is left lying.

    Why is in the log, and in the answer to who shows the key: ages in seconds of the oldest overdue rung and
    the oldest unsent message, and since the last beat of the clock.
    """
    try:
        trouble, ages = _state(timezone.now())
    except DatabaseError as error:
        trouble, ages = f"the database does not answer: {type(error).__name__}", {}
    if trouble:
        logger.warning("not ready", trouble=trouble, **ages)
    details = {"trouble": trouble, **ages} if _knows_the_key(request) else {}
    return _answer({"ready": not trouble, **details}, 503 if trouble else 200)


ANSWERS = {"/healthz": healthz, "/readyz": readyz}


def answered_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The outermost middleware: a probe comes by IP address and without TLS, and has no session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return ANSWERS.get(request.path_info, get_response)(request)

    return middleware


def _state(now: datetime) -> tuple[str, dict[str, int]]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return "migrations are missing", {}
    ages = {
        "overdue_rung": _age(HelpRequest.objects.due(now).aggregate(oldest=Min("next_at"))["oldest"], now),
        "unsent_message": _age(Message.objects.due(now).aggregate(oldest=Min("not_before"))["oldest"], now),
        "clock_silent": _age(heartbeat.last_beat(), now),
    }
    if ages["clock_silent"] > CLOCK_LATE.total_seconds():
        return "the clock stands still", ages
    if ages["overdue_rung"] > RUNG_LATE.total_seconds():
        return "a rung is overdue", ages
    if ages["unsent_message"] > MESSAGE_LATE.total_seconds():
        return "a message is not sent", ages
    return "", ages


def _age(moment: datetime | None, now: datetime) -> int:
    return int((now - moment).total_seconds()) if moment else 0


def _knows_the_key(request: HttpRequest) -> bool:
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.HEALTH_KEY) and hmac.compare_digest(shown.encode(), settings.HEALTH_KEY.encode())


def _answer(body: dict[str, object], status: int) -> HttpResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
