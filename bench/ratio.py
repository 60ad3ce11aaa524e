"""The sweep beside the same rows written by hand: in turn, in one run, medians of five."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.utils import timezone

from bench import beside_helpdesk, by_hand, seed
from bench.crowd import Crowd, gather
from bench.figure import Figure, at_least, dosed, exactly, is_taste
from bench.floor import cpu
from notifications.models import Message
from requests_app import due, escalation
from requests_app.models import Event, RequestAsk
from volunteers.models import Ask

VILLAGE = 50  # due in each; its municipality has one turn
STEP = due.BATCH // VILLAGE  # municipalities in a batch
MADE = (Event, Ask, RequestAsk, Message)
NAME = "sweep against hand-written SQL"


def ratio() -> Iterator[Figure]:
    """100,000 due of 1,000,000 open, in batches of a thousand; each round takes the next ten batches of them twice."""
    seed.clear()
    now = timezone.now()
    rounds, batches = 1 if is_taste() else 5, dosed(10, least=1)
    size = batches * due.BATCH
    villages = 2 * rounds * batches * STEP
    places = [place.municipality_id for place in gather(_crowd(villages), now)]
    products, floors, ours, theirs = [], [], 0, 0
    for _ in range(rounds):
        before = _written()
        products.append(cpu(lambda: sum(islice(escalation.batches(now), batches))))
        between = _written()
        mine = [places.pop() for _ in range(batches * STEP)]  # from the other end than the sweep
        floors.append(cpu(lambda: _by_hand(mine, now)))  # noqa: B023 (called at once)
        ours, theirs = ours + between - before, theirs + _written() - between
    yield exactly(theirs, f"{NAME}: rows written for {rounds * size:,} escalations", ours, "rows")
    product, floor = statistics.median(products) / size, statistics.median(floors) / size
    yield Figure(f"{NAME}: CPU of one escalation", product * 1000, "ms", floor=floor * 1000)
    name, speed = f"{NAME}: its part of that speed", floor / product
    yield Figure(name, speed, "") if is_taste() else at_least(0.25, name, speed, "")
    if not is_taste():
        yield from beside_helpdesk.beside(product)


def _crowd(villages: int) -> Crowd:
    return Crowd(villages, due=VILLAGE, later=1 if is_taste() else 9, volunteers=VILLAGE + 5)


def _by_hand(municipalities: list[int], now: datetime) -> None:
    for start in range(0, len(municipalities), STEP):
        by_hand.batch(municipalities[start : start + STEP], now)


def _written() -> int:
    return sum(model.objects.count() for model in MADE)
