"""PostgreSQL and Valkey from the wheels, for development and tests: on unix sockets, as long as the program runs."""

from samsam.embedded.servers import Servers, attached_or_started, started
from samsam.embedded.trouble import CannotStart

__all__ = ["CannotStart", "Servers", "attached_or_started", "started"]
