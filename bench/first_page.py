"""How long a newcomer waits: an empty clone, ``make run``, the first page, and a stop that leaves nothing behind."""

from __future__ import annotations

import contextlib
import http.client
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, at_most, exactly, full_dose
from bench.place import clean_environment, folder, free_port, wait_for
from samsam.embedded import child


def first_page() -> Iterator[Figure]:
    """With all downloads, pip's own cache as it is. A taste borrows the virtual environment that runs this.

    A taste may run beside other tests: there only the CPU is held to the goal.
    """
    with folder() as here:
        clone, port = here / "samsam", free_port()
        subprocess.run(["git", "clone", "--quiet", child.PROJECT, clone], check=True)
        words, what = [], "downloads included"
        if not full_dose():
            words, what = _borrowed(), "without downloads"
        begun, cpu = time.monotonic(), _cpu()
        with (here / "make.log").open("wb") as log:
            make = subprocess.Popen(
                ["make", *words, "run"],
                cwd=clone,
                env=clean_environment() | {"PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            wait_for("the first page", lambda: _page(port, make, here / "make.log"), within=300)
            waited = time.monotonic() - begun
        finally:
            os.killpg(make.pid, signal.SIGINT)  # Ctrl-C
            make.wait(60)
        name = f"make run in an empty clone, {what}"
        yield (
            at_most(30, f"{name}: first page", waited, "s")
            if full_dose()
            else Figure(f"{name}: first page", waited, "s")
        )
        yield at_most(60, f"{name}: CPU, the stop included", _cpu() - cpu, "s")
        wait_for("the end of its processes", lambda: not _processes_of(clone), within=10)
        yield exactly(0, "make run, Ctrl-C: processes left behind", len(_processes_of(clone)), "processes")


def _cpu() -> float:
    """Seconds of all children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _borrowed() -> list[str]:
    """The words that have make use this environment as it is."""
    venv = Path(sys.prefix)
    return ["-o", f"{venv}/run", "-o", f"{venv}/bin/python", f"VENV={venv}"]


def _page(port: int, make: subprocess.Popen[bytes], log: Path) -> bool:
    if make.poll() is not None:
        raise RuntimeError(f"make run ended by itself:\n{log.read_text(errors='replace')}")
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(line):
        line.request("GET", "/")
        answer = line.getresponse()
        return answer.status == http.HTTPStatus.OK and b"SamSam" in answer.read()
    return False


def _processes_of(clone: Path) -> list[int]:
    """Every living process that stands in the clone, or was started with a name in it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            named = str(clone).encode() in (process / "cmdline").read_bytes()
            if named or (process / "cwd").readlink().is_relative_to(clone):
                found.append(int(process.name))
    return found
