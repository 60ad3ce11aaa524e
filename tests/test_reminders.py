"""The reminder of the day before and the file for one's own calendar, on both nights that the clock changes too."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import translation
from icalendar import Calendar

from accounts import due_rows
from accounts.actors import web
from moderation import blocking
from notifications.delivery import deliver
from notifications.kinds import KINDS, gathered
from notifications.models import Channel, Message, State
from requests_app import appointments, conversation, lifecycle, offers, reminders
from requests_app.calendar_file import calendar_file
from requests_app.models import Part, PickUp
from tests import make
from tests.copy_rules import faults
from tests.make import NOW, THURSDAY

pytestmark = pytest.mark.django_db

WEDNESDAY_16 = NOW.replace(day=11, hour=15, minute=0)  # 16.00 in the village
IN_THE_FIRST_HOUR = timedelta(minutes=1)


def appointment(village=None, now=NOW, **fields):
    village = village or make.village("Beesd")
    help_request = make.help_request(village, now=now, **fields)
    helper = make.neighbour(village, "Joris")
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=now)
    return PickUp.objects.select_related("help_request__author", "helper").get(help_request=help_request)


def agree(pick_up, at, now=NOW):
    conversation.propose(pick_up.pk, by=pick_up.helper, moment_at=at, now=now)
    question = pick_up.proposed_moments.get(answer="")
    author = pick_up.help_request.author
    conversation.accept(pick_up.pk, question_pk=question.pk, by=author, actor=web(author), now=now)
    pick_up.refresh_from_db()


def reminders_of(pick_up, channel=Channel.MAIL):
    return Message.objects.filter(kind="pickup.reminder", channel=channel, params__pick_up=pick_up.pk)


def subject(row, now, language="nl"):
    with translation.override(language):
        return KINDS[row.kind].words(row, gathered([row])[row.pk], now).subject


def test_both_are_reminded_once_in_the_afternoon_before():
    pick_up = appointment()
    assert pick_up.remind_at == WEDNESDAY_16

    assert reminders.sweep(WEDNESDAY_16 - timedelta(seconds=1)) == 0
    assert reminders.sweep(WEDNESDAY_16) == 1
    assert reminders.sweep(WEDNESDAY_16) == 0

    readers = {row.user for row in reminders_of(pick_up)}
    assert readers == {pick_up.helper, pick_up.help_request.author}
    assert subject(reminders_of(pick_up).first(), WEDNESDAY_16) == "Morgen, in de middag: Boodschappen van de Spar"


def test_an_agreed_time_moves_the_reminder_and_stands_in_it():
    pick_up = appointment()

    agree(pick_up, datetime(2026, 3, 13, 13, 0, tzinfo=UTC))

    assert pick_up.remind_at == WEDNESDAY_16 + timedelta(days=1)
    reminders.sweep(pick_up.remind_at)
    row = reminders_of(pick_up).first()
    assert subject(row, pick_up.remind_at) == "Morgen: Boodschappen van de Spar om 14.00 uur"
    assert subject(row, pick_up.remind_at, "en") == "Tomorrow: Boodschappen van de Spar at 14:00"


@pytest.mark.parametrize(
    ("appointment_at", "reminded_at"),
    [
        # Summer time begins in the night of 28 to 29 March; winter time in that of 24 to 25 October.
        (datetime(2026, 3, 29, 8, 0, tzinfo=UTC), "2026-03-28T15:00:00+00:00"),
        (datetime(2026, 3, 30, 8, 0, tzinfo=UTC), "2026-03-29T14:00:00+00:00"),
        (datetime(2026, 10, 25, 9, 0, tzinfo=UTC), "2026-10-24T14:00:00+00:00"),
        (datetime(2026, 10, 26, 9, 0, tzinfo=UTC), "2026-10-25T15:00:00+00:00"),
    ],
)
def test_the_reminder_is_at_four_by_the_clock_of_the_village(appointment_at, reminded_at):
    pick_up = appointment()

    agree(pick_up, appointment_at, now=appointment_at - timedelta(days=10))

    assert pick_up.remind_at.isoformat() == reminded_at


def test_quiet_hours_of_the_village_are_respected():
    village = make.village(quiet=False)
    village.quiet_from, village.quiet_until = time(15), time(19)
    village.save()

    pick_up = appointment(village)

    assert pick_up.remind_at == WEDNESDAY_16 + timedelta(hours=3)


def test_mail_of_a_reminder_waits_when_the_village_grew_quiet_since():
    pick_up = appointment()
    village = pick_up.help_request.village
    village.quiet_from, village.quiet_until = time(12), time(19)
    village.save()

    reminders.sweep(WEDNESDAY_16)

    assert {row.not_before for row in reminders_of(pick_up)} == {WEDNESDAY_16 + timedelta(hours=3)}


@pytest.mark.parametrize(
    "fields",
    [
        {"part": Part.ANY, "help_on": None},  # no day
        {"part": Part.EVENING, "help_on": NOW.date()},  # today
        {"part": Part.MORNING, "help_on": NOW.date() + timedelta(days=1), "now": NOW + timedelta(hours=9)},  # too late
    ],
)
def test_nobody_is_reminded_where_there_is_nothing_to_remind_of(fields):
    now = fields.pop("now", NOW)

    assert appointment(now=now, **fields).remind_at is None


def test_an_appointment_that_ended_is_not_reminded_of():
    pick_up = appointment()
    lifecycle.give_back(pick_up.help_request_id, helper=pick_up.helper, actor=web(pick_up.helper), now=NOW)

    assert reminders.sweep(WEDNESDAY_16) == 0


def test_two_people_without_contact_are_not_reminded_of_each_other():
    pick_up = appointment()
    blocking.block(pick_up.helper, pick_up.help_request.author, now=NOW)

    reminders.sweep(WEDNESDAY_16)

    assert not reminders_of(pick_up).exists()


@pytest.mark.parametrize("change", ["moved", "ended", "blocked"])
def test_a_reminder_that_is_no_longer_true_is_not_mailed(change, mailoutbox):
    pick_up = appointment()
    reminders.sweep(WEDNESDAY_16)
    if change == "moved":
        agree(pick_up, datetime(2026, 3, 20, 13, 0, tzinfo=UTC), now=WEDNESDAY_16)
    elif change == "ended":
        lifecycle.withdraw(pick_up.help_request_id, actor=web(pick_up.help_request.author), now=WEDNESDAY_16)
    else:
        blocking.block(pick_up.helper, pick_up.help_request.author, now=WEDNESDAY_16)

    deliver(WEDNESDAY_16 + IN_THE_FIRST_HOUR)

    assert {row.state for row in reminders_of(pick_up)} == {State.DROPPED}


def test_one_bad_row_does_not_hold_up_the_others(monkeypatch):
    village = make.village()
    bad, good = appointment(village), appointment(village)
    honest = reminders.conversation_notices.reminder

    def fails_once(pick_up, now):
        if pick_up == bad:
            raise ValueError
        honest(pick_up, now)

    monkeypatch.setattr(reminders.conversation_notices, "reminder", fails_once)
    reminders.sweep(WEDNESDAY_16)

    bad.refresh_from_db()
    assert reminders_of(good).count() == 2
    assert bad.remind_at == WEDNESDAY_16 + due_rows.SET_ASIDE


def test_the_query_of_due_reminders_reads_its_index():
    appointment()

    with connection.cursor() as cursor:
        # Of so few rows any index will do; only the right one also gives their order.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        sql, params = PickUp.objects.to_remind(NOW).order_by("remind_at", "pk")[:10].query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "pick_up_to_remind" in plan


# -- what is said


TALK = {"message.new": {}, "pickup.agreed": {}, "pickup.changed": {}, "pickup.reminder": {}, "thanks.received": {}}


def talk_row(kind, pick_up):
    question, _new = pick_up.proposed_moments.get_or_create(
        by=pick_up.helper, defaults={"moment_at": WEDNESDAY_16 + timedelta(days=9)}
    )
    params = {"help_request": pick_up.help_request_id, "pick_up": pick_up.pk, "question": question.pk}
    params |= {"moment": question.moment_at.isoformat(), "times": 0, "sentence": "came"}
    reader = pick_up.help_request.author
    return Message.objects.create(kind=kind, channel=Channel.MAIL, key=kind, user=reader, params=params)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", TALK)
def test_words_of_conversations_keep_the_rules_of_the_copy_guide(kind, language):
    pick_up = appointment(title="Boodschappen en nog iets bij de drogist en de bakker hier")
    conversation.say(pick_up.pk, by=pick_up.helper, kind="words", text="Geheim", key=uuid4(), now=NOW)
    row = talk_row(kind, pick_up)

    with translation.override(language):
        words = KINDS[kind].words(row, gathered([row])[row.pk], NOW)

    texts = (words.subject, words.body, words.button)
    assert [fault for text in texts for fault in faults(text, dutch=language == "nl")] == []
    assert len(words.subject) <= 60
    assert not words.subject.endswith(".")
    assert words.body.endswith((".", "?"))
    assert words.url == pick_up.get_absolute_url()
    assert "Geheim" not in str(words)
    assert "Voorstraat" not in str(words)


def test_words_of_conversations_are_those_of_the_copy_guide():
    pick_up = appointment(title="Boodschappen")
    said = {kind: talk_row(kind, pick_up) for kind in TALK}

    with translation.override("nl"):
        words = {kind: KINDS[kind].words(row, gathered([row])[row.pk], NOW) for kind, row in said.items()}

    assert words["message.new"].subject == "Je hebt een bericht van Joris"
    assert words["pickup.agreed"].subject == "Afgesproken: vrijdag 20 maart om 16.00 uur"
    assert words["pickup.agreed"].body == "Boodschappen, met Joris. Zet het in je agenda."
    assert words["pickup.changed"].subject == "Andere tijd: vrijdag 20 maart om 16.00 uur?"
    assert words["pickup.changed"].body == "Joris vraagt of dit ook kan."
    assert words["pickup.reminder"].body == "Komt het niet uit? Laat het even weten."
    assert words["thanks.received"].subject == "Joris zegt dank je wel"
    assert words["thanks.received"].body.startswith('"Fijn dat je er was."')


# -- the calendar


def event_of(pick_up, now=NOW):
    with translation.override("nl"):
        return Calendar.from_ical(calendar_file(pick_up, pick_up.helper, now)).walk("VEVENT")[0]


@pytest.mark.parametrize(
    ("at", "stands"),
    [
        (datetime(2026, 3, 28, 9, 0, tzinfo=UTC), "20260328T090000Z"),  # 10.00 in winter
        (datetime(2026, 3, 29, 8, 0, tzinfo=UTC), "20260329T080000Z"),  # 10.00 in summer, the next day
        (datetime(2026, 10, 25, 9, 0, tzinfo=UTC), "20261025T090000Z"),
    ],
)
def test_the_calendar_holds_the_moment_itself_whatever_the_clock_does(at, stands):
    pick_up = appointment()
    agree(pick_up, at)

    event = event_of(pick_up)

    assert event["dtstart"].to_ical().decode() == stands
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=30)


def test_the_calendar_knows_the_same_appointment_again_and_which_time_is_newer():
    pick_up = appointment()
    agree(pick_up, datetime(2026, 3, 13, 13, 0, tzinfo=UTC))
    first = event_of(pick_up)
    agree(pick_up, datetime(2026, 3, 14, 13, 0, tzinfo=UTC))
    second = event_of(pick_up)

    assert first["uid"] == second["uid"]
    assert (first["sequence"], second["sequence"]) == (1, 2)


def test_the_calendar_holds_no_address_and_names_the_other():
    pick_up = appointment(part=Part.FIXED, help_on=THURSDAY, help_at=datetime(2026, 3, 12, 13, 0, tzinfo=UTC))

    file = calendar_file(pick_up, pick_up.helper, NOW).decode()

    assert "Voorstraat" not in file
    assert event_of(pick_up)["summary"] == "Boodschappen van de Spar, met Riet"


def test_a_part_of_a_day_is_no_moment_for_a_calendar():
    assert calendar_file(appointment(), make.user(), NOW) is None


def test_an_appointment_can_begin_without_a_day():
    pick_up = appointment(part=Part.ANY, help_on=None)

    appointments.begin(pick_up, NOW)

    assert pick_up.remind_at is None
