from celery import shared_task
from django.utils import timezone

from requests_app import escalation, invariants, reminders, trials
from requests_app.figures import counting


@shared_task(name="requests_app.sweep")
def sweep() -> None:
    escalation.sweep(timezone.now())


@shared_task(name="requests_app.remind")
def remind() -> None:
    reminders.sweep(timezone.now())


@shared_task(name="requests_app.check_nobody_forgotten")
def check_nobody_forgotten() -> None:
    invariants.report(timezone.now())


@shared_task(name="requests_app.try_policies")
def try_policies() -> None:
    while trials.run_next():
        pass


@shared_task(name="requests_app.count_figures")
def count_figures() -> None:
    counting.count(timezone.now())
