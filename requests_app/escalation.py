"""What the clock does: the sweep that walks each request up its ladder, and the verbs that hurry it.

State, events, asks and messages are written in one transaction. Any number of sweeps may run at once.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import CLOCK, Actor
from requests_app import choosing, circle, due, ladder, moments, notices, transitions, walking, waves
from requests_app.models import Audience, Event, HelpRequest, RequestAsk, Status
from requests_app.models.help_request import Rung
from requests_app.record import noted, record
from requests_app.texts import GONE
from requests_app.transitions import NotAllowed
from volunteers import rest
from volunteers.models import Ask, Volunteer

SET_ASIDE = timedelta(hours=1)
REPLACED_BY = 2  # at most this many are asked when one declines

logger = structlog.get_logger(__name__)


def sweep(now: datetime) -> int:
    """Walk every due request; answers how many steps were walked.

    A batch is one transaction: states, events, asks and messages, all or none. In a backlog municipalities take turns,
    each with its oldest requests. Any number of sweeps may run at once: held rows are skipped. A batch that fails is
    done again row by row.
    """
    return sum(batches(now))


def batches(now: datetime) -> Iterator[int]:
    """The same, a batch at a time: how many steps were walked in each."""
    anything = False
    while (seen := due.look(now)).waiting:
        walked = 0
        for turn in due.turns(seen.waiting):
            steps = walk_turn(turn, now)
            walked += steps
            yield steps
        if not walked:  # what is left others have in hand
            break
        anything = True
    if anything or seen.is_stale:
        due.raise_mark(now)


def walk_turn(turn: due.Turn, now: datetime) -> int:
    """One batch of a sweep; answers how many steps that were, none where other sweeps have all of it in hand."""
    try:
        with _no_rings():
            return _walk_batch(turn, now, row_by_row=False)
    except Exception:  # whatever one row does, the others must be walked
        logger.exception("sweep_batch_failed")
        return _walk_batch(turn, now, row_by_row=True)


@transaction.atomic
def ask_volunteers_now(pk: int, *, actor: Actor, now: datetime) -> HelpRequest:
    """Skip ahead: the first volunteers are asked now, or in the morning when it is night. Twice: a no-op."""
    help_request = transitions.lock(pk)
    if help_request.status != Status.OPEN or help_request.hidden_at or not moments.asks_volunteers(help_request):
        raise NotAllowed(GONE)
    if help_request.rung not in {Rung.NEIGHBOURS, Rung.GROUP}:
        return help_request
    help_request.volunteers_first, help_request.waves_walked = True, 0
    transitions.save(help_request, "volunteers_first", "waves_walked")
    # The groups are asked with them, unless it lies before them already.
    if help_request.rung == Rung.NEIGHBOURS and moments.steps_of(help_request)[0].rung == ladder.Rung.GROUP:
        walking.walk([help_request], now, actor)
    walking.walk([help_request], now, actor)
    return help_request


@transaction.atomic
def hand_to_contact(pk: int, *, actor: Actor, now: datetime) -> HelpRequest:
    """Staff put it with the contact person now; the steps before that are passed over."""
    help_request = transitions.lock(pk)
    if help_request.status != Status.OPEN:
        raise NotAllowed(GONE)
    if help_request.owner is not None:
        raise NotAllowed(_("The contact person has this request already"))
    if help_request.audience == Audience.CIRCLE:  # its time is one of the steps that are passed over
        circle.end_of_time(help_request, actor, now)
    walking.hand_over(help_request, actor, now)
    return help_request


@transaction.atomic
def decline(ask_pk: int, *, actor: Actor, now: datetime) -> None:
    """ "Not this time": costs nothing, and somebody else is asked instead. Twice, or too late: a no-op."""
    link = RequestAsk.objects.filter(ask=ask_pk).first()
    if link is None:
        raise NotAllowed(GONE)
    help_request = transitions.lock(link.help_request_id)
    ask = Ask.objects.select_for_update(of=("self",), no_key=True).get(pk=ask_pk)
    if ask.answer != Ask.Answer.OPEN:
        return
    ask.answer, ask.answered_at = Ask.Answer.NO, now
    ask.save(update_fields=["answer", "answered_at"])
    rest.heard(Volunteer.objects.filter(pk=ask.volunteer_id), now)
    record(help_request, Event.Kind.DECLINED, actor, now, ask=ask.pk)
    ask_instead(help_request, ask, now)


def ask_instead(help_request: HelpRequest, ask: Ask, now: datetime) -> None:
    """An ask ended without a yes: somebody else is asked, but nobody in the night. For the verbs, row locked."""
    awake = moments.awake_in(help_request.village)(now) <= now
    if help_request.status == Status.OPEN and awake and moments.asks_volunteers(help_request):
        _replace(help_request, ask, now)


@contextmanager
def _no_rings() -> Iterator[None]:
    """A batch makes very many objects and no rings of them: looking for those takes a tenth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@transaction.atomic
def _walk_batch(turn: due.Turn, now: datetime, *, row_by_row: bool) -> int:
    batch = due.take(turn, now)
    if row_by_row:
        for help_request in batch:
            _walk_or_set_aside(help_request, now)
    elif batch:
        walking.walk(batch, now, CLOCK)
    return len(batch)


def _walk_or_set_aside(help_request: HelpRequest, now: datetime) -> None:
    try:
        with transaction.atomic():  # a savepoint: what this row wrote goes, the others stay
            walking.walk([help_request], now, CLOCK)
    except Exception:  # a bad row must not stop the rest; staff see its event
        logger.exception("request_set_aside", help_request=help_request.pk)
        HelpRequest.objects.filter(pk=help_request.pk).update(next_at=now + SET_ASIDE)
        help_request.refresh_from_db(fields=["status"])
        record(help_request, Event.Kind.SET_ASIDE, CLOCK, now)


def _replace(help_request: HelpRequest, declined: Ask, now: datetime) -> None:
    """Somebody else of the same wave, as far as those who still think about it leave room for one."""
    open_asks = Ask.objects.open().filter(subject=help_request.pk, wave=declined.wave)
    already = choosing.chance_of_one_yes(open_asks.values_list("chance", flat=True))
    numbers, steps = moments.numbers_for(help_request), moments.steps_of(help_request)
    walked = moments.walked(help_request, steps)
    goal, _most = ladder.aim(numbers, steps, walked, declined.wave)
    until = ladder.until(steps, walked)
    (asked,) = waves.ask([waves.Wanted(help_request, numbers, declined.wave, goal, REPLACED_BY, until, already)], now)
    if asked:
        came = walking.Walk(now)
        words = {"asked": len(asked), "wave": declined.wave, "instead": 1}
        came.say(noted(help_request, Event.Kind.ASKED, CLOCK, now, **words), notices.volunteers_asked, asked, None)
        came.write()
