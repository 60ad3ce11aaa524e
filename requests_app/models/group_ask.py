"""What was put before which group."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef

from accounts.models import User
from requests_app.models.help_request import HelpRequest
from villages.models import Group


class GroupAsk(models.Model):
    """A request lies before a group: its people see it, also where it is not on the board."""

    help_request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="group_asks", db_index=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="group_asks", db_index=False)
    put_at = models.DateTimeField()  # the last time: a new window of the ladder puts it there again

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["group", "-id"], name="group_ask_of_group")]
        constraints = [models.UniqueConstraint("help_request", "group", name="group_ask_once")]

    def __str__(self) -> str:
        return f"{self.help_request}: {self.group}"

    @staticmethod
    def before(user: User, now: datetime) -> Exists:
        """Of a request: it lies before a group of this person."""
        groups = Group.objects.of(user, now).values("pk")
        return Exists(GroupAsk.objects.filter(help_request=OuterRef("pk"), group__in=groups))
