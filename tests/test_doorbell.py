"""The doorbell: quick, and silent when there is nobody to hear it."""

import socket
import time

import pytest
import redis
from django.conf import settings as real

from notifications import doorbell
from tests.smtp_sink import free_port


@pytest.fixture(autouse=True)
def _rested(monkeypatch):
    monkeypatch.setattr(doorbell._Patience, "until", 0.0)


def waiting():
    return redis.Redis.from_url(real.REDIS_URL).llen("deliver")


def test_ring_leaves_one_task_for_the_deliverer():
    before = waiting()

    doorbell.ring()

    assert waiting() == before + 1


def test_ring_without_a_broker_is_silent_and_quick(settings, caplog):
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
    begun = time.monotonic()

    doorbell.ring()

    assert time.monotonic() - begun < 5  # seconds on a busy machine; without our limits it would be minutes
    assert "doorbell" in caplog.text


def test_ring_at_a_broker_that_says_nothing_holds_nobody_up(settings):
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(5)
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{mute.getsockname()[1]}/0"
        begun = time.monotonic()

        doorbell.ring()

        assert time.monotonic() - begun < 5


def test_ring_after_a_failure_leaves_the_broker_alone_for_a_while(settings, caplog):
    broker = settings.CELERY_BROKER_URL
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
    doorbell.ring()
    settings.CELERY_BROKER_URL = broker
    before = waiting()

    doorbell.ring()

    assert waiting() == before
    assert len(caplog.records) == 1
