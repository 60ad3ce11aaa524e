"""The words of make, as a newcomer types them."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import path_of_chromium
from tests.running import ROOT, environment, free_port, get, processes_of, program, wait_until

WORDS = ["run", "test", "check", "ci", "bench", "faults", "audit"]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "node_modules", "__pycache__", ".*_cache", ".hypothesis")


def make(*words, folder=ROOT):
    env = environment(folder / "var")
    return subprocess.run(
        ["make", *words], check=False, cwd=folder, env=env, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def clone(tmp_path_factory):
    """The project elsewhere, with an installed environment: what remains of ``make run`` in an empty clone."""
    folder = tmp_path_factory.mktemp("clone") / "samsam"
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    venv = folder / ".venv"
    venv.mkdir()
    for path in Path(sys.prefix).iterdir():
        (venv / path.name).symlink_to(path)
    for stamp in ("run", "dev"):
        (venv / stamp).unlink(missing_ok=True)
        (venv / stamp).touch()
    yield folder
    assert processes_of(folder / "var") == {}


@pytest.mark.parametrize("word", WORDS)
def test_word_of_the_contract_can_be_said(word):
    said = make("--dry-run", word)

    assert said.returncode == 0, said.stderr


def test_make_alone_tells_the_words():
    told = {line.split()[0] for line in make().stdout.splitlines()}

    assert set(WORDS) <= told


def test_build_machine_does_what_ci_says():
    assert re.search(r"^SAMSAM_BROWSER_REQUIRED=1 exec make ci$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert os.access(ROOT / ".ci/run", os.X_OK)


@pytest.mark.slow
def test_make_run_in_a_fresh_clone_serves_pages_and_ctrl_c_ends_it(clone):
    port = free_port()
    env = environment(clone / "var", PYTHONDONTWRITEBYTECODE="1")
    with program(["make", "run", f"PORT={port}"], env, clone) as running:
        running.wait_for(f"SamSam is here: http://127.0.0.1:{port}/")
        status, page = get(port, "/")
        running.interrupt()

    assert status == 200
    assert "<h1" in page
    assert "SamSam has stopped." in running.said
    assert "Traceback" not in running.said
    assert any((clone / "samsam").rglob("*.pyc"))  # each of its processes would compile all of it again


@pytest.mark.slow
def test_make_that_is_killed_takes_all_with_it(clone):
    with program(["make", "run", f"PORT={free_port()}"], environment(clone / "var"), clone) as running:
        wait_until((clone / "var" / "embedded.json").exists)
        os.kill(running.process.pid, signal.SIGKILL)
        wait_until(lambda: processes_of(clone / "var") == {}, story=lambda: str(processes_of(clone / "var")))


def test_no_python_is_one_sentence(clone):
    shutil.rmtree(clone / ".venv")

    refused = make("run", "PYTHON=", folder=clone)

    assert refused.returncode != 0
    assert refused.stderr.startswith("SamSam needs Python 3.11 or newer. Install it, or name it: make PYTHON=")
    assert not (clone / ".venv").exists()


def test_python_without_the_venv_module_is_one_sentence(clone):
    shutil.rmtree(clone / ".venv")
    python = clone / "bare-python"
    python.write_text('#!/bin/sh\ncase "$2" in *venv*) exit 1;; esac\n')
    python.chmod(0o755)

    refused = make("run", f"PYTHON={python}", folder=clone)

    assert refused.returncode != 0
    assert refused.stderr.startswith("This Python cannot make a virtual environment. On Debian or Ubuntu: apt install")
    assert not (clone / ".venv").exists()


def test_package_that_cannot_be_installed_is_one_sentence_and_tried_again(clone):
    shutil.rmtree(clone / ".venv")
    (clone / "requirements" / "run.txt").write_text(f"nothing==1.0 --hash=sha256:{'0' * 64}\n")
    nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(clone)}

    refused = subprocess.run(
        ["make", "run", f"PYTHON={sys.executable}"],
        check=False,
        cwd=clone,
        env=environment(clone / "var") | nowhere,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert refused.returncode != 0
    assert "The packages of requirements/run.txt could not be installed; the lines above say why." in refused.stderr
    assert not (clone / ".venv" / "run").exists()


@pytest.mark.parametrize(("required", "outcome"), [("1", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_no_chromium_is_a_skip_with_a_sentence_and_a_failure_where_it_is_required(monkeypatch, required, outcome):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("SAMSAM_BROWSER_REQUIRED", required)

    with pytest.raises(outcome, match="apt install chromium"):
        path_of_chromium()
