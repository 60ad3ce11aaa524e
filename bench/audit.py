"""``python -m bench.audit``: every address with nonsense, by everybody.

One JSON object a line; what was found stands on the error output; exit code 1 if anything was.
"""

from bench.figure import tell
from bench.place import production


def main() -> int:
    with production():
        from bench.nonsense import nonsense  # noqa: PLC0415 (needs the settings)

        return tell([nonsense])


if __name__ == "__main__":
    raise SystemExit(main())
