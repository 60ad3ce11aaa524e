"""Who comes, and who was asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import bulk
from accounts.models import User
from requests_app.deeds import Deed
from requests_app.models.circle import CircleContact
from requests_app.models.help_request import HelpRequest
from villages.models import Member
from volunteers.models import Ask


class PickUpQuerySet(models.QuerySet["PickUp"]):
    def between(self, user: User) -> PickUpQuerySet:
        """Those this person is one of the two of: who asks, or who helps. The two can talk: both are here."""
        return self.filter(Q(helper=user) | Q(help_request__author=user, helper__isnull=False))

    def to_remind(self, now: datetime) -> PickUpQuerySet:
        """Whose reminder has come due."""
        return self.filter(remind_at__lte=now, ended_at=None)

    def who_come_to(self, requests: Iterable[HelpRequest]) -> Mapping[int, list[int]]:
        """By request who comes and has an account; no query where nobody comes to any of them."""
        coming: dict[int, list[int]] = defaultdict(list)
        if some := [request.pk for request in requests if request.slots_taken]:
            active = self.filter(bulk.any_of("help_request", some), ended_at=None, helper__isnull=False)
            for pk, helper in active.values_list("help_request", "helper"):
                coming[pk].append(helper)
        return coming


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
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pick_ups",
        verbose_name=_("helper"),
        db_index=False,
    )
    # Or somebody of the asker's own circle, who has no account: no conversation, no reminder, no page but their link.
    contact = models.ForeignKey(CircleContact, models.PROTECT, null=True, blank=True, related_name="pick_ups")
    # Or somebody of a group without an account, for whom a host said yes: what there is to tell goes to the hosts.
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="pick_ups")
    # Or somebody without an account whom the contact person found: what there is to tell goes to the contact person.
    noted_name = models.CharField(
        _("found by the contact person"), max_length=40, blank=True, default="", db_default=""
    )
    deed = models.CharField(_("takes the part"), max_length=10, choices=Deed, blank=True, default="", db_default="")
    version = models.PositiveIntegerField()  # of the request, as agreed
    taken_at = models.DateTimeField(_("taken"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end = models.CharField(_("how it ended"), max_length=12, choices=End, default=End.NONE, blank=True)
    # The moment the two agreed on; empty: as it stands in the request. ``times_agreed`` counts its changes.
    agreed_at = models.DateTimeField(_("agreed moment"), null=True, blank=True)
    times_agreed = models.PositiveSmallIntegerField(default=0, db_default=0)
    remind_at = models.DateTimeField(_("reminder"), null=True, blank=True)  # empty: sent, or there is nothing to send
    # When each of the two said that the other may have their phone number: shown when both did.
    author_phone_at = models.DateTimeField(null=True, blank=True)
    helper_phone_at = models.DateTimeField(null=True, blank=True)

    objects = PickUpQuerySet.as_manager()

    class Meta:
        ordering = ["slot"]
        verbose_name = _("pick-up")
        verbose_name_plural = _("pick-ups")
        indexes = [
            models.Index(fields=["helper", "-id"], name="pick_up_of_helper"),
            # Read by the sweep of reminders; holds what is still to be sent.
            models.Index("remind_at", name="pick_up_to_remind", condition=Q(remind_at__isnull=False, ended_at=None)),
        ]
        constraints = [
            models.CheckConstraint(name="pick_up_slot", condition=Q(slot__range=(1, 6))),
            models.CheckConstraint(
                name="pick_up_end_has_moment",
                condition=Q(end="", ended_at=None) | (~Q(end="") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="pick_up_one_person",
                condition=Q(helper__isnull=False, contact=None, member=None, noted_name="")
                | Q(helper=None, contact__isnull=False, member=None, noted_name="")
                | Q(helper=None, contact=None, member__isnull=False, noted_name="")
                | (Q(helper=None, contact=None, member=None) & ~Q(noted_name="")),
            ),
            *(
                models.UniqueConstraint(
                    "help_request",
                    who,
                    condition=Q(ended_at=None),
                    name=f"pick_up_one_{who}",
                )
                for who in ("slot", "helper", "contact", "member")
            ),
        ]

    def __str__(self) -> str:
        others = _("own circle") if self.contact_id else _("group")
        return f"{self.helper or self.noted_name or others}, {self.slot}"

    def get_absolute_url(self) -> str:
        """Where the two talk."""
        return reverse("conversation", args=[self.pk])

    @property
    def name(self) -> str:
        """What the asker calls who comes. For the asker's own pages and messages only."""
        if self.helper:
            return self.helper.first_name
        if self.noted_name:
            return self.noted_name
        if self.member:
            return self.member.name or gettext("Somebody from the group")
        return (self.contact.name if self.contact else "") or gettext("Somebody from your circle")

    def name_inside(self, groups: Collection[int]) -> str:
        """What somebody of these groups calls who comes: who has no account is named in their own group only."""
        if self.member and self.member.group_id not in groups:
            return gettext("Somebody from the group")
        return self.name

    @property
    def neighbour(self) -> User:
        """Who helps and has an account: the other in a conversation. Of what ``between`` finds it is always there."""
        if self.helper is None:
            raise ValueError("somebody of a circle, or whom a host put down, has no account")
        return self.helper


class RequestAsk(models.Model):
    """What ties an ask, which knows only a number, to its request."""

    help_request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="request_asks")
    ask = models.OneToOneField(Ask, on_delete=models.CASCADE, related_name="request_ask")

    def __str__(self) -> str:
        return f"{self.help_request}: {self.ask}"
