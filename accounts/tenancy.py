"""For which municipalities somebody of staff works, and as what."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from accounts.models import StaffRole, User

ALL_ROLES = frozenset(StaffRole.Kind.values)
COORDINATORS = frozenset({StaffRole.Kind.COORDINATOR.value})


def municipalities_of(request: HttpRequest, roles: Iterable[str] = ALL_ROLES) -> frozenset[int] | None:
    """Where this visitor has one of these roles; None: everywhere. One query a request."""
    user = request.user
    if not isinstance(user, User) or not (user.is_active and user.is_staff):
        return frozenset()
    if user.is_superuser:
        return None
    remembered = request.__dict__.setdefault("_staff_roles", {})
    if user.pk not in remembered:
        remembered[user.pk] = list(user.staff_roles.values_list("municipality_id", "kind"))
    return frozenset(pk for pk, kind in remembered[user.pk] if kind in set(roles))
