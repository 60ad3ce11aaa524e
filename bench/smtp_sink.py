"""``python -m bench.smtp_sink PORT FILE``: a mail server that writes down each mail before it says yes.

One JSON object a line, on the disk before the answer: what a sender that is killed meanwhile does not know of, we do.
As long as the file of its mood names troubles, some mails have one of those, in turn; each mail at most once.
"""

from __future__ import annotations

import asyncio
import email
import json
import os
import sys
from pathlib import Path
from typing import IO, Any

from aiosmtpd.smtp import SMTP

SLOW = 0.02  # seconds before and after writing it down: a kill meets a mail on either side
EVERY = 40  # so many mails without trouble between two with
PATIENCE = 600  # seconds
REFUSES, HANGS, DRIPS, CLOSES, BUSY = "refuses", "hangs", "drips", "closes", "busy at the door"
DRIPS_ON, CLOSES_AFTER = "drips without an end", "closes once it has the mail"
TROUBLES = (REFUSES, HANGS, DRIPS, CLOSES, BUSY, CLOSES_AFTER, REFUSES, HANGS, DRIPS, CLOSES, BUSY, DRIPS_ON)


def mood_of(mails: Path) -> Path:
    """Where its troubles are named, one a line; not there: none."""
    return mails.with_suffix(".mood")


class Sink:
    """Who has had trouble once is left in peace, as greylisting does."""

    def __init__(self, file: IO[str], mood: Path) -> None:
        self.file, self.mood = file, mood
        self.known: set[str] = set()
        self.turn = 0
        self.is_busy = False

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (the library's name)
        mail = str(email.message_from_bytes(envelope.content)["Message-ID"])
        trouble = self._trouble(mail)
        await asyncio.sleep(SLOW)
        match trouble:
            case "refuses":
                return "451 Later, please"
            case "hangs":
                await asyncio.sleep(PATIENCE)  # ends when the sender hangs up
            case "closes":
                await _hang_up(server)
            case "busy at the door":
                self.is_busy = True  # for whoever calls next
            case "drips without an end":
                while self.mood.exists():
                    await _drip(server, pause=1)
                await _hang_up(server)
        for address in envelope.rcpt_tos:
            self._note(to=address, id=mail)
        match trouble:
            case "closes once it has the mail":
                await _hang_up(server)
            case "drips":
                await _drip(server, pause=0.05)
        await asyncio.sleep(SLOW)
        return "250 OK"

    def _trouble(self, mail: str) -> str:
        if mail in self.known:
            return ""
        self.known.add(mail)
        named = self.mood.read_text().splitlines() if self.mood.exists() else []
        if not named or len(self.known) % EVERY:
            return ""
        trouble = named[self.turn % len(named)]
        self.turn += 1
        self._note(trouble=trouble, id=mail)
        return trouble

    def _note(self, **words: str) -> None:
        self.file.write(json.dumps(words) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())


class Line(SMTP):
    async def _handle_client(self) -> None:
        sink = self.event_handler
        if sink.is_busy:
            sink.is_busy = False
            await self.push("421 Too busy now")
            self.transport.close()
        else:
            await super()._handle_client()


async def serve(port: int, path: Path) -> None:
    loop = asyncio.get_running_loop()
    with path.open("a", encoding="ascii") as file:
        sink = Sink(file, mood_of(path))
        server = await loop.create_server(lambda: Line(sink, loop=loop), "127.0.0.1", port)
        await server.serve_forever()


async def _drip(server: Any, *, pause: float) -> None:
    """The first line of an answer of more lines, a letter at a time."""
    for letter in b"250-Slowly does it\r\n":
        server._writer.write(bytes([letter]))  # noqa: SLF001 (the library writes whole answers only)
        await server._writer.drain()  # noqa: SLF001 (the same)
        await asyncio.sleep(pause)


async def _hang_up(server: Any) -> None:
    server.transport.abort()
    await asyncio.sleep(PATIENCE)  # the library ends us now


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
