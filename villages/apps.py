from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VillagesConfig(AppConfig):
    name = "villages"
    verbose_name = _("Villages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from villages import notices  # noqa: PLC0415 (app ready: it imports models)

        notices.register_kinds()
