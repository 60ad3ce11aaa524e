"""``python -m samsam web | worker | beat``: the three processes. ``run``: all of it in one program.

``prepare`` makes the database ready for them; ``probe`` asks the web server here whether it is alive.
"""

import os
import sys
from collections.abc import Callable
from importlib import import_module

from samsam.embedded import CannotStart
from samsam.environment import WrongEnvironment

WORDS = {
    "web": "samsam.web:web",
    "worker": "samsam.celery:worker",
    "beat": "samsam.celery:beat",
    "prepare": "samsam.prepare:prepare",
    "probe": "samsam.reach:probe",
    "run": "samsam.run:run",
}


def main(words: list[str]) -> int:
    if len(words) != 1 or words[0] not in WORDS:
        sys.stderr.write(f"Say one of: {', '.join(f'python -m samsam {word}' for word in WORDS)}.\n")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsam.settings")
    module, name = WORDS[words[0]].split(":")
    try:
        door: Callable[[], int | None] = getattr(import_module(module), name)
        return door() or 0
    except (CannotStart, WrongEnvironment) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package in {"", "samsam"}:
            raise  # ours: a fault, not something to install
        sys.stderr.write(f"The package '{package}' is not installed here. Install what requirements/run.txt names.\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
