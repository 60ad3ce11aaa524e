"""``python -m bench.smtp_sink PORT FILE``: a mail server that writes down each mail before it says yes.

One JSON object a line, on the disk before the answer: what a sender that is killed meanwhile does not know of, we do.
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


class Sink:
    def __init__(self, file: IO[str]) -> None:
        self.file = file

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (the library's name)
        mail = email.message_from_bytes(envelope.content)
        await asyncio.sleep(SLOW)
        for address in envelope.rcpt_tos:
            self.file.write(json.dumps({"to": address, "id": mail["Message-ID"]}) + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        await asyncio.sleep(SLOW)
        return "250 OK"


async def serve(port: int, path: Path) -> None:
    loop = asyncio.get_running_loop()
    with path.open("a", encoding="ascii") as file:
        server = await loop.create_server(lambda: SMTP(Sink(file), loop=loop), "127.0.0.1", port)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
