from celery import shared_task
from django.utils import timezone

from notifications.delivery import deliver


@shared_task(name="notifications.deliver")
def deliver_due() -> None:
    deliver(timezone.now())
