"""Counters of a village."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, Q

from villages.models.village import Residency, Village


class Tally(models.Model):
    """Counters of one village, written in the transaction that changes them: no page counts rows."""

    village = models.OneToOneField(Village, on_delete=models.CASCADE, primary_key=True, related_name="tally")
    neighbours = models.IntegerField(default=0)
    open_requests = models.IntegerField(default=0)

    FIELDS: ClassVar[tuple[str, ...]] = ("neighbours", "open_requests")

    class Meta:
        constraints = [
            models.CheckConstraint(name="tally_not_negative", condition=Q(neighbours__gte=0, open_requests__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.neighbours} / {self.open_requests}"

    @classmethod
    def others(cls, village_id: int, person_id: int) -> int:
        """How many neighbours there are beside this person, who is counted only when a neighbour too."""
        home = Residency.objects.active().filter(village=village_id, user=person_id, confirmed_at__isnull=False)
        found = cls.objects.filter(pk=village_id).values_list("neighbours", Exists(home)).first()
        return found[0] - found[1] if found else 0

    @classmethod
    def add(cls, village_id: int, *, neighbours: int = 0, open_requests: int = 0) -> None:
        """Count with the change itself, in the caller's transaction; take this row's lock last."""
        changed = cls.objects.filter(pk=village_id).update(
            neighbours=F("neighbours") + neighbours, open_requests=F("open_requests") + open_requests
        )
        if not changed:  # the first of this village
            _, created = cls.objects.get_or_create(
                pk=village_id, defaults={"neighbours": neighbours, "open_requests": open_requests}
            )
            if not created:  # somebody else was first, between the two
                cls.add(village_id, neighbours=neighbours, open_requests=open_requests)
