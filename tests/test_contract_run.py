"""``python -m samsam run``, which is what ``make run`` calls: everything in one program."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.running import environment, free_port, get, manage, process_of, processes_of, program, samsam, wait_until

RUN = [sys.executable, "-m", "samsam", "run"]
HERE = r"SamSam is here: http://127.0.0.1:\d+/"
WORKER_READY = r"worker +\| .* ready"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("run"),  # what all need is made once
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]

COUNT_USERS = "from accounts.models import User; print(User.objects.filter(email='kept@example.nl').count())"
MAKE_USER = "from accounts.models import User; User.objects.create_user('kept@example.nl')"
# Another program that holds the servers of a folder, and says where they are.
HOLD_SERVERS = """
import os, signal, sys
from pathlib import Path
from samsam.embedded import started
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
with started(Path(sys.argv[1]), careful=False):
    for name in ("DATABASE_URL", "REDIS_URL"):
        print(f"{name}={os.environ[name]}", flush=True)
    signal.sigwait({signal.SIGTERM})
"""


@pytest.fixture
def var(tmp_path_factory):
    """A data folder of its own; whatever the story was, nothing runs there afterwards."""
    folder = tmp_path_factory.mktemp("var") / "var"
    yield folder
    assert processes_of(folder) == {}


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A data folder with the tables in it, to copy: making them takes seconds."""
    folder = tmp_path_factory.mktemp("migrated") / "var"
    made = manage("migrate", "--verbosity", "0", var=folder)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def var_with_tables(var, migrated):
    subprocess.run(["cp", "-a", migrated, var], check=True)
    return var


def holding_servers(var):
    return program([sys.executable, "-c", HOLD_SERVERS, str(var)], environment(var))


def shell(code, var):
    return manage("shell", "--verbosity", "0", "--command", code, var=var)


def replaced(var, word, dead):
    return any(pid != dead for pid, line in processes_of(var).items() if line.rstrip().endswith(f"-m samsam {word}"))


def test_first_start_serves_pages_ctrl_c_ends_all_and_the_second_start_keeps_the_data(var):
    port = free_port()

    with program(RUN, environment(var, PORT=str(port))) as first:
        first.wait_for(HERE)
        first.wait_for(WORKER_READY)
        page, ready = get(port, "/letters/"), get(port, "/readyz")
        made = shell(MAKE_USER, var)
        first_code = first.interrupt()
    left = processes_of(var)
    with program(RUN, environment(var, PORT=str(port))) as second:
        second.wait_for(HERE)
        kept = shell(COUNT_USERS, var)
        os.killpg(second.process.pid, signal.SIGINT)
        time.sleep(0.1)
        second_code = second.interrupt()  # again: it does not disturb the first

    assert page[0] == 200
    assert ready == (200, '{"ready": true}')
    assert made.returncode == 0, made.stderr
    assert first_code == second_code == 0
    assert first.said.rstrip().endswith("SamSam has stopped.")
    assert left == {}
    assert kept.stdout == "1\n", kept.stderr
    assert "Traceback" not in first.said + second.said


def test_what_dies_is_started_again_but_a_web_server_that_dies_ends_the_program(var_with_tables):
    var = var_with_tables
    with program(RUN, environment(var, PORT=str(free_port()))) as running:
        running.wait_for(HERE)
        for word in ("worker", "beat"):
            dead = process_of(var, word)
            os.kill(dead, signal.SIGKILL)
            running.wait_for(rf"{word} +\| ended by itself \(by signal 9\); it starts again in 1 s")
            wait_until(lambda word=word, dead=dead: replaced(var, word, dead))
        for name, pattern in {"Valkey": "valkey-server", "PostgreSQL": "bin/postgres -D"}.items():
            os.kill(min(pid for pid, line in processes_of(var).items() if pattern in line), signal.SIGKILL)
            running.wait_for(f"{name} ended by itself; it has been started again")
        count = shell(COUNT_USERS, var)
        os.kill(process_of(var, "web"), signal.SIGKILL)
        code = running.ended()

    assert count.stdout == "0\n", count.stderr
    assert code == 1
    assert "The web process ended by itself (by signal 9). Its last lines:" in running.said


