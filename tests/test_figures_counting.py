"""The clock counts figures from events and asks: open months anew every day, closed ones once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actors import CLOCK, staff, web
from requests_app import circle, escalation, lifecycle, offers, pace
from requests_app.figures import counting, months, reading
from requests_app.figures.facts import STATEMENT, facts
from requests_app.models import Event, HelpRequest, MonthFigures, PickUp, QuarterToShare, UsualWait
from requests_app.record import record
from tests import make
from tests.make import NOW
from volunteers.models import Ask

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MARCH = date(2026, 3, 1)


@pytest.fixture
def village():
    return make.village("Beesd", quiet=False)


def counted(village, now=NOW + 60 * HOUR):
    counting.count_municipality(village.municipality_id, now)
    return reading.read(village.municipality_id, MARCH, MARCH)


def taken(village, *, after=HOUR, now=NOW, helper=None, done=True, **fields):
    """A request that a neighbour took after a while."""
    help_request = make.help_request(village, now=now, **fields)
    helper = helper or make.neighbour(village)
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=now + after)
    if done:
        lifecycle.finish(help_request.pk, worked=True, actor=web(help_request.author), now=now + after + HOUR)
    return help_request


def asked_volunteer(village, help_request):
    """Somebody of a wave, with what ties the ask to the request."""
    volunteer = make.volunteer(village)
    HelpRequest.objects.filter(pk=help_request.pk).update(next_at=NOW)
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)
    return volunteer


def test_who_took_it_is_told_from_what_happened(village):
    taken(village)
    by_volunteer = make.help_request(village)
    volunteer = asked_volunteer(village, by_volunteer)
    offers.say_yes(by_volunteer.pk, helper=volunteer.user, actor=web(volunteer.user), now=NOW + HOUR)
    together = make.help_request(village, slots=2)
    for helper in (make.neighbour(village), make.neighbour(village)):
        offers.say_yes(together.pk, helper=helper, actor=web(helper), now=NOW + HOUR)
    by_team = make.help_request(village)
    escalation.hand_to_contact(by_team.pk, actor=staff(village.contact_person.user), now=NOW)
    lifecycle.finish(by_team.pk, worked=True, actor=staff(village.contact_person.user), now=NOW + HOUR)
    withdrawn = make.help_request(village)
    lifecycle.withdraw(withdrawn.pk, actor=web(withdrawn.author), now=NOW + HOUR)
    given_back = taken(village, done=False, helper=(helper := make.neighbour(village)))
    lifecycle.give_back(given_back.pk, helper=helper, actor=web(helper), now=NOW + 2 * HOUR)

    whole = counted(village).whole

    assert (whole.neighbour, whole.volunteer, whole.group, whole.team) == (1, 1, 1, 1)
    assert (whole.nobody, whole.not_needed, whole.running, whole.asked) == (0, 1, 1, 6)
    assert (whole.asks, whole.yes) == (1, 1)


def test_what_lapsed_or_did_not_work_out_found_nobody(village):
    lapsed = make.help_request(village)
    HelpRequest.objects.filter(pk=lapsed.pk).update(next_at=lapsed.needed_by)
    with transaction.atomic():
        lifecycle.lapse(HelpRequest.objects.select_for_update(of=("self",)).get(pk=lapsed.pk), lapsed.needed_by)
    failed = taken(village, done=False)
    lifecycle.finish(failed.pk, worked=False, actor=web(failed.author), now=NOW + 5 * HOUR)

    whole = counted(village).whole

    assert (whole.nobody, whole.fill) == (2, 0.0)


def test_waits_and_what_was_open_after_a_day_and_two(village):
    for after in (1, 5, 30):
        taken(village, after=after * HOUR, done=False)
    make.help_request(village)

    whole = counted(village).whole

    assert whole.half_reacted_within == 5
    assert (whole.open_24, whole.known_24) == (2, 4)
    assert (whole.open_48, whole.known_48) == (1, 4)


def test_figures_are_per_village_category_and_month(village):
    other = make.village("Rumpt", of=village.municipality)
    taken(village)
    taken(village, category="ride")
    taken(other, now=NOW - timedelta(days=20), help_on=date(2026, 2, 19))
    taken(make.village("Elders"))

    counting.count_municipality(village.municipality_id, NOW)
    figures = reading.read(village.municipality_id, date(2026, 1, 1), MARCH)

    assert {pk: counts.asked for pk, counts in figures.by_village.items()} == {village.pk: 2, other.pk: 1}
    assert {name: counts.asked for name, counts in figures.by_category.items()} == {"groceries": 2, "ride": 1}
    assert [counts.asked for counts in figures.by_month.values()] == [0, 1, 2]
    assert reading.read(village.municipality_id, MARCH, MARCH, village_pk=other.pk).whole.asked == 0


def test_month_of_the_netherlands_is_meant(village):
    taken(village, now=datetime(2026, 2, 28, 23, 30, tzinfo=UTC), help_on=date(2026, 3, 2))

    assert counted(village).whole.asked == 1


def test_open_month_is_counted_anew_and_a_closed_one_stays(village):
    help_request = make.help_request(village)
    assert counted(village).whole.running == 1
    lifecycle.withdraw(help_request.pk, actor=web(help_request.author), now=NOW + HOUR)
    assert counted(village).whole.not_needed == 1

    closed_at = months.closes(MARCH)
    assert counted(village, now=closed_at - HOUR).whole.asked == 1
    assert not MonthFigures.objects.get().closed
    assert counted(village, now=closed_at).whole.asked == 1
    made_at = MonthFigures.objects.get().made_at
    with connection.cursor() as cursor:  # what happened is forgotten in time
        cursor.execute("SET LOCAL samsam.erasure = 'on'")
        Event.objects.all().delete()
    assert counted(village, now=closed_at + timedelta(days=1)).whole.not_needed == 1
    assert MonthFigures.objects.get().made_at == made_at


def test_database_refuses_to_change_what_is_closed_or_published(village):
    make.help_request(village)
    counted(village, now=months.closes(MARCH, 3))

    for rows, change in ((MonthFigures.objects, {"asked": 7}), (QuarterToShare.objects, {"numbers": {}})):
        with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
            rows.update(**change)
    other = make.municipality()
    QuarterToShare.objects.update(municipality=other)  # a merger passes


def test_counting_again_on_the_same_day_does_nothing(village):
    make.help_request(village)

    assert counting.count(NOW) == 1
    assert counting.count(NOW + HOUR) == 0
    assert counting.count(NOW + timedelta(days=1)) == 1


def test_counting_takes_some_municipalities_at_a_time(village):
    for place in (village, make.village(), make.village()):
        make.help_request(place)

    assert [counting.count(NOW, most=2) for _ in range(3)] == [2, 1, 0]


def test_reading_takes_two_queries_however_much_there_is(village):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            reading.read(village.municipality_id, date(2025, 1, 1), date(2026, 12, 1))
        return len(captured)

    assert queries() == 2
    for category in ("ride", "garden"):
        taken(village, category=category)
        make.ask(make.volunteer(village), answer=Ask.Answer.YES)
    counting.count_municipality(village.municipality_id, NOW)
    assert queries() == 2
    with pytest.raises(ValueError, match="24"):
        reading.read(village.municipality_id, date(2024, 12, 1), date(2026, 12, 1))


def test_requests_of_a_month_are_found_by_their_index(village):
    make.help_request(village)
    with connection.cursor() as cursor:
        # What the planner prefers for one row says nothing; the index has to be usable, for month and municipality.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("DROP INDEX event_of_municipality")
        cursor.execute(f"EXPLAIN {STATEMENT}", [village.municipality_id, NOW - HOUR, NOW + HOUR])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "event_posted" in plan
    assert "Seq Scan on requests_app_event" not in plan
    assert "Seq Scan on requests_app_helprequest" not in plan


def test_load_and_newcomers_of_the_volunteers(village):
    april = NOW + timedelta(days=30)
    steady, busy = make.volunteer(village), make.volunteer(village)
    for _ in range(3):
        make.ask(busy, answer=Ask.Answer.YES, asked_at=NOW)
    make.ask(steady, answer=Ask.Answer.NO, asked_at=NOW)
    early = make.volunteer(village, joined_at=NOW - timedelta(days=5))
    make.ask(early, asked_at=NOW)
    make.volunteer(village, joined_at=NOW - timedelta(days=5))  # not asked
    late = make.volunteer(village, joined_at=NOW - timedelta(days=5))
    make.ask(late, asked_at=NOW, answer=Ask.Answer.WITHDRAWN)  # settled before the answer
    make.volunteer(village, joined_at=NOW + timedelta(days=20))  # so new that it cannot be known yet
    make.volunteer(village, ended_at=NOW - timedelta(days=20))
    make.volunteer(make.village())

    found = counted(village, now=april).volunteers

    assert (found.number, found.most) == (6, 3)
    assert found.gini == pytest.approx(5 / 6)
    assert (found.newcomers, found.newcomers_asked) == (3, 1)


def test_quarter_is_published_a_month_after_it_and_never_again(village):
    for _ in range(11):
        taken(village)
    april = months.closes(date(2026, 1, 1), 3)

    counted(village, now=april - HOUR)
    assert not QuarterToShare.objects.filter(quarter_on=date(2026, 1, 1)).exists()
    counted(village, now=april)
    shared = reading.shared(village.municipality_id, date(2026, 1, 1))
    assert shared.numbers["whole"] == 11
    assert shared.numbers["columns"]["month"] == {"2026-01-01": None, "2026-02-01": None, "2026-03-01": None}
    counted(village, now=april + timedelta(days=1))
    assert QuarterToShare.objects.filter(quarter_on=date(2026, 1, 1)).count() == 1


def test_published_numbers_never_are_of_few_people(village, monkeypatch):
    """Twelve requests of one asker, and twelve of twelve."""
    monkeypatch.setattr(pace, "MOST_REQUESTS", 99)  # as if it were on many days
    riet = make.neighbour(village, "Riet")
    for _ in range(12):
        taken(village, author=riet, category="pet")
    for _ in range(12):
        taken(village, category="ride")

    counted(village, now=months.closes(date(2026, 1, 1), 3))
    numbers = reading.shared(village.municipality_id, date(2026, 1, 1)).numbers

    assert numbers["whole"] == 24
    assert numbers["columns"]["category"]["pet"] is None
    assert sum(number is not None for number in numbers["columns"]["category"].values()) <= 1
    assert numbers["cells"]["category"][str(village.pk)]["pet"] is None


def test_helpers_are_people_too_where_it_is_about_who_helped(village):
    helper = make.neighbour(village)
    for _ in range(15):
        taken(village, helper=helper, help_on=date(2026, 3, 12))

    counted(village, now=months.closes(date(2026, 1, 1), 3))
    numbers = reading.shared(village.municipality_id, date(2026, 1, 1)).numbers

    assert numbers["whole"] == 15
    assert numbers["columns"]["outcome"]["neighbour"] is None


def test_one_person_without_an_account_is_one_helper_however_often_they_come(village):
    hanna, riet = make.neighbour(village, "Hanna"), make.neighbour(village, "Riet")
    jan, piet = make.group(village, host=hanna, members=("Jan", "Piet")).members.order_by("pk")
    for member in (jan, jan, piet):
        help_request = make.help_request(village)
        PickUp.objects.create(help_request=help_request, slot=1, version=1, member=member)
    els = make.in_circle(riet, "Els")
    of_other = circle.add(make.neighbour(village), name="Els", email=els.email, now=NOW)
    for contact in (els, els, of_other, make.in_circle(riet, "Fay")):
        PickUp.objects.create(help_request=make.help_request(village), slot=1, version=1, contact=contact)
    for pick_up in PickUp.objects.all():
        record(pick_up.help_request, Event.Kind.PICKED_UP, CLOCK, NOW, pick_up=pick_up.pk)

    helpers = [fact.helpers for fact in facts(village.municipality_id, NOW - HOUR, NOW + HOUR)]

    assert len(helpers) == 7
    assert len({person for some in helpers for person in some}) == 4
    assert all(person < 0 for some in helpers for person in some)


def test_what_still_runs_is_published_as_nothing_at_all(village):
    """Asked in March for July: that nobody was found is not true yet, and what is published never changes."""
    for _ in range(12):
        lapsed = make.help_request(village)
        record(lapsed, Event.Kind.NOT_DONE, CLOCK, NOW + 40 * HOUR)
    for _ in range(3):
        make.help_request(village, help_on=date(2026, 7, 2))

    counted(village, now=months.closes(date(2026, 1, 1), 3))
    numbers = reading.shared(village.municipality_id, date(2026, 1, 1)).numbers

    assert numbers["whole"] == numbers["villages"][str(village.pk)] == 12
    assert numbers["columns"]["outcome"]["nobody"] in {None, 12}
    assert reading.read(village.municipality_id, MARCH, MARCH).whole.running == 3  # the team sees them


def test_village_where_nobody_asked_is_a_small_number_too(village):
    quiet = make.village("Rumpt", of=village.municipality)
    larger = make.village("Tricht", of=village.municipality)
    for place in (village, larger):
        for _ in range(12 if place == village else 30):
            taken(place)

    counted(village, now=months.closes(date(2026, 1, 1), 3))
    numbers = reading.shared(village.municipality_id, date(2026, 1, 1)).numbers

    assert numbers["villages"] == {str(quiet.pk): None, str(village.pk): None, str(larger.pk): 30}


def test_usual_wait_of_a_village_and_category_is_told_from_twenty_on(village):
    for hours in range(1, 20):
        taken(village, after=hours * HOUR, done=False)
    counted(village)
    assert reading.usual_wait(village.pk, "groceries") is None

    lapsed = make.help_request(village)
    record(lapsed, Event.Kind.NOT_DONE, CLOCK, NOW + 40 * HOUR)
    counted(village)

    assert reading.usual_wait(village.pk, "groceries") == (10 * HOUR, 16 * HOUR)
    assert reading.usual_wait(village.pk, "ride") is None


def test_usual_wait_goes_when_its_year_has_passed(village):
    for hours in range(1, 21):
        taken(village, after=hours * HOUR, done=False)
    counted(village)
    assert UsualWait.objects.count() == 1

    counted(village, now=NOW + timedelta(days=366))

    assert UsualWait.objects.count() == 0
