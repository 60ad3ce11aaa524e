"""The rows of who stands by: nothing else writes one. For the verbs, with the request locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.bulk import any_of
from requests_app.models import HelpRequest, Reserve


def begin(help_request: HelpRequest, helper: int, *, was_asked: bool, now: datetime) -> None:
    """This person would come if somebody else cannot. Twice: a no-op."""
    Reserve.objects.running().get_or_create(
        help_request=help_request, helper_id=helper, defaults={"made_at": now, "was_asked": was_asked}
    )


def ask(reserve: Reserve, answer_before: datetime, now: datetime) -> None:
    """A place came free: this one has the first word."""
    reserve.asked_at, reserve.answer_before = now, answer_before
    reserve.save(update_fields=["asked_at", "answer_before"])


def first_word_until(help_request: HelpRequest) -> datetime | None:
    """Until when somebody who stood by has the first word; None where nobody has."""
    first = Reserve.objects.with_first_word().filter(help_request=help_request)
    return first.values_list("answer_before", flat=True).first()


def run_out(requests: Sequence[HelpRequest], now: datetime) -> list[HelpRequest]:
    """The first word of who did not answer in time is nobody's now; answers where somebody else stands by.

    One query, and one more where there are any.
    """
    others = Reserve.objects.running().filter(help_request=OuterRef("help_request"), asked_at=None)
    late = Reserve.objects.with_first_word().filter(
        any_of("help_request", [help_request.pk for help_request in requests]), answer_before__lte=now
    )
    found = {pk: (request, others) for pk, request, others in late.values_list("pk", "help_request", Exists(others))}
    if found:
        Reserve.objects.filter(any_of("pk", found)).update(answer_before=None)
    with_others = {request for request, others in found.values() if others}
    return [help_request for help_request in requests if help_request.pk in with_others]


def end(help_request: HelpRequest, helper: int, how: Reserve.End, now: datetime) -> bool:
    """This person comes, or would rather not; answers whether the first word was theirs. Not standing by: a no-op."""
    reserve = Reserve.objects.running().filter(help_request=help_request, helper=helper).first()
    if reserve is None:
        return False
    reserve.end, reserve.ended_at = how, now
    reserve.save(update_fields=["end", "ended_at"])
    return reserve.answer_before is not None


def settle(help_request: HelpRequest) -> list[int]:
    """Somebody else was first: who was asked stands by again. Answers the users concerned."""
    asked = Reserve.objects.asked().filter(help_request=help_request)
    users = list(asked.values_list("helper", flat=True))
    if users:
        asked.update(asked_at=None, answer_before=None)
    return users


def close(help_request: HelpRequest, now: datetime) -> None:
    """Nobody is needed any more."""
    running = Reserve.objects.filter(help_request=help_request, ended_at=None)
    running.update(end=Reserve.End.CLOSED, ended_at=now)
