"""The two questions of signing in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class EmailForm(RequestLoginCodeForm):  # type: ignore[misc]  # the library gives no types
    """Where the code goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        email.label = _("Your e-mail address")
        email.widget = forms.EmailInput(attrs={"autocomplete": "email"})
        wrong = _("Check your e-mail address. The @ is missing")
        email.error_messages |= {"required": _("Fill in your e-mail address"), "invalid": wrong}

    @property
    def owner(self) -> User | None:
        """Who has this address, once the form is valid."""
        found: User | None = self._user
        return found


class CodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]  # the library gives no types
    """What came by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Your code")
        code.max_length = 20
        code.widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
        code.error_messages |= {"required": _("Fill in the code from the e-mail")}
