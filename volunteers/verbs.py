"""What a volunteer decides about being asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from villages.models import Residency, Village
from volunteers.models import Volunteer


class NotAllowed(Exception):
    """This cannot be done. The message is for the person who tried."""


@transaction.atomic
def sign_up(user: User, village: Village, categories: Sequence[str], now: datetime) -> Volunteer:
    """``user`` may be asked from now on. A second time changes what they like to do; stopped ones start again."""
    if not Residency.objects.confirmed(now).filter(user=user, village=village).exists():
        raise NotAllowed(_("You can help once we know you live here"))
    chosen = {
        "village": village,
        "municipality": village.municipality,
        "categories": list(categories),
    }
    volunteer, _created = Volunteer.objects.update_or_create(
        user=user,
        defaults={**chosen, "ended_at": None},
        create_defaults={**chosen, "joined_at": now},
    )
    return volunteer


@transaction.atomic
def change_limits(
    volunteer_pk: int,
    *,
    week_limit: int,
    month_limit: int,
    categories: Sequence[str],
) -> Volunteer:
    """How often and for what; counts from the next ask on, what was promised stays."""
    volunteer = _lock(volunteer_pk)
    volunteer.week_limit, volunteer.month_limit = week_limit, month_limit
    volunteer.categories = list(categories)
    volunteer.save(update_fields=["week_limit", "month_limit", "categories"])
    return volunteer


@transaction.atomic
def change_moments(volunteer_pk: int, *, suits: Sequence[str]) -> Volunteer:
    """Which moments of the week we may ask for, from the next ask on; none chosen: any."""
    volunteer = _lock(volunteer_pk)
    volunteer.suits = list(suits)
    volunteer.save(update_fields=["suits"])
    return volunteer


@transaction.atomic
def pause(volunteer_pk: int, until: datetime, now: datetime) -> Volunteer:
    """No asks until then, no reason needed. Asks that are open stay open: no answer is fine."""
    if until <= now:
        raise NotAllowed(_("Choose a day that is still to come"))
    return _save_pause(volunteer_pk, until)


@transaction.atomic
def resume(volunteer_pk: int) -> Volunteer:
    """The break is over; also the rest after silence."""
    return _save_pause(volunteer_pk, None)


def _save_pause(volunteer_pk: int, until: datetime | None) -> Volunteer:
    volunteer = _lock(volunteer_pk)
    volunteer.paused_until, volunteer.resting_until = until, None
    volunteer.save(update_fields=["paused_until", "resting_until"])
    return volunteer


def _lock(pk: int) -> Volunteer:
    return Volunteer.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
