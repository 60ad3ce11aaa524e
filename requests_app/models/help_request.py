"""A request: what, when, where, how far its ladder is. Only ``lifecycle`` and ``escalation`` change one."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, User
from moderation import blocking
from requests_app.categories import Category
from requests_app.models.choices import MatchMode, Part, Place
from requests_app.models.policy import Policy
from villages.models import Residency, Village
from volunteers.models import Ask

MAX_SLOTS = 6
TITLE_LENGTH = 60
TEXT_LENGTH = 300


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    TAKEN = "taken", _("taken")
    DONE = "done", _("done")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("lapsed")


# The whole workflow on one screen: from each status, the statuses it may move to.
TRANSITIONS: dict[Status, set[Status]] = {
    Status.DRAFT: {Status.OPEN},
    Status.OPEN: {Status.TAKEN, Status.DONE, Status.WITHDRAWN, Status.LAPSED},
    Status.TAKEN: {Status.OPEN, Status.DONE, Status.WITHDRAWN},
    Status.DONE: set(),
    Status.WITHDRAWN: {Status.OPEN},  # within a day
    Status.LAPSED: {Status.OPEN},  # within a day, where the contact person said "nobody found"; else placing it again
}
STAYS_BEHIND = Q(status="open", slots_taken=0) & ~Q(rung__in=["circle", "neighbours", "group"])
# Somebody is still looked for, or comes: what the clock walks.
ACTIVE = (Status.OPEN, Status.TAKEN)


class Audience(models.TextChoices):
    """Who sees it now. After the own circle's time it becomes "all neighbours", if the asker said so."""

    CIRCLE = "circle", _("My own circle first")
    CIRCLE_ONLY = "circle_only", _("Only my own circle")
    NEIGHBOURS = "neighbours", _("All neighbours")
    GROUP = "group", _("A group in the village")
    VOLUNTEERS = "volunteers", _("Only volunteers")
    CONTACT = "contact", _("Only the contact person")


OWN_CIRCLE = (Audience.CIRCLE, Audience.CIRCLE_ONLY)


class Rung(models.TextChoices):
    """Where the ladder is. The values are those of ``ladder.Rung``."""

    CIRCLE = "circle", _("own circle")
    NEIGHBOURS = "neighbours", _("neighbours")
    GROUP = "group", _("group")
    VOLUNTEERS = "volunteers", _("volunteers")
    CONTACT = "contact", _("contact person")


BEFORE_VOLUNTEERS = (Rung.CIRCLE, Rung.NEIGHBOURS, Rung.GROUP)


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def visible_to(self, user: User) -> HelpRequestQuerySet:
        """What this person may see: their village's board, what is theirs, helped with, offered for or asked of them.

        Nothing of somebody with whom they have no contact; a running appointment keeps its page.
        """
        now = timezone.now()
        homes = Residency.objects.confirmed(now).filter(user=user).values("village")
        on_their_board = Q(
            village__in=homes,
            status__in=ACTIVE,
            hidden_at=None,
            audience=Audience.NEIGHBOURS,
        )
        helps = Exists(PickUp.objects.filter(help_request=OuterRef("pk"), helper=user))
        asked = Exists(
            RequestAsk.objects.filter(
                help_request=OuterRef("pk"),
                ask__volunteer__user=user,
                ask__answer__in=[Ask.Answer.OPEN, Ask.Answer.YES],
            )
        )
        first = Exists(Reserve.objects.asked().filter(help_request=OuterRef("pk"), helper=user))
        offers = Exists(Offer.objects.waiting().filter(help_request=OuterRef("pk"), helper=user, member=None))
        theirs = (helps | asked | first | offers) & Q(hidden_at=None) & ~Q(status=Status.DRAFT)
        theirs |= Q(GroupAsk.before(user, now), status__in=ACTIVE, hidden_at=None)
        # Who has an appointment keeps its page, hidden or not: to know where to be, or to say no after all.
        comes = Exists(PickUp.objects.filter(help_request=OuterRef("pk"), helper=user, ended_at=None))
        blocked = blocking.blocked_with(user.pk)
        apart = Q(author__in=blocked) | _still_comes(blocked)
        return self.filter(((on_their_board | theirs) & ~apart) | Q(author=user) | comes)

    def on_board_of(self, village_pk: int, now: datetime) -> HelpRequestQuerySet:
        """The board of one village, soonest first."""
        seen = self.filter(village=village_pk, status__in=ACTIVE, hidden_at=None, audience=Audience.NEIGHBOURS)
        return seen.filter(needed_by__gt=now).order_by("needed_by", "pk")

    def without_blocked(self, user: User) -> HelpRequestQuerySet:
        """Not what is asked by somebody this person has no contact with, nor where such a person comes too."""
        blocked = blocking.blocked_with(user.pk)
        return self.exclude(Q(author__in=blocked) | _still_comes(blocked))

    def due(self, now: datetime) -> HelpRequestQuerySet:
        """Whose next moment has come."""
        return self.filter(status__in=ACTIVE, next_at__lte=now)

    def to_ask_whether_needed(self, now: datetime) -> HelpRequestQuerySet:
        """Of whose asker it is time to hear whether it is still needed."""
        return self.filter(status=Status.OPEN, ask_needed_at__lte=now)

    def run_in(self, village_pk: int) -> bool:
        """Somebody is looked for in this village, or comes."""
        return self.filter(village=village_pk, status__in=ACTIVE).exists()

    def owner_due(self, now: datetime) -> HelpRequestQuerySet:
        """Whose owner let a deadline pass, and somebody has to hear so."""
        return self.filter(status=Status.OPEN, owner__isnull=False, owner_word_at__lte=now)

    def forgotten(self) -> HelpRequestQuerySet:
        """Open, and nobody looks after it in time: must always be empty."""
        nobody = Q(next_at=None, owner=None) | Q(next_at=None, owner_deadline_at=None)
        return self.filter(nobody, status=Status.OPEN) | self.filter(status=Status.TAKEN, next_at=None)


