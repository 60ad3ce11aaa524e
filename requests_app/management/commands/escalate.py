"""One sweep of the ladder: ``manage.py escalate``. Prints what it did as one JSON object."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.given_moment import given_moment
from requests_app import escalation


class Command(BaseCommand):
    help = "Walk every request whose next step is due, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="as if it were this moment; only with SAMSAM_ALLOW_NOW=1")

    def handle(self, *_args: Any, **options: Any) -> None:
        walked = escalation.sweep(given_moment(options["now"]))
        self.stdout.write(json.dumps({"walked": walked}))
