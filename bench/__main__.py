"""``python -m bench``: what a first start, a policy, a sweep and a page cost.

One JSON object a line; exit code 1 when too much."""

from bench import lab
from bench.figure import tell
from bench.first_page import first_page
from bench.place import production


def main() -> int:
    newcomer = tell([first_page, lab.default, lab.beside])
    with production():
        from bench import board, clock  # noqa: PLC0415 (need the settings)

        running = tell([clock.idle, clock.four_at_once, clock.cost, board.queries, board.first_visit])
    return newcomer or running


if __name__ == "__main__":
    raise SystemExit(main())
