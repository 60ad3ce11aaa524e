#!/usr/bin/env python
"""Django's management commands; without DATABASE_URL on the embedded servers, running or for as long as it takes."""

import os
import sys

from samsam import environment
from samsam.embedded import CannotStart, attached_or_started
from samsam.environment import WrongEnvironment


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsam.settings")
    environment.prefer_development()
    try:
        with attached_or_started(environment.var()):
            from django.core.management import (  # noqa: PLC0415 (reads the settings: after the servers)
                execute_from_command_line,
            )

            execute_from_command_line(sys.argv)
    except (CannotStart, WrongEnvironment) as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main()
