"""Says "look now" to whoever delivers. A lost ring costs seconds, never a message: the clock looks anyway."""

import logging
import time

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu import Connection
from kombu.exceptions import OperationalError
from kombu.pools import producers

logger = logging.getLogger(__name__)

# After a ring that failed this process leaves the broker alone for so long, so that only one page waits for it.
PAUSE = 10.0  # seconds
# Left alone, kombu tries to connect for several seconds, whatever `retry` says.
ONE_TRY = {"max_retries": 0, "socket_timeout": 0.5, "socket_connect_timeout": 0.5}


class _Patience:
    """How long this process leaves the broker alone, on its own clock."""

    until = 0.0


def ring_after_commit() -> None:
    """Once a transaction, after it commits."""
    if ring not in [callback for _, callback, *_ in transaction.get_connection().run_on_commit]:
        transaction.on_commit(ring, robust=True)


def ring() -> None:
    """By name, so that no task is imported; one try, so that a broker that is away holds nobody up for long."""
    if time.monotonic() < _Patience.until:
        return
    line = Connection(settings.CELERY_BROKER_URL, connect_timeout=0.5, transport_options=ONE_TRY)
    try:
        with producers[line].acquire(block=True, timeout=0.5) as producer:
            current_app.send_task(
                "notifications.deliver", producer=producer, retry=False, ignore_result=True, expires=60
            )
    except (OperationalError, OSError):
        _Patience.until = time.monotonic() + PAUSE
        logger.warning("the doorbell could not be rung; the clock will look", exc_info=True)
