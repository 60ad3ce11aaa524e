"""What other processes are doing right now, as Linux tells: their children, and which lines they hold."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Collection
from pathlib import Path

PROC = Path("/proc")
ESTABLISHED = "01"


def children(pid: int) -> list[int]:
    """Of one process, the oldest first."""
    return sorted(int(place.name) for place in PROC.iterdir() if place.name.isdecimal() and _parent(place) == pid)


def hold_line(pids: Collection[int], *, to: int = 0, from_: int = 0) -> bool:
    """Whether one of these has a line open to a port of this machine; or, as a server, the one from that port."""
    theirs = {name for pid in pids for name in _open_files(pid)}
    wanted = f":{to or from_:04X}"
    for line in (PROC / "net" / "tcp").read_text().splitlines()[1:]:
        _, _, remote, state, *_more = line.split()
        if state == ESTABLISHED and remote.endswith(wanted) and f"socket:[{line.split()[9]}]" in theirs:
            return True
    return False


def catch(pids: Collection[int], at_work: Callable[[], bool]) -> bool:
    """Freezes these processes; answers whether they have work in hand, which stays so. If not, they go on."""
    with contextlib.suppress(ProcessLookupError):
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        if at_work():
            return True
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
    return False


def _open_files(pid: int) -> list[str]:
    found = []
    with contextlib.suppress(OSError):
        for entry in os.scandir(PROC / str(pid) / "fd"):
            with contextlib.suppress(OSError):  # closed meanwhile
                found.append(Path(entry.path).readlink().name)
    return found


def _parent(place: Path) -> int:
    try:
        return int((place / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):  # gone meanwhile
        return 0
