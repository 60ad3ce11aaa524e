"""The numbers of the ladder, for coordinators: a new version beside the old ones, never a change of one."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import staff
from accounts.admin_lists import short_moment
from accounts.scoping import BESIDE, MOST_AT_ONCE, ScopedAdmin
from accounts.tenancy import COORDINATORS
from requests_app import policies, policy_off, policy_preview, trials
from requests_app.forms.policy import LEFT_OUT, PolicyForm, as_typed
from requests_app.models import Policy, PolicyTrial
from requests_app.policy_preview import after
from requests_app.transitions import NotAllowed

MOST_DIGITS = 19  # of a number that a row can have
NUMBERS = (
    *("circle", "group", "first_wave", "first_wave_within_a_day", "between_waves", "contact"),
    *("circle_after", "group_after", "first_wave_after", "between_waves_after", "contact_after"),
    *("goals", "caps", "widen_share", "office_hours", *LEFT_OUT),
)


@admin.register(Policy)
class PolicyAdmin(ScopedAdmin):
    """Adding one is a next version; the others stay to look at, and one can be switched off."""

    municipality_path = "municipality"
    roles = COORDINATORS
    may_add = True
    form = PolicyForm
    name_needs = ("municipality",)
    list_display = ("municipality", "category", "version", "in_force", "first", "between", "to_contact", "made")
    list_filter = ("category", "municipality")
    list_select_related = ("created_by",)
    ordering = ("municipality", "category", "-version", "-pk")
    autocomplete_fields = ("municipality",)
    actions = ("switch_off",)
    change_form_template = "admin/requests_app/policy/change_form.html"

    def all_rows(self, request: HttpRequest) -> QuerySet[Any]:
        same = Policy.objects.filter(municipality=OuterRef("municipality"), category=OuterRef("category"))
        newer = same.filter(switched_off_at=None, version__gt=OuterRef("version"))
        rows: QuerySet[Any] = super().all_rows(request).annotate(overtaken=Exists(newer))
        return rows

    @admin.display(description=_("in force"))
    def in_force(self, row: Any) -> str:
        if row.switched_off_at:
            return gettext("switched off on %(day)s") % {"day": short_moment(row.switched_off_at)}
        return gettext("for running requests only") if row.overtaken else gettext("yes")

    @admin.display(description=_("first volunteers"))
    def first(self, row: Policy) -> str:
        return gettext("none") if row.skips_volunteers else after(row.first_wave_after, row.first_wave)

    @admin.display(description=_("between waves"))
    def between(self, row: Policy) -> str:
        return gettext("none") if row.skips_volunteers else after(row.between_waves_after, row.between_waves)

    @admin.display(description=_("contact person"))
    def to_contact(self, row: Policy) -> str:
        return after(row.contact_after, row.contact)

    @admin.display(description=_("chance of a yes per wave"))
    def chances(self, row: Policy) -> str:
        return as_typed(row.goals)

    @admin.display(description=_("most asked per wave"))
    def most(self, row: Policy) -> str:
        return as_typed(row.caps)

    @admin.display(description=_("made"))
    def made(self, row: Policy) -> str:
        return f"{short_moment(row.created_at)} {row.created_by or ''}".strip()

    @admin.display(description=_("tried in the policy lab"))
    def tried(self, row: Policy) -> str:
        trial = PolicyTrial.objects.filter(became=row).first()
        if trial is None:
            return gettext("no")
        words = gettext("yes, with these numbers") if trials.is_as_tried(trial) else gettext("yes, with other numbers")
        url = reverse("admin:requests_app_policytrial_change", args=[trial.pk], current_app=self.admin_site.name)
        return format_html('<a href="{}">{}</a>', url, words)

    def makes_sense(self, action: str, row: Policy) -> bool:
        return row.switched_off_at is None

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        made = ("version", "created_at", "created_by", "switched_off_at", "tried") if obj else ()
        read = {"goals": "chances", "caps": "most"} if obj else {}
        return ("municipality", "category", *made, *(read.get(name, name) for name in NUMBERS))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Before it is saved, what it means: in words, and as five requests would go."""
        form: Any = context["adminform"].form
        policy = context.get("original") or (form.instance if _is_right(form) else None)
        if policy:
            village, now = policy_preview.village_of(policy), timezone.now()
            context |= {
                "sentences": policy_preview.in_words(policy),
                "examples": policy_preview.examples(policy, village, now),
                "village_of_examples": village.name,
            }
        if policy and not context.get("original"):
            context |= {"mark": form.mark(), "next_version": policies.next_version(policy)}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A next version begins with the numbers of another, where one is named: most of them stay."""
        like = request.GET.get("like", "")
        row = (
            self.get_queryset(request).filter(pk=like).first()
            if like.isdecimal() and len(like) < MOST_DIGITS
            else None
        )
        if row is None:
            return super().get_changeform_initial_data(request)
        return {name: getattr(row, name) for name in ("municipality", "category", *NUMBERS)}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        policies.add_version(obj, actor=staff(request.user), now=timezone.now())  # type: ignore[arg-type]  # staff only
        trial, chosen = request.GET.get("trial", ""), request.GET.get("alternative", "")  # the way here from the lab
        if trial.isdecimal() and chosen.isdecimal():
            trials.decided(int(trial), obj, int(chosen))

    @admin.action(description=_("Switch off; its requests go to the contact person"))
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Policy]) -> HttpResponse | None:
        """First what it means; the button on that page does it."""
        if "looked" not in request.POST:
            return self._look_first(request, queryset)
        actor = staff(request.user)  # type: ignore[arg-type]  # the site let nobody else in
        self.do_each(request, queryset, partial(policies.switch_off, actor=actor, now=timezone.now()), NotAllowed)
        return None

    def _look_first(self, request: HttpRequest, queryset: QuerySet[Policy]) -> HttpResponse:
        chosen = queryset.select_related("municipality")[:MOST_AT_ONCE]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Switch off; its requests go to the contact person"),
            "opts": self.opts,
            "meanings": policy_off.meanings(chosen, timezone.now()),
            "checkbox": ACTION_CHECKBOX_NAME,
            "beside": request.POST.get(BESIDE, ""),
        }
        return TemplateResponse(request, "admin/requests_app/policy/switch_off.html", context)


def _is_right(form: Any) -> bool:
    return isinstance(form, PolicyForm) and form.is_to_be_looked_at()
