"""What `make audit` looks at pages with that is written for Node."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def installed() -> Path | None:
    """The folder of the packages, installed from the lock file the first time; None where there is no npm."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    modules = HERE / "node_modules"
    if not (modules / ".package-lock.json").exists():
        print("Installing what the audit needs (npm) ...", file=sys.stderr)
        subprocess.run([npm, "ci", "--no-progress", "--silent"], cwd=HERE, check=True)
    return modules
