"""What somebody typed in a form whose login had run out, or that had been open for too long: shown again, filled in.

Only a view that says so keeps it, in the session of this browser, for an hour. Nothing is done with it by itself: it
stands in the form, to look at and to send.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

SESSION_KEY = "typed_before"
FOR = int(timedelta(hours=1).total_seconds())
LONGEST = 20_000  # characters of one form; a longer one was not typed
NEVER = {"csrfmiddlewaretoken", "code", "password"}

View = TypeVar("View", bound=Callable[..., HttpResponse])


def keeps_typed(view: View) -> View:
    """Marks the view of a form whose words are worth keeping; it shows them by ``answers``."""
    view.keeps_typed = True  # type: ignore[attr-defined]  # as Django marks views
    return view


def keep(request: HttpRequest) -> bool:
    """Remember what was sent here, if the view asks for that. Only for what a page of ours sent."""
    match = request.resolver_match
    if request.method != "POST" or match is None or not getattr(match.func, "keeps_typed", False):
        return False
    fields = {name: values for name, values in request.POST.lists() if name not in NEVER}
    if not fields or sum(len(name) + sum(map(len, values)) for name, values in fields.items()) > LONGEST:
        return False
    request.session[SESSION_KEY] = {"path": request.path, "fields": fields, "at": int(time.time())}
    if not request.user.is_authenticated:
        request.session.set_expiry(FOR)  # a visitor's session need not live longer than these words
    return True


def answers(request: HttpRequest, path: str = "") -> dict[str, Any]:
    """First values for the form at ``path`` (this page, if not given): what was typed there before; mostly nothing."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != (path or request.path) or time.time() - kept["at"] > FOR:
        return {}
    return {name: values[0] if len(values) == 1 else values for name, values in kept["fields"].items()}


def settle(request: HttpRequest) -> None:
    """After a form was answered to who is logged in: what was sent is kept no longer, the session as long as any."""
    kept = request.session.get(SESSION_KEY)
    if not kept or not request.user.is_authenticated:
        return
    if "_session_expiry" in request.session:
        request.session.set_expiry(None)
    if kept["path"] == request.path or time.time() - kept["at"] > FOR:
        del request.session[SESSION_KEY]
