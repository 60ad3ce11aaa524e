"""Who may be asked now, and the writing down of it. The budget of a volunteer is kept here and nowhere else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from json import dumps
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from accounts import bulk
from accounts.bulk import any_of
from accounts.models import User
from accounts.quiet import Rest, awake
from moderation import blocking
from notifications import wishes
from villages.models import Residency, Village
from volunteers import fits, rest
from volunteers.fits import Work
from volunteers.models import Ask, Job, Volunteer
from volunteers.spans import start_of_day, start_of_month, start_of_week

LOOK_BACK = timedelta(days=90)  # jobs that count for whose turn it is
NEWCOMER_WAITS = timedelta(days=7)  # welcomed so long ago and never asked: then their turn comes first
NO_ASKS: tuple[Any, ...] = (0, 0, None, 0, 0, None)
NO_JOBS: tuple[Any, ...] = (0, 0, None)
# What somebody said about themselves, as a ``Record`` holds it.
WISHES = ("categories", "suits", "certificate_until_on", "where", "light", "transport", "buddy")
COLUMNS = ("id", "municipality", "volunteer", "subject", "wave", "chance", "reasons", "figures", "asked_at", "answer")


class Need(NamedTuple):
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
    rests: tuple[Rest, ...]  # when nobody is told anything in that village
    until: datetime  # the next step: who hears of it only then is too late
    not_them: Collection[int] = ()  # who said something of it already, so that asking would make no sense


@dataclass(slots=True, eq=False)
class Record:
    """A volunteer with room for one more ask now, and what the choice looks at."""

    pk: int  # of the volunteer
    user: int
    asked: int
    yes: int
    jobs_90: int
    last_asked_at: datetime | None
    newcomer_waits: bool  # welcomed a week ago or longer, and never asked: what was settled before an answer is no ask
    categories: list[str]
    suits: list[str]
    certificate_until_on: date | None
    where: str
    light: bool
    transport: list[str]
    buddy: bool
    days: Collection[date]  # with a job already
    subjects: Collection[int]  # asked, and not taken back
    wakes_at: datetime | None  # takes own rest now: when they would hear of it

    def may_be_asked(self, need: Need, apart: Collection[tuple[int, int]]) -> bool:
        """Whether this need goes together with their own wishes; ``apart``: two users who never meet, both ways round.

        Not the asker, not who is kept apart from one of these people, not who chose other moments of the week or other
        work, not who was asked this before or had an answer, never two jobs on one day, not without the certificate
        that is demanded, not who would hear of it too late: they stay free for the next.
        """
        return (
            (self.wakes_at is None or self.wakes_at < need.until)
            and (need.wide or need.category in self.categories)
            and need.on not in self.days
            and need.subject not in self.subjects
            and self.user not in need.people
            and self.user not in need.not_them
            and fits.suits(self, need.work, wide=need.wide)
            and not (need.moment and self.suits and need.moment not in self.suits)
            and not (need.certificate and (self.certificate_until_on is None or self.certificate_until_on < need.on))
            and not (apart and any((person, self.user) in apart for person in need.people))
        )


class Choice(NamedTuple):
    """One volunteer to ask, and why: the chance of a yes, the reasons, and the figures they were made of."""

    volunteer: int
    chance: float
    reasons: Sequence[str]
    figures: Mapping[str, float]


class Wave(NamedTuple):
    """Whom to ask for one subject."""

    subject: int
    municipality: int
    wave: int
    choices: Sequence[Choice]


def one_at_a_time(*villages: int) -> None:
    """Waits until nobody else is choosing volunteers in these villages, until the caller's transaction ends.

    Two who choose at once would choose the same people, and wait for each other's.
    """
    rows = Village.objects.filter(any_of("pk", villages)).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk"))


def available(needs: Sequence[Need], now: datetime) -> dict[int, list[Record]]:
    """By village who may be asked one thing now, in no order. Three queries, however many needs and people there are.

    Never over the budget: the week limit counts asks, the month limit counts jobs, never two asks on one day, at most
    one open ask. Not who takes a break or rests, not before the contact person's yes. What goes with which need:
    ``Record.may_be_asked``. Whoever is asked is not to be asked again: the records are those of before.
    """
    sleeps = {need.village: need.rests for need in needs}
    rows = list(_willing(sleeps.keys(), now))
    pks = [row[0] for row in rows]
    asks, jobs = _asks_of(pks, needs, now), _jobs_of(pks, needs, now)
    found: dict[int, list[Record]] = {}
    for pk, user, village, week_limit, month_limit, approved_at, rest_from, rest_until, rest_days, *said in rows:
        asked, yes, last_asked_at, busy, this_week, subjects = asks.get(pk, NO_ASKS)
        jobs_90, this_month, days = jobs.get(pk, NO_JOBS)
        if not busy and this_week < week_limit and this_month < month_limit:
            waits = not asked and approved_at <= now - NEWCOMER_WAITS
            own = wishes.own(rest_from, rest_until, rest_days)
            words = (*said, days or (), subjects or (), _wakes_at(now, sleeps[village], own) if own else None)
            record = Record(pk, user, asked, yes, jobs_90, last_asked_at, waits, *words)
            found.setdefault(village, []).append(record)
    return found


def apart(needs: Sequence[Need]) -> set[tuple[int, int]]:
    """Who never meets one of the people of these needs: pairs of user pks, such a person first. One query."""
    return blocking.pairs_of({person for need in needs for person in need.people})


def ask(waves: Sequence[Wave], now: datetime) -> list[list[int]]:
    """Ask these volunteers, chosen from ``available`` in this transaction, ``one_at_a_time``. Two queries.

    Answers the keys of the asks, in the order of the choices.
    """
    keys = iter(bulk.new_keys(Ask, sum(len(wave.choices) for wave in waves)))
    asked = [[next(keys) for _ in wave.choices] for wave in waves]
    rows = (
        (
            key,
            wave.municipality,
            it.volunteer,
            wave.subject,
            wave.wave,
            it.chance,
            bulk.array(it.reasons),
            dumps(it.figures),
        )
        for wave, own in zip(waves, asked, strict=True)
        for key, it in zip(own, wave.choices, strict=True)
    )
    bulk.insert(Ask, COLUMNS, ((*row, now, Ask.Answer.OPEN.value) for row in rows))
    return asked


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


def end_in_silence(subject: int, unheard: Collection[int], now: datetime) -> list[int]:
    """The moment has passed: who said nothing is left alone for a while. Answers the users concerned.

    Who never heard of it (``unheard``, keys of asks) did not say nothing: that ask counts for nobody's week.
    """
    _close(subject, Ask.Answer.WITHDRAWN, now, asks=unheard)
    users = _close(subject, Ask.Answer.SILENT, now)
    rest.after_silence(users, now)
    return users


def _close(
    subject: int,
    answer: str,
    now: datetime,
    of: QuerySet[User] | None = None,
    *,
    asks: Collection[int] | None = None,
) -> list[int]:
    rows = Ask.objects.open().filter(subject=subject).order_by("pk").select_for_update(of=("self",), no_key=True)
    if of is not None:
        rows = rows.filter(volunteer__user__in=of)
    if asks is not None:
        rows = rows.filter(pk__in=asks)
    users = dict(rows.values_list("pk", "volunteer__user"))
    Ask.objects.filter(pk__in=users).update(answer=answer, answered_at=now)
    return list(users.values())


def _willing(villages: Collection[int], now: datetime) -> QuerySet[Volunteer, Any]:
    at_home = Residency.objects.confirmed(now).filter(user=OuterRef("user"), village=OuterRef("village"))
    volunteers = Volunteer.objects.in_touch().filter(
        Q(paused_until=None) | Q(paused_until__lte=now),
        Q(resting_until=None) | Q(resting_until__lte=now),
        Exists(at_home),
        any_of("village", villages),
        week_limit__gt=0,
        user__is_active=True,
    )
    own_rest = (f"user__{name}" for name in wishes.OWN_REST)
    limits = ("week_limit", "month_limit", "approved_at")
    return volunteers.values_list("pk", "user", "village", *limits, *own_rest, *WISHES)


def _wakes_at(now: datetime, village: Sequence[Rest], own: Sequence[Rest]) -> datetime | None:
    """When a message would reach somebody with a rest of their own; None if that is now."""
    at = awake(now, *village, *own)
    return at if at > now else None


def _asks_of(volunteers: list[int], needs: Sequence[Need], now: datetime) -> dict[int, tuple[Any, ...]]:
    counts, subjects = ~Q(answer=Ask.Answer.WITHDRAWN), [need.subject for need in needs]
    rows = (
        Ask.objects.filter(any_of("volunteer", volunteers))
        .order_by()
        .values_list("volunteer")
        .annotate(
            asked=Count("pk", filter=counts),
            yes=Count("pk", filter=Q(answer=Ask.Answer.YES)),
            last=Max("asked_at"),
            busy=Count("pk", filter=Q(answer=Ask.Answer.OPEN) | Q(asked_at__gte=start_of_day(now))),
            this_week=Count("pk", filter=counts & Q(asked_at__gte=start_of_week(now))),
            subjects=ArrayAgg("subject", filter=counts & any_of("subject", subjects)),
        )
    )
    return {volunteer: tuple(figures) for volunteer, *figures in rows}


def _jobs_of(volunteers: list[int], needs: Sequence[Need], now: datetime) -> dict[int, tuple[Any, ...]]:
    first = min((need.on for need in needs), default=now.date())
    rows = (
        Job.objects.kept()
        .filter(Q(taken_at__gt=now - LOOK_BACK) | Q(on__gte=first), any_of("volunteer", volunteers))
        .order_by()
        .values_list("volunteer")
        .annotate(
            jobs_90=Count("pk", filter=Q(taken_at__gt=now - LOOK_BACK)),
            this_month=Count("pk", filter=Q(taken_at__gte=start_of_month(now))),
            days=ArrayAgg("on", filter=Q(on__gte=first)),
        )
    )
    return {volunteer: tuple(figures) for volunteer, *figures in rows}
