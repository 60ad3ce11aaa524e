"""/healthz and /readyz: for machines, before anything else looks at the request."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from notifications.models import Message
from samsam import health

pytestmark = pytest.mark.django_db
STRANGER = {"headers": {"host": "10.0.0.7"}}  # a probe comes by IP address, which no ALLOWED_HOSTS names


def message(age):
    return Message.objects.create(
        kind="code", address="sam@example.nl", key=str(age), channel="mail", not_before=timezone.now() - age
    )


def test_alive_is_answered_to_everybody_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz", **STRANGER)

    assert (answer.status_code, answer.json()) == (200, {"alive": True})
    assert answer.headers["Cache-Control"] == "no-store"


def test_ready_when_nothing_is_left_lying(client):
    answer = client.get("/readyz", **STRANGER)

    assert (answer.status_code, answer.json()) == (200, {"ready": True})


def test_message_unsent_for_too_long_is_not_ready_and_a_stranger_is_not_told_why(client):
    message(health.MESSAGE_LATE + timedelta(seconds=5))

    answer = client.get("/readyz", **STRANGER)

    assert (answer.status_code, answer.json()) == (503, {"ready": False})


def test_message_that_may_still_wait_is_ready(client):
    message(health.MESSAGE_LATE - timedelta(seconds=5))

    assert client.get("/readyz", **STRANGER).status_code == 200


def test_who_shows_the_key_reads_the_ages(client, settings):
    settings.HEALTH_KEY = "of-the-operator"
    message(timedelta(minutes=20))

    answer = client.get("/readyz", headers={"Authorization": "Bearer of-the-operator"})
    wrong = client.get("/readyz", headers={"Authorization": "Bearer guess"})

    assert answer.json() | {"unsent_message": 1200} == {
        "ready": False,
        "trouble": "a message is not sent",
        "overdue_rung": 0,
        "unsent_message": 1200,
        "clock_silent": 0,
    }
    assert answer.json()["unsent_message"] in range(1200, 1230)
    assert wrong.json() == {"ready": False}


def test_no_key_set_opens_to_nobody(client, settings):
    settings.HEALTH_KEY = ""

    assert client.get("/readyz", headers={"Authorization": "Bearer "}).json() == {"ready": True}


def test_overdue_rung_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "RUNG_LATE", timedelta(seconds=-1))

    assert client.get("/readyz").status_code == 503


def test_missing_migration_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda _self, _targets: ["one"])

    assert client.get("/readyz").status_code == 503


def test_database_that_does_not_answer_is_not_ready(client, monkeypatch):
    def gone(_now):
        raise DatabaseError

    monkeypatch.setattr(health, "_state", gone)

    assert (client.get("/readyz").status_code, client.get("/healthz").status_code) == (503, 200)
