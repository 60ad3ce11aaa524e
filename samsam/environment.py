"""What the environment says, read once and checked: the only place that reads ``os.environ`` for settings."""

import os
import re
import secrets
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent

SECRET_LENGTH = 50
PUSH_KEY_BYTES = 32
NAMED_IN_PRODUCTION = {
    "SITE_URL": "https://samsam.example.nl",
    "DATABASE_URL": "postgresql://user:password@host:5432/name",
    "REDIS_URL": "redis://host:6379/0",
    "EMAIL_URL": "smtp://user:password@host:25",
}
OURS = "SAMSAM_"
# Every name of ours that was asked for; what is asked for later, or only by the tests.
KNOWN = {"SAMSAM_PG_BIN", "SAMSAM_BROWSER_REQUIRED", "SAMSAM_PICTURES", "SAMSAM_DEVICE"}


class WrongEnvironment(Exception):
    """A value in the environment cannot be used. The message says which, and what to do."""


@dataclass(frozen=True)
class Mail:
    """Where outgoing mail goes: an SMTP server."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    ssl: bool


def _read(name: str) -> str:
    KNOWN.add(name)
    return os.environ.get(name, "").strip()


def refuse_unknown() -> None:
    """A name of ours that nothing reads was mistyped; for the end of the settings, when all is read."""
    for name in sorted(name for name, value in os.environ.items() if name.startswith(OURS) and value.strip()):
        if name not in KNOWN:
            near = get_close_matches(name, sorted(KNOWN), n=1, cutoff=0)[0]
            raise WrongEnvironment(f"{name} is not a name we know. Do you mean {near}? All stand in .env.example.")


def flag(name: str, *, default: bool = False) -> bool:
    value = _read(name).lower()
    if value in {"", "0", "false", "no", "off", "1", "true", "yes", "on"}:
        return default if not value else value in {"1", "true", "yes", "on"}
    raise WrongEnvironment(f"{name} is '{value}'. Write 1 or 0.")


def number(name: str, *, default: int, low: int, high: int) -> int:
    value = _read(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise WrongEnvironment(f"{name} is '{value}'. Write a whole number from {low} to {high}.")
    return int(value)


def words(name: str) -> list[str]:
    return [word.strip() for word in _read(name).split(",") if word.strip()]


def text(name: str, *, default: str = "") -> str:
    return _read(name) or default


def phone(name: str) -> str:
    """A phone number as people write it, or nothing."""
    value = text(name)
    digits = [sign for sign in value if sign in "0123456789"]
    if value and (not set(value) <= set("+0123456789 -()") or not 9 <= len(digits) <= 15):
        raise WrongEnvironment(f"{name} is '{value}'. Write a phone number, like 030 123 45 67.")
    return value


def folder(name: str, *, default: Path) -> Path:
    return Path(_read(name) or default).expanduser().resolve()


def var() -> Path:
    """Where embedded data lives."""
    return folder("SAMSAM_VAR", default=ROOT / "var")


def prefer_development() -> None:
    """For the doors of a developer: DEBUG unless the environment says so itself, or is that of production."""
    if not any(text(name) for name in ("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS")):
        os.environ["DEBUG"] = "1"


def refuse_unsafe(*, secret_key: str, hosts: list[str]) -> None:
    """What a production must name itself; each missing or unsafe value is one sentence."""
    if len(secret_key) < SECRET_LENGTH or "change-me" in secret_key:
        raise WrongEnvironment(
            f"SECRET_KEY must be set to at least {SECRET_LENGTH} random characters. "
            """Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'"""
        )
    if not hosts or "*" in hosts:
        raise WrongEnvironment("ALLOWED_HOSTS must name the hosts of this site, like samsam.example.nl, and not *.")
    for name, example in NAMED_IN_PRODUCTION.items():
        if not text(name):
            raise WrongEnvironment(f"{name} must be set, like {example}. (For development: DEBUG=1.)")
    named = urlsplit(text("SITE_URL"))
    if named.scheme == "http" and named.hostname not in {"localhost", "127.0.0.1"}:
        raise WrongEnvironment("SITE_URL must start with https://: people type codes and addresses on this site.")
    if not any(_covers(host, named.hostname or "") for host in hosts):
        raise WrongEnvironment(f"ALLOWED_HOSTS must name {named.hostname}, the host of SITE_URL.")


def _covers(allowed: str, host: str) -> bool:
    return host == allowed or (allowed.startswith(".") and (host.endswith(allowed) or host == allowed[1:]))


def _parts(url: str, wrong: WrongEnvironment) -> SplitResult:
    """The parts of an address whose port is a port; raises ``wrong``, which does not repeat the password in it."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise wrong from None
    return parts


def site(url: str) -> str:
    """The address of the site as people type it, without a slash at the end."""
    wrong = WrongEnvironment("SITE_URL must look like https://samsam.example.nl, without a path.")
    parts = _parts(url, wrong)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise wrong
    return f"{parts.scheme}://{parts.netloc}"


def database(url: str) -> dict[str, Any]:
    """Django's settings for ``postgresql://user:password@host:port/name``, or ``?host=/socket/folder``."""
    wrong = WrongEnvironment("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    parts = _parts(url, wrong)
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        raise wrong
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
    }


def broker(url: str) -> str:
    """The address in the words of Celery, which says ``redis+socket`` where redis-py says ``unix``."""
    wrong = WrongEnvironment("REDIS_URL must look like redis://:password@host:6379/0 or unix:///path/to/socket.")
    parts = _parts(url, wrong)
    if parts.scheme == "unix":
        number = parse_qs(parts.query).get("db", ["0"])[0]
        return f"redis+socket://{parts.path}?virtual_host={number}"
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise wrong
    return url


def push_key(value: str, *, kept: Path | None) -> str:
    """The key that signs push messages: 32 random bytes as text; while developing the one that is ``kept``."""
    value = value or (kept.read_text(encoding="ascii") if kept and kept.exists() else "")
    if not value:
        return ""
    try:
        good = len(urlsafe_b64decode(value + "=" * (-len(value) % 4))) == PUSH_KEY_BYTES
    except ValueError:
        good = False
    if not good:
        raise WrongEnvironment(
            "SAMSAM_VAPID_PRIVATE_KEY must be 32 random bytes, written for addresses. "
            """Make it once, with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"""
        )
    return value


def keep_push_key(kept: Path) -> None:
    """Makes the key of a developer, once: devices that said yes stay."""
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(PUSH_KEY_BYTES), encoding="ascii")


def push_subject(value: str) -> str:
    """Where a push service can reach whoever runs this site."""
    if not re.match(r"mailto:[^@\s]+@[^@\s]+$|https://[\w.-]+$", value):
        raise WrongEnvironment(f"SAMSAM_VAPID_SUBJECT is '{value}'. Write an address like mailto:you@example.nl.")
    return value


def mail(url: str) -> Mail | None:
    """``smtp://user:password@host:port``, ``smtp+tls://`` or ``smtps://``; None when nothing is named."""
    if not url:
        return None
    wrong = WrongEnvironment("EMAIL_URL must look like smtp://user:password@host:25, smtp+tls:// or smtps://.")
    parts = _parts(url, wrong)
    if parts.scheme not in {"smtp", "smtp+tls", "smtps"} or not parts.hostname:
        raise wrong
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    return Mail(
        host=parts.hostname,
        port=parts.port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtp+tls",
        ssl=parts.scheme == "smtps",
    )
