"""``manage.py seed_demo``: a village to look around in, and as much more as asked for. Repeating it adds nothing."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from samsam.demo import bulk, cast
from samsam.demo.logins import demo_logins
from villages.models import Residency


class Command(BaseCommand):
    help = "Make the demo village, and more villages, residents and requests up to these numbers."

    def add_arguments(self, parser: CommandParser) -> None:
        for name, what in [
            ("villages", "villages that are on"),
            ("residents", "people with a home"),
            ("requests", "requests of all kinds"),
        ]:
            parser.add_argument(f"--{name}", type=int, default=0, metavar="N", help=f"{what}, the demo's included")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="another number, other people")
        parser.add_argument(
            "--open-share", type=float, default=0.1, metavar="P", help="of the added requests, how many are open (0-1)"
        )
        parser.add_argument("--if-empty", action="store_true", help="do nothing where somebody lives already")

    def handle(self, *_args: Any, **options: Any) -> None:
        wanted = bulk.Wanted(
            villages=options["villages"],
            residents=options["residents"],
            requests=options["requests"],
            seed=options["seed"],
            open_share=options["open_share"],
        )
        if trouble := wanted.trouble():
            raise CommandError(trouble)
        if not (options["if_empty"] and Residency.objects.exists()):
            now = timezone.now()
            with transaction.atomic():
                cast.make(now, with_keys=settings.DEBUG)
                bulk.add(wanted, now)
        self.stdout.write(demo_logins())
        self.stdout.write(json.dumps(bulk.count()))
