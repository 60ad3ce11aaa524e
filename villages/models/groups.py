"""Places where people of a village meet, and the groups that pick up requests there, together."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, User
from villages.models.village import Residency, Village

NAME_LENGTH = 40


class Place(models.Model):
    """Where people of a village meet: a village hall, a garden, a table."""

    # With the village one composite foreign key (in the migration): a merger of municipalities cascades.
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="places", verbose_name=_("village"), db_index=False
    )
    name = models.CharField(_("name"), max_length=60)
    address = models.CharField(_("address"), max_length=120, blank=True)
    meets = models.CharField(_("when people meet"), max_length=120, blank=True)  # "donderdag 10.00-12.00"

    class Meta:
        ordering = ["name"]
        verbose_name = _("place to meet")
        verbose_name_plural = _("places to meet")
        constraints = [models.UniqueConstraint("village", "name", name="place_once_in_village")]

    def __str__(self) -> str:
        return self.name


class GroupQuerySet(models.QuerySet["Group"]):
    def active(self) -> GroupQuerySet:
        return self.filter(ended_at=None)

    def with_host(self) -> GroupQuerySet:
        """Those that the ladder asks; ``Village.group_categories`` holds what these do."""
        return self.active().filter(Exists(Host.objects.filter(group=OuterRef("pk"))))

    def hosted_by(self, user: User) -> GroupQuerySet:
        return self.active().filter(Exists(Host.objects.filter(group=OuterRef("pk"), user=user)))

    def hosted_by_nobody_else(self, user: User) -> GroupQuerySet:
        """Of these, those without another host who can log in."""
        others = Host.objects.filter(group=OuterRef("pk"), user__is_active=True).exclude(user=user)
        return self.hosted_by(user).exclude(Exists(others))

    def of(self, user: User, now: datetime) -> GroupQuerySet:
        """Whose requests this person sees: their host, or a member who is known to live in the village."""
        homes = Residency.objects.confirmed(now).filter(user=user, village=OuterRef("group__place__village"))
        member = Member.objects.active().filter(Exists(homes), group=OuterRef("pk"), user=user)
        return self.active().filter(Exists(Host.objects.filter(group=OuterRef("pk"), user=user)) | Exists(member))


class Group(models.Model):
    """People who meet at a place and do things for others together; it has a host, or the ladder passes it by."""

    place = models.ForeignKey(
        Place, on_delete=models.CASCADE, related_name="groups", verbose_name=_("place to meet"), db_index=False
    )
    name = models.CharField(_("name"), max_length=60)
    categories = ArrayField(models.CharField(max_length=12), verbose_name=_("what they like to do"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = [models.UniqueConstraint("place", "name", name="group_once_at_place")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """What its people see."""
        return reverse("group", args=[self.pk])


class Host(models.Model):
    """Who receives the people of a group, and ticks who does what for those without a phone."""

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="hosts", verbose_name=_("group"), db_index=False
    )
    # Who leaves is dismissed first, by the verb: it looks after who comes without an account.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hosts", verbose_name=_("person")
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        constraints = [models.UniqueConstraint("group", "user", name="host_once")]

    def __str__(self) -> str:
        return str(self.user)


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> MemberQuerySet:
        return self.filter(left_at=None)

    def without_account(self) -> MemberQuerySet:
        return self.active().filter(user=None)


class Member(models.Model):
    """Who takes part: somebody with an account, or a first name that the host keeps for who has no phone."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members", verbose_name=_("group"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("person"),
    )
    name = models.CharField(_("first name"), max_length=NAME_LENGTH, blank=True)
    joined_at = models.DateTimeField(_("since"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)  # then the name is erased

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.CheckConstraint(
                name="member_account_or_name",
                condition=Q(name="", user__isnull=False) | Q(user=None) & (~Q(name="") | Q(left_at__isnull=False)),
            ),
            models.UniqueConstraint("group", "user", condition=Q(left_at=None), name="member_once"),
        ]

    def __str__(self) -> str:
        return str(self.user) if self.user else self.name
