"""The embedded servers: private, quick, and of whoever asks."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import redis
from django.db import connection

from samsam.embedded import CannotStart, folder, postgres
from tests.running import manage, processes_of, wait_until

DATABASE = "from django.db import connection as c; print(c.settings_dict['HOST'])"


@pytest.fixture
def var(tmp_path_factory):
    data = tmp_path_factory.mktemp("var") / "var"
    yield data
    assert processes_of(data) == {}


@pytest.mark.django_db
def test_database_under_test_is_postgresql_with_a_clock_in_utc():
    with connection.cursor() as cursor:
        cursor.execute("show timezone")
        zone = cursor.fetchone()[0]

    assert connection.vendor == "postgresql"
    assert zone == "UTC"


def test_broker_under_test_answers():
    assert redis.Redis.from_url(os.environ["REDIS_URL"]).ping()


@pytest.mark.slow
def test_management_command_starts_the_servers_for_itself_and_others_attach_meanwhile(var):
    first = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", f"{DATABASE}; input()"],
        env=os.environ | {"SAMSAM_VAR": str(var), "DATABASE_URL": "", "REDIS_URL": ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    host = first.stdout.readline().strip()
    second = manage("shell", "--verbosity", "0", "--command", DATABASE, var=var)
    folders = [var, var / "postgres", Path(host)]
    modes = [stat.S_IMODE(path.stat().st_mode) & 0o066 for path in folders]
    first.communicate("\n", timeout=30)

    assert second.stdout.strip() == host, second.stderr
    assert modes == [0, 0, 0]  # others can neither read nor write, there or in the socket's folder
    assert first.returncode == 0
    assert not Path(host).exists()


@pytest.mark.slow
def test_servers_stay_until_the_last_visitor_has_gone(var):
    env = os.environ | {"SAMSAM_VAR": str(var), "DATABASE_URL": "", "REDIS_URL": ""}
    words = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command"]
    owner = subprocess.Popen([*words, "print('up', flush=True); input()"], env=env, text=True, **PIPES)
    owner.stdout.readline()
    visitor = subprocess.Popen([*words, f"print('up', flush=True); input(); {COUNT}"], env=env, text=True, **PIPES)
    visitor.stdout.readline()

    owner.stdin.write("\n")
    owner.stdin.flush()
    with pytest.raises(subprocess.TimeoutExpired):
        owner.wait(1)
    said, _ = visitor.communicate("\n", timeout=30)
    owner.communicate(timeout=30)

    assert said.strip() == "1"
    assert (owner.returncode, visitor.returncode) == (0, 0)


def test_management_command_without_its_database_is_one_sentence(tmp_path):
    given = {"DATABASE_URL": "postgresql://samsam:secret@127.0.0.1:1/samsam", "REDIS_URL": "redis://127.0.0.1:1/0"}

    refused = manage("invariants", var=tmp_path, **given)

    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith("The database 'samsam' on 127.0.0.1:1 cannot be reached")
    assert "Traceback" not in refused.stderr
    assert "secret" not in refused.stderr


PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
COUNT = "from django.db import connection as c; k = c.cursor(); k.execute('select 1'); print(k.fetchone()[0])"


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="PostgreSQL refuses root only")
def test_root_runs_postgresql_as_nobody_or_in_a_namespace_where_nobody_cannot_come(tmp_path):
    accounts = {}
    for name, mode in {"open": 0o755, "closed": 0o700}.items():
        with tempfile.TemporaryDirectory(prefix="samsam-test-", dir="/tmp") as outer:
            Path(outer).chmod(mode)
            server = postgres.Postgres(Path(outer, "data"), tmp_path / name, folder.new_socket_folder(), careful=False)
            server.prepare()
            accounts[name] = server.account
            server.start()
            wait_until(server.is_ready)
            server.stop()
            server.sockets.rmdir()
    open_to_nobody = all(path.stat().st_mode & stat.S_IXOTH for path in postgres.programs().parents)

    assert accounts == {"open": "nobody" if open_to_nobody else "namespace", "closed": "namespace"}


def test_stale_pid_file_that_names_a_stranger_is_no_obstacle(tmp_path):
    server = postgres.Postgres(tmp_path, tmp_path / "log", tmp_path, careful=False)
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n")  # a process, but no server of this folder

    server._end_predecessor()

    assert not (tmp_path / "postmaster.pid").exists()


def test_half_made_cluster_is_made_anew(tmp_path_factory):
    var = tmp_path_factory.mktemp("var")
    var.chmod(0o755)
    (var / "postgres.new").mkdir()
    (var / "postgres.new" / "PG_VERSION").write_text("18")
    server = postgres.Postgres(var / "postgres", var / "log", folder.new_socket_folder(), careful=False)

    server.prepare()
    server.sockets.rmdir()

    assert (server.data / "global" / "pg_control").exists()
    assert not (var / "postgres.new").exists()


def test_only_socket_folders_of_ours_are_swept(tmp_path):
    theirs, ours = tmp_path / "precious", tmp_path / "samsam-gone"
    for path in (theirs, ours):
        path.mkdir()
    folder.write_state(tmp_path, {"sockets": [str(theirs), str(ours), str(tmp_path / "samsam-never")]})

    folder.forget_state(tmp_path)

    assert (theirs.exists(), ours.exists()) == (True, False)
    assert folder.read_state(tmp_path) == {}


def test_unreadable_state_counts_as_none(tmp_path):
    (tmp_path / folder.STATE).write_text("{half")

    assert folder.read_state(tmp_path) == {}


def test_missing_programs_are_one_sentence(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr(Path, "glob", lambda _self, _pattern: iter(()))

    with pytest.raises(CannotStart, match="No PostgreSQL was found. Install requirements/run.txt, or name a database"):
        postgres.programs()
