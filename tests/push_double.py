"""A push service on this machine, and a browser whose keys the test holds: what arrives is unlocked and kept."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from notifications.push_crypto import CURVE, encoded, point_of

VAPID_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"  # of the RFC's example; 32 bytes


@dataclass
class Device:
    """A browser that said yes; ``subscription`` is what it tells us of itself."""

    service: str
    name: str = "device"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = b"sixteen bytes ok"

    @property
    def subscription(self) -> dict[str, Any]:
        keys = {"p256dh": encoded(point_of(self.key)), "auth": encoded(self.auth)}
        return {"endpoint": f"{self.service}/{self.name}", "expirationTime": None, "keys": keys}

    def unlock(self, body: bytes) -> dict[str, Any]:
        text = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        return dict(json.loads(text))


@dataclass
class Service:
    """``got``: what arrived, by device, with its headers; ``answers``: a status for a device, 201 for others."""

    address: str
    devices: dict[str, Device] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    got: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)

    def device(self, name: str = "device") -> Device:
        self.devices[name] = Device(self.address, name)
        return self.devices[name]

    @property
    def said(self) -> list[str]:
        return [payload["title"] for _name, payload, _headers in self.got]


@contextlib.contextmanager
def push_service(settings) -> Iterator[Service]:
    """Runs for as long as the test; the settings have a key meanwhile."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body, name = self.rfile.read(int(self.headers["Content-Length"])), self.path.strip("/")
            status = service.answers.get(name, 201)
            if status == 201:
                assert Vapid02.verify(self.headers["Authorization"])
                service.got.append(
                    (name, service.devices[name].unlock(body), dict(self.headers) | {"length": len(body)})
                )
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    settings.VAPID_PRIVATE_KEY = VAPID_KEY
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    service = Service(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
