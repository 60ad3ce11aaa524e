"""Pages for staff outside the admin's own: through the same door."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponse]


def for_staff(view: View) -> View:
    """Only to read, and behind the admin's second factor: its door asks for more than a login."""

    @login_not_required
    @require_safe
    @wraps(view)
    def through_the_door(request: HttpRequest, **words: str) -> HttpResponse:
        return admin.site.admin_view(view)(request, **words)

    return through_the_door
