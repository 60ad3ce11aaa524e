"""Who changed what about villages and homes: a line in the log, with numbers and no names."""

from datetime import datetime

import structlog

from accounts.actors import Actor

logger = structlog.get_logger(__name__)


def note(what: str, pk: int, *, actor: Actor, now: datetime) -> None:
    """``what`` was done to the row with this pk, by whom and by which road."""
    logger.info(what, pk=pk, by=actor.user.pk if actor.user else None, road=actor.road.value, moment=now.isoformat())
