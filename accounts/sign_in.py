"""Signing in by a mailed code, with one question for everybody: what is your e-mail address?

Whoever types the code from the mail has that address, so an account is made at that moment and not before. A stranger
sees and gets the same for an address that is known and one that is not.
"""

from __future__ import annotations

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import EmailAddress, Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from accounts.models import User


class CodeProcess(LoginCodeVerificationProcess):  # type: ignore[misc]  # the library gives no types
    """allauth's own, but a code goes to an unknown address too, and its account is made when it comes back."""

    def send_by_email(self, email: str, **_kwargs: bool) -> None:
        """Mail a fresh code; the same whether the address is known or not."""
        code = self.generate_code()
        get_adapter().send_mail("account/email/login_code", email, {"request": self.request, "code": code})

    def generate_code(self) -> str:
        """A fresh code, good from now on: also when it is sent again."""
        self.state["at"] = time.time()
        return str(super().generate_code())

    def finish(self, redirect_url: str | None) -> HttpResponseBase:
        """The code was right: sign in, after making the account if there is none."""
        self._user = owner_of(self.state["email"])
        self.stage.login.user = self._user
        response: HttpResponseBase = super().finish(redirect_url)
        return response


def begin(request: HttpRequest, email: str, user: User | None) -> None:
    """Mail a code and remember in the session that somebody waits for it."""
    login = Login(user=user, email=email)
    login.state["stages"] = {"current": LoginByCodeStage.key}
    stage = LoginByCodeStage(LoginStageController(request, login), request, login)
    stage.state.update(CodeProcess.initial_state(user=user, email=email), initiated_by_user=True)
    process = CodeProcess(stage=stage)
    process.send()
    process.persist()


@transaction.atomic
def owner_of(email: str) -> User:
    """Who has this proven address; made now if nobody has. The address is theirs and verified from here on.

    The address on the person is the truth: allauth's own list follows it, also after staff changed the address.
    """
    user = User.objects.filter(email=email.lower()).first() or _newcomer(email)
    EmailAddress.objects.filter(Q(user=user) ^ Q(email=email.lower())).delete()
    EmailAddress.objects.update_or_create(user=user, email=email.lower(), defaults={"verified": True, "primary": True})
    return user


def _language() -> str:
    """The one they are reading in."""
    language = get_language()
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _newcomer(email: str) -> User:
    user, created = User.objects.get_or_create(email=email.lower(), defaults={"language": _language()})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
