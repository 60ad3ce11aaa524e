"""What a person reads on the site and what they want to hear; for who tries SamSam out, every mail that went out."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from notifications import dev_post, push, stopping
from notifications import inbox as box
from notifications import preferences as verbs
from notifications.forms import PreferencesForm
from notifications.models import Channel, Group

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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """What one wants to hear, and when not."""
    assert isinstance(request.user, User)  # the middleware asks for a login
    initial = PreferencesForm.initial_of(request.user)
    if request.method == "POST":
        form = PreferencesForm(request.POST, initial=initial, asks_push=PreferencesForm.ASKED_PUSH in request.POST)
    else:
        form = PreferencesForm(initial=initial, asks_push=bool(push.who_said_yes([request.user])))
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "notifications/preferences.html", {"form": form}, status=status)
    verbs.keep(request.user.pk, **form.changes(), now=timezone.now())
    messages.success(request, _("Saved. This is what you hear from us."))
    return redirect("preferences")


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the link is what proves it
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a mail. Looking changes nothing, because scanners of mail look too; posting stops it at once."""
    try:
        user_pk, group = stopping.read(token)
    except LookupError as error:
        raise Http404 from error
    reader = User.objects.filter(pk=user_pk, is_active=True).first()
    if reader is None:
        raise Http404
    if request.method == "POST":
        change = verbs.start if "again" in request.POST else verbs.stop
        reader = change(user_pk, group, Channel.MAIL, now=timezone.now())
    facts = {
        "about": Group(group).label,
        "is_stopped": verbs.stopped(reader, group, Channel.MAIL),
        "is_changed": request.method == "POST",
        "is_asked": group == Group.ASKED,
    }
    with translation.override(reader.language):  # of the mail
        return render(request, "notifications/stop.html", facts)


@require_safe
@never_cache
def unread(request: HttpRequest) -> HttpResponse:
    """The messages' place in the menu, if its count is another than the page says. Nothing is read by it."""
    assert isinstance(request.user, User)
    count = box.count_unread(request.user)
    if count == (_number(request, "count") or 0):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "components/menu_inbox.html", {"count": count, "within": "within" in request.GET})


@require_safe
@never_cache
@login_not_required
def post(request: HttpRequest) -> HttpResponse:
    """Every message that went out, while there is no mail server."""
    if not settings.DEV_POST:
        raise Http404
    facts = {"letters": dev_post.letters(), "second_steps": dev_post.second_steps(), "now": timezone.now()}
    return render(request, "notifications/dev_post.html", facts)


@require_safe
@never_cache
@login_not_required
def post_as_html(_request: HttpRequest, name: str) -> HttpResponse:
    """One of them as a mail program shows it, in a sandbox: nothing in it may run, and only its own style counts."""
    if not settings.DEV_POST:
        raise Http404
    try:
        page, style = dev_post.as_html(name)
    except LookupError as error:
        raise Http404 from error
    policy = f"default-src 'none'; style-src '{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return HttpResponse(page, headers={"Content-Security-Policy": f"{policy}; sandbox allow-top-navigation"})


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise Http404
    return int(text)
