"""What the clock does: the sweep that walks each request up its ladder, and the verbs that hurry it.

State, events, asks and messages are written in one transaction. Any number of sweeps may run at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import CLOCK, Actor
from requests_app import choosing, circle, ladder, lifecycle, moments, notices, offers, transitions
from requests_app.categories import WITH_CERTIFICATE
from requests_app.models import Audience, Event, HelpRequest, RequestAsk, Status
from requests_app.models.help_request import Rung
from requests_app.record import record
from requests_app.texts import GONE
from requests_app.transitions import NotAllowed
from requests_app.work import work_of
from volunteers import asking, rest
from volunteers.models import Ask, Volunteer

BATCH = 100
SET_ASIDE = timedelta(hours=1)
REPLACED_BY = 2  # at most this many are asked when one declines

logger = structlog.get_logger(__name__)


def sweep(now: datetime) -> int:
    """Walk every due request; answers how many steps were walked.

    A batch is one transaction: states, events, asks and messages, all or none. Any number of
    sweeps may run at once: held rows are skipped. A batch that fails is done again row by row.
    """
    walked = 0
    while True:
        try:
            batch = _walk_batch(now, row_by_row=False)
        except Exception:  # whatever one row does, the others must be walked
            logger.exception("sweep_batch_failed")
            batch = _walk_batch(now, row_by_row=True)
        walked += batch
        if not batch:
            return walked


@transaction.atomic
def ask_volunteers_now(pk: int, *, actor: Actor, now: datetime) -> HelpRequest:
    """Skip ahead: the first volunteers are asked now, or in the morning when it is night. Twice: a no-op."""
    help_request = transitions.lock(pk)
    if help_request.status != Status.OPEN or help_request.hidden_at or not moments.asks_volunteers(help_request):
        raise NotAllowed(GONE)
    if help_request.rung != Rung.NEIGHBOURS:
        return help_request
    help_request.volunteers_first, help_request.steps_walked = True, 0
    transitions.save(help_request, "volunteers_first", "steps_walked")
    _walk(help_request, now, actor)
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
    steps = moments.steps_of(help_request)
    _to_contact(help_request, actor, now)
    help_request.steps_walked = moments.walked(help_request, steps)
    _save_walk(help_request, steps, now)
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
    awake = moments.awake_in(help_request.village)(now) <= now
    if help_request.status == Status.OPEN and awake and moments.asks_volunteers(help_request):
        _replace(help_request, ask, now)


@transaction.atomic
def _walk_batch(now: datetime, *, row_by_row: bool) -> int:
    due = HelpRequest.objects.due(now).order_by("next_at", "pk")
    due = due.select_related("author", "municipality", "policy", "village__contact_person__user")
    # With their villages: a village is walked by one sweep at a time, so that no two wait for each other's volunteers.
    batch = list(due.select_for_update(of=("self", "village"), no_key=True, skip_locked=True)[:BATCH])
    for help_request in batch:
        if row_by_row:
            _walk_or_set_aside(help_request, now)
        else:
            _walk(help_request, now, CLOCK)
    return len(batch)


def _walk_or_set_aside(help_request: HelpRequest, now: datetime) -> None:
    try:
        with transaction.atomic():  # a savepoint: what this row wrote goes, the others stay
            _walk(help_request, now, CLOCK)
    except Exception:  # a bad row must not stop the rest; staff see its event
        logger.exception("request_set_aside", help_request=help_request.pk)
        HelpRequest.objects.filter(pk=help_request.pk).update(next_at=now + SET_ASIDE)
        help_request.refresh_from_db(fields=["status"])
        record(help_request, Event.Kind.SET_ASIDE, CLOCK, now)


def _walk(help_request: HelpRequest, now: datetime, actor: Actor) -> None:
    """Take the one step that is due, and write the moment of the next."""
    if help_request.status == Status.TAKEN:
        _walk_taken(help_request, now)
        return
    steps = moments.steps_of(help_request)
    awake = moments.awake_in(help_request.village)
    walked = moments.walked(help_request, steps)
    step, help_request.steps_walked = ladder.due(steps, walked, now, awake=awake)
    if step and step.rung == ladder.Rung.CLOSE:
        close = lifecycle.go_on_with_fewer if help_request.slots_taken else lifecycle.lapse
        close(help_request, now)
        return
    if step and step.rung == ladder.Rung.NEIGHBOURS:
        circle.end_of_time(help_request, actor, now)
    elif step and step.rung == ladder.Rung.CONTACT:
        offers.expire(help_request, now)
        _to_contact(help_request, actor, now)
    elif step and not (actor == CLOCK and offers.hold(help_request, now)):
        _ask_wave(help_request, steps, actor, now)
    _save_walk(help_request, steps, now)


def _save_walk(help_request: HelpRequest, steps: list[ladder.Step], now: datetime) -> None:
    awake = moments.awake_in(help_request.village)
    help_request.next_at = ladder.next_at(steps, help_request.steps_walked, now, awake=awake)
    transitions.save(
        help_request,
        "next_at",
        "steps_walked",
        "waves_asked",
        "rung",
        "owner",
        "owner_deadline_at",
    )


def _walk_taken(help_request: HelpRequest, now: datetime) -> None:
    """Somebody came: ask whether it worked out; a week later it is done by itself."""
    closes_at = moments.closes_itself_at(help_request)
    if now >= closes_at:
        lifecycle.finish(help_request.pk, worked=True, actor=CLOCK, now=now)
        return
    help_request.next_at = closes_at
    transitions.save(help_request, "next_at")
    notices.ask_done(record(help_request, Event.Kind.ASKED_DONE, CLOCK, now), help_request)


def _to_contact(help_request: HelpRequest, actor: Actor, now: datetime) -> None:
    contact = help_request.village.contact_person
    help_request.rung = Rung.CONTACT
    if contact:
        help_request.owner = contact.user
        help_request.owner_deadline_at = moments.owner_deadline(help_request, now)
    notices.to_contact(record(help_request, Event.Kind.TO_CONTACT, actor, now), help_request)


def _ask_wave(help_request: HelpRequest, steps: list[ladder.Step], actor: Actor, now: datetime) -> None:
    """The fewest volunteers that together reach the goal of this wave, fairly chosen and newly asked."""
    help_request.rung = Rung.VOLUNTEERS
    wave = help_request.waves_asked + 1
    goal, cap = ladder.aim(_numbers(help_request), steps, help_request.steps_walked, wave)
    asks = []
    if not help_request.hidden_at:
        asks = _ask(help_request, wave, goal=goal, cap=cap, already=0.0, now=now)
    if not asks:
        record(help_request, Event.Kind.NOBODY_TO_ASK, actor, now)
        return
    help_request.waves_asked = wave
    event = record(help_request, Event.Kind.ASKED, actor, now, asked=len(asks), wave=wave)
    notices.volunteers_asked(event, help_request, asks)


def _replace(help_request: HelpRequest, declined: Ask, now: datetime) -> None:
    numbers = _numbers(help_request)
    open_asks = Ask.objects.open().filter(subject=help_request.pk, wave=declined.wave)
    nobody = 1.0
    for chance in open_asks.values_list("chance", flat=True):
        nobody *= 1 - chance
    goal, cap = numbers.goal(declined.wave), REPLACED_BY
    asks = _ask(help_request, declined.wave, goal=goal, cap=cap, already=1 - nobody, now=now)
    if asks:
        event = record(
            help_request,
            Event.Kind.ASKED,
            CLOCK,
            now,
            asked=len(asks),
            wave=declined.wave,
            instead=1,
        )
        notices.volunteers_asked(event, help_request, asks)


def _ask(
    help_request: HelpRequest,
    wave: int,
    *,
    goal: float,
    cap: int,
    already: float,
    now: datetime,
) -> list[Ask]:
    need = _need(help_request, now)
    asking.one_at_a_time(need.village)
    candidates = [
        choosing.Candidate(
            pk=record.volunteer,
            asked=record.asked,
            yes=record.yes,
            jobs_90=record.jobs_90,
            last_asked_at=record.last_asked_at,
            chosen_category=record.chosen_category,
            chosen_moment=record.chosen_moment,
            newcomer_waits=record.newcomer_waits,
        )
        for record in asking.available(need, now)
    ]
    chosen = choosing.wave(candidates, goal=goal, cap=cap, now=now, seed=help_request.pk, already=already)
    choices = [asking.Choice(one.candidate.pk, one.chance, one.reasons) for one in chosen]
    asks = asking.ask(need, choices, wave=wave, municipality=help_request.municipality_id, now=now)
    RequestAsk.objects.bulk_create(RequestAsk(help_request=help_request, ask=ask) for ask in asks)
    return asks


def _need(help_request: HelpRequest, now: datetime) -> asking.Need:
    if help_request.ladder_since is None or help_request.needed_by is None:
        raise ValueError("a draft asks nobody")
    numbers = _numbers(help_request)
    coming = help_request.pick_ups.filter(ended_at=None, contact=None).values_list("helper", flat=True)
    return asking.Need(
        subject=help_request.pk,
        village=help_request.village_id,
        category=help_request.category,
        on=moments.day_of(help_request),
        moment=moments.of_the_week(help_request),
        certificate=help_request.category in WITH_CERTIFICATE,
        people=(help_request.author_id, *coming),
        wide=now >= ladder.widens_at(help_request.ladder_since, help_request.needed_by, numbers),
        work=work_of(help_request),
    )


def _numbers(help_request: HelpRequest) -> ladder.Numbers:
    if help_request.policy is None:
        raise ValueError("a draft has no policy")
    return moments.numbers_of(help_request.policy)
