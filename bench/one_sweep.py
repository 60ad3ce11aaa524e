"""``python -m bench.one_sweep MOMENT``: one sweep in a process of its own, begun when the gate opens."""

import sys
from datetime import datetime

import django
from django.db import connection

GATE = 7_102  # an advisory lock of the database


def main(moment: str) -> None:
    django.setup()
    from requests_app import escalation  # noqa: PLC0415 (needs the settings)

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [GATE])
    print(escalation.sweep(datetime.fromisoformat(moment)))


if __name__ == "__main__":
    main(sys.argv[1])
