"""Somebody would like to help, and the asker says who comes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from requests_app.deeds import Deed
from requests_app.models.help_request import HelpRequest
from villages.models import Member


class OfferQuerySet(models.QuerySet["Offer"]):
    def waiting(self) -> OfferQuerySet:
        """Without an answer yet, the one that waits longest first."""
        return self.filter(answer=Offer.Answer.WAITING).order_by("pk")


class Offer(models.Model):
    """ "I'll help": waits for the asker's "Yes please". Only then there is a pick-up, and an address."""

    class Answer(models.TextChoices):
        WAITING = "", _("no answer yet")
        ACCEPTED = "accepted", _("yes please")
        DECLINED = "declined", _("no, thank you")
        SETTLED = "settled", _("settled before the answer")  # somebody else comes, or nobody is needed any more
        EXPIRED = "expired", _("ended without an answer")
        TAKEN_BACK = "taken_back", _("can't make it after all")

    help_request = models.ForeignKey(
        HelpRequest, on_delete=models.CASCADE, related_name="offers", verbose_name=_("request")
    )
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="offers", verbose_name=_("helper"), db_index=False
    )
    # Whom the helper, a host, offers it for: somebody of the group who has no account.
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="offers")
    deed = models.CharField(_("takes the part"), max_length=10, choices=Deed, blank=True, default="", db_default="")
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    # The ladder waited one step for the answer; it does not wait for this offer again.
    held_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, default=Answer.WAITING, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        indexes = [
            models.Index("help_request", "id", name="offer_waiting", condition=Q(answer="")),
            models.Index(fields=["helper", "-id"], name="offer_of_helper"),
        ]
        constraints = [
            models.UniqueConstraint(
                "help_request", "helper", condition=Q(answer="", member=None), name="offer_one_waiting"
            ),
            models.UniqueConstraint("help_request", "member", condition=Q(answer=""), name="offer_one_of_member"),
            models.CheckConstraint(
                name="offer_answer_has_moment",
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_answer_display()}"

    @property
    def name(self) -> str:
        """Who would come, as the asker reads it."""
        if self.member:
            return self.member.name or gettext("Somebody from the group")
        return self.helper.first_name

    @property
    def name_for_staff(self) -> str:
        """The same, without the first name of who has no account: that is the group's own."""
        return gettext("Somebody from the group") if self.member_id else self.helper.first_name
