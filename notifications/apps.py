from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from notifications import digest_words, mail_adapter  # noqa: PLC0415 (app ready: they import models)

        mail_adapter.register_kinds()
        digest_words.register_kinds()
