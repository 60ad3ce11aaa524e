"""Everybody at once for ten minutes: asking, helping, giving back, declining, removing, while two sweeps walk."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.actors import web
from accounts.models import User
from bench import seed
from bench.figure import Figure, at_least, dosed, exactly, full_dose
from bench.floor import deadlocks
from requests_app import escalation, invariants, lifecycle, offers
from requests_app.models import Event, HelpRequest, Part, PickUp, Policy, Status
from requests_app.transitions import NotAllowed
from tests import make
from villages.models import Village
from volunteers.models import Ask

VILLAGES, PEOPLE = 3, 40
HANDS = 4  # threads that act; two more sweep
SOON = {"first_wave_after": 1, "between_waves_after": 1, "contact_after": 12}  # seconds


def mixed() -> Iterator[Figure]:
    """Ten minutes of it with a dose of 1; what went wrong is counted, and in the end all must add up.

    Deadlocks are counted by PostgreSQL: a sweep that meets one does its batch again, and says nothing.
    """
    seed.clear()
    places = [_village() for _ in range(VILLAGES)]
    seconds, before, begun = dosed(600, least=6), deadlocks(), time.monotonic()
    done: Counter[str] = Counter()
    with ThreadPoolExecutor(HANDS + 2) as threads:
        hands = [threads.submit(_act, places, random.Random(n), begun + seconds, done) for n in range(HANDS)]
        hands += [threads.submit(_sweep, begun + seconds, done) for _ in range(2)]
    for hand in hands:
        hand.result()  # one that stopped halfway makes no figure
    now = timezone.now()
    yield at_least(seconds, "mixed: everybody was busy for", time.monotonic() - begun, "s")
    counts = {f"people did {verb.__name__.replace('_', ' ').strip()}": done[verb.__name__] for verb in VERBS}
    counts |= {"a volunteer was asked": Ask.objects.count(), "two sweeps walked a step": done["walked"]}
    for what, count in counts.items():
        words = f"mixed: times that {what}", count, "times"
        yield at_least(1, *words) if full_dose() else Figure(*words)
    yield exactly(0, "mixed: deadlocks that PostgreSQL saw", deadlocks() - before, "deadlocks")
    yield exactly(0, "mixed: failures", done["failed"], "failures")
    aside = Event.objects.filter(kind=Event.Kind.SET_ASIDE).count()
    yield exactly(0, "mixed: requests set aside", aside, "requests")
    yield exactly(0, "mixed: what does not add up afterwards", sum(invariants.count(now).values()), "rows")


def _village() -> Village:
    place = seed.village(neighbours=PEOPLE, volunteers=dosed(1_000, least=20))  # each is asked once a day at most
    Policy.objects.filter(municipality=place.municipality).delete()
    times = {name: timedelta(seconds=seconds) for name, seconds in SOON.items()}
    Policy.objects.create(municipality=place.municipality, office_hours=0, caps=[2], **times)
    return place


def _act(places: list[Village], chance: random.Random, end: float, done: Counter[str]) -> None:
    try:
        people = {place: list(User.objects.filter(residencies__village=place)) for place in places}
        while time.monotonic() < end:
            place = chance.choice(places)
            verb = chance.choice((*VERBS, _ask, _say_yes))
            _try(lambda: verb(place, chance.choice(people[place]), chance), verb.__name__, done)  # noqa: B023 (at once)
    finally:
        connection.close()


def _sweep(end: float, done: Counter[str]) -> None:
    try:
        while time.monotonic() < end:
            _try(lambda: escalation.sweep(timezone.now()), "walked", done)
            time.sleep(0.2)
    finally:
        connection.close()


def _try(work: Callable[[], int], name: str, done: Counter[str]) -> None:
    """``work`` answers how often it did something: there may be nothing to do it to."""
    try:
        done[name] += work()
    except NotAllowed:
        done["refused"] += 1
    except Exception as error:  # noqa: BLE001 (each is counted)
        done["failed"] += 1
        print(f"While everybody was busy: {error!r}", file=sys.stderr)


def _ask(place: Village, person: User, chance: random.Random) -> bool:
    slots = chance.choice((1, 1, 3))
    make.help_request(place, author=person, now=timezone.now(), part=Part.ANY, help_on=None, slots=slots)
    return True


def _say_yes(place: Village, person: User, chance: random.Random) -> bool:
    if found := _one(chance, HelpRequest.objects.filter(village=place, status=Status.OPEN)):
        offers.say_yes(found, helper=person, actor=web(person), now=timezone.now())
    return bool(found)


def _give_back(place: Village, _: User, chance: random.Random) -> bool:
    active = PickUp.objects.filter(help_request__village=place, ended_at=None)
    if found := _one(chance, active):
        pick_up = PickUp.objects.select_related("helper").get(pk=found)
        helper = pick_up.helper
        lifecycle.give_back(pick_up.help_request_id, helper=helper, actor=web(helper), now=timezone.now())
    return bool(found)


def _decline(place: Village, person: User, chance: random.Random) -> bool:
    if found := _one(chance, Ask.objects.open().filter(volunteer__village=place)):
        escalation.decline(found, actor=web(person), now=timezone.now())
    return bool(found)


def _ask_now(place: Village, person: User, chance: random.Random) -> bool:
    if found := _one(chance, HelpRequest.objects.filter(village=place, status=Status.OPEN)):
        escalation.ask_volunteers_now(found, actor=web(person), now=timezone.now())
    return bool(found)


def _withdraw(place: Village, person: User, chance: random.Random) -> bool:
    if found := _one(chance, HelpRequest.objects.filter(village=place, status__in=[Status.OPEN, Status.TAKEN])):
        lifecycle.withdraw(found, actor=web(person), now=timezone.now())
    return bool(found)


def _one(chance: random.Random, rows: QuerySet[Any]) -> int | None:
    newest = list(rows.order_by("-pk").values_list("pk", flat=True)[:30])
    return chance.choice(newest) if newest else None


VERBS = (_ask, _say_yes, _give_back, _decline, _ask_now, _withdraw)
