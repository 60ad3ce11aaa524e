"""The places of the Netherlands as reference rows, from the files in ``villages/data``.

Loading is repeatable: rows that are there keep their address (slug) and everything staff decided about them; only
what the files say (postcodes, position, names that occur twice) is brought up to date.
"""

import csv
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import TypedDict

from django.db import transaction
from django.utils.text import slugify

from accounts.models import Municipality
from villages.models import PostcodeArea, Village

DATA = Path(__file__).parent / "data"
BATCH = 1000  # rows a statement


class Loaded(TypedDict):
    """How many rows there are after loading, and how many of them had to be written."""

    municipalities: int
    places: int
    postcode_areas: int
    changed: int


def read(name: str) -> list[dict[str, str]]:
    """The rows of one of the files, by the names in its first line."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def load() -> Loaded:
    """Bring municipalities, places and postcode areas up to date; a second run writes nothing."""
    changed = _load_municipalities()
    municipalities = {municipality.code: municipality for municipality in Municipality.objects.all()}
    changed += _load_places(municipalities)
    changed += _load_postcode_areas(municipalities)
    return {
        "municipalities": len(municipalities),
        "places": Village.objects.filter(kind=Village.Kind.PLACE).count(),
        "postcode_areas": PostcodeArea.objects.values("pc4").distinct().count(),
        "changed": changed,
    }


def free_slug(name: str, municipality: str, taken: Collection[str]) -> str:
    """The address of a new village: its name; with the municipality, then a number, when that is taken."""
    plain, long = slugify(name), slugify(f"{name} {municipality}")
    candidates = [plain, long, *(f"{long}-{number}" for number in range(2, 100))]
    return next(slug for slug in candidates if slug and slug not in taken)


def _load_municipalities() -> int:
    known = {municipality.code: municipality for municipality in Municipality.objects.all()}
    new, moved = [], []
    for row in read("nl_municipalities.csv"):
        municipality = known.get(row["code"])
        if municipality is None:
            new.append(Municipality(code=row["code"], name=row["name"], province=row["province"]))
        elif (municipality.name, municipality.province) != (row["name"], row["province"]):
            municipality.name, municipality.province = row["name"], row["province"]
            moved.append(municipality)
    Municipality.objects.bulk_create(new, BATCH)
    Municipality.objects.bulk_update(moved, ["name", "province"], BATCH)
    return len(new) + len(moved)


def _load_places(municipalities: dict[str, Municipality]) -> int:
    rows = read("nl_places.csv")
    known = list(Village.objects.all())
    places = {(village.municipality_id, village.name): village for village in known}
    taken = {village.slug for village in known}
    # By slug, so that "Kerk-Avezaath" and "Kerk Avezaath" count as one name.
    names = Counter(slugify(row["place"]) for row in rows)
    names.update(slugify(village.name) for village in known if village.kind == Village.Kind.DISTRICT)
    new, changed = [], []
    for row in rows:
        municipality = municipalities[row["municipality_code"]]
        shares_name = names[slugify(row["place"])] > 1
        facts = {
            "pc4s": row["pc4s"].split(),
            "lat": float(row["lat"]),
            "lon": float(row["lon"]),
            "shares_name": shares_name,
        }
        village = places.get((municipality.pk, row["place"]))
        if village is None:
            # Both of two places of one name carry their municipality, whichever was loaded first.
            taken_or_shared = taken | {slugify(row["place"])} if shares_name else taken
            slug = free_slug(row["place"], municipality.name, taken_or_shared)
            taken.add(slug)
            new.append(Village(municipality=municipality, name=row["place"], slug=slug, **facts))
        elif village.kind == Village.Kind.PLACE and any(getattr(village, key) != facts[key] for key in facts):
            for key, value in facts.items():
                setattr(village, key, value)
            changed.append(village)
    Village.objects.bulk_create(new, BATCH)
    Village.objects.bulk_update(changed, ["pc4s", "lat", "lon", "shares_name"], BATCH)
    return len(new) + len(changed)


def _load_postcode_areas(municipalities: dict[str, Municipality]) -> int:
    known = set(PostcodeArea.objects.values_list("pc4", "municipality", "place"))
    new = {}
    for row in read("nl_postcode4.csv"):
        municipality = municipalities[row["municipality_code"]]
        key = (row["pc4"], municipality.pk, row["place"])
        if key not in known:
            new[key] = PostcodeArea(
                pc4=row["pc4"],
                municipality=municipality,
                place=row["place"],
                lat=float(row["lat"]),
                lon=float(row["lon"]),
            )
    PostcodeArea.objects.bulk_create(new.values(), BATCH)
    return len(new)
