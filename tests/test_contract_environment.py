"""What the environment may say: every name is in .env.example, every value is checked, production refuses defaults."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from samsam import environment
from samsam.__main__ import WORDS
from samsam.environment import WrongEnvironment
from tests.running import ROOT, manage, samsam
from tests.running import environment as environment_of

READERS = {"flag", "folder", "number", "phone", "text", "words"}
EXAMPLE = (ROOT / ".env.example").read_text()
COMPOSE = YAML(typ="safe").load(ROOT / "docker-compose.yml")
OF_COMPOSE = {"POSTGRES_PASSWORD"}  # read by the compose file, not by the code
PRODUCTION = {
    "SECRET_KEY": "kR3vQ8wT5yU2iO7pA4sD9fG6hJ1kL0zX3cV8bN5mQ2wE7rT4yU",
    "ALLOWED_HOSTS": "samsam.example.nl",
    "SITE_URL": "https://samsam.example.nl",
    "DATABASE_URL": "postgresql://samsam@127.0.0.1:1/samsam",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://mail.example.nl",
}


def names_in_example():
    return set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))


def names_read(tree):
    """The variables that a module reads, of ``samsam.environment`` or of ``os.environ``."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="get", value=ast.Attribute(attr="environ")), args=[ast.Constant(name), *_]
            ):
                yield name
            case ast.Call(func=ast.Attribute(attr=reader) | ast.Name(id=reader), args=[ast.Constant(str(name)), *_]):
                if reader in READERS and name.isupper():
                    yield name


def names_in_code():
    packages = [path.parent for path in ROOT.glob("*/apps.py")]
    modules = [path for package in packages for path in package.rglob("*.py")]
    read = {name for path in modules for name in names_read(ast.parse(path.read_text(encoding="utf-8")))}
    return read - {"MAKELEVEL", "DOSE", "PYTEST_XDIST_WORKER"}  # said by make and pytest, not by people


def test_example_names_every_variable_that_is_read_and_no_other():
    assert names_in_example() - OF_COMPOSE == names_in_code()


def test_every_variable_of_ours_starts_with_our_name():
    known = set(PRODUCTION) | {"DEBUG", "PORT", "TRUSTED_PROXY_COUNT"} | OF_COMPOSE

    assert {name for name in names_in_example() - known if not name.startswith("SAMSAM_")} == set()


def test_compose_runs_commands_that_exist():
    commands = [service["command"] for service in COMPOSE["services"].values() if service.get("image") == "samsam"]

    assert [command[:3] for command in commands] == [["python", "-m", "samsam"]] * 4
    assert {"web", "worker", "beat"} < {command[3] for command in commands} <= set(WORDS)


def test_compose_and_dockerfile_name_variables_that_exist():
    in_compose = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    given = {name for service in COMPOSE["services"].values() if "build" in service for name in service["environment"]}
    in_image = set(re.findall(r"\b(SAMSAM_[A-Z_]+|[A-Z]+_URL|SECRET_KEY|DEBUG)=", (ROOT / "Dockerfile").read_text()))

    assert in_compose | given | in_image <= names_in_example()
    assert (
        re.search(r'CMD \["python", "-m", "samsam", "(\w+)"\]\s*$', (ROOT / "Dockerfile").read_text()).group(1)
        in WORDS
    )


@pytest.fixture
def production(monkeypatch):
    for name in names_in_example():
        monkeypatch.delenv(name, raising=False)
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def refuse_unsafe():
    environment.refuse_unsafe(secret_key=environment.text("SECRET_KEY"), hosts=environment.words("ALLOWED_HOSTS"))


def test_production_starts_when_all_is_named(production):
    refuse_unsafe()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "", "SECRET_KEY must be set to at least 50 random characters"),
        ("SECRET_KEY", "short", "SECRET_KEY must be set to at least 50 random characters"),
        ("SECRET_KEY", "change-me" * 10, "SECRET_KEY must be set to at least 50 random characters"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS must name the hosts of this site"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must name the hosts of this site"),
        ("ALLOWED_HOSTS", "other.example.nl", "ALLOWED_HOSTS must name samsam.example.nl, the host of SITE_URL"),
        ("SITE_URL", "", "SITE_URL must be set, like https://"),
        ("SITE_URL", "http://samsam.example.nl", "SITE_URL must start with https://"),
        ("DATABASE_URL", "", "DATABASE_URL must be set, like postgresql://"),
        ("REDIS_URL", "", "REDIS_URL must be set, like redis://"),
        ("EMAIL_URL", "", "EMAIL_URL must be set, like smtp://"),
    ],
)
def test_production_refuses_an_unsafe_default(production, name, value, sentence):
    production.setenv(name, value)

    with pytest.raises(WrongEnvironment, match=re.escape(sentence)):
        refuse_unsafe()


@pytest.mark.parametrize("word", ["web", "worker", "beat", "prepare"])
def test_process_without_its_environment_says_one_sentence(word, tmp_path):
    refused = samsam(word, var=tmp_path)

    assert refused.returncode == 1
    assert refused.stderr.startswith("SECRET_KEY must be set")
    assert refused.stderr.count("\n") == 1