def test_kill_9_of_the_program_leaves_no_orphan_and_the_next_start_sweeps_up(var_with_tables):
    var = var_with_tables
    with program(RUN, environment(var, PORT=str(free_port()))) as killed:
        killed.wait_for(WORKER_READY)
        sockets = [Path(name) for name in re.findall(r"/tmp/samsam-[^/\s\"?]+", (var / "embedded.json").read_text())]
        killed.process.kill()
        wait_until(lambda: processes_of(var) == {}, story=lambda: str(processes_of(var)))

    with holding_servers(var) as again:
        again.wait_for("REDIS_URL=")
        swept = [folder for folder in sockets if not folder.exists()]

    assert sockets
    assert swept == sockets


def test_data_folder_in_use_is_one_sentence(var):
    with holding_servers(var) as holder:
        holder.wait_for("REDIS_URL=")
        refused = samsam("run", var=var, PORT=str(free_port()))

    assert refused.returncode == 1
    assert refused.stderr == (
        f"The data folder {var} is in use by another SamSam (process {holder.process.pid}). "
        "Stop that one, or name another folder with SAMSAM_VAR.\n"
    )


def test_given_addresses_are_used_and_nothing_embedded_is_started(var, migrated, tmp_path_factory):
    theirs = tmp_path_factory.mktemp("theirs") / "var"
    subprocess.run(["cp", "-a", migrated, theirs], check=True)
    with holding_servers(theirs) as servers:
        urls = dict(line.split("=", 1) for line in servers.wait_for(r"DATABASE_URL=\S+\nREDIS_URL=\S+").splitlines())
        with program(RUN, environment(var, PORT=str(free_port()), **urls)) as running:
            running.wait_for(HERE)
            embedded = [line for line in processes_of(var).values() if "postgres" in line or "valkey" in line]
            code = running.interrupt()

    assert embedded == []
    assert code == 0
    assert not (var / "postgres").exists()


def test_stop_while_it_starts_leaves_nothing(var):
    with program(RUN, environment(var, PORT=str(free_port()))) as running:
        wait_until(lambda: (var / "postgres.new").exists() or (var / "postgres").exists())
        code = running.interrupt()

    assert code == 0
    assert "Traceback" not in running.said


def test_busy_port_is_one_sentence_and_nothing_is_started(var):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        refused = samsam("run", var=var, PORT=str(port))

    assert refused.returncode == 1
    assert refused.stderr == (
        f"Port {port} on 127.0.0.1 cannot be used (address already in use). "
        f"Stop the program that uses it, or name another: PORT={port + 1}.\n"
    )
    assert not var.exists()


NOWHERE = {
    "DATABASE_URL": "postgresql://samsam:secret@127.0.0.1:1/samsam",
    "REDIS_URL": "redis://:secret@127.0.0.1:1/0",
}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            NOWHERE,
            r"The database 'samsam' on 127.0.0.1:1 cannot be reached \(.*refused.*\). Start it, correct DATABASE.*",
        ),
        (NOWHERE | {"DATABASE_URL": "mysql://here"}, r"DATABASE_URL must look like postgresql://user:password@host.*"),
        (
            NOWHERE | {"DATABASE_URL": "postgresql://u:secret@h:99999/x"},
            r"DATABASE_URL must look like postgresql://.*",
        ),
        (NOWHERE | {"EMAIL_URL": "smtp://u:secret@h:abc"}, r"EMAIL_URL must look like smtp://.*"),
        ({"SAMSAM_SWEPE_SECONDS": "5"}, r"SAMSAM_SWEPE_SECONDS is not .* mean SAMSAM_SWEEP_SECONDS.*"),
        (NOWHERE | {"REDIS_URL": "amqp://here"}, r"REDIS_URL must look like redis://.*"),
        ({"PORT": "eight"}, r"PORT is 'eight'. Write a whole number from 1 to 65535."),
        ({"DEBUG": "maybe"}, r"DEBUG is 'maybe'. Write 1 or 0."),
        (
            {"SAMSAM_HOST": "999.1.1.1"},
            r"SAMSAM_HOST is '999.1.1.1', which is no address of this machine\..*",
        ),
        (
            {"SAMSAM_HOST": "192.0.2.1"},
            r"SAMSAM_HOST is '192.0.2.1', which is no address of this machine\..*",
        ),
        ({"SAMSAM_VAR": "/proc/samsam"}, r"The data folder /proc/samsam cannot be made .*"),
    ],
)
def test_wrong_or_unreachable_value_is_one_sentence(var, given, sentence):
    refused = samsam("run", **({"var": var, "PORT": str(free_port())} | given))

    assert refused.returncode == 1
    assert re.fullmatch(sentence, refused.stderr.strip()), refused.stderr
    assert "secret" not in refused.stderr
    assert refused.stdout == ""
    assert not var.exists()
