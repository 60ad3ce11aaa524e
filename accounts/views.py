"""Signing in: your e-mail address, then the code we mailed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.stages import LoginByCodeStage
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView, email_verification_sent
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from accounts import sign_in
from accounts.forms import EmailForm


class EmailView(RequestLoginCodeView):  # type: ignore[misc]  # the library gives no types
    """Log in or join: the same question, the same answer."""

    template_name = "account/login.html"

    def form_valid(self, form: EmailForm) -> HttpResponse:
        sign_in.begin(self.request, form.cleaned_data["email"], form.owner)
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return _unprocessable(super().form_invalid(form))


@method_decorator(login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login"), name="dispatch")
class CodeView(ConfirmLoginCodeView):  # type: ignore[misc]  # the library gives no types
    """The code from the mail, for who asked for one in this browser."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.stage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001 (left there by the decorator)
        self._process = sign_in.CodeProcess(stage=self.stage).abort_if_invalid()
        if not self._process:
            messages.warning(request, _("This code is too old. Ask for a new one"))
            return redirect(self.passthrough_next_url(reverse("account_login")))
        response: HttpResponseBase = super(ConfirmLoginCodeView, self).dispatch(request, *args, **kwargs)
        return response

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return _unprocessable(super().form_invalid(form))


@login_not_required
def confirm_address(request: HttpRequest) -> HttpResponseBase:
    """The code of an address that is not proven yet. Who is signed in has proven it, and goes on."""
    if request.user.is_authenticated:
        return redirect("start")
    response: HttpResponseBase = email_verification_sent(request)
    return response


def _unprocessable(response: HttpResponse) -> HttpResponse:
    if response.status_code == HTTPStatus.OK:
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


email = EmailView.as_view()
code = CodeView.as_view()
