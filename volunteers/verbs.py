"""What a volunteer decides about being asked, and the contact person's yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from villages.daylight import AMSTERDAM
from villages.models import Residency, Village
from volunteers import notices
from volunteers.models import Volunteer
from volunteers.rest import CHECK_EVERY

# What somebody says about themselves, all of it optional.
ABOUT = ("where", "transport", "languages", "buddy", "light")
SIGN_UP = (*ABOUT, "suits", "week_limit")
WORD_AT = time(10)  # the clock's words come in the morning
CERTIFICATE_AHEAD = timedelta(days=56)  # a new certificate takes weeks
TOO_MUCH_REST = timedelta(days=28)  # "everything stops for now", until somebody says otherwise


class NotAllowed(Exception):
    """This cannot be done. The message is for the person who tried."""


@transaction.atomic
def sign_up(
    user: User, village: Village, categories: Sequence[str], now: datetime, *, more: Mapping[str, Any] | None = None
) -> Volunteer:
    """``user`` would like to be asked; the contact person hears it, and after their yes it begins.

    ``more`` holds what else was said, of ``SIGN_UP``. A second time changes what was said; who stopped starts again,
    and who was welcomed before still is, but not in another village.
    """
    if not Residency.objects.confirmed(now).filter(user=user, village=village).exists():
        raise NotAllowed(_("You can help once we know you live here"))
    rows = Volunteer.objects.select_for_update(of=("self",), no_key=True)
    before = rows.filter(user=user).first()
    known = before is not None and before.village_id == village.pk and before.approved_at is not None
    chosen = {
        **{name: value for name, value in (more or {}).items() if name in SIGN_UP},
        "village": village,
        "municipality": village.municipality,
        "categories": list(categories),
        "ended_at": None,
        "retired_at": None,
        "retire_at": None,
    }
    chosen |= (
        {"check_at": now + CHECK_EVERY} if known else {"approved_at": None, "talk_first_at": None, "check_at": None}
    )
    waited = before is not None and before.approved_at is None and before.ended_at is None
    volunteer, _created = Volunteer.objects.update_or_create(
        user=user, defaults=chosen, create_defaults={**chosen, "joined_at": now}
    )
    if not known and not (waited and before and before.village_id == village.pk):
        notices.applied(volunteer, now)
    if volunteer.buddy and not (before and before.buddy):
        notices.looks_for_a_buddy(volunteer, now)
    return volunteer


@transaction.atomic
def welcome(volunteer_pk: int, *, now: datetime) -> Volunteer:
    """The contact person says yes: from now on this volunteer may be asked, and hears so. Twice: a no-op."""
    volunteer = _lock(volunteer_pk)
    if volunteer.ended_at:
        raise NotAllowed(_("This volunteer has stopped"))
    if volunteer.approved_at is None:
        volunteer.approved_at, volunteer.check_at = now, now + CHECK_EVERY
        volunteer.save(update_fields=["approved_at", "check_at"])
        notices.welcomed(volunteer, now)
    return volunteer


@transaction.atomic
def talk_first(volunteer_pk: int, *, now: datetime) -> Volunteer:
    """The contact person would like a talk before that yes; the volunteer hears so. Twice, or welcomed: a no-op."""
    volunteer = _lock(volunteer_pk)
    if volunteer.ended_at:
        raise NotAllowed(_("This volunteer has stopped"))
    if volunteer.approved_at is None and volunteer.talk_first_at is None:
        volunteer.talk_first_at = now
        volunteer.save(update_fields=["talk_first_at"])
        notices.talk_first(volunteer, now)
    return volunteer


@transaction.atomic
def change_limits(
    volunteer_pk: int, *, week_limit: int, month_limit: int, categories: Sequence[str], now: datetime
) -> Volunteer:
    """How often and for what; counts from the next ask on, what was promised stays."""
    said = {"week_limit": week_limit, "month_limit": month_limit, "categories": list(categories)}
    return _save(_lock(volunteer_pk), said, now)


@transaction.atomic
def change_moments(volunteer_pk: int, *, suits: Sequence[str], now: datetime) -> Volunteer:
    """Which moments of the week we may ask for, from the next ask on; none chosen: any."""
    return _save(_lock(volunteer_pk), {"suits": list(suits)}, now)


@transaction.atomic
def change_about(volunteer_pk: int, *, said: Mapping[str, Any], now: datetime) -> Volunteer:
    """What somebody says about themselves, of ``ABOUT``. Who would rather go together: the contact person hears it."""
    volunteer = _lock(volunteer_pk)
    alone = not volunteer.buddy
    _save(volunteer, {name: value for name, value in said.items() if name in ABOUT}, now)
    if volunteer.buddy and alone:
        notices.looks_for_a_buddy(volunteer, now)
    return volunteer


@transaction.atomic
def still_right(volunteer_pk: int, *, now: datetime) -> Volunteer:
    """All is as it was, or: ask me again. The next question comes in a year. Twice: a no-op."""
    volunteer = _lock(volunteer_pk)
    if volunteer.retired_at:
        volunteer.retired_at = volunteer.resting_until = None
        volunteer.silences = 0
        volunteer.save(update_fields=["retired_at", "resting_until", "silences"])
    if volunteer.approved_at and not volunteer.ended_at:
        _save(volunteer, {}, now)
    return volunteer


@transaction.atomic
def pause(volunteer_pk: int, until: datetime, now: datetime) -> Volunteer:
    """No asks until then, no reason needed; a word the day before. What is open ends in the app above."""
    if until <= now:
        raise NotAllowed(_("Choose a day that is still to come"))
    word_at = _morning_of(until.astimezone(AMSTERDAM).date() - timedelta(days=1))
    return _save_pause(volunteer_pk, until, word_at if word_at > now else None)


@transaction.atomic
def resume(volunteer_pk: int) -> Volunteer:
    """The break is over; also the rest after silence."""
    return _save_pause(volunteer_pk, None, None)


@transaction.atomic
def too_much(user_pk: int, *, now: datetime) -> Volunteer | None:
    """Everything stops for now: a break of four weeks, and the contact person looks in. No volunteer: a no-op."""
    volunteer = Volunteer.objects.filter(user=user_pk, ended_at=None).first()
    if volunteer is None:
        return None
    until = _morning_of((now + TOO_MUCH_REST).astimezone(AMSTERDAM).date())
    if volunteer.paused_until is None or volunteer.paused_until < until:
        pause(volunteer.pk, until, now)
    notices.too_much(volunteer, now)
    return volunteer


@transaction.atomic
def stop(volunteer_pk: int, *, now: datetime) -> Volunteer:
    """No volunteer any more, no reason needed; signing up again is always possible. Twice: a no-op."""
    volunteer = _lock(volunteer_pk)
    if volunteer.ended_at is None:
        words = {"pause_word_at": None, "certificate_word_at": None, "check_at": None, "retire_at": None}
        _write(volunteer, {"ended_at": now, **words})
    return volunteer


@transaction.atomic
def note_certificate(volunteer_pk: int, *, seen_on: date | None, until_on: date | None, now: datetime) -> Volunteer:
    """Staff saw a certificate of conduct; weeks before it ends the volunteer hears that it does."""
    volunteer = _lock(volunteer_pk)
    holds = until_on is not None and until_on > now.astimezone(AMSTERDAM).date()
    word_at = max(_morning_of(until_on - CERTIFICATE_AHEAD), now) if until_on and holds else None
    said = {"certificate_seen_on": seen_on, "certificate_until_on": until_on, "certificate_word_at": word_at}
    _write(volunteer, said)
    return volunteer


def _save_pause(volunteer_pk: int, until: datetime | None, word_at: datetime | None) -> Volunteer:
    volunteer = _lock(volunteer_pk)
    _write(volunteer, {"paused_until": until, "pause_word_at": word_at, "resting_until": None})
    return volunteer


def _save(volunteer: Volunteer, said: Mapping[str, Any], now: datetime) -> Volunteer:
    """Write what was said; whoever says something answers the yearly question with it."""
    if volunteer.approved_at and not volunteer.retired_at:
        said = {**said, "retire_at": None, "check_at": now + CHECK_EVERY}
    _write(volunteer, said)
    return volunteer


def _write(volunteer: Volunteer, said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        setattr(volunteer, name, value)
    volunteer.save(update_fields=list(said))


def _morning_of(day: date) -> datetime:
    return datetime.combine(day, WORD_AT, AMSTERDAM)


def _lock(pk: int) -> Volunteer:
    rows = Volunteer.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("user", "village__contact_person__user").get(pk=pk)
