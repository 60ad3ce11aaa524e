"""The admin: for staff who showed their second factor, of their own municipalities; to others it does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts import second_factor
from accounts.models import User
from accounts.scoping import ScopedAdmin
from requests_app import heartbeat
from samsam import waiting

# Pages of Django's that would be a second login or a way around the scoping.
WITHOUT = {"password_change", "password_change_done", "view_on_site"}
OTHERS = ("django.", "allauth.")
# As the first page names them: what comes most first.
ORDER = ("requests_app", "volunteers", "villages", "notifications", "moderation", "accounts")


class SamsamAdminSite(admin.AdminSite):
    site_title = _("SamSam for the village team")
    site_header = _("Village team")
    index_title = _("What waits for us")
    index_template = "admin/waiting.html"
    enable_nav_sidebar = False  # the lists need the room; the first page names them all
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what is scoped comes in; what other packages offer by themselves stays out."""
        if admin_class is None or not issubclass(admin_class, ScopedAdmin):
            if admin_class is not None and admin_class.__module__.startswith(OTHERS):
                return
            raise ImproperlyConfigured(f"{model_or_iterable} needs an admin based on ScopedAdmin.")
        super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return _works(request) and second_factor.was_used(request, _person(request))

    def admin_view(self, view: Callable[..., HttpResponseBase], cacheable: bool = False) -> Any:
        """Nobody is told that there is something here, but who works here."""
        checked = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not _works(request):
                raise Http404
            if _holds_nul(request):
                raise BadRequest  # no text of a person holds one, and the database takes none
            return checked(request, *args, **kwargs)

        return update_wrapper(inner, view)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [url for url in super().get_urls() if getattr(url, "name", None) not in WITHOUT]

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """No form of its own: the way on to what is still missing, the login or the second factor."""
        index = reverse("admin:index", current_app=self.name)
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        onwards = wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else index
        if not request.user.is_authenticated:
            return _after("account_login", onwards)
        if not _works(request):
            raise Http404
        if second_factor.was_used(request, _person(request)):
            return redirect(onwards)
        if second_factor.has_authenticator(_person(request)):
            return _after("mfa_reauthenticate", onwards)
        return _after("mfa_activate_totp", onwards)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        if request.method == "POST":
            logout(request)
        return redirect("home")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        return sorted(super().get_app_list(request, app_label), key=lambda app: ORDER.index(app["app_label"]))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Answers only a field of a form that this visitor may fill in; the rows are those of the related admin."""
        if not self._is_asked_by_a_form(request):
            raise PermissionDenied
        return super().autocomplete_view(request)

    def _is_asked_by_a_form(self, request: HttpRequest) -> bool:
        label = f"{request.GET.get('app_label')}.{request.GET.get('model_name')}"
        asking = next((it for model, it in self._registry.items() if model._meta.label_lower == label), None)
        return (
            asking is not None
            and request.GET.get("field_name") in asking.get_autocomplete_fields(request)
            and (asking.has_add_permission(request) or asking.has_change_permission(request))
        )

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        # The clock cannot say itself that it stands still: this page is made by the web server.
        shown = {"waiting": waiting.lists(request, self), "silent_since": heartbeat.silent_since(timezone.now())}
        return super().index(request, {**(extra_context or {}), **shown})


def _works(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_active and request.user.is_staff


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _holds_nul(request: HttpRequest) -> bool:
    fields = (request.GET, request.POST)
    return any("\0" in value for values in fields for _name, some in values.lists() for value in some)


def _after(name: str, onwards: str) -> HttpResponse:
    return redirect(f"{reverse(name)}?{urlencode({REDIRECT_FIELD_NAME: onwards})}")
