"""The servers that the environment does not name, and their addresses in the environment meanwhile."""

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from samsam.embedded import folder
from samsam.embedded.postgres import Postgres
from samsam.embedded.trouble import CannotStart
from samsam.embedded.valkey import Valkey

READY_WITHIN = 30  # seconds; a crashed cluster replays its log first
BIG_LOG = 5_000_000  # bytes; an older one is begun anew


class Servers:
    """The embedded servers that run for us, by the name of the variable that holds their address."""

    def __init__(self, running: dict[str, Postgres | Valkey]) -> None:
        self.running = running

    def start(self) -> None:
        """All at the same time; returns when all answer."""
        for server in self.running.values():
            server.start()
        for server in self.running.values():
            self._wait(server)

    def stop(self) -> None:
        for server in self.running.values():
            server.stop()

    def revive(self) -> list[str]:
        """Starts again what ended by itself, on the same address; answers the names."""
        ended = [server for server in self.running.values() if server.process and server.process.poll() is not None]
        for server in ended:
            server.prepare()
            server.start()
        return [server.name for server in ended]

    def _wait(self, server: Postgres | Valkey) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not server.is_ready():
            if server.process is None or server.process.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(f"{server.name} did not start. Its last words: {_last_words(server.log)}")
            time.sleep(0.02)


@contextlib.contextmanager
def started(var: Path, *, careful: bool = True, wait_for_visitors: bool = False) -> Iterator[Servers]:
    """Runs what the environment does not name; raises ``InUse`` when another process runs the servers of ``var``.

    With ``careful=False`` data may be lost with the machine (tests). With ``wait_for_visitors`` the servers
    stay until the last process that attached to them has gone.
    """
    missing = _missing()
    if not missing:
        yield Servers({})
        return
    folder.prepare(var)
    with contextlib.ExitStack() as stack:
        stack.enter_context(folder.owned(var))
        folder.forget_state(var)
        stack.callback(folder.forget_state, var)
        sockets = {name: folder.new_socket_folder() for name in missing}
        state = {"pid": os.getpid(), "sockets": [str(path) for path in sockets.values()]}
        folder.write_state(var, state)
        servers = Servers({name: _server(name, var, path, careful=careful) for name, path in sockets.items()})
        stack.callback(servers.stop)
        for server in servers.running.values():
            server.prepare()
        servers.start()
        urls = {name: server.url for name, server in servers.running.items()}
        stack.enter_context(_in_environment(urls))
        folder.write_state(var, state | {"urls": urls})
        yield servers
        if wait_for_visitors:
            stack.enter_context(folder.without_visitors(var))


@contextlib.contextmanager
def attached_or_started(var: Path) -> Iterator[None]:
    """The servers that run in ``var``, or our own for as long as we need them."""
    if not _missing():
        yield
        return
    folder.prepare(var)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(started(var, wait_for_visitors=True))
        except folder.InUse as busy:
            stack.enter_context(folder.visiting(var))
            stack.enter_context(_in_environment(_published(var, busy)))
        yield


def _missing() -> list[str]:
    return [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]


def _published(var: Path, busy: folder.InUse) -> dict[str, str]:
    """The addresses of servers that answer; waits for an owner that is still starting them."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        urls = folder.read_state(var).get("urls", {})
        if urls and all(_answers(url) for url in urls.values()):
            return {name: url for name, url in urls.items() if name in _missing()}
        time.sleep(0.1)
    raise busy


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    path = parts.path if parts.scheme == "unix" else f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432"
    with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(OSError):
        connection.connect(path)
        return True
    return False


def _server(name: str, var: Path, sockets: Path, *, careful: bool) -> Postgres | Valkey:
    if name == "REDIS_URL":
        return Valkey(var, _log(var, "valkey.log"), sockets)
    return Postgres(var / "postgres", _log(var, "postgres.log"), sockets, careful=careful)


def _log(var: Path, name: str) -> Path:
    path = var / "log" / name
    if path.exists() and path.stat().st_size > BIG_LOG:
        path.unlink()
    return path


def _last_words(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()][-3:]
    return " / ".join(lines) or "none"


@contextlib.contextmanager
def _in_environment(values: dict[str, str]) -> Iterator[None]:
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            os.environ.pop(name, None)
