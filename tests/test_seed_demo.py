"""The demo: a village with people and requests in every state, and as many more as asked for."""

import json
from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.actors import web
from accounts.models import User
from notifications.models import Message, State
from requests_app import drafts, escalation, invariants, lifecycle
from requests_app.figures import months, reading
from requests_app.models import HelpRequest, Policy, Status
from samsam.demo.logins import demo_logins
from villages.models import ContactPerson, Residency, Tally, Village
from volunteers.models import Ask, Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]  # it is made once


def seed(**options):
    out = StringIO()
    call_command("seed_demo", stdout=out, **options)
    return json.loads(out.getvalue().splitlines()[-1])


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The demo as on the machine of a developer, made once for all tests here that only look or add to it."""
    with django_db_blocker.unblock(), override_settings(DEBUG=True), transaction.atomic():
        yield seed()
        transaction.set_rollback(True)


def requests_in(slug):
    return HelpRequest.objects.filter(village__slug=slug).select_related("village__contact_person", "author")


def test_demo_staff_have_second_factors_only_where_debug_is_on(settings):
    seed()

    assert not Authenticator.objects.exists()
    assert not User.objects.filter(is_superuser=True).exists()
    assert Village.objects.get(slug="beesd").letter_code != "BEESD234"
    assert demo_logins() == ""


def test_demo_has_a_village_with_a_face_and_volunteers_who_may_be_asked(seeded, db):
    assert seeded["villages"] == 3
    beesd = Village.objects.get(slug="beesd")
    assert (beesd.contact_person.name, beesd.letter_code) == ("Marieke", "BEESD234")
    assert beesd.quiet_from == beesd.quiet_until
    assert Volunteer.objects.filter(village=beesd).count() >= 6
    assert {village.municipality.name for village in Village.objects.switched_on()} == {"West Betuwe", "Aa en Hunze"}


def test_contact_persons_of_the_demo_can_be_saved_so_that_leave_can_be_tried(seeded, db):
    assert ContactPerson.objects.exists()
    for contact in ContactPerson.objects.all():
        contact.clean_fields()


def test_demo_shows_requests_in_every_state(seeded, db):
    statuses = Counter(requests_in("beesd").values_list("status", flat=True))
    assert set(statuses) == {status.value for status in Status}
    rungs = set(requests_in("beesd").filter(status=Status.OPEN).values_list("rung", flat=True))
    assert rungs == {"circle", "neighbours", "group", "volunteers", "contact"}
    assert requests_in("beesd").filter(hidden_at__isnull=False).count() == 1
    assert requests_in("beesd").filter(slots__gt=1, slots_taken__gt=0, status=Status.OPEN).count() == 3


def test_demo_breaks_no_rule_and_piles_up_no_mail(seeded, db):
    counts = invariants.count(timezone.now())

    assert {rule: rows for rule, rows in counts.items() if rows} == {}
    assert not Message.objects.filter(state=State.DUE).exists()


def test_demo_made_again_changes_nothing(seeded, db):
    before = list(HelpRequest.objects.order_by("pk").values())

    assert seed() == seed(if_empty=True) == seeded
    assert list(HelpRequest.objects.order_by("pk").values()) == before


def test_demo_has_figures_to_look_at(seeded, db):
    beesd = Village.objects.get(slug="beesd")
    this = months.month_of(timezone.now())

    figures = reading.read(beesd.municipality_id, months.later(this, -11), this)
    (quarter, *_earlier) = reading.quarters(beesd.municipality_id)

    assert figures.whole.asked > 300
    assert all(getattr(figures.whole, ended) for ended in ("neighbour", "group", "volunteer", "team", "nobody"))
    assert figures.volunteers.number > 20
    assert reading.shared(beesd.municipality_id, quarter).numbers["whole"] > 30
    assert reading.usual_wait(beesd.pk, "groceries")


def test_new_request_in_the_demo_walks_the_whole_ladder_within_three_minutes(seeded, db):
    policy = Policy.objects.current(Village.objects.get(slug="beesd").municipality, "groceries")

    assert (policy.first_wave_after, policy.contact_after) == (timedelta(seconds=60), timedelta(seconds=150))


def test_volunteers_of_the_demo_can_be_asked_several_times_a_day(seeded, db):

    seed()
    now = timezone.now()
    escalation.sweep(now)
    open_before = Ask.objects.open().count()
    beesd = Village.objects.get(slug="beesd")
    for name in ("trudy", "kees", "gerrit"):
        person = User.objects.get(email=f"{name}@samsam.example")
        draft = drafts.begin(person, beesd, now, street="Voorstraat")
        words = {"category": "groceries", "title": "Brood", "text": "", "part": "any"}
        drafts.save_draft(draft.pk, author=person, changes=words)
        lifecycle.ask(draft.pk, actor=web(person), now=now)

    for seconds in range(15, 150, 15):
        escalation.sweep(now + timedelta(seconds=seconds))

    assert Ask.objects.open().count() - open_before == 3 * (2 + 2 + 1)
    escalation.sweep(now + timedelta(seconds=150))
    assert HelpRequest.objects.filter(title="Brood", owner__first_name="Marieke").count() == 3


def test_demo_says_who_can_log_in(seeded, db):
    told = demo_logins()

    for name in ("riet", "samira", "marieke", "beheer"):
        assert f"{name}@samsam.example" in told
    assert "/dev/post/" in told
    assert Authenticator.objects.count() == 3


def test_numbers_are_reached_exactly_and_break_no_rule(seeded, db):
    counted = seed(villages=12, residents=400, requests=900, seed=7)

    assert counted["villages"] == 12
    assert counted["residents"] == 400
    assert counted["requests"] == 900
    counts = invariants.count(timezone.now())
    assert {rule: rows for rule, rows in counts.items() if rows} == {}
    assert HelpRequest.objects.filter(status=Status.OPEN).count() > 60
    assert Tally.objects.filter(neighbours__gt=0).count() == 12


def test_same_seed_gives_the_same_and_another_gives_others(seeded, db):
    def made(number):
        seed(villages=6, residents=80, requests=500, seed=number)
        bulk = Residency.objects.filter(user__password="!demo").order_by("user")
        people = list(bulk.values_list("user__first_name", "street", "village__slug"))
        asked = list(HelpRequest.objects.filter(text="", posted_at__isnull=False).order_by("pk").values_list("title"))
        return people, asked

    results = []
    for number in (1, 1, 2):
        with transaction.atomic():
            results.append(made(number))
            transaction.set_rollback(True)

    assert results[0] == results[1]
    assert results[0] != results[2]


def test_nothing_that_was_added_in_bulk_is_due(seeded, db):
    seed(residents=100, requests=500, open_share=1.0)

    assert HelpRequest.objects.filter(title="Heg knippen").exists()
    bulk = HelpRequest.objects.filter(author__password="!demo")
    assert not bulk.due(timezone.now()).exists()
    assert bulk.exclude(status=Status.OPEN).count() == 0


@pytest.mark.parametrize("options", [{"villages": -1}, {"residents": -5}, {"open_share": 2.0}, {"seed": 10**12}])
def test_numbers_that_cannot_be_are_refused_in_one_sentence(options):
    with pytest.raises(CommandError):
        seed(**options)


def test_if_empty_leaves_a_place_where_people_live_alone(seeded, db):
    before = Residency.objects.count()

    seed(residents=1000, if_empty=True)

    assert Residency.objects.count() == before
