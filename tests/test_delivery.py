"""Sending what is due, to a real mail server that has its moods."""

import json
import signal
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail.backends.smtp import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import User
from notifications import delivery, kinds, outbox
from notifications.delivery import (
    BACK_OFF,
    LEASE,
    LONGEST_RUN,
    Count,
    NoServer,
    Post,
    deliver,
    deliver_one,
)
from notifications.kinds import Kind, Signature, Words
from notifications.models import Channel, Message, State
from notifications.outbox import Address, Fact
from notifications.tasks import deliver_due
from tests.racing import at_once
from tests.smtp_sink import DRIPS, HANGS, free_port, sink

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
truths: dict[str, bool] = {}


@pytest.fixture(autouse=True)
def test_kinds(monkeypatch):
    def words(message, about, now):
        if message.params.get("broken"):
            raise KeyError("broken")
        return Words("Subject é", "Body.", url="/vragen/7/", button="Look")

    def code(message, about, now):
        return Words(f"Your code is {message.params['code']}", "It works for 15 minutes.")

    def true(message, about, now):
        return truths.get(message.key, True)

    known = {
        "test.mail": Kind(words, still_true=true, channels=(Channel.MAIL,)),
        "test.code": Kind(code, channels=(Channel.MAIL,), urgent=True, secret=True),
        "test.gone": Kind(words, gather=lambda _messages: {}, channels=(Channel.MAIL,)),
    }
    truths.clear()
    for module in (kinds, outbox, delivery):
        monkeypatch.setattr(module, "KINDS", known)
    monkeypatch.setattr(kinds, "_signers", [])


@pytest.fixture
def server(settings):
    with sink(settings) as running:
        yield running


@pytest.fixture
def riet():
    return User.objects.create_user("riet@voorbeeld.nl", first_name="Riet")


def told(recipient, *keys, kind="test.mail", params=None, not_before=None):
    with transaction.atomic():
        outbox.enqueue_many([Fact(kind, recipient, key, params or {}, None, not_before) for key in keys], now=NOW)
    return list(Message.objects.filter(key__in=keys).order_by("pk"))


def test_due_message_is_sent_once(server, riet):
    (message,) = told(riet, "event-1")

    assert deliver(NOW) == Count(sent=1)
    assert deliver(NOW) == Count()

    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.SENT, 1)
    assert NOW <= message.sent_at < NOW + timedelta(seconds=5)
    assert [mail["To"] for mail in server.mails] == ["riet@voorbeeld.nl"]


def test_mail_has_its_words_one_link_and_a_signature(server, riet, settings, monkeypatch):
    settings.SITE_URL = "https://samsam.example"
    monkeypatch.setattr(kinds, "_signers", [lambda _message: None, lambda _message: Signature("Beesd", "06 12345678")])
    (message,) = told(riet, "event-1")

    deliver(NOW)

    (mail,) = server.mails
    assert mail["Subject"] == "Subject é"
    assert mail["Message-ID"] == f"<{message.message_id}@{settings.MAIL_DOMAIN}>"
    assert mail.get_content_type() == "multipart/alternative"
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith("Body.\n\nLook: https://samsam.example/vragen/7/\n\n")
    assert text.rstrip().endswith("06 12345678")


def test_message_for_later_waits(server, riet):
    told(riet, "event-1", not_before=NOW + timedelta(hours=8))

    assert deliver(NOW) == Count()
    assert deliver(NOW + timedelta(hours=8)) == Count(sent=1)


def test_message_that_is_no_longer_true_is_dropped(server, riet):
    told(riet, "event-1", "event-2")
    truths["event-1"] = False

    assert deliver(NOW) == Count(sent=1, dropped=1)
    assert Message.objects.get(key="event-1").state == State.DROPPED
    assert len(server.mails) == 1


def test_message_about_something_that_is_gone_is_dropped(server, riet):
    told(riet, "event-1", kind="test.gone")

    assert deliver(NOW) == Count(dropped=1)
    assert server.mails == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": None}])
def test_message_to_somebody_who_left_is_dropped(server, riet, change):
    told(riet, "event-1")
    User.objects.update(**change)

    assert deliver(NOW) == Count(dropped=1)
    assert server.mails == []


def test_refusal_for_good_fails_at_once_and_says_why_without_the_address(server, riet):
    (message,) = told(riet, "event-1")
    server.answers_to_address = ["550 5.1.1 <riet@voorbeeld.nl> unknown"]

    assert deliver(NOW) == Count(failed=1)

    message.refresh_from_db()
    assert (message.state, message.failure) == (State.FAILED, "SMTP 550")


