"""``manage.py load_places``: municipalities, places and postcode areas of the Netherlands, as often as you like."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from villages import reference


class Command(BaseCommand):
    help = "Load municipalities, places and postcode areas; keeps what staff changed. Prints one JSON object."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(json.dumps(reference.load()))
