from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SamsamConfig(AppConfig):
    name = "samsam"
    verbose_name = "SamSam"

    def ready(self) -> None:
        # Imported once the apps are ready: tasks of the apps bind to this Celery app, forms get our words.
        from samsam import celery, rendering  # noqa: F401, PLC0415

        rendering.use_our_words()


class SamsamAdminConfig(AdminConfig):
    """Django's admin with our own site: scoped, behind the second factor."""

    default_site = "samsam.admin_site.SamsamAdminSite"
