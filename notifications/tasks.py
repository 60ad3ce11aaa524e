from celery import shared_task
from django.utils import timezone

from notifications import digests
from notifications.delivery import END_AFTER, STOP_AFTER, deliver


@shared_task(
    name="notifications.deliver",
    soft_time_limit=int(STOP_AFTER.total_seconds()),
    time_limit=int(END_AFTER.total_seconds()),
)
def deliver_due() -> None:
    deliver(timezone.now())


@shared_task(name="notifications.tell_digests")
def tell_digests() -> None:
    digests.sweep(timezone.now())