@pytest.mark.parametrize("answer", ["451 4.3.0 try later", HANGS])
def test_refusal_for_now_is_tried_again_later_and_later(server, riet, answer):
    (message,) = told(riet, "event-1")
    server.answers = [answer, "451 later", "250 OK"]

    assert deliver(NOW) == Count(late=1)
    assert deliver(NOW + timedelta(seconds=50)) == Count()
    first = NOW + BACK_OFF[0] + timedelta(seconds=5)
    assert deliver(first) == Count(late=1)
    assert deliver(first + BACK_OFF[0]) == Count()
    assert deliver(first + BACK_OFF[1] + timedelta(seconds=5)) == Count(sent=1)

    message.refresh_from_db()
    assert (message.attempts, message.failure) == (3, "")
    assert len(server.mails) == 1


def test_run_is_stopped_and_then_ended_before_another_may_send_what_it_has_in_hand():
    assert LONGEST_RUN.total_seconds() < deliver_due.soft_time_limit < deliver_due.time_limit < LEASE.total_seconds()


def test_server_that_answers_letter_by_letter_is_hung_up_on_when_the_run_must_stop(server, riet):
    (message,) = told(riet, "event-1")
    server.answers = [DRIPS]

    def stop(*_):
        raise SoftTimeLimitExceeded  # as Celery does in the worker

    before = signal.signal(signal.SIGALRM, stop)
    begun = time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, 2)  # longer than any one step may take
    try:
        assert deliver(NOW) == Count(late=1)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    assert 1.9 < time.monotonic() - begun < 5  # no goodbye, which it would answer as slowly
    message.refresh_from_db()
    assert (message.state, message.failure) == (State.DUE, "SoftTimeLimitExceeded")
    assert deliver(NOW + BACK_OFF[0] + timedelta(seconds=5)) == Count(sent=1)
    assert len(server.mails) == 1


def test_refusal_for_now_is_given_up_after_the_last_try(server, riet):
    (message,) = told(riet, "event-1")
    server.answers = ["451 later"] * 20
    at, tries = NOW, 0

    while message.state == State.DUE:
        at += timedelta(days=1)
        deliver(at)
        tries += 1
        message.refresh_from_db()

    assert (message.state, message.failure, tries) == (State.FAILED, "SMTP 451", len(BACK_OFF) + 1)


def test_one_bad_message_does_not_hold_up_the_others(server, riet):
    told(riet, "event-1", params={"broken": 1})
    told(Address("two\n@lines"), "event-2")
    told(riet, "event-3")

    assert deliver(NOW) == Count(sent=1, late=2)
    assert {row.failure for row in Message.objects.filter(state=State.DUE)} == {"no words", "ValueError"}


def test_mail_server_away_costs_a_message_nothing_but_time(settings, riet):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    messages = told(riet, "event-1", "event-2")

    assert deliver(NOW) == Count(late=1)  # the second is not even tried

    for day in range(1, 30):
        deliver(NOW + timedelta(days=day))
    with sink(settings) as server:
        assert deliver(NOW + timedelta(days=30)) == Count(sent=2)
        assert len(server.mails) == len(messages)


