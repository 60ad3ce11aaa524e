from celery import shared_task
from django.utils import timezone

from requests_app import (
    alarm,
    circle_stop,
    escalation,
    handing_on,
    heartbeat,
    owner_late,
    policies,
    reminders,
    still_needed,
    trials,
)
from requests_app.figures import counting


@shared_task(name="requests_app.sweep")
def sweep() -> None:
    now = timezone.now()
    escalation.sweep(now)
    heartbeat.beat(now)  # last: a sweep that fails is no beat


@shared_task(name="requests_app.remind")
def remind() -> None:
    reminders.sweep(timezone.now())


@shared_task(name="requests_app.ask_whether_needed")
def ask_whether_needed() -> None:
    still_needed.sweep(timezone.now())


@shared_task(name="requests_app.stand_in")
def stand_in() -> None:
    handing_on.sweep(timezone.now())


@shared_task(name="requests_app.owner_words")
def owner_words() -> None:
    owner_late.sweep(timezone.now())


@shared_task(name="requests_app.check_nobody_forgotten")
def check_nobody_forgotten() -> None:
    alarm.check(timezone.now())


@shared_task(name="requests_app.finish_switching_off")
def finish_switching_off() -> None:
    policies.sweep(timezone.now())


@shared_task(name="requests_app.erase_circle")
def erase_circle() -> None:
    circle_stop.sweep(timezone.now())


@shared_task(name="requests_app.try_policies")
def try_policies() -> None:
    while trials.run_next():
        pass


@shared_task(name="requests_app.count_figures")
def count_figures() -> None:
    counting.count(timezone.now())
