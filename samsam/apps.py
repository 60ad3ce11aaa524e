from django.apps import AppConfig


class SamsamConfig(AppConfig):
    name = "samsam"
    verbose_name = "SamSam"

    def ready(self) -> None:
        # Imported once the apps are ready: tasks of the apps bind to this Celery app, forms get our words.
        from samsam import celery, rendering  # noqa: F401, PLC0415

        rendering.use_our_words()
