"""Sends what is due: claimed by a lease, checked once more, sent with no transaction open, then marked."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import translation

from accounts.quiet import awake
from notifications import push, wishes
from notifications.kinds import KINDS, gathered
from notifications.letter import letter
from notifications.models import Channel, Message, State
from notifications.push_service import Refused

logger = logging.getLogger(__name__)

BATCH = 50
# Whoever claims a message has it for so long. What a worker that was killed had in hand goes after it.
LEASE = timedelta(minutes=1)
# A run ends after so long, so that a worker can be stopped; the next one goes on.
LONGEST_RUN = timedelta(seconds=25)
# A mail server that answers a letter at a time is within every time limit of its line. So a run as a whole is told to
# stop, and then ended, before the first lease it took is over: nobody sends what another is still sending.
STOP_AFTER, END_AFTER = timedelta(seconds=45), timedelta(seconds=55)
BACK_OFF = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=12),
]
Clock = Callable[[], datetime]


@dataclass
class Count:
    """How a sweep went: messages sent, no longer true, given up, and tried in vain until later."""

    sent: int = 0
    dropped: int = 0
    failed: int = 0
    late: int = 0


class NoServer(Exception):
    """The mail server cannot be reached: no fault of a message."""


class Post:
    """One line to the mail server for a whole sweep, opened when there is something to send."""

    def __init__(self) -> None:
        self._line: BaseEmailBackend = get_connection()

    def send(self, mail: EmailMessage | push.Push) -> None:
        """Hand over one mail. NoServer when there is nobody to hand it to; what else goes wrong is the mail's own."""
        if isinstance(mail, push.Push):
            return push.send(mail)
        try:
            self._line.open()
        except (OSError, SMTPException) as trouble:
            raise NoServer from trouble
        try:
            self._line.send_messages([mail])
        except SMTPException:
            self.close()  # the next one gets a fresh line
            raise
        except Exception:
            self._hang_up()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye; harmless when nobody is there."""
        try:
            self._line.close()
        except (OSError, SMTPException):
            logger.info("the mail server was gone before goodbye")
            self._line = get_connection()

    def _hang_up(self) -> None:
        """Without goodbye: who does not answer a mail in time need not answer that either."""
        if line := getattr(self._line, "connection", None):
            line.close()
        self._line = get_connection()


def deliver(now: datetime) -> Count:
    """Send everything that is due at ``now``; ends early after a long run, its mails when their server is away.

    Any number may run at once: a claimed message is left alone by the others.
    """
    count, begun = Count(), time.monotonic()

    def clock() -> datetime:
        """``now``, going on: leases hold during a long run, also when ``now`` was given by hand."""
        return now + timedelta(seconds=time.monotonic() - begun)

    with Post() as post:
        for channel in (Channel.MAIL, Channel.PUSH):
            try:
                while clock() - now < LONGEST_RUN and _deliver_batch(channel, now, clock, post, count):
                    pass
            except NoServer:
                logger.warning("the mail server cannot be reached; the next sweep tries again", exc_info=True)
    return count


def deliver_one(pk: int, *, post: Post, now: datetime, clock: Clock | None = None) -> State | None:
    """Send one message, if it is still true; answers its state, or None when somebody else has it.

    Safe to call twice, or twice at once: who counts one claimed row has it, for a lease. Dying between the mail
    server's yes and our commit sends it again under the same Message-ID: twice perhaps, never not at all.
    NoServer when the mail server is away; the message then waits, and that attempt does not count.
    """
    moment = (clock or (lambda: now))()
    claimed = Message.objects.due(moment).filter(pk=pk)
    if not claimed.update(attempts=F("attempts") + 1, not_before=moment + LEASE):
        return None
    message = Message.objects.select_related("user").get(pk=pk)
    try:
        if (later := _awake(message, moment)) > moment:
            _write(message, attempts=message.attempts - 1, not_before=later)
            return State.DUE
        mail = _mail(message, now)
    except Exception:  # whatever a kind does wrong must not hold up the messages behind it
        logger.exception("message %s could not be put into words", pk)
        return _later(message, moment, "no words", for_good=False)
    if mail is None:
        return _close(message, State.DROPPED, moment)
    return _send(message, mail, post, moment)


def _send(message: Message, mail: EmailMessage | push.Push, post: Post, moment: datetime) -> State:
    try:
        post.send(mail)
    except NoServer:
        _write(message, attempts=message.attempts - 1, not_before=moment + BACK_OFF[0])
        raise
    except push.NoDevice:
        return _close(message, State.DROPPED, moment)
    except Exception as trouble:  # noqa: BLE001 (a header no server takes must not hold up the messages behind it)
        logger.info("message %s was not accepted: %s", message.pk, type(trouble).__name__)
        reason, for_good = _reason(trouble)
        return _later(message, moment, reason, for_good=for_good)
    return _close(message, State.SENT, moment)


def _deliver_batch(channel: Channel, now: datetime, clock: Clock, post: Post, count: Count) -> bool:
    """The next few, oldest first; False when nothing is due any more."""
    due = Message.objects.due(now).filter(channel=channel).order_by("not_before")
    batch = list(due.values_list("pk", flat=True)[:BATCH])
    for pk in batch:
        try:
            state = deliver_one(pk, post=post, now=now, clock=clock)
        except NoServer:
            count.late += 1
            raise
        count.sent += state == State.SENT
        count.dropped += state == State.DROPPED
        count.failed += state == State.FAILED
        count.late += state == State.DUE
        if clock() - now >= LONGEST_RUN:
            break
    return bool(batch)


def _awake(message: Message, at: datetime) -> datetime:
    """The first moment that disturbs nobody: hours may have been chosen, or the night have come, since it was told."""
    kind = KINDS[message.kind]
    if message.urgent or kind.urgent:
        return at
    if message.user is None:
        return awake(at, *kind.rests(message)) if kind.rests else at
    return awake(at, *wishes.rests([message.user])[message.user.pk])


def _mail(message: Message, now: datetime) -> EmailMessage | push.Push | None:
    """The mail, or the push message, as it reads now; None when there is no reason to send it any more.

    There is none either when its reader does not want it (any more) by this channel.
    """
    kind = KINDS[message.kind]
    is_push = message.channel == Channel.PUSH
    if message.user and not (message.user.is_active and (is_push or message.user.email)):
        return None
    if message.user and not (message.urgent or wishes.wants(message.user, kind.group, Channel(message.channel))):
        return None
    about = gathered([message])
    if message.pk not in about or not kind.still_true(message, about[message.pk], now):
        return None
    with translation.override(_language(message)):
        words = kind.words(message, about[message.pk], now)
        if is_push:
            return push.worded(message, kind, words, now)
        return letter(message, words, None if message.urgent else kind.group)


def _language(message: Message) -> str:
    """The reader's; of somebody without an account the one they asked in."""
    if message.user:
        return message.user.language
    return str(message.params.get("language", settings.LANGUAGE_CODE))


