"""The places of the Netherlands, as they are loaded."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import Municipality
from tests import make
from villages import reference
from villages.models import Village

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("places")]  # they are loaded once


def test_load_places_brings_all_and_switches_none_on():
    out = StringIO()

    call_command("load_places", stdout=out)

    loaded = json.loads(out.getvalue().splitlines()[-1])
    assert loaded == {"municipalities": 342, "places": 2504, "postcode_areas": 4064, "changed": 342 + 2504 + 4312}
    assert not Village.objects.switched_on().exists()
    beesd = Village.objects.get(slug="beesd")
    assert (beesd.municipality.name, beesd.pc4s, beesd.label) == ("West Betuwe", ["4153"], "Beesd")


def test_load_places_twice_changes_nothing_and_asks_little(places, django_assert_max_num_queries):
    before = list(Village.objects.order_by("pk").values())

    with django_assert_max_num_queries(15):
        again = reference.load()

    assert again["changed"] == 0
    assert list(Village.objects.order_by("pk").values()) == before


def test_load_places_keeps_what_staff_decided_and_mends_what_the_files_say(places):
    beesd = Village.objects.get(slug="beesd")
    face = make.contact_person(beesd.municipality)
    decided = {"switched_on_at": NOW, "contact_person": face, "quiet_from": "22:00", "quiet_until": "07:00"}
    Village.objects.filter(pk=beesd.pk).update(**decided, letter_code="ABCDEFGH", pc4s=["9999"])

    assert reference.load()["changed"] == 1

    beesd.refresh_from_db()
    assert beesd.pc4s == ["4153"]
    assert (beesd.switched_on_at, beesd.contact_person, beesd.letter_code) == (NOW, face, "ABCDEFGH")
    assert (f"{beesd.quiet_from:%H:%M}", f"{beesd.quiet_until:%H:%M}") == ("22:00", "07:00")


def test_load_places_brings_the_name_of_a_municipality_up_to_date(places):
    Municipality.objects.filter(code="GM1960").update(name="Geldermalsen")

    assert reference.load()["changed"] == 1
    assert Municipality.objects.get(code="GM1960").name == "West Betuwe"


def test_place_whose_name_occurs_twice_shows_its_municipality(places):
    labels = {village.slug: village.label for village in Village.objects.filter(name="Buurmalsen")}

    assert labels == {
        "buurmalsen-west-betuwe": "Buurmalsen (West Betuwe)",
        "buurmalsen-buren": "Buurmalsen (Buren)",
    }
    assert Village.objects.get(slug="grolloo").shares_name is False


def test_names_that_differ_in_a_dash_only_count_as_one_name(places):
    names = {village.name for village in Village.objects.filter(slug__startswith="kerk-avezaath-", shares_name=True)}

    assert names == {"Kerk-Avezaath", "Kerk Avezaath"}
