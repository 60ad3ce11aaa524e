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
            execute()
    except (CannotStart, WrongEnvironment) as trouble:
        sys.exit(str(trouble))


def execute() -> None:
    from django.core.management import execute_from_command_line  # noqa: PLC0415 (reads the settings: after the servers)
    from django.db import OperationalError  # noqa: PLC0415 (the same)

    from samsam.reach import database_answers  # noqa: PLC0415 (the same)

    try:
        execute_from_command_line(sys.argv)
    except OperationalError:
        database_answers()  # a sentence when that is what is wrong
        raise


if __name__ == "__main__":
    main()
