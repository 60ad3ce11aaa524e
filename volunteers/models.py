"""Volunteers, what they were asked, and what they took on. A request is only a number here: the ``subject``."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from villages.models import Village

WEEK_LIMIT = 2  # asks a week unless somebody chooses otherwise: what volunteers elsewhere bear
OFTEN = 7  # "more often": never two on a day is then the only limit
MONTH_LIMIT = 4  # jobs a month
# Of the week, Monday first: the form's table, and what a request is asked for.
MOMENTS = [f"{day}-{part}" for day in range(7) for part in ("morning", "afternoon", "evening")]
# What each category is called: filled by the app above when it is ready, like a message's kind.
CATEGORY_WORDS: dict[str, Any] = {}


class Volunteer(models.Model):
    """Somebody who may be asked for what is left over, within the limits they set themselves."""

    class WeekLimit(models.IntegerChoices):
        NOTHING = 0, _("nothing for now")
        ONE = 1, _("1 time a week")
        TWO = 2, _("2 times a week")
        OFTEN = OFTEN, _("more often")

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    village = models.ForeignKey(
        Village,
        on_delete=models.PROTECT,
        related_name="volunteers",
        verbose_name=_("village"),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="volunteer",
        verbose_name=_("person"),
    )
    categories = ArrayField(
        models.CharField(max_length=12),
        verbose_name=_("likes to do"),
        default=list,
        blank=True,
    )
    # Moments of the week; none chosen: any.
    suits = ArrayField(models.CharField(max_length=11), verbose_name=_("can help on"), default=list, blank=True)
    # Counts asks; given back when an ask is withdrawn before an answer.
    week_limit = models.PositiveSmallIntegerField(_("asks a week"), choices=WeekLimit, default=WEEK_LIMIT)
    # Counts jobs accepted.
    month_limit = models.PositiveSmallIntegerField(_("jobs a month"), default=MONTH_LIMIT)
    paused_until = models.DateTimeField(_("takes a break until"), null=True, blank=True)
    # After silence: the person need not do anything, we leave them alone for a while.
    resting_until = models.DateTimeField(_("left alone until"), null=True, blank=True)
    # The certificate of conduct that some categories demand, as seen by staff.
    certificate_until_on = models.DateField(_("certificate of conduct until"), null=True, blank=True)
    joined_at = models.DateTimeField(_("volunteer since"), default=timezone.now)
    ended_at = models.DateTimeField(_("stopped"), null=True, blank=True)

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        indexes = [
            # Read when a wave is chosen.
            models.Index("village", name="volunteer_of_village", condition=Q(ended_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="volunteer_limits",
                condition=Q(week_limit__in=[0, 1, 2, OFTEN], month_limit__lte=31),
            ),
            models.CheckConstraint(name="volunteer_moments", condition=Q(suits__contained_by=MOMENTS)),
        ]

    def __str__(self) -> str:
        return str(self.user)


class AskQuerySet(models.QuerySet["Ask"]):
    def open(self) -> AskQuerySet:
        return self.filter(answer=Ask.Answer.OPEN)

    def counting(self) -> AskQuerySet:
        """Those that count for the week: also after a no or silence, not when it was settled before the answer."""
        return self.exclude(answer=Ask.Answer.WITHDRAWN)


class Ask(models.Model):
    """One volunteer, one request: may we ask you something?"""

    class Answer(models.TextChoices):
        OPEN = "open", _("no answer yet")
        YES = "yes", _("yes")
        NO = "no", _("not this time")
        WITHDRAWN = "withdrawn", _("settled before the answer")
        SILENT = "silent", _("no answer")

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.CASCADE, related_name="asks", verbose_name=_("volunteer")
    )
    subject = models.BigIntegerField(_("number of the request"))
    wave = models.PositiveSmallIntegerField(_("wave"), default=1)
    # What the choice was made on: the chance of a yes and the reasons, for "Why are you asking me?".
    chance = models.FloatField(_("chance of a yes"))
    reasons = ArrayField(models.CharField(max_length=20), verbose_name=_("reasons"), default=list, blank=True)
    # And what those were worked out of: place in the queue, chance of one yes so far, own record.
    figures = models.JSONField(default=dict, db_default={}, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, default=Answer.OPEN)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("ask")
        verbose_name_plural = _("asks")
        indexes = [
            # The record of one volunteer: budget, chance, whose turn it is.
            models.Index(fields=["volunteer", "-asked_at"], name="ask_record"),
            # Everything that is open for one request: stop the bell.
            models.Index("subject", name="ask_open_for_subject", condition=Q(answer="open")),
        ]
        constraints = [
            models.UniqueConstraint("volunteer", name="ask_one_open", condition=Q(answer="open")),
            models.UniqueConstraint(
                "volunteer",
                "subject",
                name="ask_once",
                condition=Q(answer__in=["open", "yes", "no", "silent"]),
            ),
            models.CheckConstraint(
                name="ask_answer_has_moment",
                condition=Q(answer="open", answered_at=None) | (~Q(answer="open") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer}: {self.get_answer_display()}"


class JobQuerySet(models.QuerySet["Job"]):
    def kept(self) -> JobQuerySet:
        return self.filter(given_back_at=None)


class Job(models.Model):
    """A volunteer took something on, asked or from the board."""

    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.CASCADE, related_name="jobs", verbose_name=_("volunteer")
    )
    subject = models.BigIntegerField(_("number of the request"))
    on = models.DateField(_("day"))  # the day the help is needed, in the village
    taken_at = models.DateTimeField(_("taken"), default=timezone.now)
    given_back_at = models.DateTimeField(_("given back"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["volunteer", "-taken_at"], name="job_record")]
        constraints = [
            models.UniqueConstraint("volunteer", "subject", name="job_once", condition=Q(given_back_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer}, {self.on}"


def volunteer_of(user_pk: int) -> Volunteer | None:
    """This person as an active volunteer, if they are one."""
    return Volunteer.objects.filter(user=user_pk, ended_at=None).first()
