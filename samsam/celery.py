"""The Celery app: it only says "look now". What is due, and what was done, stands in PostgreSQL.

So a lost or doubled task costs nothing, tasks have no results, and none is kept longer than until the next.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsam.settings")

app = Celery("samsam")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def use_our_logging(**_kwargs: Any) -> None:
    """Connected so that Celery leaves the logging of the settings alone."""
