"""The districts staff make of postcode areas, and villages that are switched on and off."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from accounts.actors import CLOCK, staff, web
from accounts.models import Municipality, StaffRole, User
from requests_app import lifecycle, offers, transitions
from tests import make
from tests.racing import REFUSED, at_once, meanwhile
from villages import districts, reference, switching
from villages.models import PostcodeArea, Village
from villages.refusals import NotAllowed

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("districts")]  # the places are loaded once


@pytest.fixture
def leiden(places):
    return Municipality.objects.get(name="Leiden")


@pytest.fixture
def coordinator(leiden):
    user = User.objects.create_user("coordinator@leiden.example", is_staff=True)
    StaffRole.objects.create(user=user, municipality=leiden, kind=StaffRole.Kind.COORDINATOR)
    return user


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


def test_village_is_switched_on_once_and_off_when_nothing_runs(places, coordinator):
    beesd = Village.objects.get(slug="beesd")
    Village.objects.filter(pk=beesd.pk).update(contact_person=make.contact_person(beesd.municipality))
    actor = staff(coordinator)

    switching.switch_on(beesd.pk, actor=actor, now=NOW)
    again = switching.switch_on(beesd.pk, actor=actor, now=NOW.replace(hour=10))
    assert again.switched_on_at == NOW

    help_request = make.help_request(beesd)
    bram = make.neighbour(beesd, "Bram")
    with pytest.raises(NotAllowed):
        switching.switch_off(beesd.pk, actor=actor, now=NOW)
    offers.say_yes(help_request.pk, helper=bram, actor=web(bram), now=make.NOW)
    with pytest.raises(NotAllowed):  # Bram may still give back
        switching.switch_off(beesd.pk, actor=actor, now=NOW)

    lifecycle.finish(help_request.pk, worked=True, actor=web(help_request.author), now=make.NOW)
    for _ in range(2):
        assert switching.switch_off(beesd.pk, actor=actor, now=NOW).switched_on_at is None


@pytest.mark.django_db(transaction=True)
def test_posting_and_switching_off_at_once_never_leave_a_request_in_a_village_that_is_off():
    village = make.village()
    draft = make.draft(village)

    posted, off = at_once(
        lambda: bool(lifecycle.ask(draft.pk, actor=web(draft.author), now=make.NOW)),
        lambda: bool(switching.switch_off(village.pk, actor=CLOCK, now=NOW)),
        at=village,
        refused=(NotAllowed, transitions.NotAllowed),
    )

    assert sorted([posted == REFUSED, off == REFUSED]) == [False, True]
    village.refresh_from_db()
    assert (village.switched_on_at is None) == (off is True)


@pytest.mark.django_db(transaction=True)
def test_two_may_post_in_a_village_at_the_same_time():
    village = make.village()
    first, second = make.draft(village), make.draft(village)

    with transaction.atomic():
        lifecycle.ask(first.pk, actor=web(first.author), now=make.NOW)
        assert meanwhile(lambda: switching.stays_on(second.village_id))
