"""Push messages on and off, on this device or another; and whether there is something new."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from notifications import push, push_service
from notifications.push_forms import SubscriptionForm

# In the words of the people who own them; the first that a browser names.
DEVICES = ("iPhone", "iPad", "Android", "Windows", "Mac", "Linux")


def turn_on(request: HttpRequest) -> HttpResponse:
    """A browser says that its owner said yes. Its session remembers which one it is, for when it signs out."""
    assert isinstance(request.user, User)  # the middleware asks for a login
    if request.method != "POST":
        return redirect("inbox")
    if not push_service.is_on():
        raise Http404
    form = SubscriptionForm.of(request.body)
    if not form.is_valid():
        return HttpResponse(status=422)
    device = _device(request.headers.get("User-Agent", ""))
    made = push.subscribe(request.user, **form.cleaned_data, device=device, now=timezone.now())
    request.session[push.HERE] = made.pk
    return HttpResponse(status=204)


def turn_off(request: HttpRequest, pk: int) -> HttpResponse:
    """On one of one's own devices, this one or another."""
    assert isinstance(request.user, User)
    if request.method == "POST":
        if not push.unsubscribe(request.user, pk):
            raise Http404
        messages.success(request, _("Notifications are off on that device."))
    return redirect("inbox")


def _device(agent: str) -> str:
    return next((name for name in DEVICES if name in agent), "")
