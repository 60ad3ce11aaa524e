"""Becomes another program that dies with its parent, under another account if asked.

Run by its path in a fresh interpreter (``python -I launch.py PARENT SIGNAL ACCOUNT FOLDER PROGRAM ...``), so that
nothing has to happen between fork and exec in a process that may have threads. It imports nothing of ours.
"""

import ctypes
import os
import pwd
import signal
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534


def main(words: list[str]) -> None:
    parent, name, account, folder, *command = words
    become(account)
    die_with_parent(signal.Signals[name])  # after the change of account, which clears it
    if os.getppid() != int(parent):
        sys.exit("the parent is gone")
    os.chdir(folder)
    os.execv(command[0], command)


def die_with_parent(number: signal.Signals) -> None:
    """From now on the kernel sends us that signal when the process that started us ends (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def become(account: str) -> None:
    """``same``: whoever we are. ``namespace``: root that looks like nobody. Otherwise the account of that name."""
    if account == "same":
        return
    if account == "namespace":
        enter_namespace()
        return
    person = pwd.getpwnam(account)
    os.setgroups([])
    os.setgid(person.pw_gid)
    os.setuid(person.pw_uid)


def enter_namespace() -> None:
    """PostgreSQL refuses root; in here root is called nobody, and keeps its own access to its own files."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{NOBODY} 0 1"), ("gid_map", f"{NOBODY} 0 1")):
        Path(f"/proc/self/{name}").write_text(text, encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
