"""What an asker chooses from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")
    EVENING = "evening", _("Evening")
    FIXED = "fixed", _("Fixed time")
    ANY = "any", _("Any time")


class Place(models.TextChoices):
    HOME = "home", _("At my home")
    VILLAGE = "village", _("At a place in the village")
    WAY = "way", _("On the way")
    ELSEWHERE = "elsewhere", _("Somewhere else")


class MatchMode(models.TextChoices):
    CHOOSE = "choose", _("I'll say yes myself")
    FIRST = "first", _("Whoever can first is fine")
