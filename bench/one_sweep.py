"""``python -m bench.one_sweep MOMENT``: one sweep in a process of its own, begun when the gate opens.

Prints how many steps it took, how many CPU seconds they cost, its server process in the database included, and how
many seconds on the clock.
"""

import sys
import time
from datetime import datetime

import django
from django.db import connection

GATE = 7_102  # an advisory lock of the database


def main(moment: str) -> None:
    django.setup()
    from bench.floor import cpu  # noqa: PLC0415 (needs the settings)
    from requests_app import escalation  # noqa: PLC0415 (the same)

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [GATE])
    steps, begun = [], time.monotonic()
    seconds = cpu(lambda: steps.append(escalation.sweep(datetime.fromisoformat(moment))))
    print(*steps, seconds, time.monotonic() - begun)


if __name__ == "__main__":
    main(sys.argv[1])
