"""What staff try in the policy lab: at most three times other numbers, each only where it differs from today's."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.forms.models import ModelFormMetaclass
from django.utils.duration import duration_string
from django.utils.translation import gettext_lazy as _

from requests_app import sensible
from requests_app.models import Policy, PolicyTrial
from requests_app.trials import MOST_ALTERNATIVES

# Subscripting is for the type checker only: Django's own class does not know it when it runs.
if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[PolicyTrial]
else:
    _ModelForm = forms.ModelForm

# A share that is typed counts: a fixed time of today's policy would win over it.
FIXED_FOR = {
    "first_wave": "first_wave_after",
    "between_waves": "between_waves_after",
    "contact": "contact_after",
}
# Not tried, and still numbers of the version that a trial becomes.
NOT_TRIED = ("circle_after", "group_after")


class TrialForm(_ModelForm):
    """Empty is "as today"; an alternative without a number is none. Each must make sense as a policy would."""

    policy_form: type[forms.ModelForm[Policy]]
    names: tuple[str, ...] = ()
    always: Mapping[str, Any] = {}  # what the simulated village has, whatever the policy says

    class Meta:
        model = PolicyTrial
        fields = ("municipality", "category", "inhabitants")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alternatives: list[dict[str, Any]] = []
        if "inhabitants" in self.fields:
            self.fields["inhabitants"].help_text = _(
                "Of the village in which it is tried, when our own history is still short."
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        municipality = data.get("municipality")
        if municipality is None or "category" in self.errors:
            return data  # nobody knows beside which policy
        today = Policy.objects.newest(municipality, data.get("category") or "") or Policy()
        for number in range(1, MOST_ALTERNATIVES + 1):
            fields = {name: f"{name}_{number}" for name in self.names}
            if not self.errors.keys().isdisjoint(fields.values()):
                continue  # a number in it that could not be read: the rest of it cannot be judged
            typed = {name: data.get(field) for name, field in fields.items()}
            typed = {name: value for name, value in typed.items() if value not in (None, "", [])}
            if typed:
                self.alternatives.append(self._checked(today, typed, number))
        if not self.alternatives and not self.errors:
            raise forms.ValidationError(_("Fill in at least one number that differs from today's."))
        return data

    def _checked(self, today: Policy, typed: dict[str, Any], number: int) -> dict[str, Any]:
        for share, fixed in FIXED_FOR.items():
            if share in typed:
                typed.setdefault(fixed, None)
        # As a demo has them, in a hurry: no trial may begin with those, and no version may have them.
        for fixed in (*FIXED_FOR.values(), *NOT_TRIED):
            if (getattr(today, fixed) or sensible.SHORTEST) < sensible.SHORTEST:
                typed.setdefault(fixed, None)
        whole = {
            name: typed.get(name, getattr(today, name)) if name not in typed else typed[name] for name in self.names
        }
        numbers = {field.attname: getattr(today, field.attname) for field in Policy._meta.concrete_fields}
        village = Policy(**(numbers | dict(self.always)))
        form = self.policy_form({name: _as_typed(value) for name, value in whole.items()}, instance=village)
        for name, errors in form.errors.items():
            for error in errors:
                self.add_error(f"{name}_{number}" if name in self.names else None, error)
        return typed


def trial_form(
    policy_form: type[forms.ModelForm[Policy]], names: tuple[str, ...], help_texts: Any, always: Mapping[str, Any]
) -> type[TrialForm]:
    """The form with a field for each of these numbers and each alternative: ``first_wave_1``."""
    fields: dict[str, Any] = {}
    checks = forms.modelform_factory(Policy, form=policy_form, fields=names)
    known = checks.base_fields
    for number in range(1, MOST_ALTERNATIVES + 1):
        for name in names:
            field: forms.Field = deepcopy(known[name])
            field.required, field.initial, field.help_text = False, None, help_texts.get(name, "")
            fields[f"{name}_{number}"] = field
    # By its metaclass, which collects the fields.
    words = {"policy_form": checks, "names": names, "always": always}
    made: Any = ModelFormMetaclass("NumbersTrialForm", (TrialForm,), {**fields, **words})
    return cast("type[TrialForm]", made)


def _as_typed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, timedelta):
        return duration_string(value)
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
