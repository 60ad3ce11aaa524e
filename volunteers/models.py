"""Volunteers, what they were asked, and what they took on. A request is only a number here: the ``subject``."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from villages.models import Village

WEEK_LIMIT = 2  # asks a week unless somebody chooses otherwise: what volunteers elsewhere bear
OFTEN = 7  # "more often": never two on a day is then the only limit
MONTH_LIMIT = 4  # jobs a month
NEWCOMER_WITHIN = timedelta(days=14)  # a first fitting ask; who waits longer is shown to staff
# Of the week, Monday first: the form's table, and what a request is asked for.
MOMENTS = [f"{day}-{part}" for day in range(7) for part in ("morning", "afternoon", "evening")]
# The moments at which the clock has a word for a volunteer.
CLOCK_WORDS = ("pause_word_at", "certificate_word_at", "check_at", "retire_at")
# With which one can give a lift.
CARS = ("car", "roomy_car")
# What each category is called: filled by the app above when it is ready, like a message's kind.
CATEGORY_WORDS: dict[str, Any] = {}
# And each moment of the week.
MOMENT_WORDS: dict[str, Any] = {}


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def waiting(self) -> VolunteerQuerySet:
        """Signed up, and the contact person has not said yes yet."""
        return self.filter(approved_at=None, ended_at=None)

    def in_touch(self) -> VolunteerQuerySet:
        """May be asked as far as the contact person and the clock are concerned."""
        return self.filter(approved_at__isnull=False, retired_at=None, ended_at=None)

    def not_asked_yet(self, before: datetime) -> VolunteerQuerySet:
        """Newcomers, welcomed before this moment, who want to be asked and never were.

        An ask that was settled before they could answer it was none: see ``AskQuerySet.counting``.
        """
        asked = Exists(Ask.objects.counting().filter(volunteer=OuterRef("pk")))
        return self.in_touch().filter(~asked, approved_at__lte=before, week_limit__gt=0)

    def overdue(self, before: datetime) -> VolunteerQuerySet:
        """To whom the clock should have said something before this moment."""
        return self.filter(reduce(or_, (Q(**{f"{column}__lt": before}) for column in CLOCK_WORDS)))


class Volunteer(models.Model):
    """Somebody who may be asked for what is left over, within the limits they set themselves."""

    class WeekLimit(models.IntegerChoices):
        NOTHING = 0, _("nothing for now")
        ONE = 1, _("1 time a week")
        TWO = 2, _("2 times a week")
        OFTEN = OFTEN, _("more often")

    class Where(models.TextChoices):
        ANYWHERE = "anywhere", _("At people's homes too")
        OUTSIDE = "outside", _("Only outdoors or at the door")
        PLACE = "place", _("Only at a place, like the village hall")

    class Transport(models.TextChoices):
        WALK = "walk", _("On foot")
        BIKE = "bike", _("By bike")
        CAR = "car", _("By car")
        ROOMY_CAR = "roomy_car", _("By car, with room for a walking frame")

    class Language(models.TextChoices):
        DUTCH = "nl", _("Dutch")
        ENGLISH = "en", _("English")
        GERMAN = "de", _("German")
        FRENCH = "fr", _("French")
        SPANISH = "es", _("Spanish")
        TURKISH = "tr", _("Turkish")
        ARABIC = "ar", _("Arabic")
        POLISH = "pl", _("Polish")
        UKRAINIAN = "uk", _("Ukrainian")
        TIGRINYA = "ti", _("Tigrinya")
        SIGNS = "sign", _("Sign language")

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
    where = models.CharField(
        _("helps where"), max_length=8, choices=Where, default=Where.ANYWHERE, db_default=Where.ANYWHERE
    )
    # Nothing said: asked for a lift too.
    transport = ArrayField(
        models.CharField(max_length=9, choices=Transport), verbose_name=_("comes by"), default=list, blank=True
    )
    languages = ArrayField(
        models.CharField(max_length=4, choices=Language), verbose_name=_("speaks"), default=list, blank=True
    )
    buddy = models.BooleanField(_("rather together"), default=False, db_default=False)
    light = models.BooleanField(_("rather light jobs"), default=False, db_default=False)
    # Counts asks; given back when an ask is withdrawn before an answer.
    week_limit = models.PositiveSmallIntegerField(_("asks a week"), choices=WeekLimit, default=WEEK_LIMIT)
    # Counts jobs accepted.
    month_limit = models.PositiveSmallIntegerField(_("jobs a month"), default=MONTH_LIMIT)
    paused_until = models.DateTimeField(_("takes a break until"), null=True, blank=True)
    # After silence: the person need not do anything, we leave them alone for a while, longer each time in a row.
    resting_until = models.DateTimeField(_("left alone until"), null=True, blank=True)
    silences = models.PositiveSmallIntegerField(_("times without an answer"), default=0, db_default=0)
    # The certificate of conduct that some categories demand, as seen by staff.
    certificate_seen_on = models.DateField(_("certificate of conduct seen on"), null=True, blank=True)
    certificate_until_on = models.DateField(_("certificate of conduct until"), null=True, blank=True)
    joined_at = models.DateTimeField(_("volunteer since"), default=timezone.now)
    # The contact person's yes: until then nothing is asked. A talk first is fine too.
    approved_at = models.DateTimeField(_("welcomed"), null=True, blank=True)
    talk_first_at = models.DateTimeField(_("a talk first, since"), null=True, blank=True)
    # Softly: nothing was heard for long, so nothing is asked until one tap says otherwise.
    retired_at = models.DateTimeField(_("left in peace since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    # When the clock has a word for this volunteer; empty: it has none. Written by ``verbs`` and ``care``.
    pause_word_at = models.DateTimeField(null=True, blank=True)  # "your break ends tomorrow"
    certificate_word_at = models.DateTimeField(null=True, blank=True)  # "your certificate ends on …"
    check_at = models.DateTimeField(_("asked again whether all is right"), null=True, blank=True)  # once a year
    retire_at = models.DateTimeField(null=True, blank=True)  # asked, and not answered yet: then left in peace

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        indexes = [
            # Read when a wave is chosen.
            models.Index("village", name="volunteer_of_village", condition=Q(ended_at=None)),
            # Who waits for the contact person's yes, longest first.
            models.Index(
                "municipality", "joined_at", name="volunteer_waiting", condition=Q(approved_at=None, ended_at=None)
            ),
            # Read by the sweeps of ``care``; each holds what is still to be said.
            *(
                models.Index(column, name=f"volunteer_{column}", condition=Q(**{f"{column}__isnull": False}))
                for column in CLOCK_WORDS
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="volunteer_limits",
                condition=Q(week_limit__in=[0, 1, 2, OFTEN], month_limit__lte=31),
            ),
            models.CheckConstraint(name="volunteer_moments", condition=Q(suits__contained_by=MOMENTS)),
            models.CheckConstraint(name="volunteer_where", condition=Q(where__in=["anywhere", "outside", "place"])),
            models.CheckConstraint(
                name="volunteer_certificate_word",
                condition=Q(certificate_word_at=None) | Q(certificate_until_on__isnull=False),
            ),
            # Asked whether all is right, or to be asked: never both, and who is left in peace is left in peace.
            models.CheckConstraint(
                name="volunteer_one_question",
                condition=Q(check_at=None, retire_at=None)
                | Q(retired_at=None, retire_at=None)
                | Q(retired_at=None, check_at=None),
            ),
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
        Volunteer, on_delete=models.CASCADE, related_name="asks", verbose_name=_("volunteer"), db_index=False
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
        return f"{self.volunteer}, {self.asked_at:%Y-%m-%d}"  # never the answer: a no is nobody else's business


class JobQuerySet(models.QuerySet["Job"]):
    def kept(self) -> JobQuerySet:
        return self.filter(given_back_at=None)


class Job(models.Model):
    """A volunteer took something on, asked or from the board."""

    volunteer = models.ForeignKey(
        Volunteer, on_delete=models.CASCADE, related_name="jobs", verbose_name=_("volunteer"), db_index=False
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
