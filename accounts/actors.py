"""Who acts, and by which road. Every verb takes one; the person it is for is named apart."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Road(models.TextChoices):
    """How somebody came to do what they did."""

    WEB = "web", _("on the website")
    DESK = "desk", _("by phone")
    LINK = "link", _("by a link in a message")
    STAFF = "staff", _("by the village team")
    CLOCK = "clock", _("by the clock")


@dataclass(frozen=True)
class Actor:
    """A person and the road they came by; nobody when the clock acts."""

    user: User | None
    road: Road


CLOCK = Actor(None, Road.CLOCK)


def web(user: User) -> Actor:
    """Somebody who acts for themselves, on the website."""
    return Actor(user, Road.WEB)


def staff(user: User) -> Actor:
    """Somebody of the village team, in admin."""
    return Actor(user, Road.STAFF)
