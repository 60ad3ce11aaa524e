"""What Celery is told: it only says "look now", so nothing in it may be a promise."""

from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.db import connection
from kombu import Connection, Producer, Queue
from kombu.transport.redis import Channel, Transport

from samsam import celery
from samsam.celery import QUEUES, app

app.loader.import_default_modules()


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=settings.CELERY_BEAT_SCHEDULE)
def test_task_of_the_schedule_exists_and_expires_when_the_next_is_due(entry):
    assert entry["task"] in app.tasks
    assert entry["options"]["expires"] == entry["schedule"]


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=settings.CELERY_BEAT_SCHEDULE)
def test_task_of_the_schedule_goes_to_a_queue_that_a_worker_reads(entry):
    assert app.amqp.router.route({}, entry["task"])["queue"].name in QUEUES.split(",")


@pytest.mark.django_db
@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE.values(), ids=settings.CELERY_BEAT_SCHEDULE)
def test_task_of_the_schedule_needs_no_arguments_and_gives_no_result(entry):
    assert app.tasks[entry["task"]]() is None
    assert app.tasks[entry["task"]].ignore_result
    assert connection.is_usable()


def test_no_task_of_ours_is_acknowledged_late_or_tried_again_by_celery():
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]

    assert ours
    assert not any(task.acks_late or getattr(task, "autoretry_for", ()) for task in ours)


def test_worker_outlives_a_broker_that_goes_with_a_task_in_its_hands(monkeypatch):
    def lost(*_args, **_options):
        line.default_channel._in_poll = None
        raise redis.ConnectionError

    monkeypatch.setattr(Channel, "do_restore", True)
    monkeypatch.setattr(Channel, "_brpop_read", lost)
    monkeypatch.setattr(Transport, "close_connection", lost)
    celery.forget_what_is_lost()
    line = Connection(settings.CELERY_BROKER_URL)
    queue = Queue(f"test-{uuid4()}", routing_key="test").bind(line.default_channel)
    queue.declare()
    Producer(line.default_channel).publish("look now", exchange="", routing_key=queue.name)
    assert queue.get()  # and not acknowledged
    line.default_channel._in_poll = True  # it waits for the next one

    line.collect()  # what the worker does once the line is lost, and
    line.close()  # then


def test_worker_serves_every_queue_and_has_a_process_more_than_the_lab_can_hold(monkeypatch, settings):
    settings.WORKER_PROCESSES = 1
    started = []
    monkeypatch.setattr(app, "start", started.extend)

    celery.worker()

    assert set(started[started.index("--queues") + 1].split(",")) == {"sweep", "deliver", "lab"}
    assert started[started.index("--concurrency") + 1] == "2"  # a trial runs alone, so one is left for the clock
