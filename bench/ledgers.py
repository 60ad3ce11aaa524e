"""Three ledgers side by side: the outbox in the database, what people read on the site, the mail server's own file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import timezone

from bench.figure import Figure, at_most, exactly
from notifications.models import Channel, Message, State
from requests_app import invariants
from requests_app.models import Event
from volunteers.models import Ask

ESCALATED = ("volunteer.asked", "request.escalated")


def reconciled(
    here: str, sent: Sequence[dict[str, str]], *, escalations: int, volunteers: int, repeats: int
) -> Iterator[Figure]:
    """Each escalation once in the database, each fact once on the site and with the mail server, of nothing else."""
    told = (volunteers + 1) * escalations
    asked = Event.objects.filter(kind=Event.Kind.ASKED)
    yield exactly(escalations, f"{here}: escalations", asked.count(), "escalations")
    yield exactly(escalations, f"{here}: requests escalated", asked.values("help_request").distinct().count(), "rows")
    yield exactly(volunteers * escalations, f"{here}: volunteers asked", Ask.objects.count(), "asks")
    on_site = Counter(Message.objects.filter(channel=Channel.IN_APP).values_list("user", "kind", "key"))
    facts = Counter((user, kind) for user, kind, _ in on_site.elements() if kind in ESCALATED)
    yield exactly(told, f"{here}: people told of it on the site", len(facts), "rows")
    yield exactly(0, f"{here}: told twice on the site", facts.total() - len(facts) + _twice(on_site), "rows")

    rows = Message.objects.filter(channel=Channel.MAIL).select_related("user")
    out = {_line(row) for row in rows.filter(state=State.SENT)}
    ids = {(mail["to"], mail["id"]) for mail in sent}
    escalated = sum(row.kind in ESCALATED for row in rows.filter(state=State.SENT))
    yield exactly(told, f"{here}: people told of it by mail", escalated, "mails")
    yield exactly(
        0, f"{here}: mails that did not go", rows.exclude(state__in=[State.SENT, State.DROPPED]).count(), "mails"
    )
    yield exactly(0, f"{here}: mails of the database that the mail server has not", len(out - ids), "mails")
    # What was not true any more may have gone a moment before: the server's yes came, our commit did not.
    known = {_line(row) for row in rows}
    yield exactly(0, f"{here}: mails of the mail server that the database knows not", len(ids - known), "mails")
    mailed = set(rows.values_list("key", flat=True))
    both = {key for _, kind, key in on_site if kind in ESCALATED}
    yield exactly(0, f"{here}: told on the site and not by mail", len(both - mailed), "facts")
    yield at_most(repeats, f"{here}: mails that went twice, under the same Message-ID", len(sent) - len(ids), "mails")
    yield exactly(0, f"{here}: rules broken", sum(invariants.count(timezone.now()).values()), "rows")


def _line(row: Message) -> tuple[str, str]:
    return (row.user.email if row.user else row.address, f"<{row.message_id}@{settings.MAIL_DOMAIN}>")


def _twice(facts: Counter[tuple[int, str, str]]) -> int:
    return facts.total() - len(facts)
