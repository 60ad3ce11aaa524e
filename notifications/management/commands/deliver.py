"""One sweep of the outbox: ``manage.py deliver``. Prints what it did as one JSON object."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from notifications.delivery import deliver


class Command(BaseCommand):
    help = "Send every message that is due, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="as if it were this moment; only with SAMSAM_ALLOW_NOW=1")

    def handle(self, *_args: Any, **options: Any) -> None:
        count = deliver(moment(options["now"]))
        self.stdout.write(json.dumps(asdict(count)))


def moment(text: str | None) -> datetime:
    """The moment given by hand, where that is allowed; otherwise now. Without a zone it is the time in the village."""
    if not text:
        return timezone.now()
    if not settings.ALLOW_NOW:
        raise CommandError("--now only works with SAMSAM_ALLOW_NOW=1: moving time sends real messages.")
    try:
        at = parse_datetime(text)
    except ValueError:  # the shape of a moment, but no such day or hour
        at = None
    if at is None:
        raise CommandError(f"'{text}' is no moment. Write it like 2026-11-22T14:00:00+01:00.")
    return at if timezone.is_aware(at) else timezone.make_aware(at)
