"""Figures as the clock wrote them down: numbers of a village and a municipality, never a person."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from requests_app.categories import Category
from villages.models import Village


class MonthFigures(models.Model):
    """The requests posted in one month, of one village and category.

    What the numbers mean stands in ``figures.rates.Counts``.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.CharField(_("category"), max_length=12, choices=Category)
    month_on = models.DateField(_("month"))  # its first day
    made_at = models.DateTimeField()
    closed = models.BooleanField()  # a trigger refuses every change from then on
    asked = models.PositiveIntegerField()
    neighbour = models.PositiveIntegerField()
    group = models.PositiveIntegerField()
    volunteer = models.PositiveIntegerField()
    team = models.PositiveIntegerField()
    nobody = models.PositiveIntegerField()
    not_needed = models.PositiveIntegerField()
    known_24 = models.PositiveIntegerField()
    open_24 = models.PositiveIntegerField()
    known_48 = models.PositiveIntegerField()
    open_48 = models.PositiveIntegerField()
    asks = models.PositiveIntegerField()
    yes = models.PositiveIntegerField()
    waits = ArrayField(models.PositiveIntegerField())

    class Meta:
        ordering = ["month_on", "village", "category"]
        constraints = [
            models.UniqueConstraint("village", "month_on", "category", name="month_figures_once"),
        ]
        indexes = [models.Index(fields=["municipality", "month_on"], name="month_figures_of_municipality")]

    def __str__(self) -> str:
        return f"{self.village}, {self.get_category_display()}, {self.month_on:%Y-%m}"


class QuarterToShare(models.Model):
    """What was published of a municipality's quarter, small numbers left out. Made once; it never changes.

    Another version with other numbers left out would let the two be subtracted.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    quarter_on = models.DateField()  # its first day
    made_at = models.DateTimeField()
    numbers = models.JSONField()

    class Meta:
        ordering = ["municipality", "-quarter_on"]
        constraints = [models.UniqueConstraint("municipality", "quarter_on", name="quarter_to_share_once")]

    def __str__(self) -> str:
        return f"{self.municipality}, {self.quarter_on:%Y-%m}"


class UsualWait(models.Model):
    """How long finding somebody mostly takes for this, in this village: told to who asks."""

    village = models.ForeignKey(Village, on_delete=models.CASCADE, related_name="+", db_index=False)
    category = models.CharField(_("category"), max_length=12, choices=Category)
    requests = models.PositiveIntegerField()
    half = models.DurationField()
    most = models.DurationField(null=True)  # 8 in 10; empty: not so many found somebody
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("village", "category", name="usual_wait_once")]

    def __str__(self) -> str:
        return f"{self.village}, {self.get_category_display()}"


class FiguresCounted(models.Model):
    """When the figures of a municipality were last counted: the clock does so once a day."""

    municipality = models.OneToOneField(Municipality, on_delete=models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.municipality}, {self.at:%Y-%m-%d %H:%M}"