def test_unknown_word_names_the_words_there_are(tmp_path):
    refused = samsam("up", var=tmp_path)

    assert refused.returncode == 2
    assert "python -m samsam worker" in refused.stderr


def test_example_is_not_a_production_by_itself(production):
    example = dict(line.split("=", 1) for line in EXAMPLE.splitlines() if re.match(r"[A-Z_]+=", line))
    for name, value in example.items():
        production.setenv(name, value)

    with pytest.raises(WrongEnvironment, match="SECRET_KEY"):
        refuse_unsafe()


@pytest.mark.parametrize("allowed", [".example.nl", "samsam.example.nl"])
def test_allowed_hosts_may_name_a_whole_domain(production, allowed):
    production.setenv("ALLOWED_HOSTS", allowed)

    refuse_unsafe()


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.nl", "mail.example.nl", 25, False, False),
        ("smtp+tls://me:p%40ss@mail.example.nl", "mail.example.nl", 587, True, False),
        ("smtps://mail.example.nl:4650", "mail.example.nl", 4650, False, True),
    ],
)
def test_mail_address_says_how_to_talk_to_the_server(url, host, port, tls, ssl):
    mail = environment.mail(url)

    assert (mail.host, mail.port, mail.tls, mail.ssl) == (host, port, tls, ssl)
    assert mail.password == ("p@ss" if "me:" in url else "")


@pytest.mark.parametrize("url", ["mail.example.nl", "http://mail.example.nl", "smtp://", "smtp://h:abc", "smtp://[x"])
def test_mail_address_of_another_form_is_refused(url):
    with pytest.raises(WrongEnvironment, match="EMAIL_URL must look like"):
        environment.mail(url)


@pytest.mark.parametrize(
    "url",
    [
        "samsam.nl",
        "ftp://samsam.nl",
        "https://samsam.nl/here",
        "https://",
        "http://[x",
        "http://h:abc",
        "http://h:99999",
    ],
)
def test_site_address_of_another_form_is_refused(url):
    with pytest.raises(WrongEnvironment, match="SITE_URL must look like"):
        environment.site(url)


@pytest.mark.parametrize("url", ["postgresql://u:secret@h:abc/x", "postgresql://h:99999/x", "postgresql://[x/y"])
def test_database_address_of_another_form_is_refused_without_its_password(url):
    with pytest.raises(WrongEnvironment, match="DATABASE_URL must look like") as refused:
        environment.database(url)

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["redis://h:abc/0", "redis://[x", "rediss://h:99999"])
def test_broker_address_of_another_form_is_refused(url):
    with pytest.raises(WrongEnvironment, match="REDIS_URL must look like"):
        environment.broker(url)


def test_mistyped_name_is_not_ignored_and_the_near_one_is_named(tmp_path):
    refused = samsam("beat", var=tmp_path, **PRODUCTION, SAMSAM_SWEPE_SECONDS="5")

    assert refused.returncode == 1
    assert refused.stderr == (
        "SAMSAM_SWEPE_SECONDS is not a name we know. Do you mean SAMSAM_SWEEP_SECONDS? All stand in .env.example.\n"
    )


def test_every_name_of_the_example_is_known(monkeypatch):
    for name in names_in_example():
        monkeypatch.setenv(name, "x")

    environment.refuse_unknown()


def test_package_that_is_missing_is_one_sentence():
    start = "import sys; sys.modules['granian'] = None; from samsam.__main__ import main; sys.exit(main(['web']))"

    ended = subprocess.run(
        [sys.executable, "-c", start],
        check=False,
        cwd=ROOT,
        env=environment_of(ROOT / "var", **PRODUCTION),
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 1
    assert ended.stderr == "The package 'granian' is not installed here. Install what requirements/run.txt names.\n"


def test_socket_address_of_the_broker_is_put_in_the_words_of_celery():
    assert environment.broker("unix:///tmp/v.sock?db=3") == "redis+socket:///tmp/v.sock?virtual_host=3"
    assert environment.broker("redis://here:6379/0") == "redis://here:6379/0"


def test_developer_gets_debug_unless_the_environment_is_that_of_production(monkeypatch):
    for name in ("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    environment.prefer_development()
    alone = environment.flag("DEBUG")
    monkeypatch.delenv("DEBUG")
    monkeypatch.setenv("SECRET_KEY", "s" * 50)
    environment.prefer_development()

    assert alone
    assert not environment.flag("DEBUG")


def test_production_settings_pass_the_deployment_checks_of_django(tmp_path):
    checked = manage("check", "--deploy", "--fail-level", "WARNING", var=tmp_path, **PRODUCTION)

    assert checked.returncode == 0, checked.stderr


def test_number_and_flag_say_what_they_may_be(monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXY_COUNT", "11")
    monkeypatch.setenv("DEBUG", "maybe")

    with pytest.raises(WrongEnvironment, match="TRUSTED_PROXY_COUNT is '11'. Write a whole number from 0 to 10."):
        environment.number("TRUSTED_PROXY_COUNT", default=0, low=0, high=10)
    with pytest.raises(WrongEnvironment, match="DEBUG is 'maybe'. Write 1 or 0."):
        environment.flag("DEBUG")


def test_folder_of_data_is_made_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAMSAM_VAR", "here")

    assert environment.var() == Path(tmp_path, "here").resolve()
