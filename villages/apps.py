from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VillagesConfig(AppConfig):
    name = "villages"
    verbose_name = _("Villages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from moderation import subjects  # noqa: PLC0415 (app ready: it imports models)
        from villages import daylight, notices  # noqa: PLC0415 (the same)

        notices.register_kinds()
        subjects.register_working_time(daylight.working_deadline)
