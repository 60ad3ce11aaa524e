"""Who keeps whom at a distance, and what somebody of the team decided about a text."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality


class Decision(models.Model):
    """A person took something off the board, or put it back. Append-only; the reason is read by its author."""

    class Kind(models.TextChoices):
        HIDE = "hide", _("hidden")
        RESTORE = "restore", _("put back")

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    subject_kind = models.CharField(max_length=40)  # a model's label: moderation does not know the apps above it
    subject = models.BigIntegerField()
    kind = models.CharField(_("decision"), max_length=10, choices=Kind)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("moment"), default=timezone.now)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["subject_kind", "subject", "-at"], name="decision_of_subject")]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"


class Block(models.Model):
    """Two people who do not meet any more, by the wish of one. It works both ways, and the other is never told."""

    class Kind(models.TextChoices):
        BLOCK = "block", _("no more contact")
        APART = "apart", _("rather not together again")  # said after an appointment: nothing more than that

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("who wished it"))
    other = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("the other"))
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    at = models.DateTimeField(_("moment"), default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        indexes = [models.Index(fields=["other", "by"], name="block_of_other")]
        constraints = [
            models.UniqueConstraint("by", "other", "kind", name="block_once"),
            models.CheckConstraint(name="block_of_somebody_else", condition=~Q(by=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.pk})"
