"""A try-out of other numbers in the policy lab: what was asked, how far it is, what came out."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from requests_app.categories import Category
from requests_app.models.policy import Policy

FEWEST, MOST = 500, 60_000  # inhabitants: of a small village, and what a run can do in its time


class PolicyTrial(models.Model):
    """Today's policy beside at most three others, in a simulated village. Kept with the decision it led to.

    ``world`` and ``policies`` are as they were when it was asked, so that the same seed says the same later on.
    Only ``trials`` writes one.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits its turn")
        RUNNING = "running", _("is being worked out")
        DONE = "done", _("done")
        FAILED = "failed", _("did not work out")

    class Source(models.TextChoices):
        OWN = "own", _("our own requests of the last two years")
        PUBLISHED = "published", _("published figures")

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality"), db_index=False
    )
    category = models.CharField(_("category"), max_length=12, choices=Category, blank=True)  # blank: all
    inhabitants = models.PositiveIntegerField(
        _("inhabitants"), default=12_000, validators=[MinValueValidator(FEWEST), MaxValueValidator(MOST)]
    )
    seed = models.PositiveBigIntegerField(_("number of the draw"))
    source = models.CharField(_("worked out with"), max_length=10, choices=Source)
    # {"years": how many, "villages": [{"volunteers", "requests_a_year", "past", "quiet_from", "quiet_until"}]}
    world = models.JSONField(default=dict)
    policies = models.JSONField(default=list)  # today's first; each the numbers by category, "" for all others
    based_on = models.ForeignKey(
        Policy, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("today's version")
    )
    created_at = models.DateTimeField(_("asked"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(_("percent done"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)  # then whoever works on it counts as gone
    finished_at = models.DateTimeField(_("ready"), null=True, blank=True)
    results = models.JSONField(default=list, blank=True)  # the measures of each policy, in the same order
    # The version that was made because of it, and which of ``policies`` that was meant to be.
    became = models.OneToOneField(
        Policy, on_delete=models.PROTECT, null=True, blank=True, related_name="trial", verbose_name=_("became")
    )
    chosen = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("policy trial")
        verbose_name_plural = _("policy lab")
        indexes = [
            models.Index(fields=["municipality", "-id"], name="trial_of_municipality"),
            models.Index("id", name="trial_to_do", condition=Q(state__in=["waiting", "running"])),
        ]
        constraints = [
            models.CheckConstraint(name="trial_progress", condition=Q(progress__lte=100)),
            models.CheckConstraint(
                name="trial_running_has_lease", condition=~Q(state="running") | Q(lease_until__isnull=False)
            ),
            models.CheckConstraint(
                name="trial_decision",
                condition=Q(became=None, chosen=None) | Q(became__isnull=False, chosen__isnull=False, state="done"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality} {timezone.localtime(self.created_at):%d-%m-%Y %H:%M}"
