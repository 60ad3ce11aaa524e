"""Where the help is, apart from the request itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from requests_app.models.help_request import HelpRequest


class RequestAddress(models.Model):
    """Where the helper has to be, kept apart: read only for a helper with an active pick-up, or its author."""

    help_request = models.OneToOneField(
        HelpRequest, on_delete=models.CASCADE, primary_key=True, related_name="address"
    )
    address = models.CharField(_("address"), max_length=120)

    def __str__(self) -> str:
        return f"address of {self.pk}"
