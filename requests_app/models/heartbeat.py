"""That the clock runs: one row, in the only place that is true."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """The last time that the clock looked whether something was due. No row: it never ran here."""

    SWEEP = "sweep"

    name = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} ({self.at:%Y-%m-%d %H:%M})"
