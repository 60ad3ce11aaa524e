"""The settings under test, on servers of their own: started here once, before anything reads an address.

With DATABASE_URL and REDIS_URL given nothing is started. The processes of pytest-xdist inherit the addresses.
"""

import atexit
import contextlib
import os
import shutil
import tempfile
from pathlib import Path


def _start_servers() -> None:
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ["REDIS_URL"] = _numbered(os.environ["REDIS_URL"], int(worker.removeprefix("gw")) + 1)
        return
    from samsam.embedded import started  # not before pytest has put the project on the path

    var = Path(tempfile.mkdtemp(prefix="samsam-tests-", dir="/tmp"))
    os.environ["SAMSAM_VAR"] = str(var)
    var.chmod(0o711)  # PostgreSQL runs as nobody when we are root
    running = contextlib.ExitStack()
    running.callback(shutil.rmtree, var, ignore_errors=True)
    running.enter_context(started(var, careful=False))
    atexit.register(running.close)


def _numbered(url: str, number: int) -> str:
    """The same server, another of its sixteen databases: tests at the same time do not meet."""
    return f"{url}?db={number}" if url.startswith("unix:") else f"{url.rsplit('/', 1)[0]}/{number}"


os.environ["DEBUG"] = "1"  # the settings of a developer; pytest-django switches the flag itself off
for _name in ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "EMAIL_URL", "TRUSTED_PROXY_COUNT", "PORT"):
    os.environ.pop(_name, None)
_start_servers()

from samsam.settings import *  # noqa: E402, F403 (everything else is the same)
