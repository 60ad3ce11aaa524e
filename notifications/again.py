"""A message that could not be sent gets another chance, because somebody of staff says so."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from notifications import doorbell
from notifications.kinds import KINDS
from notifications.models import Message, State


class NotAllowed(Exception):
    """This cannot be done (any more). The message is for the person who tried."""


@transaction.atomic
def try_again(pk: int, *, now: datetime) -> None:
    """Due at once, with all its attempts, under the same Message-ID. Waiting already: nothing changes.

    Raises NotAllowed for what was sent or is no longer true, and for codes: those are forgotten once given up.
    """
    message = Message.objects.select_for_update(no_key=True).get(pk=pk)
    if message.state == State.DUE:
        return
    if message.state != State.FAILED:
        raise NotAllowed(_("Only what could not be sent can be tried again."))
    kind = KINDS.get(message.kind)
    if kind is None or kind.secret:
        raise NotAllowed(_("A code is not sent twice. Ask for a new one on the sign-in page."))
    message.state, message.attempts, message.not_before, message.failure = State.DUE, 0, now, ""
    message.save(update_fields=["state", "attempts", "not_before", "failure"])
    doorbell.ring_after_commit()
