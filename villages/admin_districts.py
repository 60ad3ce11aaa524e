"""The form that makes a district: a name and the postcode areas it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from villages.districts import make_district
from villages.models import Village
from villages.refusals import NotAllowed

# Subscripting is for the type checker only: Django's own class does not know it when it runs.
if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Village]
else:
    _ModelForm = forms.ModelForm


class DistrictForm(_ModelForm):
    """Postcode areas are written down, like "2317, 2318": short, and checked against the municipality's own."""

    actor: ClassVar[Actor]  # who makes it; given by the page

    areas = forms.CharField(
        label=_("Postcode areas"), max_length=300, help_text=_("Four digits each, like 2317, 2318.")
    )

    class Meta:
        model = Village
        fields = ("municipality", "name")

    def clean(self) -> dict[str, Any]:
        """Makes the district: what the verb refuses stands above the form, with what was typed kept."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        try:
            self.instance = make_district(
                data["name"],
                data["municipality"],
                data["areas"].replace(",", " ").split(),
                actor=self.actor,
                now=timezone.now(),
            )
        except NotAllowed as refusal:
            raise ValidationError(str(refusal)) from refusal
        return data
