"""How a page looks and in which language it speaks: kept in cookies, so that it works before login."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

TEXT_COOKIE = "text"
THEME_COOKIE = "theme"
KEPT = timedelta(days=365)

TEXT_SIZES = [
    ("", gettext_lazy("Normal letters")),
    ("large", gettext_lazy("Large letters")),
    ("xlarge", gettext_lazy("Very large letters")),
]
THEMES = [
    (
        "",
        format_lazy(
            "{}\n{}",
            gettext_lazy("As on my device"),
            gettext_lazy("Dark when your device is dark."),
        ),
    ),
    ("light", gettext_lazy("Light")),
    ("dark", gettext_lazy("Dark")),
]
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]


class LettersForm(forms.Form):
    text = forms.ChoiceField(
        label=gettext_lazy("How large should the letters be?"),
        choices=TEXT_SIZES,
        widget=forms.RadioSelect,
        required=False,
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Light or dark?"),
        choices=THEMES,
        widget=forms.RadioSelect,
        required=False,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Which language?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
    )


def chosen(request: HttpRequest) -> dict[str, str]:
    """The text size and the theme somebody chose; empty for what they left as it is. Never anything else."""
    text, theme = (
        request.COOKIES.get(TEXT_COOKIE, ""),
        request.COOKIES.get(THEME_COOKIE, ""),
    )
    return {
        "text_size": text if text in dict(TEXT_SIZES) else "",
        "theme": theme if theme in dict(THEMES) else "",
    }


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    now = chosen(request)
    initial = {
        "text": now["text_size"],
        "theme": now["theme"],
        "language": get_language(),
    }
    form = LettersForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return render(
            request,
            "pages/letters.html",
            {"form": form},
            status=422 if form.is_bound else 200,
        )
    language = form.cleaned_data["language"]
    with override(language):
        messages.success(request, _("Saved. This is how SamSam looks from now on."))
    response = redirect("letters")
    keep(response, TEXT_COOKIE, form.cleaned_data["text"])
    keep(response, THEME_COOKIE, form.cleaned_data["theme"])
    keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    if request.user.is_authenticated and request.user.language != language:
        request.user.language = language  # the language of messages, too
        request.user.save(update_fields=["language"])
    return response


def keep(response: HttpResponse, name: str, value: str) -> None:
    """Remember a choice in a cookie for a year; an empty one forgets it."""
    if value:
        response.set_cookie(
            name,
            value,
            max_age=KEPT,
            secure=settings.SERVES_HTTPS,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(name, samesite="Lax")
