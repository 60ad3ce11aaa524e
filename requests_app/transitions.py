"""Every change of status of a help request, and nothing else: the one place that writes ``status``.

For the verbs of ``lifecycle``, inside their transaction, with the row locked by ``lock``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from requests_app import circle_notices, group_notices, ladder, moments, notices, reserve_notices, stand_by
from requests_app.models import TRANSITIONS, Audience, HelpRequest, Offer, Status
from requests_app.models.help_request import BEFORE_VOLUNTEERS, OWN_CIRCLE, Rung
from requests_app.texts import GONE
from villages.models import Tally
from volunteers import asking

# What a window of the ladder is made of.
WINDOW = (
    "ladder_since",
    "waves_walked",
    "waves_asked",
    "rung",
    "audience",
    "after_circle",
    "volunteers_first",
    "next_at",
    "owner",
    "owner_deadline_at",
    "ask_needed_at",
    "needed_asked_at",
)


class NotAllowed(Exception):
    """This cannot be done (any more). The message is for the person who tried."""


class TooLate(NotAllowed):
    """Somebody else was just before. Nobody's fault: a friendly page."""


def lock(pk: int) -> HelpRequest:
    """The row as it is now, held until the transaction ends; with what every verb reads."""
    rows = HelpRequest.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("author", "municipality", "policy", "village__contact_person__user").get(pk=pk)


def put_on_board(help_request: HelpRequest, now: datetime, *fields: str) -> None:
    """On the board, with a window that starts now."""
    _move(help_request, Status.OPEN)
    start_window(help_request, now)
    save(help_request, "status", *fields, *WINDOW)
    Tally.add(help_request.village_id, open_requests=1)


def look_again(help_request: HelpRequest, now: datetime) -> None:
    """Somebody is needed again: back on the board, on the volunteers' rung if neighbours had their share."""
    at = {step.rung: step.at for step in reversed(moments.whole_plan(help_request))}  # the first of each
    if help_request.audience == Audience.CIRCLE and at.get(ladder.Rung.NEIGHBOURS, now) <= now:
        # The circle's time passed while somebody was coming.
        help_request.audience, help_request.opened_at = Audience.NEIGHBOURS, now
    first = at.get(ladder.Rung.VOLUNTEERS)
    neighbours_had_theirs = help_request.rung not in BEFORE_VOLUNTEERS or first is None or first <= now
    help_request.volunteers_first = neighbours_had_theirs
    put_on_board(help_request, now, "opened_at")
    circle_notices.asked(help_request, now)


def complete(help_request: HelpRequest, now: datetime) -> None:
    """Enough people: nobody else is asked, and afterwards we ask whether it worked out."""
    _move(help_request, Status.TAKEN)
    settle_offers(help_request, now)
    settle_reserve(help_request, now)
    help_request.owner = help_request.owner_deadline_at = None
    help_request.next_at = max(moments.ask_done_at(help_request), now)
    save(help_request, "status", "slots_taken", "owner", "owner_deadline_at", "next_at")
    Tally.add(help_request.village_id, open_requests=-1)
    stop_the_bell(help_request, now)


def close(help_request: HelpRequest, to: Status, now: datetime, *fields: str) -> None:
    """Off the board for good: done, withdrawn or lapsed."""
    was_open = help_request.status == Status.OPEN
    _move(help_request, to)
    settle_offers(help_request, now)
    settle_reserve(help_request, now)
    stand_by.close(help_request, now)
    help_request.closed_at, help_request.next_at = now, None
    help_request.owner = help_request.owner_deadline_at = None
    save(
        help_request,
        "status",
        "closed_at",
        "next_at",
        "owner",
        "owner_deadline_at",
        *fields,
    )
    if was_open:
        Tally.add(help_request.village_id, open_requests=-1)


