"""Somebody said yes when all places were taken, and is asked first when one comes free."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.models.help_request import HelpRequest


class ReserveQuerySet(models.QuerySet["Reserve"]):
    def running(self) -> ReserveQuerySet:
        """Who stands by or is asked now, the first to say yes on top."""
        return self.filter(ended_at=None).order_by("pk")

    def asked(self) -> ReserveQuerySet:
        """Whom we asked, and who may still say yes; whether the first word is theirs or was."""
        return self.filter(ended_at=None, asked_at__isnull=False)

    def with_first_word(self) -> ReserveQuerySet:
        """Whom we ask before anybody else; one at most of each request."""
        return self.filter(ended_at=None, answer_before__isnull=False)


class Reserve(models.Model):
    """A silent second yes. Only this person knows of it: not the asker, not who comes."""

    class End(models.TextChoices):
        NONE = "", _("stands by")
        YES = "yes", _("said yes")
        NO = "no", _("rather not")
        CLOSED = "closed", _("no longer needed")

    help_request = models.ForeignKey(
        HelpRequest, on_delete=models.CASCADE, related_name="reserves", verbose_name=_("request")
    )
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reserves", verbose_name=_("helper")
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    # We asked this volunteer, whose yes came second: what the asker said beforehand of such a yes holds here too.
    was_asked = models.BooleanField(default=False)
    # A place came free: asked first, and so long the ladder waits. With no answer in time it is the next one's turn:
    # then only ``asked_at`` stays.
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    answer_before = models.DateTimeField(null=True, blank=True)
    end = models.CharField(_("how it ended"), max_length=6, choices=End, default=End.NONE, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = ReserveQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("reserve")
        verbose_name_plural = _("reserves")
        indexes = [models.Index("help_request", "id", name="reserve_running", condition=Q(ended_at=None))]
        constraints = [
            models.UniqueConstraint("help_request", "helper", condition=Q(ended_at=None), name="reserve_once"),
            # One at a time has the first word.
            models.UniqueConstraint(
                "help_request", condition=Q(ended_at=None, answer_before__isnull=False), name="reserve_one_asked"
            ),
            models.CheckConstraint(
                name="reserve_asked_has_time",
                condition=Q(answer_before=None) | Q(asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reserve_end_has_moment",
                condition=Q(end="", ended_at=None) | (~Q(end="") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper}: {self.get_end_display()}"
