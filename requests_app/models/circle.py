"""Somebody's own circle: people they know, with or without SamSam, who may be asked first."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from requests_app.models.help_request import HelpRequest

MOST_CONTACTS = 10
NAME_LENGTH = 40
FINGERPRINT_LENGTH = 64


class CircleContact(models.Model):
    """One of at most ten people of its owner, by mail or by phone. Nobody else sees who that is, staff included.

    Every word of them is erased as soon as the owner wants that, and a day after the person does. The row stays: that
    somebody was added counts for who adds very many, and where they helped it says that somebody did.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="circle")
    name = models.CharField(_("first name"), max_length=NAME_LENGTH, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = PhoneNumberField(_("phone number"), blank=True)
    fingerprint = models.CharField(max_length=FINGERPRINT_LENGTH, blank=True)  # of the address or the number
    added_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="circle_contact_one_way",
                condition=Q(erased_at__isnull=False, name="", email="", phone="", fingerprint="")
                | Q(erased_at=None)
                & ~Q(name="")
                & ~Q(fingerprint="")
                & ((Q(email="") & ~Q(phone="")) | (~Q(email="") & Q(phone=""))),
            ),
            # The same person once in a circle; also how all circles of an address are found.
            models.UniqueConstraint(
                "fingerprint", "owner", name="circle_contact_once", condition=Q(erased_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"circle contact {self.pk}"  # never the name: this may end up in a log or on a page of staff


class CircleRefusal(models.Model):
    """An address or number that nobody may put in a circle (any more): only its fingerprint is kept."""

    fingerprint = models.CharField(max_length=FINGERPRINT_LENGTH, primary_key=True)
    at = models.DateTimeField()
    # Until then it can be turned back, and what the circles hold of them is kept; empty: all of it is erased.
    erase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # Read by the sweep that erases; holds what is still to be erased.
            models.Index("erase_at", name="circle_refusal_to_erase", condition=Q(erase_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class CircleMail(models.Model):
    """A mail that asks somebody of a circle was written: counted for a day, also when it never goes."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    fingerprint = models.CharField(max_length=FINGERPRINT_LENGTH)  # of the address
    at = models.DateTimeField()

    class Meta:
        indexes = [
            # How many somebody wrote today, and how many came to one address from everybody.
            models.Index(fields=["owner", "at"], name="circle_mail_of_owner"),
            models.Index(fields=["fingerprint", "at"], name="circle_mail_to_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class CircleInviteQuerySet(models.QuerySet["CircleInvite"]):
    def welcome(self) -> CircleInviteQuerySet:
        """Without who said since that they want to be in no circle."""
        return self.filter(~Exists(CircleRefusal.objects.filter(pk=OuterRef("contact__fingerprint"))))


class CircleInvite(models.Model):
    """Somebody of the asker's circle is asked for this request, by a link of their own.

    The link is signed with its number: when this row is gone, the link is dead.
    """

    class Answer(models.TextChoices):
        WAITING = "", _("waiting")
        YES = "yes", _("yes")
        NO = "no", _("no")

    help_request = models.ForeignKey(
        HelpRequest, on_delete=models.CASCADE, related_name="circle_invites", db_index=False
    )
    contact = models.ForeignKey(CircleContact, on_delete=models.CASCADE, related_name="invites")
    told_at = models.DateTimeField(null=True, blank=True)  # when the mail was written; of a phone we do not know
    answer = models.CharField(max_length=5, choices=Answer, default=Answer.WAITING, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # They came second, and hear it when a place is free again; only they know.
    stands_by_at = models.DateTimeField(null=True, blank=True)

    objects = CircleInviteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint("help_request", "contact", name="circle_invite_once"),
            models.CheckConstraint(
                name="circle_invite_answer_has_moment",
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"circle invite {self.pk}"
