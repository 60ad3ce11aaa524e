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

from django.db import OperationalError, connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.actors import web
from accounts.models import User
from bench import seed
from bench.figure import Figure, dosed, exactly
from requests_app import escalation, invariants, lifecycle, offers
from requests_app.models import Event, HelpRequest, Part, PickUp, Policy, Status
from requests_app.transitions import NotAllowed
from tests import make
from villages.models import Residency, Village
from volunteers.models import Ask, Volunteer

VILLAGES, PEOPLE = 3, 40
HANDS = 4  # threads that act; two more sweep
SOON = {"first_wave_after": 1, "between_waves_after": 1, "contact_after": 12}  # seconds


def mixed() -> Iterator[Figure]:
    """Ten minutes of it with a dose of 1; what went wrong is counted, and in the end all must add up."""
    seed.clear()
    places = [_village() for _ in range(VILLAGES)]
    end = time.monotonic() + dosed(600, least=6)
    done: Counter[str] = Counter()
    with ThreadPoolExecutor(HANDS + 2) as threads:
        for number in range(HANDS):
            threads.submit(_act, places, random.Random(number), end, done)
        for _ in range(2):
            threads.submit(_sweep, end, done)
    now = timezone.now()
    yield Figure("mixed: things that people did", done["done"], "verbs")
    yield Figure("mixed: steps that two sweeps walked meanwhile", done["walked"], "steps")
    yield exactly(0, "mixed: deadlocks", done["deadlock"], "deadlocks")
    yield exactly(0, "mixed: other failures", done["failed"], "failures")
    aside = Event.objects.filter(kind=Event.Kind.SET_ASIDE).count()
    yield exactly(0, "mixed: requests set aside", aside, "requests")
    yield exactly(0, "mixed: what does not add up afterwards", sum(invariants.count(now).values()), "rows")


def _village() -> Village:
    place = seed.village(neighbours=PEOPLE)
    Policy.objects.filter(municipality=place.municipality).delete()
    times = {name: timedelta(seconds=seconds) for name, seconds in SOON.items()}
    Policy.objects.create(municipality=place.municipality, office_hours=0, **times)
    homes = Residency.objects.filter(village=place).order_by("pk")
    Volunteer.objects.bulk_create(
        Volunteer(user_id=home.user_id, village=place, municipality=place.municipality, categories=["groceries"])
        for home in homes[: PEOPLE // 2]
    )
    return place


def _act(places: list[Village], chance: random.Random, end: float, done: Counter[str]) -> None:
    try:
        people = {place: list(User.objects.filter(residencies__village=place)) for place in places}
        while time.monotonic() < end:
            place = chance.choice(places)
            verb = chance.choice((_ask, _ask, _say_yes, _say_yes, _give_back, _decline, _ask_now, _withdraw))
            _try(lambda: verb(place, chance.choice(people[place]), chance), "done", done)  # noqa: B023 (at once)
    finally:
        connection.close()


def _sweep(end: float, done: Counter[str]) -> None:
    try:
        while time.monotonic() < end:
            _try(lambda: done.update(walked=escalation.sweep(timezone.now())), "swept", done)
            time.sleep(0.2)
    finally:
        connection.close()


def _try(work: Callable[[], object], name: str, done: Counter[str]) -> None:
    try:
        work()
        done[name] += 1
    except NotAllowed:
        done["refused"] += 1
    except OperationalError as error:
        done["deadlock" if "deadlock" in str(error) else "failed"] += 1
        print(f"While everybody was busy: {error}", file=sys.stderr)
    except Exception as error:  # noqa: BLE001 (each is counted)
        done["failed"] += 1
        print(f"While everybody was busy: {error!r}", file=sys.stderr)


def _ask(place: Village, person: User, chance: random.Random) -> None:
    slots = chance.choice((1, 1, 3))
    make.help_request(place, author=person, now=timezone.now(), part=Part.ANY, help_on=None, slots=slots)


def _say_yes(place: Village, person: User, chance: random.Random) -> None:
    if found := _one(chance, HelpRequest.objects.filter(village=place, status=Status.OPEN)):
        offers.say_yes(found, helper=person, actor=web(person), now=timezone.now())


def _give_back(place: Village, _: User, chance: random.Random) -> None:
    active = PickUp.objects.filter(help_request__village=place, ended_at=None)
    if found := _one(chance, active):
        pick_up = PickUp.objects.select_related("helper").get(pk=found)
        helper = pick_up.helper
        lifecycle.give_back(pick_up.help_request_id, helper=helper, actor=web(helper), now=timezone.now())


def _decline(place: Village, person: User, chance: random.Random) -> None:
    if found := _one(chance, Ask.objects.open().filter(volunteer__village=place)):
        escalation.decline(found, actor=web(person), now=timezone.now())


def _ask_now(place: Village, person: User, chance: random.Random) -> None:
    if found := _one(chance, HelpRequest.objects.filter(village=place, status=Status.OPEN)):
        escalation.ask_volunteers_now(found, actor=web(person), now=timezone.now())


def _withdraw(place: Village, person: User, chance: random.Random) -> None:
    if found := _one(chance, HelpRequest.objects.filter(village=place, status__in=[Status.OPEN, Status.TAKEN])):
        lifecycle.withdraw(found, actor=web(person), now=timezone.now())


def _one(chance: random.Random, rows: QuerySet[Any]) -> int | None:
    newest = list(rows.order_by("-pk").values_list("pk", flat=True)[:30])
    return chance.choice(newest) if newest else None
