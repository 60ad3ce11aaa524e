"""Whether somebody showed their second factor (an authenticator app) since they logged in."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.models import User

# What allauth writes down about a login; recovery codes are spare keys to one of these.
METHOD = "mfa"


def has_authenticator(user: User) -> bool:
    """A second factor of one's own."""
    own = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=user, type__in=own).exists())


def was_used(request: HttpRequest, user: User) -> bool:
    """In this session, by this person, who still has it. Asked of the database once a request."""
    if not any(record.get("method") == METHOD for record in get_authentication_records(request, user)):
        return False
    known: dict[int, bool] = request.__dict__.setdefault("_has_authenticator", {})
    if user.pk not in known:
        known[user.pk] = has_authenticator(user)
    return known[user.pk]


def forget(user_pk: int) -> None:
    """Somebody lost their phone: they set up a new authenticator at the next login, and are out of the admin now."""
    Authenticator.objects.filter(user=user_pk).delete()
