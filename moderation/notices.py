"""Who hears what of a report: the reporter all of it, the team that there is one, its subject nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import saying
from accounts.models import StaffRole, User
from accounts.reader import language
from moderation.models import Report
from moderation.subjects import Subject
from notifications import outbox
from notifications.kinds import Kind, Words, register
from notifications.models import Message


def register_kinds() -> None:
    """Tell the outbox what it can be asked to say about reports."""
    decision, new = gettext_lazy("There is a decision"), gettext_lazy("There is a report")
    register("report.received", Kind(words=_received, gather=_gather, still_true=_is_looked_at))
    register("report.decided", Kind(words=_decided, gather=_gather, still_true=_is_decided, push=decision))
    register("team.report_new", Kind(words=_new, gather=_gather, still_true=_is_open, push=new))


def received(report: Report) -> None:
    """The reporter: we look, and you hear by then. At once: somebody who worries waits for it."""
    _tell("report.received", _reporters(report), report, report.at)


def told_to_team(report: Report, subject: Subject, now: datetime) -> None:
    """The contact person. Is it about that person, then the others who work there and decide."""
    people: Iterable[User] = [subject.contact] if subject.contact else []
    if subject.contact is None or subject.contact == subject.about:
        people = _colleagues(report)
    _tell("team.report_new", people, report, now, not_before=subject.awake(now))


def decided(report: Report) -> None:
    """The reporter: there is a decision. Who has no account hears nothing."""
    if report.handled_at:
        _tell("report.decided", _reporters(report), report, report.handled_at)


def _reporters(report: Report) -> list[User]:
    return [report.reporter] if report.reporter else []


def _colleagues(report: Report) -> Iterable[User]:
    staff = User.objects.filter(is_active=True, is_staff=True).exclude(pk=report.about_id or 0)
    here = staff.filter(staff_roles__municipality=report.municipality_id)
    coordinators = here.filter(staff_roles__kind=StaffRole.Kind.COORDINATOR).distinct()
    return coordinators if coordinators.exists() else here.distinct()


def _tell(
    kind: str, people: Iterable[User], report: Report, now: datetime, *, not_before: datetime | None = None
) -> None:
    outbox.enqueue_many(
        [
            outbox.Fact(
                kind=kind,
                recipient=reader,
                key=f"report-{report.pk}:{kind}:user-{reader.pk}",
                params={"report": report.pk},
                municipality=report.municipality_id,
                not_before=not_before,
            )
            for reader in people
        ],
        now=now,
    )


def _gather(messages: Sequence[Message]) -> Mapping[int, Report]:
    by_pk = Report.objects.in_bulk({message.params["report"] for message in messages if "report" in message.params})
    found = {message.pk: by_pk.get(message.params.get("report")) for message in messages}
    return {pk: report for pk, report in found.items() if report is not None}


def _is_open(_message: Message, report: Report, _now: datetime) -> bool:
    return report.handled_at is None


def _is_looked_at(_message: Message, report: Report, now: datetime) -> bool:
    return report.handled_at is None and report.answer_before > now


def _is_decided(_message: Message, report: Report, _now: datetime) -> bool:
    return report.handled_at is not None


def by_when(report: Report, now: datetime) -> str:
    """ "You'll hear what we do before noon on Thursday."; nothing once that is past."""
    if report.answer_before <= now:
        return ""
    before = saying.before_in_words(report.answer_before, now, language())
    return _("You'll hear what we do before %(before)s.") % {"before": before}


def _received(_message: Message, report: Report, now: datetime) -> Words:
    sentences = [by_when(report, now), _("Emergency? Call 112.")]
    return Words(
        _("Thank you, we are looking into it"),
        " ".join(filter(None, sentences)),
        url=reverse("reported", args=[report.pk]),
        button=_("See what you told us"),
    )


def _decided(_message: Message, report: Report, _now: datetime) -> Words:
    return Words(
        _("We looked into it"),
        _("Read what we decided. Don't you agree? Let us know."),
        url=reverse("reported", args=[report.pk]),
        button=_("Read what we decided"),
    )


def _new(_message: Message, report: Report, _now: datetime) -> Words:
    url = reverse("admin:moderation_report_change", args=[report.pk])
    return Words(_("There is a report"), _("Please look at it today."), url=url, button=_("Look at the report"))
