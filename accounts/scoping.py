"""The one base class of everything in the admin: staff see and change what belongs to their own municipalities."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from django.contrib import admin, messages
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import BadRequest, ImproperlyConfigured
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.admin_lists import BoundedPaginator, Newest, scoped_filter
from accounts.admin_widgets import NamedSelect, with_named_parts
from accounts.models import User
from accounts.tenancy import ALL_ROLES, municipalities_of

SEARCHED = 5000  # words are looked for in so many of the newest rows; all villages fit
MOST_AT_ONCE = 100  # rows of one action
BESIDE = "beside"  # the row whose own page an action was chosen on

# Subscripting is for the type checker only: Django's own classes do not know it when they run.
if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
    _TabularInline = admin.TabularInline[Any, Any]
else:
    _ModelAdmin = admin.ModelAdmin
    _TabularInline = admin.TabularInline


class _OwnChoices:
    """Foreign keys and many-to-many fields of a form offer, and accept, only rows the visitor may see."""

    admin_site: admin.AdminSite
    roles: ClassVar[frozenset[str]] = ALL_ROLES

    def rows_to_choose(self, model: type[Model], request: HttpRequest, *, for_filter: bool = False) -> QuerySet[Any]:
        """What may be chosen of another model: what its own admin shows for the roles that this one asks for."""
        try:
            related = self.admin_site.get_model_admin(model)
        except NotRegistered:
            raise ImproperlyConfigured(f"{model} needs an admin of its own: which rows may be chosen?") from None
        if not isinstance(related, ScopedAdmin):
            raise ImproperlyConfigured(f"The admin of {model} is not scoped.")
        rows = related.scoped(request, related.all_rows(request), related.roles & self.roles)
        return related.worth_filtering_on(rows) if for_filter else rows

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        return self.rows_to_choose(db_field.remote_field.model, request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in getattr(self, "autocomplete_fields", ()):
            kwargs["widget"] = NamedSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return with_named_parts(super().formfield_for_dbfield(db_field, request, **kwargs))  # type: ignore[misc]


class ScopedAdmin(_OwnChoices, _ModelAdmin):
    """Scoped to the municipalities of the visitor: rows, choices, filters, search, actions, history and all else.

    Looking is for who has one of ``roles`` in the row's municipality; adding, changing and deleting only where a
    subclass offers it. Superusers see everything. Lists are bounded and in the order of an index.
    """

    # From a row to its municipality, like "village__municipality"; None: for superusers only.
    municipality_path: ClassVar[str | None]
    may_add: ClassVar[bool] = False
    may_change: ClassVar[bool] = False
    may_delete: ClassVar[bool] = False
    # What __str__ reads, fetched with the row.
    name_needs: ClassVar[tuple[str, ...]] = ()
    # Who types an e-mail address looks for it among all rows, by its index.
    email_path: ClassVar[str] = ""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    sortable_by: ClassVar[tuple[str, ...]] = ()
    view_on_site = False
    list_select_related: ClassVar[tuple[str, ...]] = ()
    change_form_template = "admin/with_verbs.html"

    # -- Which rows ----------------------------------------------------------------------------------------

    def all_rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        needs = {*self.name_needs, *(self.list_select_related or ())}
        return rows.select_related(*sorted(needs)) if needs else rows

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.scoped(request, self.all_rows(request), self.roles)

    def scoped(self, request: HttpRequest, rows: QuerySet[Any], roles: frozenset[str]) -> QuerySet[Any]:
        """Those in municipalities where the visitor has one of these roles."""
        where = municipalities_of(request, roles)
        if where is None:
            return rows
        if self.municipality_path is None or not where:
            return rows.none()
        return rows.filter(self.within(where))

    def within(self, municipalities: frozenset[int]) -> Q:
        return Q(**{f"{self.municipality_path}__in": sorted(municipalities)})

    def worth_filtering_on(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Which of this model's rows other lists offer as a filter."""
        return rows

    # -- Who may what --------------------------------------------------------------------------------------

    def _works_here(self, request: HttpRequest, obj: Model | None = None) -> bool:
        where = municipalities_of(request, self.roles)
        if where is None:
            return True
        if self.municipality_path is None or not where:
            return False
        return obj is None or obj.pk is None or self._is_own(request, obj)

    def _is_own(self, request: HttpRequest, obj: Model) -> bool:
        known: dict[Any, bool] = request.__dict__.setdefault("_own_rows", {})
        key = (self.model, obj.pk)
        if key not in known:
            known[key] = self.get_queryset(request).filter(pk=obj.pk).exists()
        return known[key]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._works_here(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._works_here(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add and self._works_here(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_change and self._works_here(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_delete and self._works_here(request, obj)

    # -- Lists ---------------------------------------------------------------------------------------------

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [scoped_filter(self.model, item) for item in super().get_list_filter(request)]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what stands beside the list: a column that is not shown cannot be guessed letter by letter."""
        filters = self.get_list_filter(request) if request else self.list_filter
        paths = {item[0] if isinstance(item, tuple) else item for item in filters}
        offered = {getattr(path, "parameter_name", path) for path in paths}
        return any(lookup == path or lookup.startswith(f"{path}__") for path in offered)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Words are looked for in the newest rows only, so that a search costs the same in every municipality."""
        if self.email_path and "@" in search_term:
            return queryset.filter(**{f"{self.email_path}__startswith": search_term.strip().lower()}), False
        if search_term:
            newest = queryset.order_by("-pk").values("pk")[:SEARCHED]
            queryset = queryset.filter(pk__in=newest)
        return super().get_search_results(request, queryset, search_term)

    def do_each(
        self, request: HttpRequest, rows: QuerySet[Any], verb: Callable[[int], object], refusal: type[Exception]
    ) -> None:
        """One verb for every chosen row, each in its own transaction; who refuses says why, the others go on."""
        chosen = list(rows[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            sentence = _("Choose at most %(most)s at once. Nothing was changed.")
            self.message_user(request, sentence % {"most": MOST_AT_ONCE}, messages.ERROR)
            return
        done = 0
        for row in chosen:
            try:
                verb(row.pk)
            except refusal as reason:
                self.message_user(request, f"{row}: {reason}", messages.WARNING)
            else:
                done += 1
                self.log_change(request, row, request.POST.get("action", "")[:40])
        if done:
            sentence = ngettext("Done for %(count)s.", "Done for %(count)s.", done) % {"count": done}
            self.message_user(request, sentence, messages.SUCCESS)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Beside a row stand the same actions as under the list."""
        row = context.get("original")
        actions: dict[str, Any] = self.get_actions(request) if row else {}
        context["verbs"] = [(name, words) for name, (_, _, words) in actions.items() if self.makes_sense(name, row)]
        return super().render_change_form(request, context, *args, **kwargs)

    def makes_sense(self, action: str, row: Any) -> bool:
        """Whether this action has a button beside this row; its verb has the last word."""
        return True

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Who works for one municipality need not choose it."""
        where = municipalities_of(request, self.roles)
        own = {"municipality": next(iter(where))} if where and len(where) == 1 else {}
        return own | super().get_changeform_initial_data(request)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        """Back to where the button stood. Rows are chosen by their numbers; anything else is a 400."""
        if not all(pk.isdecimal() for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest
        response = super().response_action(request, queryset, *args, **kwargs)
        beside = request.POST.get(BESIDE, "")
        if isinstance(response, HttpResponseRedirect) and beside.isdecimal():
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return redirect(reverse(name, args=[beside], current_app=self.admin_site.name))
        return response

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> NoReturn:
        raise Http404  # what is not there or not theirs: the same page as everywhere

    # -- Saving and the history ----------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Writes the changed columns only: what happened meanwhile to the others stays."""
        if change:
            names = {field.name for field in obj._meta.concrete_fields}
            obj.save(update_fields=sorted(names & set(form.changed_data)))
        else:
            obj.save()

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return self._log(request, obj, ADDITION, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return self._log(request, obj, CHANGE, message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> list[LogEntry]:
        return [self._log(request, obj, DELETION, "") for obj in queryset]

    def _log(self, request: HttpRequest, obj: Model, flag: int, message: Any) -> LogEntry:
        assert isinstance(request.user, User)
        # The number, never the name: a history would keep what a person wrote after it was erased.
        entry = LogEntry(
            user=request.user,
            content_type=ContentType.objects.get_for_model(obj, for_concrete_model=False),
            object_id=str(obj.pk),
            object_repr=f"{obj._meta.verbose_name} {obj.pk}",
            action_flag=flag,
        )
        entry.change_message = message if isinstance(message, str) else json.dumps(message)
        entry.save()
        return entry


class ScopedInline(_OwnChoices, _TabularInline):
    """Rows of another model beside one of ours: to look at, scoped like their own list, the newest only."""

    municipality_path: ClassVar[str]
    name_needs: ClassVar[tuple[str, ...]] = ()

    formset = Newest
    template = "admin/rows_beside.html"
    extra = 0
    can_delete = False
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if self.name_needs:
            rows = rows.select_related(*self.name_needs)
        where = municipalities_of(request, self.roles)
        return rows if where is None else rows.filter(**{f"{self.municipality_path}__in": sorted(where)})

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        parent = self.admin_site.get_model_admin(self.parent_model)
        return parent.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
