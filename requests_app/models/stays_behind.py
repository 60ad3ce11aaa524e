"""What stays behind, as a list of its own for staff: the same rows as ``HelpRequest``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from requests_app.models.help_request import HelpRequest


class StaysBehind(HelpRequest):
    """An open request that neighbours left, where nobody comes yet."""

    class Meta:
        proxy = True
        verbose_name = _("request that stays behind")
        verbose_name_plural = _("what stays behind")
