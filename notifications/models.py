"""The outbox: what must be told, to whom, by which channel, and how far that got."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, User


class Channel(models.TextChoices):
    IN_APP = "in_app", _("on the site")
    MAIL = "mail", _("e-mail")
    PUSH = "push", _("on a phone")


class Group(models.TextChoices):
    """What messages are about, as far as a person may say: not by mail, please. A kind without a group always goes."""

    OWN = "own", _("My requests")
    APPOINTMENTS = "appointments", _("My appointments")
    ASKED = "asked", _("Questions to me as a volunteer")
    DIGEST = "digest", _("What is new on the board")


class State(models.TextChoices):
    DUE = "due", _("waiting")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("no longer true")
    FAILED = "failed", _("failed")


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> MessageQuerySet:
        """What may be sent now: not sent, not held by somebody, not waiting for a later moment."""
        return self.filter(state=State.DUE, not_before__lte=now)

    def in_app_of(self, user: User) -> MessageQuerySet:
        """What this person reads on the site, newest first."""
        return self.filter(user=user, channel=Channel.IN_APP).exclude(state=State.DROPPED).order_by("-pk")

    def unread(self) -> MessageQuerySet:
        return self.filter(read_at=None)


class Message(models.Model):
    """One fact, for one recipient, by one channel. Holds ids and moments; words are made when it is read or sent."""

    State: ClassVar[type[State]] = State
    Channel: ClassVar[type[Channel]] = Channel

    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("municipality"),
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=40)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    # Names the fact and its recipient: telling it again changes nothing. Ordered byte by byte, so that the unique
    # index also finds all keys with one beginning.
    key = models.CharField(max_length=120, db_collation="C")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("person"),
        db_index=False,
    )
    address = models.EmailField(_("e-mail address"), blank=True)  # for who has no account (yet)
    params = models.JSONField(_("numbers"), default=dict, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    # Goes at once, also in quiet hours and to who wants no such messages: a code, a cancellation for today.
    urgent = models.BooleanField(_("urgent"), default=False, db_default=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    # The same on a repeat, so that a mail server or reader can see that it is one message.
    message_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    failure = models.CharField(_("what went wrong"), max_length=300, blank=True, db_default="")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            # Read by the delivery sweep; holds unsent messages only.
            models.Index("not_before", name="message_due", condition=Q(state="due")),
            # The list of one person, newest first.
            models.Index(fields=["user", "-id"], name="message_of_person"),
            # The unread count in the menu.
            models.Index("user", name="message_unread", condition=Q(channel="in_app", read_at=None)),
            # Staff's list.
            models.Index(fields=["municipality", "-id"], name="message_by_municipality"),
            # What could not be sent: staff see it first.
            models.Index(fields=["municipality", "-id"], name="message_failed", condition=Q(state="failed")),
        ]
        constraints = [
            models.UniqueConstraint("key", "channel", name="message_told_once"),
            models.CheckConstraint(
                name="message_one_recipient",
                condition=Q(user__isnull=False, address="") | (Q(user__isnull=True) & ~Q(address="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.pk})"


class PushSubscription(models.Model):
    """A browser whose owner said yes to push messages. Gone once its push service says so, or somebody signs out."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000, unique=True)  # where its push service takes messages for it
    p256dh = models.CharField(max_length=100)  # its public key, and
    auth = models.CharField(max_length=40)  # a secret we share with it: with both only this browser reads what we send
    device = models.CharField(max_length=40, blank=True)  # in words, so that somebody knows which one it is
    created_at = models.DateTimeField(default=timezone.now)
    last_ok_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.device} ({self.pk})"


class Digest(models.Model):
    """Somebody wants to hear once a day or once a week what is new. No row, or no ``next_at``: rather not."""

    class Every(models.TextChoices):
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="digest", verbose_name=_("person")
    )
    every = models.CharField(_("how often"), max_length=10, choices=Every)
    next_at = models.DateTimeField(_("next"), null=True, blank=True)
    told_until = models.DateTimeField(_("told until"))  # what came before is not told again

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        indexes = [
            # Read every few minutes by the sweep; holds who wants one only.
            models.Index("next_at", name="digest_due", condition=Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ({self.every})"
