"""For who finds asking hard: a wish, how small, when; and it is a request to look at and post. Nothing is typed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from requests_app import drafts, moments, wordings, words
from requests_app.addresses import known_address
from requests_app.models import HelpRequest, Part, Place
from requests_app.texts import PAST_DAY
from requests_app.views.answers import Request, place_to_ask
from requests_app.wordings import Small, Wish
from villages.models import Residency

MOMENTS = 6  # to choose from, "any time" included
DAYS = 4  # today and the next ones


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def wish(request: Request) -> HttpResponse:
    """Looking and choosing changes nothing; the last tap, on a moment, makes the draft."""
    home = place_to_ask(request)
    if isinstance(home, HttpResponse):
        return home
    asked = request.POST if request.method == "POST" else request.GET
    chosen = wordings.wishes(get_language() or "").get(asked.get("wish", ""))
    small = _small(chosen, asked.get("small", ""))
    if request.method != "POST" or chosen is None or small is None:
        return _page(request, home, chosen, small)
    when = _moments(timezone.now()).get(asked.get("when", ""))
    if when is None:
        messages.warning(request, PAST_DAY)
        return _page(request, home, chosen, small, status=422)
    return _prepare(request, home, chosen, small, when)


def _small(wish: Wish | None, number: str) -> Small | None:
    if wish is None or not (number.isascii() and number.isdigit() and len(number) == 1):
        return None
    return wish.small[int(number)] if int(number) < len(wish.small) else None


def _moments(now: datetime) -> dict[str, HelpRequest]:
    """The next parts of a day and "any time", each as a request for it, by the value of its button."""
    today = timezone.localdate(now)
    days = [today + timedelta(days=ahead) for ahead in range(DAYS)]
    parts = [HelpRequest(help_on=day, part=part) for day in days for part in (Part.MORNING, Part.AFTERNOON)]
    ahead = [one for one in parts if moments.needed_by(one, now) > now][: MOMENTS - 1]
    return {"any": HelpRequest(part=Part.ANY)} | {f"{one.help_on}:{one.part}": one for one in ahead}


def _prepare(request: Request, home: Residency, wish: Wish, small: Small, when: HelpRequest) -> HttpResponse:
    changes: dict[str, Any] = {"category": wish.category, "title": small.title, "text": small.text}
    changes |= {"minutes": small.minutes, "slots": small.slots, "place": wish.place, "place_text": wish.where}
    changes |= {"part": when.part, "help_on": when.help_on}
    draft = drafts.begin_with(request.user, home.village, timezone.now(), street=home.street, changes=changes)
    said = _("Your request is ready. Have a look, and change what you like.")
    if draft.place == Place.HOME:
        address = known_address(draft)
        if address:
            drafts.save_draft(draft.pk, author=request.user, changes={"address": address})
        else:  # no address is made up: the neighbour who comes asks for it, or the asker fills it in now
            where = {"place": Place.ELSEWHERE, "place_text": wordings.at_home(get_language() or "")}
            drafts.save_draft(draft.pk, author=request.user, changes=where)
            said += " " + _("Your house number is not in it. You can add it at: Where.")
    messages.success(request, said)
    return redirect("ask_check", draft.pk)


def _page(
    request: Request, home: Residency, wish: Wish | None, small: Small | None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {"village": home.village, "wish": wish, "small": small}
    if wish is None:
        context["wishes"] = wordings.wishes(get_language() or "").values()
    elif small is None:
        context["sizes"] = [(number, one, words.length(one.minutes)) for number, one in enumerate(wish.small)]
    else:
        context["number"] = wish.small.index(small)
        context["length"] = words.length(small.minutes)
        context["moments"] = [(value, words.when(one, now)) for value, one in _moments(now).items()]
    return render(request, "requests_app/wish.html", context, status=status)
