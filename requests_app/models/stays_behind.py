"""What stays behind, as a list of its own for staff: the same rows as ``HelpRequest``."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, OuterRef, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from requests_app.models.event import Event
from requests_app.models.help_request import STAYS_BEHIND, HelpRequest
from requests_app.models.pick_up import RequestAsk
from villages.models import Tally


class Need(models.IntegerChoices):
    """Who has it, and whether that goes well: the first needs somebody of the team most."""

    LATE = 1, _("promised moment has passed")
    TEAM = 2, _("with the contact person")
    VOLUNTEERS = 3, _("volunteers are asked")


def need(now: datetime) -> Case:
    """The ``Need`` of a request, for a query."""
    return Case(
        When(owner_deadline_at__lt=now, then=Value(Need.LATE)),
        When(owner__isnull=False, then=Value(Need.TEAM)),
        default=Value(Need.VOLUNTEERS),
    )


class StaysBehindQuerySet(models.QuerySet["StaysBehind"]):
    def in_need(self, now: datetime) -> StaysBehindQuerySet:
        """In order of ``need``: what was promised and is late, what the team has, the rest; each the soonest first."""
        return self.filter(STAYS_BEHIND).annotate(need=need(now)).order_by("need", "needed_by", "pk")

    def with_what_was_tried(self) -> StaysBehindQuerySet:
        """With how many neighbours there are to see it, volunteers' answers, and since when the team has it."""
        asks = RequestAsk.objects.filter(help_request=OuterRef("pk"))
        handed = Event.objects.filter(help_request=OuterRef("pk"), kind=Event.Kind.TO_CONTACT).order_by("-pk")
        return self.annotate(
            neighbours=Subquery(Tally.objects.filter(village=OuterRef("village")).values("neighbours")),
            answers=ArraySubquery(asks.values("ask__answer")),
            handed_at=Subquery(handed.values("at")[:1]),
        )


class StaysBehind(HelpRequest):
    """An open request that neighbours left, where nobody comes yet."""

    objects = StaysBehindQuerySet.as_manager()  # type: ignore[assignment,misc]  # a list of its own

    class Meta:
        proxy = True
        verbose_name = _("request that stays behind")
        verbose_name_plural = _("requests that stay behind")
