"""The table of a group: what lies before it, and who takes which part."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from requests_app import deeds
from requests_app.models import ACTIVE, HelpRequest, PickUp
from villages.models import Group


def lying_before(group: Group, viewer: User, now: datetime) -> QuerySet[HelpRequest]:
    """What lies before this group and is to come, as far as this person may see it; the soonest first.

    With who comes as ``active``.
    """
    active = PickUp.objects.filter(ended_at=None).select_related("helper", "contact", "member")
    rows = HelpRequest.objects.visible_to(viewer).filter(
        group_asks__group=group, status__in=ACTIVE, hidden_at=None, needed_by__gt=now
    )
    rows = rows.select_related("author", "village__contact_person").order_by("needed_by", "pk")
    return rows.prefetch_related(Prefetch("pick_ups", active, to_attr="active"))


def known_of(help_request: HelpRequest, groups: Collection[int]) -> list[PickUp]:
    """Who comes, as far as somebody of these groups may know, each with the name they may be ``called``.

    Nobody but the asker knows who is in a circle.
    """
    coming: list[PickUp] = help_request.active  # type: ignore[attr-defined]  # prefetched
    known = [pick_up for pick_up in coming if not pick_up.contact_id]
    for pick_up in known:
        pick_up.called = pick_up.name_inside(groups)  # type: ignore[attr-defined]  # for the page
    return known


def groups_of(viewer: User, coming: Iterable[PickUp], now: datetime) -> set[int]:
    """Of which groups this person is; no query where nobody comes who has no account."""
    if not any(pick_up.member_id for pick_up in coming):
        return set()
    return set(Group.objects.of(viewer, now).values_list("pk", flat=True))


def with_part(pick_up: PickUp) -> PickUp:
    """The same, with its ``part`` in words."""
    pick_up.part = deeds.does(pick_up.deed)  # type: ignore[attr-defined]  # for the page
    return pick_up
