"""``python -m bench.one_sweep BEFORE MOMENT [MUNICIPALITY …]``: a sweep in a process of its own, when the gate opens.

With municipalities named it walks those, and looks for no other work.
First it walks one batch of what is due at ``BEFORE``: what a process does only once is not counted. Prints how many
steps the sweep took, how many CPU seconds they cost, its server process in the database included, and how many
seconds on the clock; all from the gate on.
"""

import sys
import time
from datetime import datetime

import django
from django.db import connection

GATE = 7_102  # an advisory lock of the database


def main(before: datetime, moment: datetime, mine: list[int]) -> None:
    django.setup()
    from bench.floor import cpu  # noqa: PLC0415 (needs the settings)
    from requests_app import due, escalation  # noqa: PLC0415 (the same)

    def work() -> int:
        if not mine:
            return escalation.sweep(moment)
        return sum(escalation.walk_turn(turn, moment) for turn in due.turns(dict.fromkeys(mine, due.TURN)))

    next(filter(None, escalation.batches(before)), None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [GATE])
    steps, begun = [], time.monotonic()
    seconds = cpu(lambda: steps.append(work()))
    print(*steps, seconds, time.monotonic() - begun)


if __name__ == "__main__":
    main(*map(datetime.fromisoformat, sys.argv[1:3]), [int(word) for word in sys.argv[3:]])
