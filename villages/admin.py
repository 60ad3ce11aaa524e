"""Villages, districts and who is their face, for staff. Every change of state is a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, staff
from accounts.models import StaffRole, User
from accounts.scoping import ScopedAdmin
from villages import admin_people, quiet_words, residencies, standing_in, switching
from villages.admin_districts import DistrictForm
from villages.admin_village import LEFT_OUT, QUIET_DAYS, VillageForm
from villages.models import ContactPerson, PostcodeArea, Residency, Village, VillageQuerySet
from villages.refusals import NotAllowed

__all__ = ["admin_people"]  # registers the people

# Subscripting is for the type checker only: Django's own class does not know it when it runs.
if TYPE_CHECKING:
    _ContactPersonForm = forms.ModelForm[ContactPerson]
else:
    _ContactPersonForm = forms.ModelForm


@admin.register(PostcodeArea)
class PostcodeAreaAdmin(ScopedAdmin):
    municipality_path = "municipality"
    name_needs = ("municipality",)
    list_display = ("pc4", "place", "municipality")
    search_fields = ("pc4", "place")
    ordering = ("pc4", "pk")


class SwitchedOnFilter(admin.SimpleListFilter):
    title = _("switched on")
    parameter_name = "on"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Village]) -> QuerySet[Village]:
        match self.value():
            case "yes":
                return queryset.exclude(switched_on_at=None)
            case "no":
                return queryset.filter(switched_on_at=None)
        return queryset


@admin.register(Village)
class VillageAdmin(ScopedAdmin):
    """Adding one makes a district out of postcode areas; places come with the reference data."""

    municipality_path = "municipality"
    may_add = may_change = True
    name_needs = ("municipality",)
    form = VillageForm
    list_display = ("__str__", "municipality", "kind", "contact_person", "switched_on_at", "quiet")
    list_filter = (SwitchedOnFilter, "kind", "municipality")
    list_select_related = ("municipality", "contact_person")
    search_fields = ("name",)
    ordering = ("name", "pk")
    fields = (
        *("name", "municipality", "kind", "pc4s", "contact_person", "switched_on_at"),
        *("quiet_from", "quiet_until", *QUIET_DAYS, *LEFT_OUT, "letter_code", "letter_code_until"),
    )
    change_form_template = "admin/villages/village/change_form.html"  # with what can be printed
    autocomplete_fields = ("municipality",)
    changeable: ClassVar[set[str]] = {"contact_person", "quiet_from", "quiet_until", *QUIET_DAYS, *LEFT_OUT}
    actions = ("switch_on", "switch_off", "renew_letter_code")

    def worth_filtering_on(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.switched_on() if isinstance(rows, VillageQuerySet) else rows

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = type("DistrictForm", (DistrictForm,), {"actor": _actor(request)})
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ("municipality", "name", "areas")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(name for name in self.fields if name not in self.changeable) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:  # a new one was saved by its verb
            if "contact_person" in form.changed_data:
                standing_in.chosen_anew(obj.pk)
            super().save_model(request, obj, form, change)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """What its rest means: of what was chosen, when nothing is wrong with it, else of what is so."""
        form: Any = context["adminform"].form
        if isinstance(form, VillageForm):
            chosen = form.is_bound and not form.errors
            village = form.instance if chosen else context["original"]
            context |= {
                "sentences": quiet_words.meaning(village),
                "quiet_days": quiet_words.ahead(village, timezone.now()),
                "is_chosen": chosen,
                "may_look": self.has_change_permission(request, context["original"]),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("quiet"))
    def quiet(self, row: Village) -> str:
        return ", ".join(filter(None, (quiet_words.hours(row), quiet_words.days(row)))) or gettext("never")

    def makes_sense(self, action: str, row: Village) -> bool:
        return action == "renew_letter_code" or bool(row.switched_on_at) == (action == "switch_off")

    @admin.action(description=_("Switch on"))
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Village]) -> None:
        self._each(request, queryset, switching.switch_on)

    @admin.action(description=_("Switch off"))
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Village]) -> None:
        self._each(request, queryset, switching.switch_off)

    @admin.action(description=_("New code on letters; the old one stops working"))
    def renew_letter_code(self, request: HttpRequest, queryset: QuerySet[Village]) -> None:
        self._each(request, queryset, residencies.renew_letter_code)

    def _each(self, request: HttpRequest, queryset: QuerySet[Village], verb: Any) -> None:
        actor, now = _actor(request), timezone.now()
        self.do_each(request, queryset, lambda pk: verb(pk, actor=actor, now=now), NotAllowed)


class ContactPersonForm(_ContactPersonForm):
    """The face of a village is somebody who works there: whom requests are handed to must be able to open them."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        municipality = data.get("municipality") or getattr(self.instance, "municipality", None)
        user = data.get("user")
        if user and municipality and not StaffRole.objects.filter(user=user, municipality=municipality).exists():
            self.add_error("user", _("This person has no role in %(place)s yet.") % {"place": municipality})
        self._clean_leave(data, municipality)
        return data

    def _clean_leave(self, data: dict[str, Any], municipality: Any) -> None:
        from_, until, stand_in = (data.get(name) for name in ("away_from_on", "away_until_on", "stand_in"))
        if (from_ is None) != (until is None):
            self.add_error("away_from_on" if from_ is None else "away_until_on", _("Write both days, or none."))
        elif from_ and until and until < from_:
            self.add_error("away_until_on", _("Choose a day after the first."))
        if stand_in and municipality and (stand_in.municipality != municipality or stand_in == self.instance):
            self.add_error("stand_in", _("Choose somebody else of the same municipality."))
        others = ContactPerson.objects.filter(municipality=municipality).exclude(pk=self.instance.pk)
        if from_ and not stand_in and not others.exists():
            self.add_error("stand_in", _("Nobody else is there meanwhile. Add a contact person first."))


