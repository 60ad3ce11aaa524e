"""What allauth mails goes through the outbox like everything else: lost by nobody, and wiped once sent."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from notifications.kinds import Kind, Words, register
from notifications.models import Channel, Message
from notifications.outbox import Address, enqueue

WITH_A_CODE = {
    "account/email/login_code",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
}
TOO_FAST = gettext_lazy("That was a bit fast. Try again in 10 minutes")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library gives no types
    """allauth's door to the outside."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not right. Look again, or ask for a new one"),
        "too_many_login_attempts": TOO_FAST,
        "rate_limited": TOO_FAST,
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the code of this mail in the outbox; LookupError for a mail that has no words of ours."""
        if template_prefix not in WITH_A_CODE:
            raise LookupError(f"{template_prefix}: no words for this mail in notifications.mail_adapter.")
        reader = User.objects.filter(email=email.lower(), is_active=True).first()
        params = {"code": str(context["code"]), "language": get_language() or settings.LANGUAGE_CODE}
        with transaction.atomic():
            enqueue("account.code", reader or Address(email), f"code-{uuid.uuid4()}", params)

    def add_message(self, *args: Any, message: str | None = None, **kwargs: Any) -> None:
        """What went wrong is said; what went well our pages say themselves."""
        if message:
            super().add_message(*args, message=message, **kwargs)


def register_kinds() -> None:
    """The one-time code: urgent, wiped once sent, dropped when it does not work any more."""
    register(
        "account.code",
        Kind(words=_code, still_true=_still_works, channels=(Channel.MAIL,), urgent=True, secret=True),
    )


def _code(message: Message, _about: None, _now: datetime) -> Words:
    code = message.params["code"]
    half = len(code) // 2
    return Words(
        _("Your code is %(code)s") % {"code": f"{code[:half]} {code[half:]}"},
        _("It works for %(minutes)s minutes. Didn't ask for it? Do nothing.")
        % {"minutes": settings.CODE_SECONDS // 60},
    )


def _still_works(message: Message, _about: None, now: datetime) -> bool:
    return now - message.created_at < timedelta(seconds=settings.CODE_SECONDS)
