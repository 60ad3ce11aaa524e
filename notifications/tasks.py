from celery import shared_task
from django.utils import timezone

from notifications import digests
from notifications.delivery import deliver


@shared_task(name="notifications.deliver")
def deliver_due() -> None:
    deliver(timezone.now())


@shared_task(name="notifications.tell_digests")
def tell_digests() -> None:
    digests.sweep(timezone.now())
