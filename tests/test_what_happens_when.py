"""The odd moments of docs/ladder.md: each has an outcome, and somebody whose it is."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation

from accounts import due_rows
from accounts.actors import CLOCK, web
from accounts.models import StaffRole
from notifications.kinds import KINDS
from notifications.models import Channel, Message, State
from requests_app import (
    alarm,
    clock_texts,
    escalation,
    handing_on,
    heartbeat,
    invariants,
    lifecycle,
    moments,
    offers,
    still_needed,
    tasks,
    timeline,
)
from requests_app.forms.going import SpareForm
from requests_app.forms.when import WhenForm
from requests_app.models import Event, Heartbeat, HelpRequest, Part, Status
from requests_app.models.help_request import Rung
from tests import make, team
from tests.cast import as_reader
from tests.copy_rules import faults
from tests.make import NOW
from villages import standing_in
from villages.models import ContactPerson

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def local(*numbers):
    return moments.local_moment(date(*numbers[:3]), time(*numbers[3:]))


def fixed(village, at, *, now=NOW):
    return make.help_request(village, part=Part.FIXED, help_on=at.date(), help_at=at, now=now)


def walk(help_request, until):
    """The clock looks whenever something is due, up to this moment."""
    help_request.refresh_from_db()
    while help_request.next_at and help_request.next_at <= until and help_request.status == Status.OPEN:
        escalation.sweep(help_request.next_at)
        help_request.refresh_from_db()


def told(help_request):
    kinds = [Event.Kind.ASKED, Event.Kind.TO_CONTACT, Event.Kind.LAPSED]
    return list(help_request.events.filter(kind__in=kinds).values_list("kind", "at"))


# -- Short, at night, on Christmas, in an hour that is not there


def test_needed_in_ten_minutes(beesd):
    make.volunteer(beesd)
    help_request = fixed(beesd, NOW.astimezone(moments.AMSTERDAM) + timedelta(minutes=10))

    walk(help_request, NOW)
    assert help_request.owner == beesd.contact_person.user
    assert help_request.owner_deadline_at == help_request.needed_by
    walk(help_request, NOW + HOUR)

    assert told(help_request) == [("asked", NOW), ("to_contact", NOW), ("lapsed", NOW + timedelta(minutes=10))]
    team_told = Message.objects.filter(
        user=beesd.contact_person.user, kind="team.request_waiting", channel=Channel.IN_APP
    )
    assert team_told.count() == 2  # to look, and that it passed


def test_posted_in_the_night(beesd):
    make.volunteer(beesd)
    night = local(2026, 3, 10, 23)
    help_request = fixed(beesd, local(2026, 3, 11, 11), now=night)

    ahead = [
        (line.icon, line.at, line.detail) for line in timeline.timeline(help_request, night) if line.state == "next"
    ]
    walk(help_request, night + 12 * HOUR)

    morning = local(2026, 3, 11, 8)
    assert ahead[0] == ("people", morning, "We let everybody sleep first")
    assert ahead[1][:2] == ("call", morning)
    assert told(help_request)[:2] == [("asked", morning), ("to_contact", morning)]


def test_needed_before_the_night_is_over(beesd):
    make.volunteer(beesd)
    night = local(2026, 3, 10, 23)
    help_request = fixed(beesd, local(2026, 3, 11, 7), now=night)

    walk(help_request, night + 10 * HOUR)

    assert told(help_request) == [("to_contact", night), ("lapsed", local(2026, 3, 11, 7))]
    at_once = Message.objects.filter(kind__in=["request.to_contact", "team.request_waiting"], created_at=night)
    assert {(row.channel, row.not_before, row.urgent) for row in at_once} == {
        (Channel.IN_APP, night, True),
        (Channel.MAIL, night, True),
    }
    assert {row.user for row in at_once} == {help_request.author, beesd.contact_person.user}
    others = Message.objects.exclude(pk__in=at_once).filter(channel=Channel.MAIL)
    assert {row.not_before for row in others} == {local(2026, 3, 11, 8)}  # no other word wakes anybody


def test_needed_at_christmas(beesd):
    make.volunteer(beesd)
    thursday = local(2026, 12, 24, 9)
    help_request = fixed(beesd, local(2026, 12, 26, 12), now=thursday)

    line = next(line for line in timeline.timeline(help_request, thursday) if line.icon == "call")
    walk(help_request, local(2026, 12, 24, 13))

    assert (line.at, line.detail) == (local(2026, 12, 24, 13), "Then Marieke has 4 working hours left")
    assert help_request.owner == beesd.contact_person.user
    assert help_request.owner_deadline_at == local(2026, 12, 24, 17)


def when_form(on, at, now):
    typed = {"day": "other", "date": on, "part": Part.FIXED, "time": at, "minutes": "30", "place": "village"}
    return WhenForm(data={**typed, "place_text": "Het plein"}, now=now)


def test_hour_that_does_not_exist():
    form = when_form("29-3-2026", "2.30", NOW)

    assert not form.is_valid()
    assert form.errors["time"] == ["That night the clock skips this hour. Choose another time"]
    assert when_form("29-3-2026", "3.00", NOW).is_valid()
    trip = SpareForm(
        data={"day": "other", "date": "29-3-2026", "time": "2.30", "title": "de Spar", "places": "1"},
        kind="going",
        now=local(2026, 3, 25, 9),
    )
    assert trip.errors["time"] == ["That night the clock skips this hour. Choose another time"]


def test_hour_that_comes_twice():
    form = when_form("25-10-2026", "2.30", NOW)

    assert form.is_valid()
    assert form.changes()["help_at"].astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_leap_day(beesd):
    now = local(2028, 2, 27, 9)
    form = when_form("29-2-2028", "10.00", now)
    help_request = fixed(beesd, local(2028, 2, 29, 10), now=now)

    assert form.is_valid()
    assert help_request.needed_by == local(2028, 2, 29, 10)
    assert not when_form("29-2-2027", "10.00", local(2027, 2, 1, 9)).is_valid()
    # 70 % of 49 hours is at 19.18; four working hours are left at 14.00 on Monday.
    contact = next(step for step in moments.steps_of(help_request) if step.rung == Rung.CONTACT)
    assert contact.at == local(2028, 2, 28, 14)


# -- The contact person on leave


@pytest.fixture
def peter(beesd):
    return make.contact_person(beesd.municipality, "Peter")


TODAY = NOW.date()


def away(village, *, stand_in=None, until=TODAY + 6 * DAY):
    contact = village.contact_person
    contact.away_from_on, contact.away_until_on, contact.stand_in = TODAY, until, stand_in
    contact.save()
    return contact


def test_leave_begins_and_ends(beesd, peter, client):
    help_request = make.help_request(beesd)
    escalation.hand_to_contact(help_request.pk, actor=CLOCK, now=NOW)
    marieke = away(beesd, stand_in=peter)

    assert handing_on.sweep(NOW) == 1
    assert handing_on.sweep(NOW) == 0

    beesd.refresh_from_db()
    help_request.refresh_from_db()
    assert (beesd.contact_person, beesd.usual_contact) == (peter, marieke)
    assert help_request.owner == peter.user
    assert Message.objects.filter(user=peter.user, kind="team.request_waiting", channel=Channel.IN_APP).exists()
    as_reader(client, help_request.author)
    assert "Peter" in client.get(help_request.get_absolute_url()).content.decode()
    later = make.help_request(beesd)
    escalation.hand_to_contact(later.pk, actor=CLOCK, now=NOW)
    assert HelpRequest.objects.get(pk=later.pk).owner == peter.user

    handing_on.sweep(NOW + 6 * DAY)
    beesd.refresh_from_db()
    assert beesd.contact_person == peter  # the last day counts
    handing_on.sweep(NOW + 7 * DAY)
    beesd.refresh_from_db()
    assert (beesd.contact_person, beesd.usual_contact) == (marieke, None)


def test_colleague_stands_in_where_nobody_is_named_or_who_is_named_is_away_too(beesd, peter):
    anna = make.contact_person(beesd.municipality, "Anna")
    make.contact_person(make.municipality(), "Aad")  # of another municipality
    away(beesd, stand_in=peter)
    ContactPerson.objects.filter(pk=peter.pk).update(away_from_on=NOW.date(), away_until_on=NOW.date())

    handing_on.sweep(NOW)

    beesd.refresh_from_db()
    assert beesd.contact_person == anna


def test_nobody_can_stand_in(beesd):
    coordinator = team.colleague(beesd.municipality, kind=StaffRole.Kind.COORDINATOR)
    url = reverse("admin:villages_contactperson_change", args=[beesd.contact_person_id])
    words = {"user": beesd.contact_person.user_id, "name": "Marieke", "phone": "0612345678", "hours": "Altijd"}
    leave = {"away_from_on": "2026-03-10", "away_until_on": "2026-03-16", "stand_in": ""}

    refused = team.at_work(coordinator).post(url, {**words, **leave})
    away(beesd)
    handing_on.sweep(NOW)
    found = alarm.check(NOW)

    assert refused.context["adminform"].form.errors == {
        "stand_in": ["Er is intussen niemand anders. Voeg eerst een contactpersoon toe."]
    }
    beesd.refresh_from_db()
    assert beesd.contact_person.name == "Marieke"
    assert found["village_with_nobody_there"] == 1
    assert Message.objects.filter(user=coordinator, kind="team.alarm", channel=Channel.IN_APP).count() == 1


@pytest.mark.parametrize(
    ("leave", "field"),
    [
        ({"away_from_on": "2026-03-10", "away_until_on": ""}, "away_until_on"),
        ({"away_from_on": "", "away_until_on": "2026-03-10"}, "away_from_on"),
        ({"away_from_on": "2026-03-10", "away_until_on": "2026-03-09"}, "away_until_on"),
    ],
)
def test_leave_without_sense_is_refused(beesd, peter, leave, field):
    boss = team.at_work(team.superuser())
    url = reverse("admin:villages_contactperson_change", args=[beesd.contact_person_id])
    words = {"user": beesd.contact_person.user_id, "name": "Marieke", "phone": "0612345678", "hours": "Altijd"}

    answer = boss.post(url, {**words, **leave, "stand_in": peter.pk})

    assert set(answer.context["adminform"].form.errors) == {field}


def test_database_refuses_a_leave_that_ends_before_it_begins(beesd):
    with pytest.raises(IntegrityError, match="contact_person_leave"), transaction.atomic():
        away(beesd, until=NOW.date() - DAY)
    with pytest.raises(IntegrityError, match="contact_person_other_stands_in"), transaction.atomic():
        away(beesd, stand_in=beesd.contact_person)


def test_face_that_staff_choose_by_hand_stays_after_the_leave(beesd, peter):
    anna = make.contact_person(beesd.municipality, "Anna")
    away(beesd, stand_in=peter)
    handing_on.sweep(NOW)
    boss = team.at_work(team.superuser())
    url = reverse("admin:villages_village_change", args=[beesd.pk])

    boss.post(url, {"contact_person": anna.pk, "quiet_from": "21:00", "quiet_until": "08:00"})
    handing_on.sweep(NOW + 7 * DAY)

    beesd.refresh_from_db()
    assert beesd.contact_person == anna


def test_what_lay_with_the_face_goes_to_who_is_chosen_by_hand(client, beesd):
    help_request = make.help_request(beesd)
    escalation.hand_to_contact(help_request.pk, actor=CLOCK, now=NOW)
    anna = make.contact_person(beesd.municipality, "Anna")
    boss = team.at_work(team.superuser())
    url = reverse("admin:villages_village_change", args=[beesd.pk])
    boss.post(url, {"contact_person": anna.pk, "quiet_from": "21:00", "quiet_until": "08:00"})

    assert handing_on.sweep(NOW + HOUR) == 1
    assert handing_on.sweep(NOW + HOUR) == 0

    help_request.refresh_from_db()
    assert help_request.owner == anna.user
    assert help_request.owner_deadline_at > NOW + HOUR
    assert Message.objects.filter(user=anna.user, kind="team.request_waiting", channel=Channel.IN_APP).exists()


def test_account_of_a_contact_person_is_closed_once_the_villages_have_another(beesd, peter):
    marieke = beesd.contact_person.user
    boss = team.at_work(team.superuser())
    close = {"first_name": "Marieke", "phone": "", "language": "nl", "is_staff": "on"}
    page = reverse("admin:accounts_user_change", args=[marieke.pk])
    village = reverse("admin:villages_village_change", args=[beesd.pk])
    words = {"quiet_from": "21:00", "quiet_until": "08:00"}

    refused = boss.post(page, close)
    marieke.refresh_from_db()
    assert marieke.is_active
    said = refused.context["adminform"].form.errors["is_active"]
    assert said == ["Dit is de contactpersoon van Beesd. Kies daar eerst iemand anders."]

    boss.post(village, {**words, "contact_person": peter.pk})
    boss.post(page, close)
    marieke.refresh_from_db()
    assert not marieke.is_active
    assert standing_in.stand_in_for(peter, NOW) is None
    again = boss.post(village, {**words, "contact_person": marieke.contact_for.get().pk})
    assert "contact_person" in again.context["adminform"].form.errors


def test_who_is_on_leave_and_does_not_come_back_leaves_the_village_to_who_stands_in(beesd, peter):
    marieke = away(beesd, stand_in=peter).user
    handing_on.sweep(NOW)
    page = reverse("admin:accounts_user_change", args=[marieke.pk])

    team.at_work(team.superuser()).post(page, {"first_name": "Marieke", "phone": "", "language": "nl"})
    handing_on.sweep(NOW + 7 * DAY)

    marieke.refresh_from_db()
    beesd.refresh_from_db()
    assert not marieke.is_active
    assert (beesd.contact_person, beesd.usual_contact) == (peter, None)


def test_contact_person_with_a_closed_account_is_found_by_the_hourly_check(beesd):
    beesd.contact_person.user.is_active = False
    beesd.contact_person.user.save()

    assert invariants.count(NOW)["village_with_closed_contact_person"] == 1


# -- Do you still need it?


def far_off(village, days, **fields):
    return make.help_request(village, help_on=NOW.date() + days * DAY, **fields)


def asked_on(help_request, until=40):
    """On which days after posting the asker is asked, when the clock looks every hour."""
    days = []
    for hour in range(until * 24):
        before = Event.objects.filter(kind=Event.Kind.ASKED_NEEDED).count()
        still_needed.sweep(NOW + hour * HOUR)
        if Event.objects.filter(kind=Event.Kind.ASKED_NEEDED).count() > before:
            days.append(hour / 24)
    return days


@pytest.mark.parametrize(("days", "asked"), [(9, []), (10, [5]), (12, [6]), (20, [7, 14]), (30, [7, 14, 21, 26])])
def test_asked_halfway_and_weekly(beesd, days, asked):
    help_request = far_off(beesd, days)

    found = asked_on(help_request)

    assert [round(day * 2) / 2 for day in found] == asked


def test_question_waits_for_the_morning(beesd):
    help_request = far_off(beesd, 21, now=NOW + 13 * HOUR)  # at 22.10

    assert help_request.ask_needed_at == local(2026, 3, 18, 8)


def test_yes_in_one_tap_changes_nothing_else(beesd, client, clock):
    help_request = far_off(beesd, 21)
    clock.move_to(NOW + 7 * DAY)
    still_needed.sweep(NOW + 7 * DAY)
    as_reader(client, help_request.author)
    url = reverse("still_needed", args=[help_request.pk])
    before = client.get(help_request.get_absolute_url()).content.decode()

    client.get(url)
    unchanged = HelpRequest.objects.get(pk=help_request.pk).needed_asked_at
    client.post(url, {"answer": "yes"})
    client.post(url, {"answer": "yes"})
    after = client.get(help_request.get_absolute_url()).content.decode()

    assert "Do you still need it?" in before
    assert unchanged == NOW + 7 * DAY
    assert "Yes, I still need it" not in after
    assert "You said: I still need it" in after
    now = HelpRequest.objects.get(pk=help_request.pk)
    assert (now.status, now.next_at, now.needed_asked_at) == (Status.OPEN, help_request.next_at, None)
    assert help_request.events.filter(kind=Event.Kind.STILL_NEEDED).count() == 1


def test_no_in_one_tap_takes_it_off_the_board_and_can_be_undone(beesd, client, clock):
    help_request = far_off(beesd, 21)
    clock.move_to(NOW + 7 * DAY)
    still_needed.sweep(NOW + 7 * DAY)
    as_reader(client, help_request.author)

    page = client.post(reverse("still_needed", args=[help_request.pk]), {"answer": "no"}, follow=True)

    help_request.refresh_from_db()
    assert help_request.status == Status.WITHDRAWN
    assert "Put it back" in page.content.decode()


def test_only_the_asker_answers(beesd, riet, client):
    help_request = far_off(beesd, 21)
    as_reader(client, riet)

    assert client.post(reverse("still_needed", args=[help_request.pk]), {"answer": "no"}).status_code == 404


def test_no_answer_changes_nothing_and_staff_can_list_it(beesd):
    help_request, other = far_off(beesd, 21), far_off(beesd, 21)
    still_needed.sweep(NOW + 7 * DAY)
    still_needed.yes(other.pk, actor=web(other.author), now=NOW + 7 * DAY)
    walk(help_request, NOW + 7 * DAY)
    boss = team.at_work(team.superuser())

    rows = boss.get(reverse("admin:requests_app_helprequest_changelist"), {"needed": "unknown"}).context["cl"]

    assert help_request.status == Status.OPEN
    assert [row.pk for row in rows.result_list] == [help_request.pk]


def test_where_somebody_comes_already_nothing_is_asked(beesd):
    help_request = far_off(beesd, 21, slots=2)
    helper = make.neighbour(beesd)
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)

    still_needed.sweep(NOW + 7 * DAY)

    help_request.refresh_from_db()
    assert help_request.needed_asked_at is None
    assert help_request.ask_needed_at > NOW + 7 * DAY


def test_question_is_told_once_and_no_longer_when_it_is_answered(beesd):
    help_request = far_off(beesd, 21)
    still_needed.sweep(NOW + 7 * DAY)
    still_needed.sweep(NOW + 7 * DAY)
    row = Message.objects.get(kind="request.still_needed", channel=Channel.MAIL)

    kind = KINDS["request.still_needed"]
    about = kind.gather([row])[row.pk]
    assert kind.still_true(row, about, NOW)
    still_needed.yes(help_request.pk, actor=web(help_request.author), now=NOW + 7 * DAY)
    assert not kind.still_true(row, kind.gather([row])[row.pk], NOW)


def test_query_of_due_questions_reads_its_index(beesd):
    far_off(beesd, 21)

    with connection.cursor() as cursor:
        # Of so few rows any index will do; only the right one also gives their order.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        rows = HelpRequest.objects.to_ask_whether_needed(NOW).order_by("ask_needed_at", "pk")[:100]
        sql, params = rows.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "request_ask_needed" in plan


def test_new_day_begins_the_questions_anew(beesd):
    help_request = far_off(beesd, 21)
    still_needed.sweep(NOW + 7 * DAY)

    changes = {"help_on": NOW.date() + 40 * DAY}
    moved = lifecycle.edit(help_request.pk, changes=changes, actor=web(help_request.author), now=NOW + 8 * DAY)

    assert (moved.needed_asked_at, moved.ask_needed_at) == (None, NOW + 15 * DAY)


def test_one_bad_question_does_not_hold_up_the_others(beesd, monkeypatch):
    bad, good = far_off(beesd, 21), far_off(beesd, 21)
    honest = still_needed.notices.ask_needed

    def fails_once(event, help_request):
        if help_request == bad:
            raise ValueError
        honest(event, help_request)

    monkeypatch.setattr(still_needed.notices, "ask_needed", fails_once)
    still_needed.sweep(NOW + 7 * DAY)

    bad.refresh_from_db()
    good.refresh_from_db()
    assert good.needed_asked_at == NOW + 7 * DAY
    assert (bad.needed_asked_at, bad.ask_needed_at) == (None, NOW + 7 * DAY + due_rows.SET_ASIDE)


# -- The clock, and the alarm


def test_clock_that_stands_still(client, beesd, clock):
    boss = team.superuser()
    heartbeat.beat(NOW)
    desk = team.at_work(boss)
    clock.move_to(NOW + timedelta(minutes=6))

    stranger, first_page = client.get("/readyz"), desk.get(reverse("admin:index")).content.decode()
    heartbeat.beat(NOW + timedelta(minutes=6))
    ready = client.get("/readyz")

    assert (stranger.status_code, stranger.json()) == (503, {"ready": False})
    assert "De klok van SamSam staat stil sinds 10 maart 2026 09:10" in first_page
    assert ready.status_code == 200
    message = Message.objects.get(user=boss, kind="team.clock_was_silent", channel=Channel.IN_APP)
    with translation.override("en"):
        words = KINDS[message.kind].words(message, None, NOW + timedelta(minutes=6))
    assert words.body.startswith("From today at 9:10 until today at 9:16 everything stood still.")


def test_clock_that_runs_is_silent_about_it(client, beesd, clock):
    desk = team.at_work(team.superuser())
    for minutes in range(10):
        heartbeat.beat(NOW + timedelta(minutes=minutes))
    clock.move_to(NOW + timedelta(minutes=13))

    assert client.get("/readyz").status_code == 200
    assert "staat stil" not in desk.get(reverse("admin:index")).content.decode()
    assert not Message.objects.filter(kind="team.clock_was_silent").exists()


def test_clock_that_never_ran_is_judged_by_what_it_leaves_lying(client, beesd):
    assert client.get("/readyz").status_code == 200

    make.help_request(beesd)  # in March: by now long overdue

    assert client.get("/readyz").status_code == 503


def test_beat_costs_one_query_and_one_row_a_minute(django_assert_num_queries):
    heartbeat.beat(NOW)

    with django_assert_num_queries(1):
        heartbeat.beat(NOW + timedelta(seconds=59))

    assert Heartbeat.objects.get().at == NOW


def test_sweep_beats_and_one_that_fails_does_not(monkeypatch):
    tasks.sweep()
    beat = Heartbeat.objects.get()
    Heartbeat.objects.update(at=beat.at - HOUR)

    def fails(_now):
        raise ValueError

    monkeypatch.setattr(tasks.escalation, "sweep", fails)
    with pytest.raises(ValueError):  # noqa: PT011 (ours, just above)
        tasks.sweep()

    assert Heartbeat.objects.get().at == beat.at - HOUR


def test_hourly_count_sees_a_clock_that_stands_still():
    heartbeat.beat(NOW)

    assert invariants.count(NOW + 59 * timedelta(minutes=1))["clock_silent"] == 0
    assert invariants.count(NOW + 2 * HOUR)["clock_silent"] == 1


def all_is_sent():
    Message.objects.filter(state=State.DUE).update(state=State.SENT)


def test_alarm_goes_to_whom_it_concerns(beesd, caplog):
    boss = team.superuser()
    here = team.colleague(beesd.municipality, kind=StaffRole.Kind.COORDINATOR)
    there = team.colleague(make.municipality(), kind=StaffRole.Kind.COORDINATOR)
    team.colleague(beesd.municipality)  # of the social team: not theirs to mend
    late = make.help_request(beesd)
    all_is_sent()
    when = late.next_at + 2 * HOUR

    alarm.check(when)
    alarm.check(when + HOUR)
    told = Message.objects.filter(kind="team.alarm", channel=Channel.IN_APP)
    first_day = set(told.values_list("user", "params__found"))
    all_is_sent()
    alarm.check(when + DAY)

    assert first_day == {(boss.pk, "request_step_overdue=1"), (here.pk, "request_step_overdue=1")}
    assert told.filter(user=boss).count() == 2  # and once more the next day
    assert not told.filter(user=there).exists()
    assert "invariant_broken" in caplog.text


def test_all_is_well_tells_nobody(beesd):
    team.superuser()

    alarm.check(NOW)

    assert not Message.objects.filter(kind="team.alarm").exists()


def test_every_rule_has_words_that_keep_the_rules_of_the_copy_guide():
    for language in ("nl", "en"):
        with translation.override(language):
            words = {rule: clock_texts.rule_in_words(rule) for rule in invariants.count(NOW)}
        assert [rule for rule, said in words.items() if said == rule] == []
        assert [fault for said in words.values() for fault in faults(said, dutch=language == "nl")] == []


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", ["request.still_needed", "team.alarm", "team.clock_was_silent"])
def test_words_keep_the_rules_of_the_copy_guide(beesd, kind, language):
    help_request = far_off(beesd, 21)
    params = {
        "help_request": help_request.pk,
        "found": "request_step_overdue=2 message_failed=1",
        "since": NOW.isoformat(),
        "until": (NOW + HOUR).isoformat(),
    }
    row = Message.objects.create(kind=kind, key=kind, user=help_request.author, params=params)

    with translation.override(language):
        words = KINDS[kind].words(row, KINDS[kind].gather([row])[row.pk], NOW)

    texts = (words.subject, words.body, words.button, *words.lines)
    assert [fault for text in texts for fault in faults(text, dutch=language == "nl")] == []
    assert len(words.subject) <= 60
    assert words.url
