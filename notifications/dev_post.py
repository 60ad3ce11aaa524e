"""Mail for who tries SamSam out without a mail server: each message is a file, read at ``/dev/post/``."""

from __future__ import annotations

import base64
import hashlib
import re
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

KEPT = 200  # messages
SHOWN = 50
MOST_STAFF = 20
NAME = re.compile(r"\A\d{20}-[0-9a-f]{32}\Z", re.ASCII)
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
CODE = re.compile(r"\b\d{3} ?\d{3}\b")


class EmailBackend(BaseEmailBackend):
    """Writes mail to the folder of ``DEV_POST`` and keeps the newest."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Answers how many were written."""
        for message in email_messages:
            _write(folder(), message.message().as_bytes())
        for old in _files()[KEPT:]:
            old.unlink(missing_ok=True)
        return len(email_messages)


@dataclass(frozen=True)
class Letter:
    """One message as it is shown; ``code`` is the one-time code in its subject, if there is one.

    ``name`` is what its HTML is asked by; empty when it has none.
    """

    name: str
    at: datetime
    to: str
    subject: str
    body: str
    code: str


@dataclass(frozen=True)
class SecondStep:
    """The code a staff member's phone would show now."""

    name: str
    email: str
    code: str


def letters() -> list[Letter]:
    """The newest messages, newest first."""
    return list(_read(_files()[:SHOWN]))


def as_html(name: str) -> tuple[str, str]:
    """The HTML of one message, and the hash of its style for a content security policy; LookupError if not here."""
    path = folder() / f"{name}.eml"
    if not (NAME.match(name) and path.is_file()):
        raise LookupError("There is no such message.")
    body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("html",))
    if body is None:
        raise LookupError("This message is text only.")
    page = body.get_content().replace("\r\n", "\n")
    style = STYLE.search(page)
    digest = hashlib.sha256((style[1] if style else "").encode()).digest()
    return page, f"sha256-{base64.b64encode(digest).decode()}"


def second_steps() -> list[SecondStep]:
    """For staff with a second factor; their phones are not here either."""
    rows = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__is_staff=True).select_related("user")
    return [
        SecondStep(row.user.first_name, row.user.email or "", _code_now(row))
        for row in rows.order_by("pk")[:MOST_STAFF]
    ]


def folder() -> Path:
    """Where the messages are; LookupError when mail really goes out."""
    if not settings.DEV_POST:
        raise LookupError("Mail goes to a server: nothing is kept here.")
    return Path(settings.DEV_POST)


def _files() -> list[Path]:
    return sorted(folder().glob("*.eml"), reverse=True) if folder().is_dir() else []


def _write(place: Path, content: bytes) -> None:
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{time.time_ns():020}-{uuid.uuid4().hex}"
    unfinished = place / f"{name}.part"
    unfinished.write_bytes(content)
    unfinished.rename(place / f"{name}.eml")  # so that nobody reads half a message


def _read(paths: Sequence[Path]) -> Iterator[Letter]:
    for path in paths:
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # cleared away meanwhile
            continue
        mail = message_from_bytes(content, policy=policy.default)
        subject, body = str(mail["Subject"]), mail.get_body(("plain",))
        code = CODE.search(subject)
        yield Letter(
            name=path.stem if mail.get_body(("html",)) else "",
            at=datetime.fromtimestamp(int(path.name.split("-")[0]) / 1e9, UTC),
            to=str(mail["To"]),
            subject=subject,
            body=body.get_content() if body else "",
            code=code.group() if code else "",
        )


def _code_now(authenticator: Authenticator) -> str:
    secret = get_adapter().decrypt(authenticator.data["secret"])
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD)))
