"""Whether what we need from outside is there, said in one sentence when it is not."""

import contextlib
import errno
import http.client
import socket
from urllib.parse import urlsplit

import psycopg
import redis
from django.conf import settings

from samsam.embedded import CannotStart

PATIENCE = 5  # seconds


def refuse_busy(host: str, port: int) -> None:
    """Raises ``CannotStart`` when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                sentence = f"SAMSAM_HOST is '{host}', which is no address of this machine. Write one, or leave it out."
                raise CannotStart(sentence) from error
            raise CannotStart(
                f"Port {port} on {host} cannot be used ({(error.strerror or str(error)).lower()}). "
                f"Stop the program that uses it, or name another: PORT={port + 1}."
            ) from error


def web_answers() -> bool:
    """Is our own web server alive?"""
    connection = http.client.HTTPConnection(settings.HOST, settings.PORT, timeout=2)
    with contextlib.suppress(OSError), contextlib.closing(connection):
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    return False


def probe() -> int:
    """``python -m samsam probe``: for the health check of a container; 0 when the web server here is alive."""
    return 0 if web_answers() else 1


def database_answers() -> None:
    """Raises ``CannotStart`` when the database of DATABASE_URL cannot be reached."""
    database = settings.DATABASES["default"]
    try:
        psycopg.connect(
            dbname=database["NAME"],
            user=database["USER"] or None,
            password=database["PASSWORD"] or None,
            host=database["HOST"] or None,
            port=database["PORT"] or None,
            connect_timeout=PATIENCE,
        ).close()
    except psycopg.OperationalError as error:
        place = f"{database['HOST'] or 'this machine'}{':' if database['PORT'] else ''}{database['PORT']}"
        why = (str(error).strip().splitlines() or ["no reason given"])[0].rpartition(": ")[2].strip()
        raise CannotStart(
            f"The database '{database['NAME']}' on {place} cannot be reached ({why}). "
            "Start it, correct DATABASE_URL, or leave DATABASE_URL out to use the embedded one."
        ) from error


def broker_answers() -> None:
    """Raises ``CannotStart`` when the Redis or Valkey of REDIS_URL cannot be reached."""
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE).ping()
    except (redis.RedisError, OSError, ValueError) as error:
        place = urlsplit(settings.REDIS_URL).hostname or "its socket"
        raise CannotStart(
            f"The Redis or Valkey server on {place} cannot be reached ({error}). "
            "Start it, correct REDIS_URL, or leave REDIS_URL out to use the embedded one."
        ) from error
