"""The folder where embedded data lives: who has it, where its sockets are, what a ``kill -9`` left behind."""

import contextlib
import fcntl
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from samsam.embedded.trouble import CannotStart

PREFIX = "samsam-"
STATE = "embedded.json"


class InUse(CannotStart):
    """Somebody else runs the servers of this folder."""


def prepare(var: Path) -> None:
    """Makes the folder, closed to others (root lets them pass through: PostgreSQL runs as another account there)."""
    try:
        if not var.exists():
            var.mkdir(parents=True)
            var.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (var / "log").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise CannotStart(
            f"The data folder {var} cannot be made ({error.strerror}). "
            "Name another folder that you may write in, with SAMSAM_VAR."
        ) from error


@contextlib.contextmanager
def owned(var: Path) -> Iterator[None]:
    """Holds the folder for ourselves; raises ``InUse`` when another process has it. The kernel frees it with us."""
    with _lock_file(var, "embedded.lock") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            who = file.read().strip()
            raise InUse(
                f"The data folder {var} is in use by another SamSam{f' (process {who})' if who else ''}. "
                "Stop that one, or name another folder with SAMSAM_VAR."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextlib.contextmanager
def visiting(var: Path) -> Iterator[None]:
    """Keeps the owner from stopping the servers under us, when the owner waits for visitors."""
    with _lock_file(var, "visitors.lock") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@contextlib.contextmanager
def without_visitors(var: Path) -> Iterator[None]:
    """Waits until the last visitor has gone, and lets no new one in."""
    with _lock_file(var, "visitors.lock") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _lock_file(var: Path, name: str) -> IO[str]:
    try:
        descriptor = os.open(var / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise CannotStart(
            f"The data folder {var} belongs to another user. Name a folder of your own with SAMSAM_VAR."
        ) from error
    return os.fdopen(descriptor, "r+", encoding="ascii")


def read_state(var: Path) -> dict[str, Any]:
    """What the running owner published, or nothing."""
    try:
        state = json.loads((var / STATE).read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(var: Path, state: dict[str, Any]) -> None:
    descriptor, name = tempfile.mkstemp(dir=var, prefix=STATE)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(state, file)
    Path(name).replace(var / STATE)


def forget_state(var: Path) -> None:
    """Removes what is published, and the socket folders it names: of ourselves, or of an owner that was killed."""
    for name in read_state(var).get("sockets", []):
        _remove_socket_folder(Path(str(name)))
    (var / STATE).unlink(missing_ok=True)


def new_socket_folder() -> Path:
    """Short, because a socket's path may have 107 bytes; private (0700)."""
    base = Path("/tmp") if os.access("/tmp", os.W_OK) else Path(tempfile.gettempdir())  # noqa: S108 (mkdtemp makes it private)
    return Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))


def _remove_socket_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):
        status = folder.lstat()
        ours = status.st_uid == os.geteuid() or os.geteuid() == 0
        if folder.name.startswith(PREFIX) and stat.S_ISDIR(status.st_mode) and ours:
            shutil.rmtree(folder, ignore_errors=True)
