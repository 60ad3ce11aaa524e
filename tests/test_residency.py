"""Where somebody lives: claimed, proven by a code or by the contact person, renewed, ended; and how many there are."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from accounts.actors import staff, web
from notifications.kinds import KINDS, gathered
from notifications.models import Message
from tests import make
from tests.make import NOW
from tests.racing import at_once
from villages import residencies
from villages.codes import CODE_VALID
from villages.models import RESIDENCY_VALID, CodeAttempt, Residency, Tally, Village
from villages.refusals import NotAllowed, TooFast

pytestmark = pytest.mark.django_db


@pytest.fixture
def beesd():
    village = make.village("Beesd")
    Village.objects.filter(pk=village.pk).update(letter_code="BEESD234", letter_code_until=NOW + CODE_VALID)
    village.refresh_from_db()
    return village


def claim(user, village, street="Voorstraat", now=NOW):
    return residencies.claim(user, village, street, actor=web(user), now=now)


def confirm(user, code="BEESD234", now=NOW, **fields):
    return residencies.confirm_by_code(user, code, actor=web(user), now=now, **fields)


def neighbours(village):
    tally = Tally.objects.filter(pk=village.pk).first()
    counted = tally.neighbours if tally else 0
    proven = Residency.objects.active().filter(village=village, confirmed_at__isnull=False).count()
    assert counted == proven
    return counted


def test_claim_waits_for_proof_and_counts_for_nothing(beesd):
    fatma = make.user("Fatma")

    home = claim(fatma, beesd)

    assert list(Residency.objects.waiting()) == [home]
    assert not home.is_proven(NOW)
    assert neighbours(beesd) == 0


def test_claim_again_changes_the_street_only(beesd):
    fatma = make.user("Fatma")
    home = claim(fatma, beesd)
    confirm(fatma)

    again = claim(fatma, beesd, "Molendijk")

    assert (again.pk, again.street) == (home.pk, "Molendijk")
    assert again.is_proven(NOW)


def test_claim_elsewhere_ends_the_home_before_with_its_proof(beesd):
    fatma = make.user("Fatma")
    claim(fatma, beesd)
    confirm(fatma)
    grolloo = make.village("Grolloo")

    home = claim(fatma, grolloo)

    assert list(Residency.objects.active()) == [home]
    assert not home.is_proven(NOW)
    assert (neighbours(beesd), neighbours(grolloo)) == (0, 0)


def test_claim_of_a_village_that_is_off_is_refused(english):
    off = make.village("Acquoy", on=False)

    with pytest.raises(NotAllowed, match=r"SamSam is not in Acquoy yet\."):
        claim(make.user(), off)


@pytest.mark.parametrize("typed", ["BEESD234", " beesd 234 ", "bee-sd2-34", "Beesd–234"])
def test_code_is_right_whatever_its_capitals_spaces_and_dashes(beesd, typed):
    fatma = make.user("Fatma")
    claim(fatma, beesd)

    home = confirm(fatma, typed)

    assert (home.proof, home.confirmed_at, home.expires_at) == ("code", NOW, NOW + RESIDENCY_VALID)
    assert list(Residency.objects.confirmed(NOW)) == [home]
    assert neighbours(beesd) == 1


def test_person_is_welcomed_once_by_the_first_village(beesd, english):
    fatma = make.user("Fatma")
    claim(fatma, beesd)
    claim(fatma, make.village("Rumpt"))

    (message,) = Message.objects.filter(user=fatma)

    words = KINDS[message.kind].words(message, gathered([message])[message.pk], NOW)
    assert (message.kind, message.channel) == ("account.welcome", "mail")
    assert words.subject == f"Welcome to SamSam {beesd.name}"
    assert words.signature.village == beesd.name


def test_person_is_told_once_that_they_joined(beesd):
    fatma = make.user("Fatma")
    claim(fatma, beesd)

    confirm(fatma)
    confirm(fatma, now=NOW + timedelta(minutes=1))

    told = Message.objects.filter(user=fatma, kind="residency.confirmed")
    assert sorted((message.kind, message.channel) for message in told) == [
        ("residency.confirmed", "in_app"),
        ("residency.confirmed", "mail"),
    ]
    assert neighbours(beesd) == 1


@pytest.mark.parametrize("typed", ["GROLL234", "BEESD23", "", "ＢＥＥＳＤ２３４", "x" * 1000])
def test_wrong_code_is_refused_in_one_sentence(beesd, english, typed):
    make.village("Grolloo")
    fatma = make.user("Fatma")
    claim(fatma, beesd)

    with pytest.raises(NotAllowed) as refusal:
        confirm(fatma, typed)

    assert str(refusal.value) == ("This code is not right. Look at the letter again. Still no luck? Call Marieke.")
    assert neighbours(beesd) == 0


def test_code_of_another_village_proves_nothing(beesd):
    grolloo = make.village("Grolloo")
    fatma = make.user("Fatma")
    claim(fatma, grolloo)

    with pytest.raises(NotAllowed):
        confirm(fatma, beesd.letter_code)


def test_outdated_code_says_so(beesd, english):
    fatma = make.user("Fatma")
    claim(fatma, beesd)

    with pytest.raises(NotAllowed, match=r"This code is too old\. Call Marieke for a new letter\."):
        confirm(fatma, now=NOW + CODE_VALID)


def test_renewed_code_replaces_the_one_before(beesd):
    fatma = make.user("Fatma")
    claim(fatma, beesd)

    renewed = residencies.renew_letter_code(beesd.pk, actor=staff(beesd.contact_person.user), now=NOW)

    with pytest.raises(NotAllowed):
        confirm(fatma, "BEESD234")
    assert confirm(fatma, renewed.letter_code).is_proven(NOW)


def test_code_without_a_claim_is_refused(beesd):
    with pytest.raises(NotAllowed):
        confirm(make.user())


def test_too_many_tries_of_one_person_are_stopped_and_later_go_on(beesd, english):
    fatma = make.user("Fatma")
    claim(fatma, beesd)
    for _ in range(10):
        with pytest.raises(NotAllowed):
            confirm(fatma, "WRONG")

    with pytest.raises(TooFast, match=r"That was a bit fast\. Try again in 10 minutes"):
        confirm(fatma)

    assert confirm(fatma, now=NOW + timedelta(minutes=11)).is_proven(NOW)


def test_too_many_tries_from_one_address_are_stopped_whoever_they_are_of(beesd):
    for _ in range(8):
        somebody = make.user()
        claim(somebody, beesd)
        for _ in range(5):
            with pytest.raises(NotAllowed):
                confirm(somebody, "WRONG", ip="192.0.2.1")
    fatma = make.user("Fatma")
    claim(fatma, beesd)

    with pytest.raises(TooFast):
        confirm(fatma, ip="192.0.2.1")

    assert confirm(fatma, ip="192.0.2.2").is_proven(NOW)


def test_tries_are_forgotten_after_a_day(beesd):
    fatma = make.user("Fatma")
    claim(fatma, beesd)
    confirm(fatma, ip="192.0.2.1")

    hassan = make.user("Hassan")
    claim(hassan, beesd)
    confirm(hassan, now=NOW + timedelta(days=1, minutes=1))

    assert [attempt.user for attempt in CodeAttempt.objects.all()] == [hassan]


def test_contact_person_proves_a_home_and_their_name_stands_with_it(beesd):
    fatma = make.user("Fatma")
    home = claim(fatma, beesd)
    marieke = beesd.contact_person.user

    home = residencies.confirm_by_contact_person(home.pk, by=marieke, actor=staff(marieke), now=NOW)

    assert (home.proof, home.confirmed_by) == ("contact", marieke)
    assert neighbours(beesd) == 1


def test_staff_of_another_municipality_prove_nothing(beesd):
    home = claim(make.user("Fatma"), beesd)
    stranger = make.village("Grolloo").contact_person.user

    with pytest.raises(NotAllowed):
        residencies.confirm_by_contact_person(home.pk, by=stranger, actor=staff(stranger), now=NOW)


def test_contact_person_proves_once_and_not_for_who_left(beesd):
    home = claim(make.user("Fatma"), beesd)
    marieke = beesd.contact_person.user

    for minutes in (0, 1):
        now = NOW + timedelta(minutes=minutes)
        again = residencies.confirm_by_contact_person(home.pk, by=marieke, actor=staff(marieke), now=now)
        assert again.confirmed_at == NOW

    residencies.end(home.pk, actor=staff(marieke), now=NOW)
    with pytest.raises(NotAllowed):
        residencies.confirm_by_contact_person(home.pk, by=marieke, actor=staff(marieke), now=NOW)


def test_neighbour_proves_nothing_for_another(beesd):
    home = claim(make.user("Fatma"), beesd)
    hassan = make.neighbour(beesd, "Hassan")

    with pytest.raises(NotAllowed):
        residencies.confirm_by_contact_person(home.pk, by=hassan, actor=web(hassan), now=NOW)


def test_end_takes_the_neighbour_off_the_count_once(beesd):
    fatma = make.user("Fatma")
    home = claim(fatma, beesd)
    confirm(fatma)

    for _ in range(2):
        residencies.end(home.pk, actor=web(fatma), now=NOW)

    assert neighbours(beesd) == 0
    assert not Residency.objects.confirmed(NOW).exists()


def test_end_of_a_home_that_was_never_proven_takes_nobody_off(beesd):
    make.neighbour(beesd)
    home = claim(make.user("Fatma"), beesd)

    residencies.end(home.pk, actor=web(home.user), now=NOW)

    assert neighbours(beesd) == 1


def test_proof_is_renewed_near_its_end_and_not_after(beesd):
    fatma = make.user("Fatma")
    home = claim(fatma, beesd)
    confirm(fatma)
    actor, ends = web(fatma), NOW + RESIDENCY_VALID

    assert residencies.renew(home.pk, actor=actor, now=NOW).expires_at == ends

    near = ends - timedelta(days=10)
    assert residencies.renew(home.pk, actor=actor, now=near).expires_at == near + RESIDENCY_VALID

    with pytest.raises(NotAllowed):
        residencies.renew(home.pk, actor=actor, now=near + RESIDENCY_VALID)


def test_new_proof_after_the_end_of_the_one_before_counts_the_neighbour_once(beesd):
    fatma = make.user("Fatma")
    claim(fatma, beesd)
    confirm(fatma)
    later = NOW + RESIDENCY_VALID + timedelta(days=1)
    Village.objects.filter(pk=beesd.pk).update(letter_code_until=later + CODE_VALID)
    assert not Residency.objects.confirmed(later).exists()

    assert confirm(fatma, now=later).is_proven(later)

    assert neighbours(beesd) == 1
    assert Message.objects.filter(user=fatma, channel="in_app").count() == 2


def test_database_refuses_a_second_home(beesd):
    home = claim(make.user("Fatma"), beesd)

    with pytest.raises(IntegrityError, match="residency_one_home"):
        Residency.objects.create(user=home.user, village=beesd, municipality=beesd.municipality, street="Molendijk")


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_count_one_neighbour_and_tell_once(beesd):
    fatma = make.user("Fatma")
    home = claim(fatma, beesd)
    marieke = beesd.contact_person.user

    came = at_once(
        lambda: confirm(fatma),
        lambda: residencies.confirm_by_contact_person(home.pk, by=marieke, actor=staff(marieke), now=NOW),
        lambda: confirm(fatma, now=NOW + timedelta(seconds=1)),
        at=home,
    )

    assert [type(one) for one in came] == [Residency] * 3
    assert neighbours(beesd) == 1
    assert Message.objects.filter(user=fatma, channel="in_app").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_claims_at_once_leave_one_home(beesd):
    fatma = make.user("Fatma")
    grolloo = make.village("Grolloo")

    came = at_once(lambda: claim(fatma, beesd), lambda: claim(fatma, grolloo))

    assert [type(one) for one in came] == [Residency] * 2
    assert Residency.objects.active().filter(user=fatma).count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_neighbours_of_one_village_at_once_are_all_counted(beesd):
    people = [make.user() for _ in range(6)]
    for person in people:
        claim(person, beesd)

    at_once(*(lambda person=person: confirm(person) for person in people))

    assert neighbours(beesd) == 6
