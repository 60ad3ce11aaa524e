"""Telling somebody something: a row with the change, once for each channel, never without it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from notifications import doorbell, kinds, outbox
from notifications.kinds import Kind, Words
from notifications.models import Channel, Message, State
from notifications.outbox import Address, Fact

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=8)


@pytest.fixture(autouse=True)
def test_kinds(monkeypatch):
    def words(message, about, now):
        return Words("Subject", "Body")

    known = {
        "test.note": Kind(words),
        "test.mail": Kind(words, channels=(Channel.MAIL,)),
        "test.site": Kind(words, channels=(Channel.IN_APP,)),
        "test.code": Kind(words, channels=(Channel.MAIL,), urgent=True, secret=True),
    }
    monkeypatch.setattr(kinds, "KINDS", known)
    monkeypatch.setattr(outbox, "KINDS", known)


@pytest.fixture
def riet():
    return User.objects.create_user("riet@voorbeeld.nl", first_name="Riet")


def rows():
    return [(row.channel, row.state) for row in Message.objects.order_by("channel")]


def test_message_is_on_the_site_at_once_and_waits_for_the_mail(riet):
    outbox.enqueue("test.note", riet, "event-1:user-1", {"help_request": 7}, now=NOW)

    on_site, mail = Message.objects.order_by("channel")
    assert (on_site.channel, on_site.state, on_site.sent_at) == (Channel.IN_APP, State.SENT, NOW)
    assert (mail.channel, mail.state, mail.sent_at) == (Channel.MAIL, State.DUE, None)
    assert on_site.params == mail.params == {"help_request": 7}


def test_message_told_again_changes_nothing(riet):
    outbox.enqueue("test.note", riet, "event-1:user-1", {"help_request": 7}, now=NOW)

    outbox.enqueue("test.note", riet, "event-1:user-1", {"help_request": 8}, now=LATER)

    assert [row.params for row in Message.objects.all()] == [{"help_request": 7}] * 2


@pytest.mark.django_db(transaction=True)
def test_message_outside_a_transaction_is_refused(riet):
    with pytest.raises(RuntimeError, match="atomic"):
        outbox.enqueue("test.note", riet, "event-1:user-1", {})


@pytest.mark.django_db(transaction=True)
def test_message_of_a_change_that_fails_is_not_told(riet):
    with transaction.atomic():
        outbox.enqueue("test.note", riet, "event-1:user-1", {})
        transaction.set_rollback(True)

    assert rows() == []


def test_person_without_mail_address_is_told_on_the_site_only():
    phone_only = User.objects.create_user(first_name="Joop")

    outbox.enqueue("test.note", phone_only, "event-1:user-1", {})
    outbox.enqueue("test.mail", phone_only, "event-2:user-1", {})

    assert rows() == [(Channel.IN_APP, State.SENT)]


def test_address_without_a_person_is_told_by_mail_only():
    outbox.enqueue("test.note", Address("new@voorbeeld.nl"), "code-1", {})

    row = Message.objects.get()
    assert (row.channel, row.user, row.address) == (Channel.MAIL, None, "new@voorbeeld.nl")


def test_quiet_hours_hold_the_mail_but_not_an_urgent_one(riet):
    outbox.enqueue("test.mail", riet, "event-1", {}, not_before=LATER, now=NOW)
    outbox.enqueue("test.code", riet, "event-2", {}, not_before=LATER, now=NOW)

    assert [row.key for row in Message.objects.due(NOW)] == ["event-2"]
    assert {row.key for row in Message.objects.due(LATER)} == {"event-1", "event-2"}


@pytest.mark.parametrize("value", [None, 1.5, ["x"], {"name": "Riet"}, NOW])
def test_params_hold_numbers_and_strings_only(riet, value):
    with pytest.raises(TypeError, match="params"):
        outbox.enqueue("test.note", riet, "event-1", {"x": value})


@pytest.mark.parametrize("count", [1, 36])
def test_many_messages_take_one_query(count, django_assert_num_queries):
    people = [User.objects.create_user(f"{number}@voorbeeld.nl") for number in range(count)]
    facts = [Fact("test.note", person, f"ask-1:{person.pk}", {"ask": 1}) for person in people]

    with django_assert_num_queries(1):
        outbox.enqueue_many(facts)

    assert Message.objects.count() == 2 * count


def test_bell_stops_for_what_was_not_sent_and_begins_with_this_key(riet):
    for key in ("request-1:ask-1", "request-1:ask-2", "request-12:ask-3"):
        outbox.enqueue("test.note", riet, key, {"ask": 1}, now=NOW)
    Message.objects.filter(key="request-1:ask-2").update(state=State.SENT)

    dropped = outbox.drop("request-1:")

    assert dropped == 1
    assert list(Message.objects.filter(state=State.DROPPED).values_list("key", "channel", "params")) == [
        ("request-1:ask-1", Channel.MAIL, {})
    ]


def test_bell_stops_for_the_named_kinds_only(riet):
    outbox.enqueue("test.mail", riet, "request-1:a", {})
    outbox.enqueue("test.code", riet, "request-1:b", {})

    assert outbox.drop("request-1:", kinds=["test.mail"]) == 1
    assert list(Message.objects.due(datetime.now(UTC)).values_list("kind", flat=True)) == ["test.code"]


def test_bell_for_everybody_cannot_be_stopped_by_mistake():
    with pytest.raises(ValueError, match="empty"):
        outbox.drop("")


def test_stopping_the_bell_reads_the_index_of_keys(riet):
    outbox.enqueue_many([Fact("test.mail", riet, f"request-{number}:ask", {}) for number in range(3000)])
    with connection.cursor() as cursor:
        cursor.execute("analyze notifications_message")
    with CaptureQueriesContext(connection) as queries:
        outbox.drop("request-17:")

    with connection.cursor() as cursor:
        cursor.execute("explain " + queries[-1]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "message_told_once" in plan


def test_doorbell_rings_once_after_the_commit(riet, monkeypatch, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        for number in range(3):
            outbox.enqueue("test.note", riet, f"event-{number}", {})

    assert callbacks == [doorbell.ring]


def test_doorbell_keeps_still_when_there_is_nothing_to_send_yet(riet, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        outbox.enqueue("test.site", riet, "event-1", {})
        outbox.enqueue("test.mail", riet, "event-2", {}, not_before=LATER, now=NOW)

    assert callbacks == []


def test_doorbell_of_a_part_that_was_undone_rings_for_the_rest(riet, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        with transaction.atomic():
            outbox.enqueue("test.note", riet, "event-1", {})
            transaction.set_rollback(True)
        outbox.enqueue("test.note", riet, "event-2", {})

    assert callbacks == [doorbell.ring]


def test_many_new_ones_are_the_same_rows_as_one_by_one(riet):
    facts = [Fact("test.note", riet, f"{n}", {"n": n}) for n in range(2)]
    with transaction.atomic():
        outbox.enqueue_new(facts, now=NOW)
    copied = list(Message.objects.order_by("key", "channel").values())
    Message.objects.all().delete()
    with transaction.atomic():
        outbox.enqueue_many(facts, now=NOW)
    saved = list(Message.objects.order_by("key", "channel").values())

    own = ("id", "message_id")
    assert len({row["message_id"] for row in copied}) == len(copied) == 4  # by which a mail is known
    assert [{**row, **dict.fromkeys(own)} for row in copied] == [{**row, **dict.fromkeys(own)} for row in saved]
