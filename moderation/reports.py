"""Telling us that something is not right, and what a person of the team decides about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from accounts.pace import TOO_FAST, WINDOW
from moderation import notices, subjects
from moderation.models import Report

ANSWER_HOURS = 8  # working hours: a day of the team
MOST = 5  # in a short time, by one person
AN_HOUR = timedelta(hours=1)


class NotAllowed(Exception):
    """This cannot be done (any more). The message is for the person who tried."""


class TooFast(NotAllowed):
    """Told too much in a short time; the same can be told again later."""


@transaction.atomic
def report(subject: subjects.Subject, *, reporter: User, reason: str, text: str, now: datetime) -> Report:
    """Somebody tells us about what they may see: the team hears that there is something, they hear by when.

    Told already and not decided yet: that report, unchanged. Raises TooFast beyond the limit.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=reporter.pk)
    if told := Report.objects.open().filter(**_of(subject), reporter=reporter).first():
        return told
    if Report.objects.filter(reporter=reporter, at__gt=now - WINDOW).count() >= MOST:
        raise TooFast(TOO_FAST)
    told = Report.objects.create(**_of(subject), reporter=reporter, **_told(subject, reason, text, now))
    notices.received(told)
    notices.told_to_team(told, subject, now)
    return told


@transaction.atomic
def report_without_account(subject: subjects.Subject, *, reason: str, text: str, now: datetime) -> None:
    """The same by somebody whom we cannot answer. While one such report waits, no other is made."""
    facts = _told(subject, reason, text, now)
    told, is_new = Report.objects.get_or_create(**_of(subject), reporter=None, handled_at=None, defaults=facts)
    if is_new:
        notices.told_to_team(told, subject, now)


@transaction.atomic
def decide(pk: int, *, outcome: Report.Outcome, answer: str, actor: Actor, now: datetime) -> Report:
    """A person looked, and the reporter hears that. Nobody decides about themselves.

    What is hidden is hidden with ``answer`` as the reason its author reads; whoever else told about it is answered
    too. Of what stays, the reporter reads ``answer``; of another step only the team.
    """
    first = Report.objects.get(pk=pk)
    same = Report.objects.open().filter(subject_kind=first.subject_kind, subject=first.subject).order_by("pk")
    waiting = {told.pk: told for told in same.select_for_update(of=("self",), no_key=True)}
    if pk not in waiting:
        raise NotAllowed(_("Somebody decided this already"))
    if actor.user and actor.user.pk == first.about_id:
        raise NotAllowed(_("This is about you: somebody else decides"))
    if not answer.strip():
        raise NotAllowed(_("Write down the reason"))
    if outcome == Report.Outcome.HIDDEN:
        _hide(first, answer.strip(), actor, now)
    for told in waiting.values() if outcome == Report.Outcome.HIDDEN else [waiting[pk]]:
        told.outcome, told.answer, told.handled_at, told.handled_by = outcome, answer.strip(), now, actor.user
        told.save(update_fields=["outcome", "answer", "handled_at", "handled_by"])
        notices.decided(told)
    return waiting[pk]


def can_hide(told: Report) -> bool:
    """It is about a text, which can go off the board."""
    kind = subjects.of_label(told.subject_kind)
    return kind is not None and kind.hide is not None


def _hide(told: Report, reason: str, actor: Actor, now: datetime) -> None:
    kind = subjects.of_label(told.subject_kind)
    if kind is None or kind.hide is None:
        raise NotAllowed(_("Only a text can be hidden"))
    kind.hide(told.subject, reason, actor, now)


def _of(subject: subjects.Subject) -> dict[str, str | int]:
    return {"subject_kind": subject.label, "subject": subject.pk}


def _told(subject: subjects.Subject, reason: str, text: str, now: datetime) -> dict[str, Any]:
    return {
        "municipality_id": subject.municipality,
        "about": subject.about,
        "reason": reason,
        "text": text.strip(),
        "at": now,
        "answer_before": _whole_hour(subjects.working_deadline(now, ANSWER_HOURS)),
    }


def _whole_hour(at: datetime) -> datetime:
    """A promise that is easy to remember; the team's day ends on a whole hour, so this stays within it."""
    start = at.replace(minute=0, second=0, microsecond=0)
    return at if at == start else start + AN_HOUR
