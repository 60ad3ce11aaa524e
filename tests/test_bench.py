"""The figures, from the same code as ``make bench``, ``make faults`` and ``make audit``, in a taste."""

import json
import os
import subprocess
import sys

import pytest

from tests.running import ROOT

OTHERS = {"DATABASE_URL", "REDIS_URL", "SAMSAM_VAR", "PYTEST_XDIST_WORKER"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "parts"),
    [
        (
            "bench",
            [
                *("make run", "lab", "idle sweep", "four sweeps at once", "one escalation"),
                *("sweep against hand-written SQL", "old snapshot", "backlog", "burst", "mixed"),
                *("board", "figures", "first visit"),
            ],
        ),
        (
            "bench.faults",
            [
                *("30 at once for 1", "30 at once for 3", "take against withdraw", "take against hide"),
                *("take against escalate", "take against block", "take against give back"),
                *("take against edit of the places", "accept of two offers", "under kills: struck at work"),
                *("under kills: of those, forgotten", "under kills: mails that went twice"),
            ],
        ),
        ("bench.audit", ["nonsense", "differences between ladder and oracle"]),
    ],
)
def test_the_figures_are_good_in_a_taste(module, parts):
    clean = {name: value for name, value in os.environ.items() if name not in OTHERS}

    command = [sys.executable, "-m", module]
    # A kill or a race of five rounds may miss its moment on a busy machine: once is chance, twice is a fault.
    for _ in range(2 if module == "bench.faults" else 1):
        ended = subprocess.run(
            command, check=False, cwd=ROOT, env=clean | {"DOSE": "0.01"}, capture_output=True, text=True
        )
        figures = [json.loads(line) for line in ended.stdout.splitlines()]
        if ended.returncode == 0:
            break
    assert [figure for figure in figures if not figure["ok"]] == []
    assert [part for part in parts if not any(figure["figure"].startswith(part) for figure in figures)] == []
    assert ended.returncode == 0, ended.stderr
