"""The appointments somebody may keep on a device after a yes there, to be read without internet."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import saying
from accounts.reader import language
from requests_app import words
from requests_app.models import HelpRequest, PickUp
from requests_app.views.answers import Request

MOST = 20
STILL_KEPT = timedelta(days=1)  # after the moment itself: who is late looks it up too


@require_safe
@never_cache
def appointments(request: Request) -> HttpResponse:
    """What is agreed and still to come: what, when and with whom. Whoever finds the phone reads no more than that."""
    now = timezone.now()
    theirs = Q(helper=request.user) | Q(help_request__author=request.user)
    by_moment = PickUp.objects.annotate(at=Coalesce("agreed_at", "help_request__needed_by")).order_by("at", "pk")
    rows = by_moment.filter(theirs, ended_at=None, at__gt=now - STILL_KEPT)
    rows = rows.select_related("helper", "contact", "help_request__author")
    found: dict[tuple[HelpRequest, str], list[str]] = {}
    for pick_up in rows[:MOST]:
        helps = pick_up.helper_id == request.user.pk
        name = pick_up.help_request.author.first_name if helps else pick_up.name
        together = pick_up.help_request, words.appointment(pick_up, now)
        found.setdefault(together, []).append(name)
    context = {
        "appointments": [
            {"title": words.title(help_request), "when": when, "names": get_text_list(names, _("and"))}
            for (help_request, when), names in found.items()
        ],
        "day": words.full_day(timezone.localdate(now), now),
        "time": saying.clock_in_words(now, language()),
    }
    return render(request, "pages/appointments.html", context)
