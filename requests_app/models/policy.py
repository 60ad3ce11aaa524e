"""The numbers of the ladder, per municipality and category; each version is kept as it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from requests_app import sensible
from requests_app.categories import Category
from requests_app.ladder import MOST_WAVES, Numbers


def default_goals() -> list[float]:
    return [0.60, 0.80, 0.90, 0.98]


def default_caps() -> list[int]:
    return [12, 24, 36, 36]


class Holds(models.Func):
    """True where PostgreSQL says so of one column: what it can say of a list, Django has no words for."""

    output_field = models.BooleanField()
    arity = 1

    def __init__(self, column: str, template: str) -> None:
        super().__init__(models.F(column), template=template)

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, Any]:
        """The column stands in the template as often as is needed; so does a value, where one is tried."""
        sql, params = super().as_sql(*args, **kwargs)
        return sql, [*params] * self.extra["template"].count("%(expressions)s")

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """For migrations: the two words it was made of."""
        column: Any = self.source_expressions[0]
        return f"{Holds.__module__}.Holds", [column.name, self.extra["template"]], {}


# Each chance is at least the one before it: a list has no such word, so each pair has its own.
RISES = " AND ".join(
    f"(%(expressions)s)[{n}] <= (%(expressions)s)[{n + 1}] IS NOT FALSE" for n in range(1, MOST_WAVES)
)


def _lasts(name: str, least: timedelta = timedelta(0)) -> Q:
    """A fixed time, where there is one, is no shorter than this and no longer than anybody waits."""
    return Q(**{name: None}) | Q(**{f"{name}__range": (least, sensible.LONGEST)})


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
        Municipality, on_delete=models.PROTECT, related_name="policies", verbose_name=_("municipality"), db_index=False
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
    group = models.FloatField(_("groups, share"), default=0.12, db_default=0.12)
    first_wave = models.FloatField(_("first volunteers, share"), default=0.25)
    first_wave_within_a_day = models.FloatField(_("the same under a day, share"), default=0.10)
    between_waves = models.FloatField(_("between waves, share"), default=0.12)
    contact = models.FloatField(_("contact person, share"), default=0.70)
    circle_after = models.DurationField(_("own circle, time"), null=True, blank=True)
    group_after = models.DurationField(_("groups after"), null=True, blank=True)
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

    # Rungs that are left out: what is left goes to the next one, in the end to the contact person.
    skips_neighbours = models.BooleanField(_("it is not on the board"), default=False, db_default=False)
    skips_groups = models.BooleanField(_("groups are not asked"), default=False, db_default=False)
    skips_volunteers = models.BooleanField(_("volunteers are not asked"), default=False, db_default=False)

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
            models.CheckConstraint(name="policy_circle_share", condition=Q(circle__gt=0, circle__lt=1)),
            models.CheckConstraint(name="policy_group_share", condition=Q(group__range=(0, 1))),
            models.CheckConstraint(
                name="policy_asks_somebody",
                condition=Q(skips_neighbours=False) | Q(skips_groups=False) | Q(skips_volunteers=False),
            ),
            models.CheckConstraint(name="policy_has_waves", condition=Q(goals__len__gt=0, caps__len__gt=0)),
            models.CheckConstraint(
                name="policy_goals_rise",
                condition=Q(goals__len__lte=MOST_WAVES)
                & Q(Holds("goals", "0 < ALL(%(expressions)s)"))
                & Q(Holds("goals", "1 > ALL(%(expressions)s)"))
                & Q(Holds("goals", RISES)),
            ),
            models.CheckConstraint(
                name="policy_caps_ask_somebody",
                condition=Q(Holds("caps", "1 <= ALL(%(expressions)s)"))
                & Q(Holds("caps", f"{sensible.MOST_ASKED} >= ALL(%(expressions)s)")),
            ),
            models.CheckConstraint(
                name="policy_volunteers_first",
                condition=Q(contact__lt=1)
                & (
                    Q(skips_volunteers=True)
                    | Q(contact__gt=models.F("first_wave")) & Q(contact__gt=models.F("first_wave_within_a_day"))
                )
                & (
                    Q(skips_volunteers=True)
                    | Q(contact_after=None)
                    | Q(first_wave_after__isnull=False, contact_after__gt=models.F("first_wave_after"))
                ),
            ),
            models.CheckConstraint(
                name="policy_times_go_on",
                condition=_lasts("circle_after")
                & _lasts("group_after")
                & _lasts("first_wave_after")
                & _lasts("between_waves_after", least=timedelta(seconds=1))
                & _lasts("contact_after"),
            ),
            models.CheckConstraint(
                name="policy_office_hours", condition=Q(office_hours__lte=sensible.MOST_OFFICE_HOURS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {self.get_category_display() if self.category else ''} v{self.version}"

    @cached_property
    def numbers(self) -> Numbers:
        """What it states, as the plain values of the ladder; worked out once, as a version never changes."""
        return Numbers(
            circle=self.circle,
            group=self.group,
            first_wave=self.first_wave,
            first_wave_within_a_day=self.first_wave_within_a_day,
            between_waves=self.between_waves,
            contact=self.contact,
            circle_after=self.circle_after,
            group_after=self.group_after,
            first_wave_after=self.first_wave_after,
            between_waves_after=self.between_waves_after,
            contact_after=self.contact_after,
            goals=tuple(self.goals),
            caps=tuple(self.caps),
            widen_share=self.widen_share,
            office_hours=self.office_hours,
            neighbours=not self.skips_neighbours,
            groups=not self.skips_groups,
            volunteers=not self.skips_volunteers,
        )