def _still_comes(people: models.QuerySet[User]) -> Q:
    """One of these people comes, and somebody else is looked for: who says yes would meet them."""
    coming = PickUp.objects.filter(help_request=OuterRef("pk"), helper__in=people, ended_at=None)
    return Q(Exists(coming), status=Status.OPEN)


class HelpRequest(models.Model):
    """A short question from one resident that neighbours can pick up, alone or together."""

    # With the village one composite foreign key (in the migration): a merger of municipalities cascades.
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="+", verbose_name=_("municipality"), db_index=False
    )
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+", verbose_name=_("village"))
    author = models.ForeignKey(
        User, models.PROTECT, related_name="help_requests", verbose_name=_("asker"), db_index=False
    )
    street = models.CharField(_("street"), max_length=80, blank=True)  # as it stands on the board

    category = models.CharField(_("category"), max_length=12, choices=Category, blank=True)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH, blank=True)
    text = models.CharField(_("text"), max_length=TEXT_LENGTH, blank=True)
    part = models.CharField(_("when"), max_length=10, choices=Part, blank=True)
    help_on = models.DateField(_("day"), null=True, blank=True)
    help_at = models.DateTimeField(_("moment"), null=True, blank=True)  # of a fixed time
    needed_by = models.DateTimeField(_("needed by"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)  # empty: as long as you like
    place = models.CharField(_("where"), max_length=10, choices=Place, default=Place.HOME)
    place_text = models.CharField(_("which place"), max_length=80, blank=True)  # or: from, to
    slots = models.PositiveSmallIntegerField(
        _("people needed"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MAX_SLOTS)]
    )
    slots_taken = models.PositiveSmallIntegerField(_("people found"), default=0)
    match_mode = models.CharField(_("who says yes"), max_length=10, choices=MatchMode, default=MatchMode.CHOOSE)
    # With "I'll say yes myself": a volunteer who is asked and says yes comes at once.
    volunteer_at_once = models.BooleanField(_("a volunteer's yes is enough"), default=False, db_default=False)
    offers_waiting = models.PositiveSmallIntegerField(_("offers without an answer"), default=0, db_default=0)
    audience = models.CharField(_("who sees it"), max_length=12, choices=Audience, default=Audience.NEIGHBOURS)

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)  # counts edits; a pick-up keeps the one agreed
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    posted_at = models.DateTimeField(_("posted"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)  # to all neighbours, where the own circle came first
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)

    # The ladder: where its window starts (posting, or a helper gave back), how far it is, the next moment.
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("policy"), db_index=False
    )
    rung = models.CharField(_("ladder"), max_length=12, choices=Rung, default=Rung.NEIGHBOURS)
    ladder_since = models.DateTimeField(null=True, blank=True)
    # The window started on the volunteers' rung: neighbours had their share, or the asker skipped ahead.
    volunteers_first = models.BooleanField(default=False)
    # The window started with the asker's own circle, whose time is over: all neighbours see it now.
    after_circle = models.BooleanField(default=False, db_default=False)
    # In this window: the last wave that is behind it, and how many of those asked somebody (the next one aims higher).
    waves_walked = models.PositiveSmallIntegerField(default=0)
    waves_asked = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(_("next step"), null=True, blank=True)
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="owned", verbose_name=_("with"), db_index=False
    )
    owner_deadline_at = models.DateTimeField(_("reacts before"), null=True, blank=True)
    # When the clock has a word about that deadline: to the owner once it passed, later to the coordinators.
    owner_word_at = models.DateTimeField(null=True, blank=True)
    # Of a long window: when to ask whether it is still needed, and since when that has no answer.
    ask_needed_at = models.DateTimeField(null=True, blank=True)
    needed_asked_at = models.DateTimeField(_("still needed? no answer since"), null=True, blank=True)

    objects = HelpRequestQuerySet.as_manager()

    Status: ClassVar[type[Status]] = Status

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        indexes = [
            # Read every few seconds by the sweep; holds what the clock walks only.
            models.Index(
                "next_at", "id", name="request_due", condition=Q(status__in=ACTIVE), include=["municipality"]
            ),
            # The same for one municipality: each has its turn.
            models.Index(
                "municipality", "next_at", "id", name="request_turn", condition=Q(status__in=["open", "taken"])
            ),
            # "Do you still need it?", for the few with a long window.
            models.Index("ask_needed_at", name="request_ask_needed", condition=Q(status="open")),
            # The board of a village, soonest first.
            models.Index(
                "village",
                "needed_by",
                "id",
                name="request_board",
                condition=Q(status__in=["open", "taken"], hidden_at=None, audience="neighbours"),
            ),
            # "Van mij".
            models.Index(fields=["author", "-id"], name="request_of_author"),
            # The lists of staff.
            models.Index(fields=["municipality", "-id"], name="request_of_municipality"),
            # What lies with the contact person, most urgent first.
            models.Index(
                "owner", "owner_deadline_at", name="request_owned", condition=Q(status="open", owner__isnull=False)
            ),
            models.Index(
                "owner_word_at",
                name="request_owner_word",
                condition=Q(status="open", owner__isnull=False, owner_word_at__isnull=False),
            ),
            models.Index("owner", name="request_of_owner", condition=Q(owner__isnull=False)),  # most never have one
            # Neighbours had their share and nobody came.
            models.Index("municipality", "needed_by", name="request_stays_behind", condition=STAYS_BEHIND),
        ]
        constraints = [
            models.CheckConstraint(
                name="request_slots_taken",
                condition=Q(slots__range=(1, MAX_SLOTS), slots_taken__gte=0, slots_taken__lte=F("slots")),
            ),
            models.CheckConstraint(
                name="request_nobody_forgotten",
                condition=~Q(status="open")
                | Q(next_at__isnull=False)
                | Q(owner__isnull=False, owner_deadline_at__isnull=False),
            ),
            models.CheckConstraint(
                name="request_complete_once_posted",
                condition=Q(status="draft")
                | Q(needed_by__isnull=False, posted_at__isnull=False, policy__isnull=False, ladder_since__isnull=False)
                & ~Q(category="")
                & ~Q(part=""),
            ),
            models.CheckConstraint(
                name="request_moment",
                condition=Q(part="", help_on=None, help_at=None)
                | Q(part="any", help_on=None, help_at=None)
                | Q(part__in=["morning", "afternoon", "evening"], help_on__isnull=False, help_at=None)
                | Q(part="fixed", help_on__isnull=False, help_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_category_display() or _("request"))

    def get_absolute_url(self) -> str:
        return reverse("help_request", args=[self.pk])

    @property
    def on_board_at(self) -> datetime | None:
        """Since when it is there for neighbours, who know nothing of a circle."""
        return self.opened_at or self.posted_at


from requests_app.models.group_ask import GroupAsk  # noqa: E402  the halves name each other
from requests_app.models.offer import Offer  # noqa: E402  the same
from requests_app.models.pick_up import PickUp, RequestAsk  # noqa: E402  the same
from requests_app.models.reserve import Reserve  # noqa: E402  the same
