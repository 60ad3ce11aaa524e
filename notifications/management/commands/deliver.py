"""One sweep of the outbox: ``manage.py deliver``. Prints what it did as one JSON object.

Digests that are due are written first, so that without Celery too they go out.
"""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.given_moment import given_moment
from notifications import digests
from notifications.delivery import deliver


class Command(BaseCommand):
    help = "Send every message that is due, digests too, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="as if it were this moment; only with SAMSAM_ALLOW_NOW=1")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = given_moment(options["now"])
        digests.sweep(now)
        count = deliver(now)
        self.stdout.write(json.dumps(asdict(count)))