def _close(message: Message, state: State, at: datetime) -> State:
    changes = {"state": state, "sent_at": at if state == State.SENT else None, "failure": ""}
    _write(message, **changes)
    return state


def _later(message: Message, at: datetime, reason: str, *, for_good: bool) -> State:
    """Another time, or never again: then staff see why."""
    if for_good or message.attempts > len(BACK_OFF):
        _write(message, state=State.FAILED, failure=reason)
        return State.FAILED
    _write(message, not_before=at + BACK_OFF[message.attempts - 1], failure=reason)
    return State.DUE


def _write(message: Message, **changes: object) -> None:
    """By the holder of the claim only: whoever claimed it after our lease ran out has counted one more."""
    over = changes.get("state") is not None
    if over and (message.kind not in KINDS or KINDS[message.kind].secret):
        changes["params"] = {}
    Message.objects.filter(pk=message.pk, attempts=message.attempts).update(**changes)


def _reason(trouble: Exception) -> tuple[str, bool]:
    """Why, for staff, and whether trying again is useless. Codes only: servers quote addresses in their sentences."""
    if isinstance(trouble, Refused):
        return trouble.reason, trouble.for_good
    codes = [trouble.smtp_code] if isinstance(trouble, SMTPResponseException) else []
    if isinstance(trouble, SMTPRecipientsRefused):
        codes = [code for code, _ in trouble.recipients.values()]
    if not codes:
        return type(trouble).__name__, False
    return f"SMTP {codes[0]}", all(500 <= code < 600 for code in codes)
