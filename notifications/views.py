"""What a person reads on the site; and, for who tries SamSam out, every mail that would have gone out."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from notifications import dev_post
from notifications import inbox as box

LONGEST_NUMBER = 18  # digits: what a database number can hold


@require_safe
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """One's own messages. Shown is read: what is new stands out once. Who looks again gets them if there are more."""
    assert isinstance(request.user, User)  # the middleware asks for a login
    now = timezone.now()
    before, htmx = _number(request, "before"), HtmxDetails(request)
    page = box.page(request.user, now, before)
    if htmx and page.newest == _number(request, "newest"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    next_url = f"{reverse('inbox')}?before={page.next_before}" if page.next_before else ""
    template = "notifications/inbox.html#messages" if htmx else "notifications/inbox.html"
    facts = {"page": page, "next_url": next_url, "now": now, "looks_again": before is None}
    response = render(request, template, facts)
    patch_vary_headers(response, ["HX-Request"])
    if page.newest is not None and request.method == "GET":
        box.mark_read(request.user, page.newest, now)
    return response


@require_safe
@never_cache
def unread(request: HttpRequest) -> HttpResponse:
    """The messages' place in the menu, if its count is another than the page says. Nothing is read by it."""
    assert isinstance(request.user, User)
    count = box.count_unread(request.user)
    if count == (_number(request, "count") or 0):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "components/menu_inbox.html", {"count": count})


@require_safe
@never_cache
@login_not_required
def post(request: HttpRequest) -> HttpResponse:
    """Every message that went out, while there is no mail server."""
    if not settings.DEV_POST:
        raise Http404
    facts = {"letters": dev_post.letters(), "second_steps": dev_post.second_steps(), "now": timezone.now()}
    return render(request, "notifications/dev_post.html", facts)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise Http404
    return int(text)
