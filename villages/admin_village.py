"""What staff choose for a village: its face, its rest, and the rungs that are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.quiet import Quiet
from villages.models import MOST_QUIET, ContactPerson, Village

# Subscripting is for the type checker only: Django's own class does not know it when it runs.
if TYPE_CHECKING:
    _VillageForm = forms.ModelForm[Village]
else:
    _VillageForm = forms.ModelForm

QUIET_DAYS = ("quiet_days", "quiet_on_holidays")
LEFT_OUT = ("skips_neighbours", "skips_groups", "skips_volunteers")  # rungs


class VillageForm(_VillageForm):
    """A village that is switched on keeps a face, from its own municipality, and time to ask somebody in.

    What was chosen can be looked at before it is saved (``LOOK``): then it is not valid yet, though nothing is wrong.
    """

    LOOK = "_look"

    quiet_days = forms.TypedMultipleChoiceField(
        label=_("Quiet days"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("On these days we ask nobody. Mail that may wait waits too."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["contact_person"]
        field.queryset = field.queryset.filter(municipality=self.instance.municipality_id, user__is_active=True)

    def clean_contact_person(self) -> ContactPerson | None:
        chosen: ContactPerson | None = self.cleaned_data["contact_person"]
        if chosen is None and self.instance.switched_on_at:
            raise ValidationError(_("Choose somebody: this village is switched on."))
        return chosen

    def is_valid(self) -> bool:
        return super().is_valid() and self.LOOK not in self.data

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if len(data.get("quiet_days", ())) == len(WEEKDAYS):
            self.add_error("quiet_days", _("Leave at least one day a week on which we may ask somebody."))
        from_, until = data.get("quiet_from"), data.get("quiet_until")
        if from_ and until and Quiet(from_, until).lasts() > MOST_QUIET:
            self.add_error("quiet_until", _("Leave at least eight hours a day in which we may ask somebody."))
        if all(data.get(name) for name in LEFT_OUT):
            words = _("Then only the contact person is left. Keep neighbours, groups or volunteers.")
            self.add_error("skips_neighbours", words)
        return data
