"""The places of the Netherlands, and the districts staff make of their postcodes."""

import json
import time
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.actors import staff
from accounts.models import Municipality, StaffRole, User
from villages import districts, reference, switching
from villages.models import ContactPerson, PostcodeArea, Tally, Village
from villages.refusals import NotAllowed

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(db):
    reference.load()


@pytest.fixture
def leiden(places):
    return Municipality.objects.get(name="Leiden")


@pytest.fixture
def coordinator(leiden):
    user = User.objects.create_user("coordinator@leiden.example", is_staff=True)
    StaffRole.objects.create(user=user, municipality=leiden, kind=StaffRole.Kind.COORDINATOR)
    return user


def face_of(municipality):
    user = User.objects.create_user(f"face-{municipality.pk}@samsam.example", is_staff=True)
    return ContactPerson.objects.create(
        municipality=municipality, user=user, name="Marieke", phone="+31600000000", hours="9.00 tot 17.00 uur"
    )


def test_load_places_brings_all_and_switches_none_on():
    out = StringIO()

    call_command("load_places", stdout=out)

    loaded = json.loads(out.getvalue().splitlines()[-1])
    assert loaded == {"municipalities": 342, "places": 2504, "postcode_areas": 4064, "changed": 342 + 2504 + 4312}
    assert not Village.objects.switched_on().exists()
    beesd = Village.objects.get(slug="beesd")
    assert (beesd.municipality.name, beesd.pc4s, beesd.label) == ("West Betuwe", ["4153"], "Beesd")


def test_load_places_twice_changes_nothing_and_is_quick(places):
    before = list(Village.objects.order_by("pk").values())

    started = time.process_time()
    again = reference.load()

    assert time.process_time() - started < 3
    assert again["changed"] == 0
    assert list(Village.objects.order_by("pk").values()) == before


def test_load_places_keeps_what_staff_decided_and_mends_what_the_files_say(places):
    beesd = Village.objects.get(slug="beesd")
    face = face_of(beesd.municipality)
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


def test_district_is_made_of_postcode_areas_of_its_municipality(leiden, coordinator):
    merenwijk = districts.make_district("Merenwijk", leiden, ["2318", " 2317"], actor=staff(coordinator), now=NOW)

    assert (merenwijk.slug, merenwijk.kind, merenwijk.pc4s) == ("merenwijk", "district", ["2317", "2318"])
    assert merenwijk.switched_on_at is None
    areas = PostcodeArea.objects.filter(pc4__in=["2317", "2318"])
    assert min(area.lat for area in areas) < merenwijk.lat < max(area.lat for area in areas)


@pytest.mark.parametrize(
    ("district", "sentence"),
    [
        (("Merenwijk", ["4153"]), "Not in Leiden: 4153."),
        (("Merenwijk", ["2317", "9999"]), "Not in Leiden: 9999."),
        (("Merenwijk", []), "Name at least one postcode area, like 2317."),
        (("Merenwijk", ["2317 AB"]), "Write each postcode area as four digits, like 2317."),
        (("Merenwijk", ["23\x0017"]), "Write each postcode area as four digits, like 2317."),
        ((" ", ["2317"]), "Give the district a name of at most 80 characters."),
        (("x" * 81, ["2317"]), "Give the district a name of at most 80 characters."),
        (("leiden", ["2317"]), "leiden exists already in Leiden."),
    ],
)
def test_district_that_cannot_be_is_refused_in_one_sentence(leiden, coordinator, english, district, sentence):
    name, pc4s = district

    with pytest.raises(NotAllowed) as refusal:
        districts.make_district(name, leiden, pc4s, actor=staff(coordinator), now=NOW)

    assert str(refusal.value) == sentence


def test_district_is_made_by_staff_of_that_municipality_only(places, coordinator):
    beesd = Village.objects.get(slug="beesd")

    with pytest.raises(NotAllowed):
        districts.make_district("Beesd West", beesd.municipality, ["4153"], actor=staff(coordinator), now=NOW)


def test_district_with_the_name_of_a_place_elsewhere_gets_an_address_of_its_own(leiden, coordinator):
    district = districts.make_district("Grolloo", leiden, ["2317"], actor=staff(coordinator), now=NOW)

    grolloo = Village.objects.get(slug="grolloo")
    assert (district.slug, district.label) == ("grolloo-leiden", "Grolloo (Leiden)")
    assert grolloo.label == "Grolloo (Aa en Hunze)"
    assert reference.load()["changed"] == 0


def test_village_without_contact_person_is_not_switched_on(places, coordinator, english):
    beesd = Village.objects.get(slug="beesd")

    with pytest.raises(NotAllowed, match=r"Beesd has no contact person yet\. Choose one first\."):
        switching.switch_on(beesd.pk, actor=staff(coordinator), now=NOW)


def test_village_is_switched_on_once_and_off_when_nothing_is_open(places, coordinator):
    beesd = Village.objects.get(slug="beesd")
    Village.objects.filter(pk=beesd.pk).update(contact_person=face_of(beesd.municipality))
    actor = staff(coordinator)

    switching.switch_on(beesd.pk, actor=actor, now=NOW)
    again = switching.switch_on(beesd.pk, actor=actor, now=NOW.replace(hour=10))
    assert again.switched_on_at == NOW

    Tally.add(beesd.pk, open_requests=1)
    with pytest.raises(NotAllowed):
        switching.switch_off(beesd.pk, actor=actor, now=NOW)

    Tally.add(beesd.pk, open_requests=-1)
    for _ in range(2):
        assert switching.switch_off(beesd.pk, actor=actor, now=NOW).switched_on_at is None
