"""Counts of what must be zero: ``manage.py invariants``. Exit code 1 if anything is not."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.given_moment import given_moment
from requests_app import invariants


class Command(BaseCommand):
    help = "Count what must be zero; exit code 1 if anything is not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="as if it were this moment; only with SAMSAM_ALLOW_NOW=1")

    def handle(self, *_args: Any, **options: Any) -> None:
        counts = invariants.count(given_moment(options["now"]))
        self.stdout.write(json.dumps(counts))
        if any(counts.values()):
            sys.exit(1)
