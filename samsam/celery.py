"""The Celery app and its two processes: they only say "look now". What is due, and done, stands in PostgreSQL.

So a lost or doubled task costs nothing, tasks have no results, and none is kept longer than until the next.
"""

import os
import signal
import warnings
from typing import Any

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import setup_logging, worker_process_init
from django.conf import settings
from kombu.transport.redis import Channel

from samsam.embedded.launch import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsam.settings")

QUEUES = "sweep,deliver,lab"

app = Celery("samsam")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_our_logging(**_kwargs: Any) -> None:
    """Connected so that Celery leaves the logging of the settings alone."""


@worker_process_init.connect
def end_with_the_worker(**_kwargs: Any) -> None:
    """A child of a worker that was killed would wait for ever: its brothers hold the other ends of its pipes."""
    die_with_parent(signal.SIGKILL)


def forget_what_is_lost() -> None:
    """A task that was not acknowledged when the broker went is not put back: the next one says the same.

    Kombu would want to put it back through the line that is gone, and the worker would end by that.
    """
    Channel.do_restore = False


def worker() -> None:
    """Walks the ladder and sends messages when told to look. Any number may run, on any number of machines."""
    warnings.simplefilter("ignore", SecurityWarning)  # root in somebody's container: our tasks carry JSON only
    forget_what_is_lost()
    # The short timeout is for a page that rings; a worker waits on its connection all day.
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS | {"socket_timeout": 30}
    words = ["--quiet", "worker", "--loglevel", "INFO", "--queues", QUEUES]
    # One more for the lab, which takes minutes: a single trial runs at a time, so the others stay free for the clock.
    words += ["--concurrency", str(settings.WORKER_PROCESSES + 1), "--without-mingle", "--without-gossip"]
    app.start(words)


def beat() -> None:
    """Says when to look. One is enough; two do no harm. A moment it missed is caught up by the next."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    app.start(
        ["--quiet", "beat", "--loglevel", "INFO", "--schedule", str(settings.VAR / "celerybeat"), "--pidfile", ""]
    )
