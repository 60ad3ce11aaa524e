"""The long walks: every address with nonsense, and every page with other eyes, hands and tools.

One JSON object a line; what was found stands on the error output; exit code 1 if anything was.
"""

import sys
from contextlib import ExitStack

from django.conf import settings

from bench.figure import is_taste, tell
from bench.place import answers, folder, production, running, wait_for

PARTS = ("nonsense", "ladder", "markup", "looks", "lighthouse", "stories")


def main() -> int:
    """All parts, or those named on the command line; of a taste those without a browser."""
    wanted = sys.argv[1:] or (PARTS[:2] if is_taste() else PARTS)
    with ExitStack() as stack:
        here = stack.enter_context(folder())
        stack.enter_context(production())
        from bench.ladder import ladder  # noqa: PLC0415 (needs the settings)
        from bench.lighthouse import lighthouse  # noqa: PLC0415 (the same)
        from bench.looks import looks  # noqa: PLC0415 (the same)
        from bench.markup import markup  # noqa: PLC0415 (the same)
        from bench.nonsense import nonsense  # noqa: PLC0415 (the same)
        from bench.stories import stories  # noqa: PLC0415 (the same)

        parts = {
            "nonsense": nonsense,
            "ladder": ladder,
            "markup": markup,
            "looks": looks,
            "lighthouse": lighthouse,
            "stories": stories,
        }
        if {"looks", "lighthouse"} & set(wanted):
            stack.enter_context(running(["samsam", "web"], here / "web.log"))
            wait_for("the web server", lambda: answers(settings.PORT))
        return tell(part for name, part in parts.items() if name in wanted)


if __name__ == "__main__":
    raise SystemExit(main())
