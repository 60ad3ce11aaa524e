"""``python -m bench``: what a first start, a policy, a sweep and a page cost.

One JSON object a line; exit code 1 when too much."""

from bench import lab
from bench.figure import tell
from bench.first_page import first_page
from bench.place import production


def main() -> int:
    newcomer = tell([first_page, lab.default, lab.beside])
    with production():
        from bench import (  # noqa: PLC0415 (need the settings)
            backlog,
            board,
            burst,
            clock,
            mixed,
            municipal,
            ratio,
            several,
        )

        sweeps = [clock.idle, several.several_at_once, clock.cost, ratio.ratio]
        after_an_outage = [backlog.old_snapshot, backlog.backlog, burst.burst, mixed.mixed]
        running = tell([*sweeps, *after_an_outage, board.queries, municipal.figures, board.first_visit])
    return newcomer or running


if __name__ == "__main__":
    raise SystemExit(main())
