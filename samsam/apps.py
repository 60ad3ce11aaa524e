from django.apps import AppConfig


class SamsamConfig(AppConfig):
    name = "samsam"
    verbose_name = "SamSam"

    def ready(self) -> None:
        from samsam import celery  # noqa: F401, PLC0415 (app ready; tasks of the apps bind to this Celery app)
