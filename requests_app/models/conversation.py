"""What two people who have an appointment write to each other, and the times they propose."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MESSAGE_LENGTH = 500


class ConversationMessage(models.Model):
    """One message. What happened besides (an address shown, a time agreed) is told from its own facts, not from here.

    ``text`` is what somebody wrote, or the code of a ready sentence: that is read in the reader's own language.
    """

    class Kind(models.TextChoices):
        WORDS = "words", _("own words")
        QUICK = "quick", _("quick answer")
        THANKS = "thanks", _("thanks")

    pick_up = models.ForeignKey(
        "requests_app.PickUp", on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.WORDS)
    text = models.CharField(max_length=MESSAGE_LENGTH)
    key = models.UUIDField()  # of the form and its words: sending it again is the same message
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("message between neighbours")
        verbose_name_plural = _("messages between neighbours")
        indexes = [models.Index(fields=["pick_up", "-id"], name="message_of_pick_up")]
        constraints = [
            models.UniqueConstraint("pick_up", "author", "key", name="conversation_message_once"),
            models.UniqueConstraint("pick_up", condition=Q(kind="thanks"), name="conversation_thanks_once"),
            models.CheckConstraint(name="conversation_message_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.pk})"


class ProposedMoment(models.Model):
    """Another time for the appointment, asked by one and answered by the other: one open question at a time."""

    class Answer(models.TextChoices):
        OPEN = "", _("waits for an answer")
        ACCEPTED = "accepted", _("agreed")
        KEPT = "kept", _("stays as it was")
        TAKEN_BACK = "taken_back", _("taken back")
        REPLACED = "replaced", _("another one came instead")

    pick_up = models.ForeignKey("requests_app.PickUp", on_delete=models.CASCADE, related_name="proposed_moments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    moment_at = models.DateTimeField()
    made_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.OPEN, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("proposed moment")
        verbose_name_plural = _("proposed moments")
        constraints = [
            models.UniqueConstraint("pick_up", condition=Q(answer=""), name="proposed_moment_one_open"),
            models.CheckConstraint(
                name="proposed_moment_answer_has_moment",
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.moment_at:%Y-%m-%d %H:%M} ({self.get_answer_display()})"
