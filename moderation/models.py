"""Who keeps whom at a distance, what somebody told us, and what somebody of the team decided."""

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

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("who wished it"), db_index=False
    )
    other = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("the other"), db_index=False
    )
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


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> ReportQuerySet:
        """What the team still has to look at."""
        return self.filter(handled_at=None)


class Report(models.Model):
    """Somebody tells us that something is not right. Only the team ever learns who told it."""

    class Reason(models.TextChoices):
        MONEY = "money", _("Someone asks for money or a bank card")
        UNSAFE = "unsafe", _("It doesn't feel safe")
        UNKIND = "unkind", _("Someone is unkind")
        PRIVATE = "private", _("It has something private in it")
        UNREAL = "unreal", _("This is not real")
        OTHER = "other", _("Something else")

    class Outcome(models.TextChoices):
        NONE = "", _("not yet")
        KEPT = "kept", _("it stays")
        HIDDEN = "hidden", _("hidden")
        OTHER = "other", _("another step")

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality"), db_index=False
    )
    subject_kind = models.CharField(max_length=40)  # as of a decision
    subject = models.BigIntegerField()
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name=_("about whom")
    )
    # Empty: somebody without an account, whom we cannot answer.
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who told us"),
        db_index=False,
    )
    reason = models.CharField(_("what is wrong"), max_length=10, choices=Reason)
    text = models.CharField(_("what they saw"), max_length=300, blank=True)
    at = models.DateTimeField(_("told"), default=timezone.now)
    answer_before = models.DateTimeField(_("answer before"))  # what the reporter was promised
    outcome = models.CharField(_("decision"), max_length=10, choices=Outcome, default=Outcome.NONE, blank=True)
    answer = models.CharField(_("reason"), max_length=300, blank=True)
    handled_at = models.DateTimeField(_("decided"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [
            # What waits, most urgent first.
            models.Index(
                fields=["municipality", "answer_before"], name="report_waiting", condition=Q(handled_at=None)
            ),
            # The list of staff, newest first.
            models.Index(fields=["municipality", "-id"], name="report_of_municipality"),
            # How often somebody told us something lately.
            models.Index(fields=["reporter", "at"], name="report_of_reporter"),
            # All that is open about one thing.
            models.Index(fields=["subject_kind", "subject"], name="report_of_subject", condition=Q(handled_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                "reporter", "subject_kind", "subject", name="report_one_open", condition=Q(handled_at=None)
            ),
            models.UniqueConstraint(
                "subject_kind",
                "subject",
                name="report_one_open_without_account",
                condition=Q(handled_at=None, reporter=None),
            ),
            models.CheckConstraint(
                name="report_outcome_has_moment",
                condition=Q(outcome="", handled_at=None) | (~Q(outcome="") & Q(handled_at__isnull=False)),
            ),
            models.CheckConstraint(name="report_of_somebody_else", condition=Q(about=None) | ~Q(about=F("reporter"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.pk})"