@admin.register(ContactPerson)
class ContactPersonAdmin(ScopedAdmin):
    municipality_path = "municipality"
    may_add = may_change = True
    form = ContactPersonForm
    list_display = ("name", "phone", "hours", "municipality", "user", "away_from_on", "away_until_on")
    list_filter = ("municipality",)
    list_select_related = ("municipality", "user")
    search_fields = ("name",)
    ordering = ("name", "pk")
    autocomplete_fields = ("user", "municipality")
    fields = (
        *("municipality", "user", "name", "phone", "hours", "hours_en"),
        *("away_from_on", "away_until_on", "stand_in"),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("municipality",) if obj else ()


class ProofFilter(admin.SimpleListFilter):
    title = _("proof")
    parameter_name = "proof"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [
            ("waiting", _("waiting")),
            ("confirmed", _("confirmed")),
            ("outdated", _("outdated")),
            ("ended", _("ended")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Residency]) -> QuerySet[Residency]:
        now = timezone.now()
        active = queryset.filter(ended_at=None)
        match self.value():
            case "waiting":
                return active.filter(confirmed_at=None)
            case "confirmed":
                return active.filter(confirmed_at__isnull=False, expires_at__gt=now)
            case "outdated":
                return active.filter(expires_at__lte=now)
            case "ended":
                return queryset.exclude(ended_at=None)
        return queryset


@admin.register(Residency)
class ResidencyAdmin(ScopedAdmin):
    """Who lives where, and who still waits for a proof. All of it changes by verbs only."""

    municipality_path = "municipality"
    name_needs = ("user", "village__municipality")
    list_display = ("user", "village", "street", "claimed_at", "proof", "confirmed_at", "expires_at", "ended_at")
    list_filter = (ProofFilter, "village")
    ordering = ("-pk",)
    search_fields = ("user__first_name", "street")
    email_path = "user__email"
    fields = (
        *("user", "village", "street", "claimed_at", "proof"),
        *("confirmed_at", "confirmed_by", "expires_at", "ended_at"),
    )
    actions = ("confirm",)

    def makes_sense(self, action: str, row: Residency) -> bool:
        return row.ended_at is None and (row.expires_at is None or row.expires_at < timezone.now())

    @admin.action(description=_("I know this neighbour: confirm"))
    def confirm(self, request: HttpRequest, queryset: QuerySet[Residency]) -> None:
        actor, now = _actor(request), timezone.now()
        by = actor.user
        if by is None:
            return

        def verb(pk: int) -> Residency:
            return residencies.confirm_by_contact_person(pk, by=by, actor=actor, now=now)

        self.do_each(request, queryset, verb, NotAllowed)


def _actor(request: HttpRequest) -> Actor:
    assert isinstance(request.user, User)
    return staff(request.user)
