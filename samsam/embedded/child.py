"""Child processes that do not outlive us."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent.parent
LAUNCHER = Path(__file__).with_name("launch.py")


def command_line(
    command: Sequence[str | Path], *, when_parent_dies: signal.Signals, account: str = "same", folder: Path = Path("/")
) -> list[str]:
    """The command, wrapped so that the kernel sends it that signal when we are gone, even by ``kill -9``."""
    words = [sys.executable, "-I", LAUNCHER, os.getpid(), when_parent_dies.name, account, folder, *command]
    return [str(word) for word in words]


def start(
    command: Sequence[str | Path],
    *,
    when_parent_dies: signal.Signals,
    env: Mapping[str, str],
    account: str = "same",
    folder: Path = Path("/"),
    **streams: Any,  # stdout and stderr, as of Popen
) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C in the terminal reaches us, and we stop the child in our order.

    Call it from the main thread only: the kernel counts the thread that started a child as its parent.
    """
    words = command_line(command, when_parent_dies=when_parent_dies, account=account, folder=folder)
    return subprocess.Popen(words, env=dict(env), stdin=subprocess.DEVNULL, start_new_session=True, **streams)


def stop(process: subprocess.Popen[bytes], softly: signal.Signals, hard: signal.Signals, *, within: float) -> None:
    """Ask, wait, then make it. Nothing of its session is left."""
    if process.poll() is None:
        process.send_signal(softly)
        try:
            process.wait(within)
        except subprocess.TimeoutExpired:
            process.send_signal(hard)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
    sweep_session(process)


def sweep_session(process: subprocess.Popen[bytes]) -> None:
    """Kills what a child left behind in its process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)
