"""The offer of push messages, at one of its three moments."""

from __future__ import annotations

from typing import Any

from django import template

from notifications import push, push_service
from notifications.models import PushSubscription

register = template.Library()


@register.inclusion_tag("notifications/push_offer.html", takes_context=True)
def push_offer(context: dict[str, Any], shows: str = "", *, always: bool = False) -> dict[str, Any]:
    """Our own words with those that the phone will show, before the browser asks. Hidden until a script sees it can.

    ``always``: where somebody looks for it, with the devices that have it; elsewhere not once this one has it.
    """
    request = context.get("request")
    if request is None or not push_service.is_on():
        return {}
    here = request.session.get(push.HERE)
    devices = list(PushSubscription.objects.filter(user=request.user).order_by("pk")) if here or always else []
    is_on = any(it.pk == here for it in devices)
    offers = always or not is_on
    return {
        "key": push_service.public_key() if offers else "",
        "is_on": is_on,
        "always": always,
        "shows": shows,
        "here": here,
        "devices": devices if always else [],
    }