def start_window(help_request: HelpRequest, now: datetime) -> None:
    """The ladder begins (again) now; not saved here, the fields are ``WINDOW``."""
    help_request.ladder_since, help_request.waves_walked, help_request.waves_asked = now, 0, 0
    help_request.after_circle = False
    help_request.audience = moments.begins_with(help_request)
    if help_request.audience in OWN_CIRCLE:
        help_request.volunteers_first, help_request.rung = False, Rung.CIRCLE
    else:
        first = help_request.volunteers_first and moments.asks_volunteers(help_request)
        help_request.rung = Rung.VOLUNTEERS if first else Rung.NEIGHBOURS
    help_request.owner = help_request.owner_deadline_at = None
    help_request.ask_needed_at = moments.ask_needed_at(help_request, now, longer_than=moments.A_LONG_WINDOW)
    help_request.needed_asked_at = None
    help_request.next_at = moments.next_at(help_request, moments.steps_of(help_request), now)


def stop_the_bell(help_request: HelpRequest, now: datetime) -> None:
    """Who was asked and did not answer need not any more, and hears so."""
    users = asking.withdraw(help_request.pk, now)
    notices.settled(help_request, users, now)
    circle_notices.settled(help_request, now)
    group_notices.settled(help_request, now)


def open_to_neighbours(help_request: HelpRequest, now: datetime) -> None:
    """The circle's time is over: it comes on the board, as the asker said beforehand; or with who is there instead."""
    help_request.after_circle, help_request.rung = True, Rung.NEIGHBOURS
    help_request.audience = moments.begins_with(help_request, Audience.NEIGHBOURS)
    help_request.opened_at = now if help_request.audience == Audience.NEIGHBOURS else None
    save(help_request, "audience", "after_circle", "rung", "opened_at")


def settle_offers(help_request: HelpRequest, now: datetime, *, of: Collection[int] | None = None) -> None:
    """Who offered (or these people only) and has no answer need not wait any more, and is told gently."""
    if not help_request.offers_waiting:
        return
    waiting = Offer.objects.waiting().filter(help_request=help_request).select_related("helper")
    ended = list(waiting if of is None else waiting.filter(helper__in=of))
    Offer.objects.filter(pk__in=[offer.pk for offer in ended]).update(answer=Offer.Answer.SETTLED, answered_at=now)
    notices.offers_settled(ended, help_request, now)
    offers_ended(help_request, now)


def settle_reserve(help_request: HelpRequest, now: datetime) -> None:
    """Who stood by and was asked first need not answer any more, and hears so."""
    if users := stand_by.settle(help_request):
        reserve_notices.settled(help_request, users, now)


def count_offers(help_request: HelpRequest) -> None:
    """Write how many offers wait for an answer, as it is now."""
    help_request.offers_waiting = Offer.objects.waiting().filter(help_request=help_request).count()
    save(help_request, "offers_waiting")


def offers_ended(help_request: HelpRequest, now: datetime) -> None:
    """Some ended at this moment without a place. If none is left, the step that waited for them comes now."""
    count_offers(help_request)
    waited = Offer.objects.filter(help_request=help_request, held_at__isnull=False, answered_at=now)
    if help_request.offers_waiting or help_request.status != Status.OPEN or not waited.exists():
        return
    help_request.waves_walked = max(help_request.waves_walked - 1, 0)
    help_request.next_at = moments.next_at(help_request, moments.steps_of(help_request), now)
    save(help_request, "waves_walked", "next_at")


def stop_asking(help_request: HelpRequest, people: QuerySet[User], now: datetime) -> None:
    """The same for these people only; the others are still asked."""
    users = asking.withdraw_from(help_request.pk, people, now)
    notices.settled(help_request, users, now, everybody=False)


def save(help_request: HelpRequest, *fields: str) -> None:
    """Write these fields, each once."""
    help_request.save(update_fields=list(dict.fromkeys(fields)))


def _move(help_request: HelpRequest, to: Status) -> None:
    if to not in TRANSITIONS[Status(help_request.status)]:
        raise NotAllowed(GONE)
    help_request.status = to
