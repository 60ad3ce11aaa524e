from celery import shared_task
from django.utils import timezone

from volunteers import care


@shared_task(name="volunteers.care")
def say_what_is_due() -> None:
    care.sweep(timezone.now())
