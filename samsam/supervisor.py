"""Keeps the processes of one program running, shows what they say, and ends them together."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from samsam.embedded import CannotStart, child

GRACE = 10.0  # seconds to end in peace
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before a process that died is started again
STEADY = 60.0  # seconds after which a process counts as running well
LAST_LINES = 15
TICK = 0.2  # seconds


@dataclass
class Process:
    """One of the processes: ``essential`` ends the program when it dies, the others are started again."""

    name: str
    command: Sequence[str]
    essential: bool = False
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    again_at: float | None = None
    pause: float = FIRST_PAUSE
    unfinished: bytes = b""
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))


class Supervisor:
    """``run`` returns only by an exception: ``KeyboardInterrupt``, or ``CannotStart`` when the web server died."""

    def __init__(self, processes: list[Process], *, on_tick: Callable[[], None]) -> None:
        self.processes = processes
        self.on_tick = on_tick
        self.selector = selectors.DefaultSelector()
        self.width = max(len(process.name) for process in processes)

    def run(self) -> None:
        try:
            for process in self.processes:
                self._start(process)
            while True:
                self._read(TICK)
                for process in self.processes:
                    self._look_after(process)
                self.on_tick()
        finally:
            self._stop()

    def say(self, name: str, line: str) -> None:
        sys.stdout.write(f"{name:<{self.width}} | {line}\n")
        sys.stdout.flush()

    def _start(self, process: Process) -> None:
        process.running = child.start(
            process.command,
            when_parent_dies=signal.SIGKILL,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            folder=child.PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        process.started_at, process.again_at = time.monotonic(), None
        assert process.running.stdout
        os.set_blocking(process.running.stdout.fileno(), False)
        self.selector.register(process.running.stdout, selectors.EVENT_READ, process)

    def _read(self, timeout: float) -> None:
        for key, _events in self.selector.select(timeout):
            self._take(key.data, key.fd)

    def _take(self, process: Process, descriptor: int) -> bool:
        """Shows the whole lines of what can be read; False at the end of the pipe."""
        try:
            data = os.read(descriptor, 65536)
        except BlockingIOError:
            return False
        *lines, process.unfinished = (process.unfinished + data).split(b"\n")
        if not data and process.running and process.running.stdout:
            lines, process.unfinished = [process.unfinished] if process.unfinished else [], b""
            self.selector.unregister(process.running.stdout)
            process.running.stdout.close()
        for line in lines:
            if text := line.decode(errors="replace").rstrip():
                process.last_lines.append(text)
                self.say(process.name, text)
        return bool(data)

    def _look_after(self, process: Process) -> None:
        now = time.monotonic()
        if process.again_at is not None:
            if now >= process.again_at:
                self._start(process)
        elif process.running and process.running.poll() is not None:
            self._bury(process)
            how = _how(process.running.returncode)
            if process.essential:
                last = "\n".join(process.last_lines)
                raise CannotStart(f"The {process.name} process ended by itself ({how}). Its last lines:\n{last}")
            if now - process.started_at >= STEADY:
                process.pause = FIRST_PAUSE
            process.again_at = now + process.pause
            self.say(process.name, f"ended by itself ({how}); it starts again in {process.pause:.0f} s")
            process.pause = min(process.pause * 2, LONGEST_PAUSE)

    def _bury(self, process: Process) -> None:
        """Kills what a dead process left behind, and shows the rest of what it said."""
        assert process.running
        child.sweep_session(process.running)
        out = process.running.stdout
        while out and not out.closed and self._take(process, out.fileno()):
            pass
        if out and not out.closed:
            self.selector.unregister(out)
            out.close()

    def _stop(self) -> None:
        """Asks all at once, shows what they still say, and makes those that do not end in time."""
        running = [process.running for process in self.processes if process.running]
        for each in running:
            if each.poll() is None:
                each.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while any(each.poll() is None for each in running) and time.monotonic() < deadline:
            self._read(TICK / 4)
        for each in running:
            child.sweep_session(each)
        self.selector.close()


def _how(code: int) -> str:
    return f"by signal {-code}" if code < 0 else f"exit code {code}"
