"""A real mail server to send to: keeps what it got, and can refuse, say later, hang, drip or hang up."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

HANGS, DRIPS = "hangs", "drips"


class Sink:
    """Answers each mail with the next of ``answers``, and with yes when there are none left."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []
        self.answers_to_address: list[str] = []

    async def handle_RCPT(  # noqa: N802 (the name the library calls)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        answer = self.answers_to_address.pop(0) if self.answers_to_address else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (the same)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == HANGS:
            await asyncio.sleep(2)
        while answer == DRIPS:  # until the sender hangs up: never so slow that one letter is late
            server._writer.write(b"2")
            await asyncio.sleep(0.1)
        if answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return answer


@contextlib.contextmanager
def sink(settings: Any) -> Iterator[Sink]:
    """A server for as long as the block, with the settings pointing at it."""
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", controller.port, 1
    try:
        yield handler
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
