"""The sweep beside the same rows written by hand, and beside django-helpdesk: in turn, in one run, medians of five."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from statistics import median

from django.utils import timezone

from bench import beside_helpdesk, by_hand, seed
from bench.crowd import Crowd, gather
from bench.figure import Figure, at_least, dosed, exactly, is_taste, not_made
from bench.floor import cpu
from notifications.models import Message
from requests_app import due, escalation
from requests_app.models import Event, RequestAsk
from volunteers.models import Ask

VILLAGE = 50  # due in each; its municipality has one turn
STEP = due.BATCH // VILLAGE  # municipalities in a batch
MADE = (Event, Ask, RequestAsk, Message)
TICKETS = 2_000  # of django-helpdesk in a round
NAME = "sweep against hand-written SQL"
BESIDE = "against django-helpdesk's escalate_tickets"


def ratio() -> Iterator[Figure]:
    """100,000 due of 1,000,000 open, in batches of a thousand.

    A round is ten batches by the sweep, ten by hand, and some tickets by django-helpdesk: a machine that is slower for
    a while is so for all three. What is told is the median of the rounds; each is put beside the others of its own.
    """
    seed.clear()
    now = timezone.now()
    rounds, batches = 1 if is_taste() else 5, dosed(10, least=1)
    wanted = rounds * batches * due.BATCH
    places = [place.municipality_id for place in gather(_crowd(2 * rounds * batches * STEP), now)]
    with nullcontext() if is_taste() else beside_helpdesk.helpdesk() as helpdesk:
        seen = [_round(batches, places, now, helpdesk) for _ in range(rounds)]
    yield exactly(wanted, f"{NAME}: escalations by the sweep", sum(one.walked for one in seen), "steps")
    theirs = sum(one.rows_by_hand for one in seen)
    yield exactly(theirs, f"{NAME}: rows written for {wanted:,} escalations", sum(one.rows for one in seen), "rows")
    ours, floor = (median(getattr(one, side) for one in seen) for side in ("ours", "floor"))
    yield Figure(f"{NAME}: CPU of one escalation", ours * 1000, "ms", floor=floor * 1000)
    name, speed = f"{NAME}: its part of that speed", median(one.floor / one.ours for one in seen)
    yield Figure(name, speed, "") if is_taste() else at_least(0.25, name, speed, "")
    if all(one.helpdesk for one in seen):
        yield Figure(f"{BESIDE}: its CPU of one escalation", median(one.helpdesk for one in seen) * 1000, "ms")
        name = f"{BESIDE}: our escalations per CPU second"
        yield at_least(15, name, median(one.helpdesk / one.ours for one in seen), "times")
    elif not is_taste():
        yield not_made(BESIDE)


@dataclass(frozen=True)
class Round:
    """CPU seconds of one escalation by each, and what was written."""

    ours: float
    floor: float
    helpdesk: float
    walked: int
    rows: int
    rows_by_hand: int


def _round(batches: int, places: list[int], now: datetime, helpdesk: beside_helpdesk.Helpdesk | None) -> Round:
    """By the sweep from one end of the places, by hand from the other."""
    walked: list[int] = []
    before = _written()
    ours = cpu(lambda: walked.extend(islice(escalation.batches(now), batches)))
    between = _written()
    mine = [places.pop() for _ in range(batches * STEP)]
    floor = cpu(lambda: _by_hand(mine, now))
    after = _written()
    theirs = helpdesk.seconds(TICKETS) if helpdesk else 0.0
    many, rows, rows_by_hand = batches * due.BATCH, between - before, after - between
    return Round(ours / many, floor / many, theirs, sum(walked), rows, rows_by_hand)


def _crowd(villages: int) -> Crowd:
    return Crowd(villages, due=VILLAGE, later=1 if is_taste() else 9, volunteers=VILLAGE + 5)


def _by_hand(municipalities: list[int], now: datetime) -> None:
    for start in range(0, len(municipalities), STEP):
        by_hand.batch(municipalities[start : start + STEP], now)


def _written() -> int:
    return sum(model.objects.count() for model in MADE)
