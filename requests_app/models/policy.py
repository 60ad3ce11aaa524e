"""The numbers of the ladder, per municipality and category; each version is kept as it was."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from requests_app.categories import Category


def default_goals() -> list[float]:
    return [0.60, 0.80, 0.90, 0.95]


def default_caps() -> list[int]:
    return [12, 24, 36, 36]


class PolicyQuerySet(models.QuerySet["Policy"]):
    def newest(self, municipality: Municipality, category: str) -> Policy | None:
        """The newest version for this category, else for all categories; None when there is none."""
        rows = self.filter(municipality=municipality, switched_off_at=None, category__in=[category, ""])
        return rows.order_by("-category", "-version").first()

    def current(self, municipality: Municipality, category: str) -> Policy:
        """The same; where a municipality has none, the defaults become its next version."""
        newest = self.newest(municipality, category)
        if newest is not None:
            return newest
        last = self.filter(municipality=municipality, category="").order_by("-version").first()
        version = last.version + 1 if last else 1
        return self.get_or_create(municipality=municipality, category="", version=version)[0]


class Policy(models.Model):
    """When the ladder takes which step. Shares are of a request's own window; a fixed time wins over a share.

    Rows are immutable but for ``switched_off_at`` (a trigger): a running request keeps the version it
    started with. The defaults are those of the architecture page, the outcome of simulation over ten worlds.
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="policies", verbose_name=_("municipality")
    )
    category = models.CharField(_("category"), max_length=12, choices=Category, blank=True)  # blank: all
    version = models.PositiveIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("made by"),
        null=True,
        blank=True,
        related_name="+",
    )
    switched_off_at = models.DateTimeField(_("switched off"), null=True, blank=True)

    circle = models.FloatField(_("own circle, share"), default=0.25, db_default=0.25)
    first_wave = models.FloatField(_("first volunteers, share"), default=0.25)
    first_wave_within_a_day = models.FloatField(_("the same under a day, share"), default=0.10)
    between_waves = models.FloatField(_("between waves, share"), default=0.12)
    contact = models.FloatField(_("contact person, share"), default=0.70)
    circle_after = models.DurationField(_("own circle, time"), null=True, blank=True)
    first_wave_after = models.DurationField(_("first volunteers after"), null=True, blank=True)
    between_waves_after = models.DurationField(_("between waves, time"), null=True, blank=True)
    contact_after = models.DurationField(_("contact person after"), null=True, blank=True)
    goals = ArrayField(
        models.FloatField(),
        verbose_name=_("chance of a yes per wave"),
        default=default_goals,
    )
    caps = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("most asked per wave"),
        default=default_caps,
    )
    widen_share = models.FloatField(_("other categories too after, share"), default=0.50)
    # Working hours that the contact person keeps before the help is needed, and has to react in; 0: none.
    office_hours = models.PositiveSmallIntegerField(_("working hours for the contact person"), default=4)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["municipality", "category", "-version"]
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            models.UniqueConstraint("municipality", "category", "version", name="policy_version_once"),
            models.CheckConstraint(
                name="policy_shares",
                condition=Q(first_wave__range=(0, 1), first_wave_within_a_day__range=(0, 1))
                & Q(
                    between_waves__range=(0.01, 1),
                    contact__range=(0, 1),
                    widen_share__range=(0, 1),
                ),
            ),
            models.CheckConstraint(name="policy_circle_share", condition=Q(circle__range=(0, 1))),
            models.CheckConstraint(name="policy_has_waves", condition=Q(goals__len__gt=0, caps__len__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.get_category_display() if self.category else ''} v{self.version}"
