"""As many villages, residents and requests as a measurement needs, by statements over whole sets.

The same seed gives the same people and requests. These rows are made beside the verbs, for speed: they keep every
constraint and invariant, nobody is told anything, and nothing is due when they are there.
"""

from __future__ import annotations

import contextlib
import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify

from accounts.models import Municipality, StaffRole, User
from requests_app.models import HelpRequest, Policy, Status
from samsam.demo import sql
from samsam.demo.people import NOBODYS_PHONE, OFFICE, OFFICE_EN
from villages.models import ContactPerson, Residency, Village

DATA = Path(__file__).parent / "data"
FIRST_NAMES = [
    "Anna",
    "Bas",
    "Carla",
    "Dirk",
    "Elif",
    "Freek",
    "Gonny",
    "Hans",
    "Ine",
    "Jan",
    "Kim",
    "Loes",
    "Mo",
    "Nel",
    "Omar",
    "Piet",
    "Roos",
    "Sjaak",
    "Tineke",
    "Vera",
]
STREETS = [
    "Dorpsstraat",
    "Kerkstraat",
    "Molenweg",
    "Schoolstraat",
    "Dijk",
    "Brink",
    "Nieuwstraat",
    "Achterweg",
    "Lindelaan",
    "Veldweg",
]
TITLES = [
    ("groceries", "Boodschappen van de Spar", 30),
    ("ride", "Ritje naar de dokter", 60),
    ("house", "Lamp ophangen", 20),
    ("garden", "Heg knippen", 240),
    ("company", "Een kop koffie en een praatje", None),
    ("pet", "Hond uitlaten", 20),
    ("device", "Hulp met mijn telefoon", 60),
    ("paperwork", "Formulier invullen", 60),
    ("other", "Kliko aan de weg zetten", 20),
]


@dataclass(frozen=True)
class Wanted:
    """How many there are to be in all, those of the demo included; ``open_share`` is of the added requests."""

    villages: int = 0
    residents: int = 0
    requests: int = 0
    seed: int = 1
    open_share: float = 0.1

    def trouble(self) -> str:
        """Why this cannot be made, in one sentence; empty when it can."""
        if min(self.villages, self.residents, self.requests) < 0:
            return "Numbers of villages, residents and requests are 0 or more."
        if not 0 <= self.open_share <= 1:
            return "--open-share is a share: from 0 to 1."
        if not -(2**31) <= self.seed < 2**31:
            return "--seed is a whole number of at most nine digits."
        return ""


def count() -> dict[str, int]:
    """How many villages are on, people live there, and requests there are."""
    requests = HelpRequest.objects.all()
    return {
        "villages": Village.objects.switched_on().count(),
        "residents": Residency.objects.active().count(),
        "requests": requests.count(),
        "open_requests": requests.filter(status=Status.OPEN).count(),
    }


@transaction.atomic
def add(wanted: Wanted, now: datetime) -> None:
    """What is missing to these numbers; enough already: a no-op."""
    there = count()
    _switch_on(wanted.villages - there["villages"], wanted.seed, now)
    people = wanted.residents - there["residents"]
    requests = wanted.requests - there["requests"]
    if people <= 0 and requests <= 0:
        return
    _policies()
    given: dict[str, Any] = {
        "now": now,
        "seed": wanted.seed,
        "first_names": FIRST_NAMES,
        "family_names": _family_names(),
        "streets": STREETS,
        "categories": [category for category, _title, _minutes in TITLES],
        "titles": [title for _category, title, _minutes in TITLES],
        "minutes": [minutes for _category, _title, minutes in TITLES],
        "people": max(people, 0),
        "requests": max(requests, 0),
        "open": round(max(requests, 0) * wanted.open_share),
    }
    with connection.cursor() as cursor, _without_looking_up_every_key(cursor):
        for statement in (*sql.VILLAGES, *sql.PEOPLE, *sql.REQUESTS, *sql.TALLIES):
            cursor.execute(statement, given)


@contextlib.contextmanager
def _without_looking_up_every_key(cursor: Any) -> Iterator[None]:
    """Foreign keys are right here by their making, each comes out of a join; to check all of them takes half the time.

    Only the owner of a whole server may skip that, as of the embedded one; others wait. All other rules hold.
    """
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    may = cursor.fetchone()[0]
    if may:
        cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    if may:
        cursor.execute("SET LOCAL session_replication_role = origin")


def _switch_on(missing: int, seed: int, now: datetime) -> None:
    """Places chosen by the seed, each with the contact person of its municipality."""
    if missing <= 0:
        return
    off = list(Village.objects.filter(switched_on_at=None).order_by("slug").values_list("pk", "municipality"))
    chosen = random.Random(seed).sample(off, min(missing, len(off)))  # noqa: S311 (a demo, the same each time)
    faces = dict(ContactPerson.objects.order_by("-pk").values_list("municipality", "pk"))
    for municipality in Municipality.objects.filter(pk__in={pk for _, pk in chosen}).exclude(pk__in=faces):
        faces[municipality.pk] = _face(municipality).pk
    for municipality_pk in {pk for _, pk in chosen}:
        villages = Village.objects.filter(pk__in=[pk for pk, of in chosen if of == municipality_pk])
        villages.update(contact_person=faces[municipality_pk], switched_on_at=now)


def _face(municipality: Municipality) -> ContactPerson:
    name = FIRST_NAMES[municipality.pk % len(FIRST_NAMES)]
    address = f"contact.{slugify(municipality.name)}@samsam.example"
    person = User.objects.create_user(address, first_name=name, is_staff=True)
    StaffRole.objects.create(user=person, municipality=municipality, kind=StaffRole.Kind.CONTACT_PERSON)
    return ContactPerson.objects.create(
        municipality=municipality, user=person, name=name, phone=NOBODYS_PHONE, hours=OFFICE, hours_en=OFFICE_EN
    )


def _policies() -> None:
    for municipality in Municipality.objects.filter(villages__switched_on_at__isnull=False).distinct():
        Policy.objects.current(municipality, "")


def _family_names() -> list[str]:
    with (DATA / "nl_family_names.csv").open(encoding="utf-8", newline="") as file:
        return [slugify(row["name"]).replace("-", "") for row in csv.DictReader(file)]
