"""From which moment on the clock looks for what is due."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class DueMark(models.Model):
    """One row: no active request has its next moment before ``low_at``. Written by two functions of the database.

    ``looked_back_at`` is when the sweep last looked for older ones all the same.
    """

    low_at = models.DateTimeField()
    looked_back_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(name="due_mark_is_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.low_at:%Y-%m-%d %H:%M}"
