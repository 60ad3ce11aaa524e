"""Something a neighbour does anyway, with room for others: a trip to the shop, soup that is left over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, User
from moderation.blocking import blocked_with
from villages.models import Residency, Village

MAX_PLACES = 6
SPARE_TITLE_LENGTH = 60
NOTE_LENGTH = 80


class SpareKind(models.TextChoices):
    GOING = "going", _("going somewhere")
    SHARING = "sharing", _("something to share")


class What(models.TextChoices):
    """What one place is good for. A trip names one or more, something to share is portions."""

    GROCERIES = "groceries", _("Groceries")
    PERSON = "person", _("1 person")
    PARCEL = "parcel", _("A parcel")
    PORTION = "portion", _("1 portion")


class SpareOfferQuerySet(models.QuerySet["SpareOffer"]):
    def visible_to(self, user: User) -> SpareOfferQuerySet:
        """What stands on the board of this person's village, what is theirs, and what they joined.

        Two people who are kept apart never see each other's, whoever of them wished it.
        """
        now = timezone.now()
        homes = Residency.objects.confirmed(now).filter(user=user).values("village")
        of_village = Q(village__in=homes, withdrawn_at=None, hidden_at=None, leaves_at__gt=now)
        others = self.not_apart_from(user).filter(of_village | joined_by(user))
        return self.filter(Q(pk__in=others.values("pk")) | Q(author=user))

    def on_board_of(self, village_pk: int, now: datetime) -> SpareOfferQuerySet:
        """Still to come, in one village, soonest first. It comes off by itself: the moment passes."""
        there = self.filter(village=village_pk, withdrawn_at=None, hidden_at=None, leaves_at__gt=now)
        return there.order_by("leaves_at", "pk")

    def not_apart_from(self, user: User) -> SpareOfferQuerySet:
        """Without those of people with whom this person has no contact."""
        return self.exclude(author__in=blocked_with(user.pk))

    def cards_for(self, user: User) -> SpareOfferQuerySet:
        """For a list: what has a place left, or is theirs, or they joined; of nobody they have no contact with."""
        room = Q(places_taken__lt=F("places")) | Q(author=user) | joined_by(user)
        return self.not_apart_from(user).filter(room).with_street_and(user)

    def with_street_and(self, user: User) -> SpareOfferQuerySet:
        """With what a card reads: the author, their ``street``, and ``mine``: what this person joined for."""
        streets = Residency.objects.active().filter(user=OuterRef("author"), village=OuterRef("village"))
        mine = SparePlace.objects.filter(spare=OuterRef("pk"), taker=user, ended_at=None)
        return self.select_related("author").annotate(
            street=models.Subquery(streets.values("street")[:1]),
            mine=models.Subquery(mine.values("what")[:1]),
        )


class SpareOffer(models.Model):
    """One trip or one pan of soup: until its moment, with 1 to 6 places. Only ``going`` changes one."""

    # With the village one composite foreign key (in the migration): a merger of municipalities cascades.
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality"), db_index=False
    )
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+", verbose_name=_("village"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="spare_offers",
        verbose_name=_("neighbour"),
        db_index=False,
    )
    kind = models.CharField(_("kind"), max_length=10, choices=SpareKind)
    title = models.CharField(_("where to, or what"), max_length=SPARE_TITLE_LENGTH)
    what = ArrayField(models.CharField(max_length=10, choices=What), verbose_name=_("what fits"))
    places = models.PositiveSmallIntegerField(
        _("places"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MAX_PLACES)]
    )
    places_taken = models.PositiveSmallIntegerField(_("places taken"), default=0)
    leaves_at = models.DateTimeField(_("moment"))
    note = models.CharField(_("where they meet"), max_length=NOTE_LENGTH, blank=True)  # only for who joins
    version = models.PositiveIntegerField(default=1)  # counts changes: each is told once
    posted_at = models.DateTimeField(_("posted"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("called off"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)

    objects = SpareOfferQuerySet.as_manager()

    Kind: ClassVar[type[SpareKind]] = SpareKind

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("what a neighbour does anyway")
        verbose_name_plural = _("what neighbours do anyway")
        indexes = [
            models.Index(
                "village", "leaves_at", "id", name="spare_offer_board", condition=Q(withdrawn_at=None, hidden_at=None)
            ),
            models.Index(fields=["author", "-id"], name="spare_offer_of_author"),
            models.Index(fields=["municipality", "-id"], name="spare_offer_of_municipality"),
        ]
        constraints = [
            models.CheckConstraint(
                name="spare_offer_places_taken",
                condition=Q(places__range=(1, MAX_PLACES), places_taken__gte=0, places_taken__lte=F("places")),
            ),
            models.CheckConstraint(
                name="spare_offer_what_fits",
                condition=Q(kind=SpareKind.SHARING, what=[What.PORTION])
                | Q(kind=SpareKind.GOING, what__len__gt=0, what__contained_by=["groceries", "person", "parcel"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("spare_offer", args=[self.pk])


class SparePlaceQuerySet(models.QuerySet["SparePlace"]):
    def coming_along(self, people: Collection[User] | models.QuerySet[User]) -> SparePlaceQuerySet:
        """Of these people, who travels together with whoever else does."""
        return self.filter(taker__in=people, what=What.PERSON, ended_at=None)


class SparePlace(models.Model):
    """A neighbour joins, or gets a part; active while it has no end."""

    spare = models.ForeignKey(SpareOffer, on_delete=models.CASCADE, related_name="held", verbose_name=_("of"))
    slot = models.PositiveSmallIntegerField(_("which of the places"))
    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="spare_places",
        verbose_name=_("neighbour"),
        db_index=False,
    )
    what = models.CharField(_("for what"), max_length=10, choices=What)
    wish = models.CharField(_("what to bring"), max_length=NOTE_LENGTH, blank=True)  # only for the author
    taken_at = models.DateTimeField(_("taken"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = SparePlaceQuerySet.as_manager()

    class Meta:
        ordering = ["slot"]
        verbose_name = _("place")
        verbose_name_plural = _("places")
        indexes = [models.Index(fields=["taker", "-id"], name="spare_place_of_taker")]
        constraints = [
            models.CheckConstraint(name="spare_place_slot", condition=Q(slot__range=(1, MAX_PLACES))),
            *(
                models.UniqueConstraint("spare", who, condition=Q(ended_at=None), name=f"spare_place_one_{who}")
                for who in ("slot", "taker")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.taker}, {self.slot}"


def joined_by(user: User) -> Exists:
    """This person has a place in it. For use inside a query of offers."""
    return Exists(SparePlace.objects.filter(spare=OuterRef("pk"), taker=user, ended_at=None))
