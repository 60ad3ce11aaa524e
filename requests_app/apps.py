from django.apps import AppConfig
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _


class RequestsAppConfig(AppConfig):
    name = "requests_app"
    verbose_name = _("Requests")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from requests_app import (  # noqa: PLC0415 (app ready: they import models)
            circle_texts,
            clock_texts,
            contact_texts,
            conversation_texts,
            digest,
            going_digest,
            going_texts,
            group_texts,
            message_texts,
            offer_texts,
            reportable,
            reserve_texts,
            words,
        )
        from requests_app.categories import Category  # noqa: PLC0415 (the same)
        from requests_app.models import HelpRequest  # noqa: PLC0415 (the same)
        from villages import switching  # noqa: PLC0415 (the same)
        from volunteers.models import CATEGORY_WORDS, MOMENT_WORDS, MOMENTS  # noqa: PLC0415 (the same)

        message_texts.register_kinds()
        offer_texts.register_kinds()
        circle_texts.register_kinds()
        reportable.register_kinds()
        going_texts.register_kinds()
        group_texts.register_kinds()
        clock_texts.register_kinds()
        contact_texts.register_kinds()
        conversation_texts.register_kinds()
        reserve_texts.register_kinds()
        digest.register()
        going_digest.register()
        switching.register_running(HelpRequest.objects.run_in)
        CATEGORY_WORDS.update(Category.choices)
        MOMENT_WORDS.update({moment: lazy(words.moment_of_the_week, str)(moment) for moment in MOMENTS})
