"""Programs of ours in processes of their own, as an operator starts them."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds; a build machine with two cores runs other tests meanwhile
NAMES = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "PORT")


def environment(var: Path, **more: str) -> dict[str, str]:
    """As in a fresh terminal: nothing of ours but what is given."""
    ours = ("SAMSAM_", "DJANGO_ALLOW_ASYNC_UNSAFE")  # the second is of the browser tests
    clean = {name: value for name, value in os.environ.items() if name not in NAMES and not name.startswith(ours)}
    for name in ("MAKELEVEL", "MAKEFLAGS", "PYTEST_XDIST_WORKER", "DJANGO_SETTINGS_MODULE"):
        clean.pop(name, None)
    return clean | {"SAMSAM_VAR": str(var), "SAMSAM_DEMO": "0"} | more


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])


def samsam(*words: str, var: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """``python -m samsam ...`` until it ends by itself."""
    return _ended([sys.executable, "-m", "samsam", *words], environment(var, **more))


def manage(*words: str, var: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """``manage.py ...`` until it ends by itself."""
    return _ended([sys.executable, "manage.py", *words], environment(var, **more))


def _ended(command: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE)


class Program:
    """A program in its own session, with all it has said so far."""

    def __init__(self, command: list[str], env: dict[str, str], folder: Path = ROOT) -> None:
        self.said = ""
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self.said += line

    def wait_for(self, pattern: str, within: float = PATIENCE) -> str:
        """The text that matches, once it has been said."""
        wait_until(lambda: re.search(pattern, self.said) or self.process.poll() is not None, within, lambda: self.said)
        found = re.search(pattern, self.said)
        assert found, f"{pattern!r} was never said:\n{self.said}"
        return found.group()

    def interrupt(self) -> int:
        """Ctrl-C, as a terminal sends it: to all that belong to the program. Answers its exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.ended()

    def ended(self) -> int:
        code = self.process.wait(PATIENCE)
        self._listener.join(PATIENCE)
        if self.process.stdout:
            self.process.stdout.close()
        return code


@contextlib.contextmanager
def program(command: list[str], env: dict[str, str], folder: Path = ROOT) -> Iterator[Program]:
    running = Program(command, env, folder)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.process.wait(15)
        if running.process.poll() is None:
            running.process.kill()
        running.ended()


def wait_until(true: Callable[[], object], within: float = PATIENCE, story: Callable[[], str] = str) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"this did not come true within {within} s\n{story()}"
        time.sleep(0.05)


def processes_of(var: Path) -> dict[int, str]:
    """Every living process that was given this data folder, or stands in it, by its command line."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            named = f"SAMSAM_VAR={var}\0".encode() in (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            stands_in = (folder / "cwd").readlink().is_relative_to(var)
            if (named or stands_in) and command:
                found[int(folder.name)] = command
    return found


def process_of(var: Path, word: str) -> int:
    """The process ``python -m samsam <word>`` that was started first: not its children."""
    return min(pid for pid, command in processes_of(var).items() if command.rstrip().endswith(f"-m samsam {word}"))


def serves(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def get(port: int, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
