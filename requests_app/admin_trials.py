"""The policy lab, for coordinators: ask for a trial, see how far it is, and make a version because of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.duration import duration_string
from django.utils.formats import localize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import staff
from accounts.admin_lists import short_moment
from accounts.scoping import ScopedAdmin
from accounts.tenancy import COORDINATORS
from requests_app import admin_policies, sensible, trial_charts, trials
from requests_app.forms.policy import HELP, LEFT_OUT, PolicyForm
from requests_app.forms.trial import trial_form
from requests_app.models import Policy, PolicyTrial

# The simulated village has no groups and no own circles.
NOT_TRIED = {"circle", "circle_after", "group", "group_after", *LEFT_OUT}
NOBODY_OF_THESE = {"skips_groups": True, "circle": sensible.LEAST_BETWEEN, "circle_after": None}
NUMBERS = tuple(name for name in admin_policies.NUMBERS if name not in NOT_TRIED)
UNDER_WAY = {PolicyTrial.State.WAITING, PolicyTrial.State.RUNNING}


@admin.register(PolicyTrial)
class PolicyTrialAdmin(ScopedAdmin):
    """Adding one asks for it; the rest is to look at. A version is made on the page of the policies."""

    municipality_path = "municipality"
    roles = COORDINATORS
    may_add = True
    form = trial_form(PolicyForm, NUMBERS, HELP, NOBODY_OF_THESE)
    change_form_template = "admin/requests_app/policytrial/change_form.html"
    add_form_template = "admin/requests_app/policytrial/add_form.html"
    name_needs = ("municipality",)
    list_display = ("municipality", "category", "asked", "alternatives", "source", "state", "became")
    list_filter = ("state", "municipality")
    list_select_related = ("became__municipality",)
    ordering = ("-pk",)
    autocomplete_fields = ("municipality",)

    @admin.display(description=_("asked"))
    def asked(self, row: PolicyTrial) -> str:
        return f"{short_moment(row.created_at)} {row.created_by or ''}".strip()

    @admin.display(description=_("alternatives"))
    def alternatives(self, row: PolicyTrial) -> int:
        return len(row.policies) - 1

    def all_rows(self, request: HttpRequest) -> Any:
        return super().all_rows(request).select_related("created_by").defer("world")

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        asked = ("municipality", "category", "inhabitants")
        if obj:
            facts = ("source", "based_on", "became", "created_at", "created_by", "finished_at", "seed")
            return [(gettext("What was asked"), {"fields": (*asked, *facts)})]
        others = [
            (
                trial_charts.name_of(which),
                {
                    "fields": [f"{name}_{which}" for name in NUMBERS],
                    "classes": ["collapse"] if which > 1 else [],
                    "description": gettext("Only what differs. Empty: as it is today."),
                },
            )
            for which in range(1, trials.MOST_ALTERNATIVES + 1)
        ]
        return [(None, {"fields": asked}), *others]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        made = trials.begin(
            obj.municipality,
            obj.category,
            form.alternatives,
            inhabitants=obj.inhabitants,
            actor=staff(request.user),  # type: ignore[arg-type]  # the site let nobody else in
            now=timezone.now(),
        )
        obj.__dict__.update(made.__dict__)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """To its own page, where one sees how far it is."""
        url = reverse("admin:requests_app_policytrial_change", args=[obj.pk], current_app=self.admin_site.name)
        return HttpResponseRedirect(url)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        trial = context.get("original")
        if trial:
            waits = trial.state in UNDER_WAY
            context |= {
                "title": gettext("Policy lab"),
                "subtitle": str(trial),
                "under_way": waits,
                "refreshes": waits and "still" not in request.GET,
                "others": [self._other(trial, which) for which in range(1, len(trial.policies))],
                "charts": trial_charts.charts(trial),
                "past": sum(len(village["past"]) for village in trial.world["villages"]),
                "villages": trial.world["villages"],
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def _other(self, trial: PolicyTrial, which: int) -> dict[str, Any]:
        rows = [
            (Policy._meta.get_field(name).verbose_name, _words(old), _words(new))  # type: ignore[union-attr]
            for name, (old, new) in trials.differences(trial, which).items()
        ]
        typed = {name: _typed(value) for name, value in trials.numbers_of(trial, which).items()}
        where = {"municipality": trial.municipality_id, "category": trial.category}
        way = urlencode({**where, **typed, "trial": trial.pk, "alternative": which})
        url = reverse("admin:requests_app_policy_add", current_app=self.admin_site.name)
        may = trial.state == PolicyTrial.State.DONE and trial.became is None
        return {
            "name": trial_charts.name_of(which),
            "rows": rows,
            "url": f"{url}?{way}" if may else "",
            "became": trial.became if trial.chosen == which else None,
        }


def _words(value: Any) -> str:
    """A number as people read it; nothing where there is none."""
    if value is None:
        return "–"
    if isinstance(value, list):
        return "; ".join(str(localize(one)) for one in value)
    return str(localize(value)) if not isinstance(value, timedelta) else duration_string(value)


def _typed(value: Any) -> str:
    """A number as the form of a policy takes it."""
    if value is None:
        return ""
    if isinstance(value, timedelta):
        return duration_string(value)
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
