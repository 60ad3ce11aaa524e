"""SamSam on a home screen: the manifest, the worker that answers without internet, and the page it then shows."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import etag, require_safe

GREEN, PAPER = "#0a3f30", "#f6f5ef"
# The public shell: what the page without internet is made of.
SHELL = (
    "css/samsam.css",
    "django_htmx/htmx-2.min.js",
    "js/samsam.js",
    "js/device.js",
    "fonts/atkinson-next.woff2",
    "fonts/bricolage-grotesque.woff2",
    "img/icons.svg",
    "img/mark.svg",
    "img/icon-192.png",
    "img/badge-96.png",
)


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def manifest(_request: HttpRequest, language: str) -> HttpResponse:
    """What a phone asks to put SamSam on its home screen; its language is in the address, it comes without cookies."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with override(language):
        facts = {
            "id": "/",
            "name": _("SamSam, neighbours help each other"),
            "short_name": "SamSam",
            "description": _("Ask a neighbour something small, or help someone nearby."),
            "lang": language,
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "theme_color": GREEN,
            "background_color": PAPER,
            "icons": [
                _picture("icon-192", 192),
                _picture("icon-512", 512),
                {**_picture("icon-maskable-512", 512), "purpose": "maskable"},
            ],
            "shortcuts": [
                {"name": _("Notice board"), "url": reverse("board")},
                {"name": _("Messages"), "url": reverse("inbox")},
            ],
        }
    return JsonResponse(facts, content_type="application/manifest+json")


@login_not_required
@require_safe
@cache_control(no_cache=True)
@etag(lambda _request: f'"{_release()}"')
def worker(_request: HttpRequest) -> HttpResponse:
    """The program that a browser keeps beside our pages. It asks for this on every visit and is told "the same".

    It is the same for everybody until the next release: a browser that replaces it while somebody logs in can leave
    them waiting.
    """
    facts = {
        "name": f"shell-{_release()}",
        "offline": reverse("offline"),
        "shell": [static(name) for name in SHELL],
        "icon": static("img/icon-192.png"),
        "badge": static("img/badge-96.png"),
    }
    return HttpResponse(f"const SAMSAM = {json.dumps(facts)};\n{_program()}", content_type="text/javascript")


@login_not_required
@require_safe
@never_cache
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the browser for when there is no internet: nothing of who is signed in, but whom to call."""
    return render(request, "pages/offline.html", {"user": AnonymousUser(), "who": ""})


def _picture(name: str, size: int) -> dict[str, str]:
    return {"src": static(f"img/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png"}


def _release() -> str:
    """Another one whenever a file of the shell is, or the program."""
    return sha256("\0".join([_program(), *map(static, SHELL)]).encode()).hexdigest()[:16]


@cache
def _program() -> str:
    return (Path(settings.STATICFILES_DIRS[0]) / "js" / "sw.js").read_text(encoding="utf-8")
