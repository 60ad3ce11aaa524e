"""``python -m bench.planted``: one fault after another is planted in a copy of the code, and the tests must see each.

One JSON object a line; of what stayed green the tests' own words stand on the error output; exit code 1 if anything
did. The faults are in ``planted.toml``. Words on the command line choose those that are named with one of them;
``--whole`` runs the whole suite against each, in place of the few tests that the table names.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.figure import Figure, at_least, dosed, exactly, full_dose, tell
from bench.place import clean_environment, folder
from samsam.embedded import child, started

TABLE = Path(__file__).with_name("planted.toml")
WHOLE = ("tests", "--ignore=tests/test_planted.py", "-n", "2", "--dist", "loadgroup")  # that one reads the table
MANY = 15  # faults at least, of the whole table
PATIENCE, PATIENCE_WHOLE = 600, 3_600  # seconds for one run; a fault may make a test wait for ever
SEEN = re.compile(r"^FAILED (\S+?::.+?)(?: - (.*))?$", re.MULTILINE)
RED = (1, 2)  # the second where several processes stop at the first red test; tests that cannot be read are no FAILED
# The code that a fault left behind cannot even run: that shows nothing about the rule.
BROKEN = ("AttributeError", "ImportError", "ModuleNotFoundError", "NameError", "SyntaxError", "UnboundLocalError")


@dataclass(frozen=True)
class Fault:
    """What is wrong, in words; where ``new`` stands instead of ``old``; and which files of tests see it."""

    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    @property
    def is_in_database(self) -> bool:
        """Migrations have to run with it."""
        return "/migrations/" in self.file


@dataclass(frozen=True)
class Run:
    """How a run of the tests ended."""

    code: int | None  # None: it never did
    said: str

    @property
    def seen_by(self) -> str:
        """The first test that went red because of a rule; empty when none did."""
        found = SEEN.search(self.said) if self.code in RED else None
        return found[1] if found and not (found[2] or "").startswith(BROKEN) else ""


@dataclass
class Copy:
    """The code as it is in the checkout, to be spoiled; with servers of its own and their one migrated database.

    Every test leaves the database empty, so a run takes it over from the one before, unless a migration is at fault or
    a run was cut short.
    """

    root: Path
    log: Path
    whole: bool = False
    migrated: bool = False

    @contextmanager
    def planted(self, fault: Fault) -> Iterator[None]:
        """With this fault in it for as long as the block."""
        path = self.root / fault.file
        good = path.read_text(encoding="utf-8")
        path.write_text(good.replace(fault.old, fault.new), encoding="utf-8")
        self.migrated = self.migrated and not fault.is_in_database
        try:
            yield
        finally:
            path.write_text(good, encoding="utf-8")
            self.migrated = self.migrated and not fault.is_in_database

    def tested(self, tests: Sequence[str]) -> Run:
        """These tests, up to the first that goes red."""
        words = WHOLE if self.whole else (*tests, "--reuse-db", *(() if self.migrated else ("--create-db",)))
        servers = {} if self.whole else {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
        quiet = ("-x", "-q", "-rf", "--tb=short", "-p", "no:cacheprovider")
        with self.log.open("wb") as out:
            process = child.start(
                [sys.executable, "-m", "pytest", *quiet, *words],
                when_parent_dies=signal.SIGKILL,
                env=clean_environment() | servers | {"COLUMNS": "1000"},  # so that no reason is cut off
                folder=self.root,
                stdout=out,
                stderr=out,
            )
            try:
                code = process.wait(PATIENCE_WHOLE if self.whole else PATIENCE)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                child.stop(process, signal.SIGTERM, signal.SIGKILL, within=15)
        self.migrated = code in {0, 1}
        return Run(code, self.log.read_text(encoding="utf-8", errors="replace"))


def faults() -> list[Fault]:
    """All of the table, in its order."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["fault"]
    return [Fault(**row | {"tests": tuple(row["tests"])}) for row in rows]


def misplaced(chosen: Sequence[Fault], root: Path) -> list[str]:
    """What cannot be planted in this tree: the old text is not there exactly once, or a test is not there at all."""
    found = []
    for fault in chosen:
        path = root / fault.file
        times = path.read_text(encoding="utf-8").count(fault.old) if path.is_file() else 0
        if times != 1 or fault.old == fault.new:
            found.append(f"{fault.what}: {times} times in {fault.file}: {fault.old!r}")
        found += [f"{fault.what}: no {test}" for test in fault.tests if not (root / test).is_file()]
    return found


def planted(copy: Copy, chosen: Sequence[Fault]) -> Iterator[Figure]:
    """First without any fault, then with each: the difference between the two is the fault."""
    tests = sorted({test for fault in chosen for test in fault.tests})
    before = copy.tested(tests)
    yield exactly(0, "planted: nothing yet: tests that are red", int(before.code != 0), "tests")
    if before.code != 0:
        print(before.said, file=sys.stderr)
        return
    green = 0
    for fault in chosen:
        with copy.planted(fault):
            run = copy.tested(fault.tests)
        if not run.seen_by:
            green += 1
            print(f"{fault.what}:\n{run.said}", file=sys.stderr)
        how = _said(run, "the whole suite" if copy.whole else ", ".join(fault.tests))
        yield exactly(1, f"planted: {fault.what}: {how}", int(bool(run.seen_by)), "faults caught")
    yield exactly(0, f"planted: of {len(chosen)} faults, those that stayed green", green, "faults")


def _said(run: Run, tests: str) -> str:
    if run.seen_by:
        return f"caught by {run.seen_by}"
    if run.code == 0:
        return f"not seen by {tests}"
    return "the tests waited for ever" if run.code is None else "the tests could not even run"


def _copied(to: Path) -> None:
    """What git keeps or would keep, as it is now; the virtual environment stays where it is."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        cwd=child.PROJECT,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (child.PROJECT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(child.PROJECT / name, to / name)


def _chosen(words: Sequence[str]) -> list[Fault]:
    """Those with one of these words in their name; else all, or with a smaller dose some from all over the table."""
    every = faults()
    if words:
        return [fault for fault in every if any(word in fault.what for word in words)]
    count = min(dosed(len(every), least=1), len(every))
    return [every[n * len(every) // count] for n in range(count)]


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m bench.planted", description="Plants faults; the tests see each.")
    asked.add_argument("words", nargs="*", help="only faults that are named with one of these words")
    asked.add_argument("--whole", action="store_true", help="the whole suite against each fault")
    wanted = asked.parse_args()
    chosen = _chosen(wanted.words)
    if wrong := misplaced(faults(), child.PROJECT):
        print("The table does not fit the code any more:", *wrong, sep="\n", file=sys.stderr)
        return 1
    with ExitStack() as stack:
        here = stack.enter_context(folder())
        root = here / "copy"
        _copied(root)
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)  # servers that somebody uses are no place for this
        stack.enter_context(started(here / "var", careful=False))
        copy = Copy(root, here / "tests.log", whole=wanted.whole)
        enough = [] if wanted.words or not full_dose() else [at_least(MANY, "planted: faults", len(chosen), "faults")]
        return tell([lambda: enough, lambda: planted(copy, chosen)])


if __name__ == "__main__":
    raise SystemExit(main())
