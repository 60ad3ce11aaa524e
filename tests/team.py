"""Staff at their desk: logged in, with the second factor shown in this session."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Municipality, StaffRole, User
from tests import make

SEED = "JBSWY3DPEHPK3PXP"


def colleague(*places: Municipality, kind: str = StaffRole.Kind.SOCIAL_TEAM) -> User:
    """Somebody who works for these municipalities."""
    user = make.user("Samir", is_staff=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for place in places:
        StaffRole.objects.create(user=user, municipality=place, kind=kind)
    return user


def superuser() -> User:
    return make.user("Noor", is_staff=True, is_superuser=True)


def with_authenticator(user: User) -> User:
    TOTP.activate(user, SEED)
    return user


def code_of(seed: str = SEED) -> str:
    """What the authenticator app shows now."""
    now = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(seed, now[len(now) // 2]))


def at_work(user: User) -> Client:
    """A browser in which this person logged in and showed the second factor."""
    if not Authenticator.objects.filter(user=user).exists():
        with_authenticator(user)
    client = Client()
    client.force_login(user)
    request = RequestFactory().get("/")
    session = client.session
    assert isinstance(session, SessionStore)
    request.session = session
    record_authentication(request, user, "mfa", type="totp", at=time.time())
    session.save()
    return client


def save_policy(client: Client, numbers: dict[str, object], *, url: str = "") -> HttpResponse:
    """These numbers, looked at first, as the next version; ``url``: the way there, if it is another."""
    url = url or reverse("admin:requests_app_policy_add")
    looked = client.post(url, {**numbers, "_look": "1"})
    return client.post(url, {**numbers, "_save": "1", "seen": looked.context["mark"]})
