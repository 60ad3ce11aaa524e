from django.apps import AppConfig


class SamsamConfig(AppConfig):
    name = "samsam"
    verbose_name = "SamSam"

    def ready(self) -> None:
        from samsam import celery  # noqa: F401, PLC0415 (app ready; tasks of the apps bind to this Celery app)
        from samsam import rendering  # noqa: PLC0415 (app ready; forms of every app)

        rendering.use_our_words()
