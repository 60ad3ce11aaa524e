"""Who may be asked now, and the writing down of it. The budget of a volunteer is kept here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from moderation import blocking
from villages.models import Residency, Village
from volunteers import fits, rest
from volunteers.fits import Work
from volunteers.models import Ask, Job, Volunteer, VolunteerQuerySet

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LOOK_BACK = timedelta(days=90)  # jobs that count for whose turn it is
NEWCOMER_WAITS = timedelta(days=7)  # welcomed so long ago and never asked: then their turn comes first


@dataclass(frozen=True)
class Need:
    """What is asked, without knowing what a request is."""

    subject: int
    village: int
    category: str
    on: date  # the day of the help: nobody gets two jobs on one day
    moment: str  # of the week, as in ``MOMENTS``; empty where any time will do
    certificate: bool  # the category demands a certificate of conduct that is valid on that day
    people: tuple[int, ...]  # whom it brings somebody together with: the asker first, then who comes already
    wide: bool  # also volunteers who chose other categories
    work: Work  # where it is and how heavy


@dataclass(frozen=True)
class Record:
    """A volunteer who may be asked now, with what the fair choice looks at."""

    volunteer: int
    user: int
    asked: int
    yes: int
    jobs_90: int
    last_asked_at: datetime | None
    chosen_category: bool
    chosen_moment: bool
    newcomer_waits: bool = False  # welcomed a week ago or longer, and never asked


@dataclass(frozen=True)
class Choice:
    """One volunteer to ask, and why."""

    volunteer: int
    chance: float
    reasons: tuple[str, ...]


def one_at_a_time(village: int) -> None:
    """Waits until nobody else is choosing volunteers in this village, until the caller's transaction ends.

    Two who choose at once would choose the same people, and wait for each other's.
    """
    Village.objects.select_for_update(no_key=True).only("pk").get(pk=village)


def available(need: Need, now: datetime) -> list[Record]:
    """The volunteers who may be asked this now, in no order. Three queries, however many there are.

    Never over the budget: the week limit counts asks, the month limit counts jobs, never two asks or
    two jobs on one day, at most one open ask. Not the asker, not who is kept apart from one of these
    people, not who takes a break or rests, not who chose other moments of the week or other work, not who
    answered this before, not without the certificate that is demanded, not before the contact person's yes.
    """
    columns = ("pk", "user", "categories", "suits", "week_limit", "month_limit", "approved_at")
    volunteers = list(_willing(need, now).values(*columns))
    pks = [volunteer["pk"] for volunteer in volunteers]
    asks, jobs = _asks_of(pks, need, now), _jobs_of(pks, need, now)
    records = []
    for volunteer in volunteers:
        ask, job = (
            asks.get(volunteer["pk"], NO_ASKS),
            jobs.get(volunteer["pk"], NO_JOBS),
        )
        if ask["busy"] or ask["today"] or ask["this_week"] >= volunteer["week_limit"]:
            continue
        if job["that_day"] or job["this_month"] >= volunteer["month_limit"]:
            continue
        records.append(
            Record(
                volunteer=volunteer["pk"],
                user=volunteer["user"],
                asked=ask["asked"],
                yes=ask["yes"],
                jobs_90=job["jobs_90"],
                last_asked_at=ask["last_asked_at"],
                chosen_category=need.category in volunteer["categories"],
                chosen_moment=need.moment in volunteer["suits"],
                newcomer_waits=ask["last_asked_at"] is None and volunteer["approved_at"] <= now - NEWCOMER_WAITS,
            )
        )
    return records


def ask(need: Need, choices: Iterable[Choice], *, wave: int, municipality: int, now: datetime) -> list[Ask]:
    """Ask these volunteers, chosen from ``available`` in this transaction, ``one_at_a_time``. One query."""
    return Ask.objects.bulk_create(
        Ask(
            municipality_id=municipality,
            volunteer_id=choice.volunteer,
            subject=need.subject,
            wave=wave,
            chance=choice.chance,
            reasons=list(choice.reasons),
            asked_at=now,
        )
        for choice in choices
    )


def answer_yes(user_pk: int, subject: int, now: datetime) -> None:
    """This person would like to: their open ask becomes a yes, and no job yet. Not asked: a no-op."""
    Ask.objects.open().filter(subject=subject, volunteer__user=user_pk).update(answer=Ask.Answer.YES, answered_at=now)
    rest.heard(Volunteer.objects.filter(user=user_pk), now)


def take_on(user_pk: int, subject: int, on: date, now: datetime) -> None:
    """This person does it: their open ask becomes a yes, and a volunteer's job is counted. No volunteer: a no-op."""
    answer_yes(user_pk, subject, now)
    volunteer = Volunteer.objects.filter(user=user_pk, ended_at=None).first()
    if volunteer:
        Job.objects.get_or_create(
            volunteer=volunteer,
            subject=subject,
            given_back_at=None,
            defaults={"on": on, "taken_at": now},
        )


