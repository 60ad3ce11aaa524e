"""Who changed what about villages and homes: a line in the log, with numbers and no names."""

import logging
from datetime import datetime

from accounts.actors import Actor

logger = logging.getLogger(__name__)


def note(what: str, pk: int, *, actor: Actor, now: datetime) -> None:
    """``what`` was done to the row with this pk, by whom and by which road."""
    by = actor.user.pk if actor.user else None
    logger.info("%s: %s by person %s, %s, at %s", what, pk, by, actor.road.value, now.isoformat())
