"""The address of a request: kept apart, and shown to who asks and who comes only, or their host."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import User
from requests_app.models import HelpRequest, RequestAddress


def save_address(help_request: HelpRequest, address: str) -> None:
    """Keep the address apart from the request; an empty one is no address."""
    if address:
        RequestAddress.objects.update_or_create(help_request=help_request, defaults={"address": address})
    else:
        RequestAddress.objects.filter(help_request=help_request).delete()


def address_of(help_request: HelpRequest) -> str:
    """The address as stored, for the verbs; a page uses ``address_for``."""
    return RequestAddress.objects.filter(pk=help_request.pk).values_list("address", flat=True).first() or ""


def known_address(draft: HelpRequest) -> str:
    """What its author gave last time, in this village: nobody types the same twice. Shown to nobody else."""
    earlier = RequestAddress.objects.filter(
        help_request__author=draft.author_id, help_request__village=draft.village_id
    )
    newest = earlier.order_by("-pk").values_list("address", flat=True)
    return next((address for address in newest[:5] if any(map(str.isdigit, address))), "")


def address_for(help_request: HelpRequest, viewer: User) -> str | None:
    """The address for its author, and as long as the appointment runs for a helper; None for anyone else.

    Of who comes without an account the host of their group tells it on.
    """
    if viewer == help_request.author:
        return address_of(help_request)
    hosts = Q(member__group__hosts__user=viewer, member__group__ended_at=None)
    if help_request.pick_ups.filter(Q(helper=viewer) | hosts, ended_at=None).exists():
        return address_of(help_request)
    return None