def move(user_pk: int, subject: int, on: date) -> None:
    """They do it on another day: that day is full now, the old one is free. No volunteer: a no-op."""
    Job.objects.kept().filter(volunteer__user=user_pk, subject=subject).update(on=on)


def give_up(user_pk: int, subject: int, now: datetime) -> None:
    """This person does not do it after all: the job no longer counts."""
    Job.objects.kept().filter(volunteer__user=user_pk, subject=subject).update(given_back_at=now)


def withdraw(subject: int, now: datetime) -> list[int]:
    """Stop the bell: open asks end without an answer and count for nobody's week. Answers the users concerned."""
    return _close(subject, Ask.Answer.WITHDRAWN, now)


def withdraw_from(subject: int, users: QuerySet[User], now: datetime) -> list[int]:
    """The same for some people only. Answers the users concerned."""
    return _close(subject, Ask.Answer.WITHDRAWN, now, users)


def end_in_silence(subject: int, now: datetime) -> list[int]:
    """The moment has passed: who said nothing is left alone for a while. Answers the users concerned."""
    users = _close(subject, Ask.Answer.SILENT, now)
    rest.after_silence(users, now)
    return users


def _close(subject: int, answer: str, now: datetime, of: QuerySet[User] | None = None) -> list[int]:
    asks = Ask.objects.open().filter(subject=subject).order_by("pk").select_for_update(of=("self",), no_key=True)
    if of is not None:
        asks = asks.filter(volunteer__user__in=of)
    users = dict(asks.values_list("pk", "volunteer__user"))
    Ask.objects.filter(pk__in=users).update(answer=answer, answered_at=now)
    return list(users.values())


def _willing(need: Need, now: datetime) -> VolunteerQuerySet:
    volunteers = Volunteer.objects.in_touch().filter(
        Q(paused_until=None) | Q(paused_until__lte=now),
        Q(resting_until=None) | Q(resting_until__lte=now),
        village=need.village,
        week_limit__gt=0,
        user__is_active=True,
        user__in=Residency.objects.confirmed(now).filter(village=need.village).values("user"),
    )
    volunteers = volunteers.exclude(user__in=need.people).exclude(user__in=blocking.apart_from(*need.people))
    if not need.wide:
        volunteers = volunteers.filter(categories__contains=[need.category])
    if need.moment:
        volunteers = volunteers.filter(Q(suits=[]) | Q(suits__contains=[need.moment]))
    if need.certificate:
        volunteers = volunteers.filter(certificate_until_on__gte=need.on)
    return fits.who_fit(volunteers, need.work, wide=need.wide)


NO_ASKS: dict[str, Any] = {
    "busy": 0,
    "today": 0,
    "this_week": 0,
    "asked": 0,
    "yes": 0,
    "last_asked_at": None,
}
NO_JOBS: dict[str, Any] = {"jobs_90": 0, "this_month": 0, "that_day": 0}


def _asks_of(volunteers: list[int], need: Need, now: datetime) -> dict[int, dict[str, Any]]:
    counts = ~Q(answer=Ask.Answer.WITHDRAWN)
    rows = (
        Ask.objects.filter(volunteer__in=volunteers)
        .order_by()
        .values("volunteer")
        .annotate(
            busy=Count(
                "pk",
                filter=Q(answer=Ask.Answer.OPEN) | (counts & Q(subject=need.subject)),
            ),
            today=Count("pk", filter=Q(asked_at__gte=start_of_day(now))),
            this_week=Count("pk", filter=counts & Q(asked_at__gte=start_of_week(now))),
            asked=Count("pk", filter=counts),
            yes=Count("pk", filter=Q(answer=Ask.Answer.YES)),
            last_asked_at=Max("asked_at"),
        )
    )
    return {row["volunteer"]: dict(row) for row in rows}


def _jobs_of(volunteers: list[int], need: Need, now: datetime) -> dict[int, dict[str, Any]]:
    rows = (
        Job.objects.kept()
        .filter(
            Q(taken_at__gt=now - LOOK_BACK) | Q(on__gte=need.on),
            volunteer__in=volunteers,
        )
        .order_by()
        .values("volunteer")
        .annotate(
            jobs_90=Count("pk", filter=Q(taken_at__gt=now - LOOK_BACK)),
            this_month=Count("pk", filter=Q(taken_at__gte=start_of_month(now))),
            that_day=Count("pk", filter=Q(on=need.on)),
        )
    )
    return {row["volunteer"]: dict(row) for row in rows}


def start_of_day(now: datetime) -> datetime:
    """Midnight in the Netherlands, of the day that ``now`` is in."""
    return timezone.localtime(now, AMSTERDAM).replace(hour=0, minute=0, second=0, microsecond=0)


def start_of_week(now: datetime) -> datetime:
    """Monday 0.00 in the Netherlands: "we won't ask again before Monday"."""
    today = start_of_day(now)
    return today - timedelta(days=today.weekday())


def start_of_month(now: datetime) -> datetime:
    """Midnight in the Netherlands, of the first of the month that ``now`` is in."""
    return start_of_day(now).replace(day=1)
