"""Villages and districts, who lives there, and who is the face of the social team there."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import Municipality, User
from accounts.quiet import Rest
from notifications.models import Digest
from villages import daylight
from villages.codes import CODE_LENGTH, code_end, new_code

RESIDENCY_VALID = timedelta(days=730)


class ContactPerson(models.Model):
    """The face of one or more villages, from the social team: name, phone and hours stand on every page."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contact_for", verbose_name=_("person")
    )
    name = models.CharField(_("name on the pages"), max_length=40)
    phone = PhoneNumberField(_("phone number"))
    hours = models.CharField(_("hours"), max_length=120)
    hours_en = models.CharField(_("hours, in English"), max_length=120, blank=True)
    # On leave, the last day included: ``standing_in`` gives the villages to somebody else meanwhile.
    away_from_on = models.DateField(_("away from"), null=True, blank=True)
    away_until_on = models.DateField(_("away until and including"), null=True, blank=True)
    stand_in = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, verbose_name=_("who stands in"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        constraints = [
            models.CheckConstraint(
                name="contact_person_leave",
                condition=Q(away_from_on=None, away_until_on=None) | Q(away_until_on__gte=F("away_from_on")),
            ),
            models.CheckConstraint(name="contact_person_other_stands_in", condition=~Q(stand_in=F("id"))),
        ]

    def __str__(self) -> str:
        return self.name


class PostcodeArea(models.Model):
    """The four digits of a postcode, within one municipality: what a district is made of."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="postcode_areas", verbose_name=_("municipality")
    )
    pc4 = models.CharField(_("postcode"), max_length=4)
    place = models.CharField(_("place"), max_length=80)
    lat = models.FloatField()
    lon = models.FloatField()

    class Meta:
        ordering = ["pc4"]
        verbose_name = _("postcode area")
        verbose_name_plural = _("postcode areas")
        constraints = [models.UniqueConstraint("pc4", "municipality", "place", name="postcode_area_once")]

    def __str__(self) -> str:
        return f"{self.pc4} {self.place}"


MOST_QUIET = timedelta(
    hours=16
)  # with less than eight hours a day left, an evening's step waits for the next afternoon
A_DAY = timedelta(days=1)
WEEK = list(range(7))
# A day less where the night goes over midnight.
QUIET_FOR = ExpressionWrapper(F("quiet_until") - F("quiet_from"), output_field=models.DurationField())


class VillageQuerySet(models.QuerySet["Village"]):
    def switched_on(self) -> VillageQuerySet:
        return self.exclude(switched_on_at=None)


class Village(models.Model):
    """A village or a district: the unit in which neighbours ask and help each other."""

    class Kind(models.TextChoices):
        PLACE = "place", _("village or town")
        DISTRICT = "district", _("district")

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="villages", verbose_name=_("municipality"), db_index=False
    )
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PLACE)
    # A second village of this name exists elsewhere: then the municipality is shown with it.
    shares_name = models.BooleanField(default=False, editable=False)
    pc4s = ArrayField(models.CharField(max_length=4), verbose_name=_("postcodes"), default=list, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    contact_person = models.ForeignKey(
        ContactPerson, models.PROTECT, null=True, blank=True, related_name="villages", verbose_name=_("contact person")
    )
    # Whose village it is once the leave is over; empty: nobody stands in.
    usual_contact = models.ForeignKey(ContactPerson, models.SET_NULL, null=True, blank=True, related_name="+")
    switched_on_at = models.DateTimeField(_("switched on"), null=True, blank=True)
    # Nobody is asked between these hours; two equal times: never quiet.
    quiet_from = models.TimeField(_("quiet from"), default=time(21))
    quiet_until = models.TimeField(_("quiet until"), default=time(8))
    # Nor on these days of the week (Monday is 0), and on public holidays where the village keeps those.
    quiet_days = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("quiet days"), default=list, db_default=[], blank=True
    )
    quiet_on_holidays = models.BooleanField(_("quiet on public holidays"), default=False, db_default=False)
    # Rungs that are left out here: what is left then goes to the next one, in the end to the contact person.
    skips_neighbours = models.BooleanField(_("requests are not on the board here"), default=False, db_default=False)
    skips_groups = models.BooleanField(_("groups are not asked here"), default=False, db_default=False)
    skips_volunteers = models.BooleanField(_("volunteers are not asked here"), default=False, db_default=False)
    # What the groups of this village do, kept by a trigger: without a group the ladder asks for none.
    group_categories = ArrayField(models.CharField(max_length=12), default=list, db_default=[], editable=False)
    letter_code = models.CharField(_("code on letters"), max_length=CODE_LENGTH, default=new_code, unique=True)
    letter_code_until = models.DateTimeField(_("code valid until"), default=code_end)

    objects = VillageQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("village")
        verbose_name_plural = _("villages")
        indexes = [models.Index("name", name="village_name")]
        constraints = [
            models.UniqueConstraint("municipality", "name", name="village_once_in_municipality"),
            # What the composite foreign keys of the tables above point to.
            models.UniqueConstraint("id", "municipality", name="village_in_municipality"),
            models.CheckConstraint(
                name="village_on_has_contact_person",
                condition=Q(switched_on_at=None) | Q(contact_person__isnull=False),
            ),
            # A day of the week is left at least,
            models.CheckConstraint(
                name="village_keeps_a_day",
                condition=Q(quiet_days__contained_by=WEEK, quiet_days__len__lt=len(WEEK)),
            ),
            # and some of every day to ask somebody in.
            models.CheckConstraint(
                name="village_is_awake",
                condition=Q(LessThanOrEqual(QUIET_FOR, MOST_QUIET), quiet_from__lte=F("quiet_until"))
                | Q(LessThanOrEqual(QUIET_FOR, MOST_QUIET - A_DAY), quiet_from__gt=F("quiet_until")),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def rests(self) -> tuple[Rest, ...]:
        """When nobody is asked here: the quiet hours, and the quiet days if there are any."""
        return daylight.rests(self.quiet_from, self.quiet_until, tuple(self.quiet_days), self.quiet_on_holidays)

    @property
    def label(self) -> str:
        """The name; with the municipality when another place is called the same."""
        return f"{self.name} ({self.municipality.name})" if self.shares_name else self.name


class ResidencyQuerySet(models.QuerySet["Residency"]):
    def active(self) -> ResidencyQuerySet:
        return self.filter(ended_at=None)

    def confirmed(self, now: datetime) -> ResidencyQuerySet:
        """Who is known to live there: may see the board and help."""
        return self.active().filter(confirmed_at__isnull=False, expires_at__gt=now)

    def waiting(self) -> ResidencyQuerySet:
        return self.active().filter(confirmed_at=None)


class Residency(models.Model):
    """Somebody lives in a village: claimed first, then proven for a time."""

    class Proof(models.TextChoices):
        NONE = "", _("not yet")
        CODE = "code", _("code from a letter")
        CONTACT_PERSON = "contact", _("seen by the contact person")

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality"), db_index=False
    )
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="residencies", verbose_name=_("village")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="residencies", verbose_name=_("person")
    )
    street = models.CharField(_("street"), max_length=80, blank=True)
    proof = models.CharField(_("proof"), max_length=10, choices=Proof, default=Proof.NONE, blank=True)
    claimed_at = models.DateTimeField(_("since"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # Read mark: everything posted before this moment was on the board when this neighbour looked.
    board_seen_at = models.DateTimeField(_("looked at the board"), null=True, blank=True, editable=False)

    objects = ResidencyQuerySet.as_manager()

    class Meta:
        ordering = ["-claimed_at"]
        verbose_name = _("residency")
        verbose_name_plural = _("residencies")
        indexes = [
            models.Index("village", "claimed_at", name="residency_of_village", condition=Q(ended_at=None)),
            # Who waits for a yes of the contact person, longest first.
            models.Index(
                "municipality", "claimed_at", name="residency_waiting", condition=Q(ended_at=None, confirmed_at=None)
            ),
            # The list of staff, newest first.
            models.Index(fields=["municipality", "-id"], name="residency_of_municipality"),
        ]
        constraints = [
            # One home at a time: "my village" stands on every page.
            models.UniqueConstraint("user", name="residency_one_home", condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="residency_proof_has_end",
                condition=Q(confirmed_at__isnull=True, proof="")
                | (Q(confirmed_at__isnull=False, expires_at__isnull=False) & ~Q(proof="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.village}"

    def is_proven(self, now: datetime) -> bool:
        """Known to live there: sees the board and may help."""
        return self.ended_at is None and self.expires_at is not None and self.expires_at > now


class CodeAttempt(models.Model):
    """Somebody tried the code of a letter; kept for a day, to slow down who tries them all."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    ip = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["user", "at"], name="attempt_of_person"),
            models.Index(fields=["ip", "at"], name="attempt_from_address"),
            models.Index("at", name="attempt_old"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ({self.at:%Y-%m-%d %H:%M})"


def home_of(user: User) -> Residency | None:
    """Where somebody lives, confirmed or not; with what ``homes_of`` fetches."""
    return homes_of(user).first()


def homes_of(user: User) -> ResidencyQuerySet:
    """Where somebody lives, one at most; with the village, its municipality and its contact person.

    ``hears_news`` of it: whether this person gets a digest, so that what they saw on the board is remembered.
    """
    hears_news = Exists(Digest.objects.filter(user=OuterRef("user"), next_at__isnull=False))
    homes = Residency.objects.active().filter(user=user).annotate(hears_news=hears_news)
    return homes.select_related("village__municipality", "village__contact_person", "village__tally")
