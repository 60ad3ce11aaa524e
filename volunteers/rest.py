"""Silence and sound: saying nothing lengthens the rest, any answer ends it. A no is free."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Case, F, Value, When

from volunteers.models import Job, Volunteer, VolunteerQuerySet

# After the first silence, the second in a row, and so on; the last of these is the longest rest there is.
RESTS = (timedelta(days=3), timedelta(days=7), timedelta(days=14), timedelta(days=28))
# So many silences in a row: then we ask whether all is still right, before the year is over.
LONG_SILENT = len(RESTS) + 1
CHECK_EVERY = timedelta(days=365)


def length(silences: int) -> timedelta:
    """How long somebody is left alone after so many silences in a row, counted from 1."""
    return RESTS[min(silences, len(RESTS)) - 1]


def after_silence(users: Collection[int], now: datetime) -> None:
    """These people said nothing: they are left alone, longer each time in a row; after many we ask if all is right."""
    steps = [When(silences=before, then=Value(now + rest)) for before, rest in enumerate(RESTS)]
    people = Volunteer.objects.filter(user__in=users)
    people.update(resting_until=Case(*steps, default=Value(now + RESTS[-1])), silences=F("silences") + 1)
    people.filter(silences__gte=LONG_SILENT, check_at__gt=now).update(check_at=now)


def heard(who: VolunteerQuerySet, now: datetime) -> None:
    """They answered, yes or no: the next silence counts as the first, and a question that runs is answered by this."""
    answered = Case(When(retire_at__isnull=False, then=Value(now + CHECK_EVERY)), default=F("check_at"))
    who.exclude(silences=0, retire_at=None).update(silences=0, retire_at=None, check_at=answered)


def may_be_asked(user_pk: int, on: date, now: datetime) -> bool:
    """Not a volunteer who takes a break or has another job on that day; anybody else may."""
    volunteer = Volunteer.objects.filter(user=user_pk, ended_at=None).first()
    if volunteer is None:
        return True
    if volunteer.paused_until and volunteer.paused_until > now:
        return False
    return not Job.objects.kept().filter(volunteer=volunteer, on=on).exists()
