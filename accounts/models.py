"""People, the municipalities they live in, and who works for which municipality."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField


class Municipality(models.Model):
    """The tenant: every root row belongs to one, and staff see only their own."""

    code = models.CharField(_("code"), max_length=6, unique=True)  # of Statistics Netherlands: GM and four digits
    name = models.CharField(_("name"), max_length=80)
    province = models.CharField(_("province"), max_length=40)

    class Meta:
        ordering = ["name"]
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None = None, **fields: Any) -> User:
        """A person; without an e-mail address for somebody who is helped by phone. Nobody has a password."""
        user = self.model(email=self.normalize_email(email).lower() if email else None, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, **fields: Any) -> User:
        fields.pop("password", None)
        return self.create_user(email, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who asks, helps or works here; one account for all of it."""

    # Empty for people who are helped by phone; always in small letters.
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    first_name = models.CharField(_("first name"), max_length=40, blank=True)
    phone = PhoneNumberField(_("phone number"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="nl")
    # When this person wants no messages, beside the village's quiet hours; and which ones never, each as channel and
    # group ("mail:asked"). Here, because whoever tells somebody something has the person at hand already.
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    # Whole days of the week; Monday is 0.
    quiet_days = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("quiet days"), default=list, db_default=[], blank=True
    )
    muted = ArrayField(
        models.CharField(max_length=30),
        verbose_name=_("wants no messages about"),
        default=list,
        db_default=[],
        blank=True,
    )
    is_staff = models.BooleanField(_("works for a municipality"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="user_email_small_letters", condition=Q(email=None) | (Q(email=Lower("email")) & ~Q(email=""))
            ),
            models.CheckConstraint(
                name="user_quiet_has_both_ends",
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
            models.CheckConstraint(
                name="user_keeps_a_day",
                condition=Q(quiet_days__contained_by=list(range(7)), quiet_days__len__lt=7),
            ),
        ]

    def __str__(self) -> str:
        return self.first_name or self.email or str(self.pk)

    def clean(self) -> None:
        self.email = self.email.lower() if self.email else None

    def has_usable_password(self) -> bool:
        """Nobody has a password, however the row was made: allauth then never asks for one."""
        return False

    def get_full_name(self) -> str:
        return self.first_name

    def get_short_name(self) -> str:
        return self.first_name

    def municipalities(self) -> models.QuerySet[Municipality]:
        """The municipalities whose data this person may work with; none for who is not staff."""
        if not (self.is_active and self.is_staff):
            return Municipality.objects.none()
        if self.is_superuser:
            return Municipality.objects.all()
        return Municipality.objects.filter(staff_roles__user=self).distinct()


class StaffRole(models.Model):
    """What somebody does for a municipality. Without one, staff see nothing."""

    class Kind(models.TextChoices):
        CONTACT_PERSON = "contact", _("contact person")
        SOCIAL_TEAM = "team", _("social team")
        COORDINATOR = "coordinator", _("coordinator")

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="staff_roles", verbose_name=_("person"), db_index=False
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="staff_roles", verbose_name=_("municipality")
    )
    kind = models.CharField(_("role"), max_length=12, choices=Kind)

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")
        constraints = [models.UniqueConstraint("user", "municipality", "kind", name="staff_role_once")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_kind_display()}"
