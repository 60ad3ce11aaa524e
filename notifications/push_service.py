"""The way to a push service: who we are (VAPID, RFC 8292), where it may be, and what its answer means."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from functools import cache
from typing import cast
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from py_vapid import Vapid02

from notifications.push_crypto import encoded, point_of

PATIENCE = 5  # seconds for one step; all of them together end with the run (delivery.STOP_AFTER)
KEPT_FOR = 12 * 3600  # seconds that a phone that is off may take: after that the news is on the site
TOKEN_FOR = 12 * 3600  # seconds; a service refuses more than a day
GONE = {404, 410}
# Wrong, and just as wrong tomorrow: what we say, who we are, or how long it is.
FOR_GOOD = {400, 401, 403, 413}


class NotAPushService(Exception):
    """An address that no push service has: not https, or a machine of ours or of somebody's home."""


class Gone(Exception):
    """The browser does not want push messages any more."""


@dataclass
class Refused(Exception):
    """Not taken. ``reason`` is for staff and holds no address; ``for_good``: trying again is useless."""

    reason: str
    for_good: bool = False


@dataclass(frozen=True)
class Place:
    """Where a push service answers: an address that was looked at, under the name of its host."""

    secure: bool
    host: str
    port: int
    address: str
    path: str


def is_on() -> bool:
    """Whether this site can push at all: it needs a key."""
    return bool(settings.VAPID_PRIVATE_KEY)


def public_key() -> str:
    """What a browser is told, so that only we can push to it."""
    return encoded(point_of(cast("ec.EllipticCurvePrivateKey", _vapid(settings.VAPID_PRIVATE_KEY).private_key)))


def place_of(endpoint: str) -> Place:
    """Look where this leads. NotAPushService for what we do not go to; OSError when the name cannot be looked up.

    The address that was looked at is the one that is called: a name that leads elsewhere a moment later helps nobody.
    """
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        raise NotAPushService from None
    secure = parts.scheme == "https"
    locally = settings.PUSH_LOCALLY
    if not parts.hostname or parts.username or parts.fragment or not (secure or (locally and parts.scheme == "http")):
        raise NotAPushService
    if not locally and port not in {None, 443}:
        raise NotAPushService
    port = port or (443 if secure else 80)
    found = [it[4][0] for it in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)]
    if not found or not (locally or all(_is_out_there(str(address)) for address in found)):
        raise NotAPushService
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return Place(secure, parts.hostname, port, str(found[0]), path)


def post(endpoint: str, body: bytes, *, topic: str, urgent: bool) -> None:
    """Hand over one locked message. Gone or Refused when it was not taken; redirects are not followed."""
    try:
        place = place_of(endpoint)
        line = _Secure(place) if place.secure else _Plain(place)
        try:
            line.request("POST", place.path, body, _headers(place, topic, urgent=urgent))
            status = line.getresponse().status
        finally:
            line.close()
    except NotAPushService:
        raise Gone from None
    except (OSError, http.client.HTTPException) as trouble:
        raise Refused(type(trouble).__name__) from trouble
    if status in GONE:
        raise Gone
    if not 200 <= status < 300:
        raise Refused(f"push {status}", for_good=status in FOR_GOOD)


def _headers(place: Place, topic: str, *, urgent: bool) -> dict[str, str]:
    usual = place.port == (443 if place.secure else 80)
    site = f"{'https' if place.secure else 'http'}://{place.host}{'' if usual else f':{place.port}'}"
    claims = {"aud": site, "sub": settings.VAPID_SUBJECT, "exp": int(time.time()) + TOKEN_FOR}
    return {
        **_vapid(settings.VAPID_PRIVATE_KEY).sign(claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_FOR),
        "Topic": topic,
        "Urgency": "high" if urgent else "normal",
    }


@cache
def _vapid(key: str) -> Vapid02:
    return Vapid02.from_string(key)


def _is_out_there(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    inside = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (inside is None or inside.is_global)


class _Plain(http.client.HTTPConnection):
    def __init__(self, place: Place) -> None:
        super().__init__(place.host, place.port, timeout=PATIENCE)
        self._address = place.address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), PATIENCE)


class _Secure(_Plain):
    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
