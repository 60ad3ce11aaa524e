"""Who comes, and who was asked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.models.help_request import HelpRequest
from volunteers.models import Ask


class PickUp(models.Model):
    """Somebody has a place; active while it has no end."""

    class End(models.TextChoices):
        NONE = "", _("active")
        GIVEN_BACK = "given_back", _("given back")
        CALLED_OFF = "called_off", _("called off by the asker")
        DONE = "done", _("done")

    help_request = models.ForeignKey(
        HelpRequest, on_delete=models.CASCADE, related_name="pick_ups", verbose_name=_("request")
    )
    slot = models.PositiveSmallIntegerField(_("which of the people"))
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="pick_ups", verbose_name=_("helper")
    )
    version = models.PositiveIntegerField()  # of the request, as agreed
    taken_at = models.DateTimeField(_("taken"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end = models.CharField(_("how it ended"), max_length=12, choices=End, default=End.NONE, blank=True)

    class Meta:
        ordering = ["slot"]
        verbose_name = _("pick-up")
        verbose_name_plural = _("pick-ups")
        indexes = [models.Index(fields=["helper", "-id"], name="pick_up_of_helper")]
        constraints = [
            models.CheckConstraint(name="pick_up_slot", condition=Q(slot__range=(1, 6))),
            models.CheckConstraint(
                name="pick_up_end_has_moment",
                condition=Q(end="", ended_at=None) | (~Q(end="") & Q(ended_at__isnull=False)),
            ),
            *(
                models.UniqueConstraint(
                    "help_request",
                    who,
                    condition=Q(ended_at=None),
                    name=f"pick_up_one_{who}",
                )
                for who in ("slot", "helper")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper}, {self.slot}"


class RequestAsk(models.Model):
    """What ties an ask, which knows only a number, to its request."""

    help_request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="request_asks")
    ask = models.OneToOneField(Ask, on_delete=models.CASCADE, related_name="request_ask")

    def __str__(self) -> str:
        return f"{self.help_request}: {self.ask}"
