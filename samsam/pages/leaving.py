"""Signing out: of this site, and of what it left on this device."""

from __future__ import annotations

from functools import wraps

from allauth.account.views import logout
from django.http import HttpRequest, HttpResponseBase

from notifications import push


@wraps(logout)
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """After the yes this browser gets no push messages any more and forgets all it kept, but how letters look."""
    if request.method == "POST":
        push.forget_here(request.session)
    response: HttpResponseBase = logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"storage"'
    return response