def test_message_whose_sender_was_killed_goes_again_under_the_same_id(server, riet, monkeypatch):
    (message,) = told(riet, "event-1")

    def killed(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(delivery, "_close", killed)  # between the server's yes and our commit
        with pytest.raises(SystemExit):
            deliver(NOW)
    assert deliver(NOW + LEASE - timedelta(seconds=30)) == Count()
    assert deliver(NOW + LEASE + timedelta(seconds=30)) == Count(sent=1)

    assert len(server.mails) == 2
    assert {mail["Message-ID"] for mail in server.mails} == {f"<{message.message_id}@127.0.0.1>"}


def test_two_deliverers_at_once_send_nothing_twice(server, riet):
    told(riet, *(f"event-{number}" for number in range(30)))

    counts = at_once(*[lambda: deliver(NOW)] * 3)

    assert sum(count.sent for count in counts) == 30
    assert len(server.mails) == 30
    assert len({mail["Message-ID"] for mail in server.mails}) == 30


def test_somebody_whose_claim_ran_out_does_not_write_over_the_next(server, riet):
    (message,) = told(riet, "event-1")
    deliver(NOW)
    message.attempts = 0  # as the slow one knew it

    delivery._later(message, NOW, "SMTP 451", for_good=True)

    assert Message.objects.get().state == State.SENT


def test_no_transaction_is_open_while_the_server_takes_its_time(server, riet, monkeypatch):
    (message,) = told(riet, "event-1")
    seen = []
    send = delivery.Post.send

    def look(self, mail):
        seen.append((connection.in_atomic_block, Message.objects.get().attempts))
        send(self, mail)

    monkeypatch.setattr(delivery.Post, "send", look)

    with Post() as post:
        deliver_one(message.pk, post=post, now=NOW)

    assert seen == [(False, 1)]


def test_one_time_code_is_wiped_once_it_is_sent(server):
    told(Address("new@voorbeeld.nl"), "code-1", kind="test.code", params={"code": "482915"})

    deliver(NOW)

    assert server.mails[0]["Subject"] == "Your code is 482915"
    assert Message.objects.get().params == {}


def test_one_time_code_is_wiped_when_it_is_given_up(server):
    told(Address("new@voorbeeld.nl"), "code-1", kind="test.code", params={"code": "482915"})
    server.answers_to_address = ["550 no"]

    deliver(NOW)

    assert (Message.objects.get().state, Message.objects.get().params) == (State.FAILED, {})


def test_mail_is_in_the_language_of_its_reader(server, riet):
    languages = []

    def words(message, about, now):
        from django.utils.translation import get_language  # as it is at that moment

        languages.append(get_language())
        return Words("Subject", "Body")

    kinds.KINDS["test.mail"] = Kind(words, channels=(Channel.MAIL,))
    john = User.objects.create_user("john@voorbeeld.nl", language="en")
    told(riet, "event-1")
    told(john, "event-2")

    deliver(NOW)

    assert languages == ["nl", "en"]


def test_sending_one_message_without_a_server_says_so(settings, riet):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    (message,) = told(riet, "event-1")

    with Post() as post, pytest.raises(NoServer):
        deliver_one(message.pk, post=post, now=NOW)

    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.DUE, 0)


def test_task_sends_what_is_due_now(server, riet):
    told(riet, "event-1")

    deliver_due()

    assert len(server.mails) == 1


def test_long_run_ends_and_the_next_goes_on(server, riet, monkeypatch):
    told(riet, "event-1", "event-2")
    ticks = iter([0.0, 1.0, 2.0])  # begun, looked, claimed the first; then it is late
    monkeypatch.setattr(delivery, "time", SimpleNamespace(monotonic=lambda: next(ticks, 60.0)))

    first = deliver(NOW)

    assert first == Count(sent=1)
    monkeypatch.undo()
    assert Message.objects.filter(state=State.DUE).count() == 1


def test_server_that_hangs_up_before_goodbye_costs_nothing(server, riet, monkeypatch):
    told(riet, "event-1")

    close = EmailBackend.close

    def gone(line):
        close(line)
        raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "close", gone)
        counted = deliver(NOW)

    assert counted == Count(sent=1)


def test_message_claimed_by_somebody_else_is_left_to_them(server, riet):
    (message,) = told(riet, "event-1")
    Message.objects.update(not_before=NOW + LEASE)

    with Post() as post:
        assert deliver_one(message.pk, post=post, now=NOW) is None

    assert server.mails == []


def test_command_prints_what_it_did_as_one_object(server, riet, settings, capsys):
    settings.ALLOW_NOW = True
    told(riet, "event-1")

    call_command("deliver", now="2026-03-11T13:00:00+01:00")

    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"sent": 1, "dropped": 0, "failed": 0, "late": 0}


@pytest.mark.parametrize("text", ["2026-03-11T12:59:59", "2026-03-11T12:59:59+01:00"])
def test_command_takes_a_moment_by_hand_in_village_time(server, riet, settings, text, capsys):
    settings.ALLOW_NOW = True
    told(riet, "event-1")  # at 13.00 in the village

    call_command("deliver", now=text)

    assert server.mails == []


def test_command_does_not_move_time_unless_that_is_allowed(settings):
    settings.ALLOW_NOW = False

    with pytest.raises(CommandError, match="SAMSAM_ALLOW_NOW"):
        call_command("deliver", now="2026-03-11T13:00:00+01:00")


@pytest.mark.parametrize("text", ["tomorrow", "2026-02-31T12:00:00", "12:00"])
def test_command_says_what_a_moment_looks_like(settings, text):
    settings.ALLOW_NOW = True

    with pytest.raises(CommandError, match="is no moment"):
        call_command("deliver", now=text)
