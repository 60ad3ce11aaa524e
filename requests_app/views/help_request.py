"""One request: for a neighbour, for who helps, for who asked. Each verb is a button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import web
from accounts.models import User
from requests_app import escalation, lifecycle, moderating, timeline, words
from requests_app.addresses import address_for
from requests_app.cards import band, places_left, state_of
from requests_app.models import Audience, HelpRequest, PickUp, RequestAsk, Status
from requests_app.models.help_request import Rung
from requests_app.states import BoardState
from requests_app.texts import GONE
from requests_app.transitions import NotAllowed, TooLate
from requests_app.views.answers import Request, show, too_late
from requests_app.views.lines import steps_in_words
from villages.models import Residency, home_of
from volunteers.models import Ask

# Right after placing a request or saying yes, push messages are of clear use: then they are offered.
JUST_NOW = timedelta(minutes=10)

View = Callable[[Request, int], HttpResponse]


@require_safe
@never_cache
def page(request: Request, pk: int) -> HttpResponse:
    help_request = _visible(request, pk)
    if help_request.status == Status.DRAFT:
        return redirect("ask_what", help_request.pk)
    return show(request, "requests_app/help_request.html", "page", _context(request, help_request))


def button(view: View) -> View:
    """A verb behind a button. Its address opened otherwise, after a login for example, shows the request."""

    def pressed(request: Request, pk: int) -> HttpResponse:
        return view(request, pk) if request.method == "POST" else redirect("help_request", pk)

    return pressed


@button
def take(request: Request, pk: int) -> HttpResponse:
    was_asked = RequestAsk.objects.filter(help_request=pk, ask__volunteer__user=request.user)
    if not HelpRequest.objects.visible_to(request.user).filter(pk=pk).exists():
        if was_asked.exists():
            return too_late(request, _settled())
        raise Http404
    try:
        help_request = lifecycle.take(pk, helper=request.user, actor=web(request.user), now=timezone.now())
    except TooLate as refusal:
        withdrawn = was_asked.filter(ask__answer=Ask.Answer.WITHDRAWN).exists()
        return too_late(request, _settled() if withdrawn else str(refusal))
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        name = help_request.author.first_name
        messages.success(
            request, _("You are helping %(name)s. Thank you! The address is on this page.") % {"name": name}
        )
    return redirect("help_request", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def give_back(request: Request, pk: int) -> HttpResponse:
    """The helper can't make it: asked once, then done."""
    help_request = _visible(request, pk)
    if not help_request.pick_ups.filter(helper=request.user, ended_at=None).exists():
        return redirect("help_request", pk)
    if request.method != "POST":
        return render(request, "requests_app/give_back.html", _about(help_request))
    name = help_request.author.first_name
    done = _("That's fine. We let %(name)s know and keep looking.") % {"name": name}
    return _do(
        request, pk, lambda now: lifecycle.give_back(pk, helper=request.user, actor=web(request.user), now=now), done
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def call_off(request: Request, pk: int, pick_up: int) -> HttpResponse:
    """The asker does not need this helper after all: asked once, then done."""
    help_request = _own(request, pk)
    coming = next((it for it in help_request.active if it.pk == pick_up), None)  # type: ignore[attr-defined]  # _visible
    if coming is None:
        return redirect("help_request", pk)
    name = coming.helper.first_name
    if request.method != "POST":
        return render(request, "requests_app/call_off.html", _about(help_request) | {"name": name})
    done = _("%(name)s hears it from us. We keep looking.") % {"name": name}
    actor = web(request.user)
    return _do(request, pk, lambda now: lifecycle.call_off(pk, pick_up_pk=pick_up, actor=actor, now=now), done)


@button
def finish(request: Request, pk: int) -> HttpResponse:
    """The asker says whether it worked out."""
    _own(request, pk)
    worked = request.POST.get("worked")
    if worked not in {"yes", "no"}:
        return redirect("help_request", pk)
    done = _("Glad it worked out.") if worked == "yes" else _("Thank you for telling us. We will call you about it.")
    return _do(
        request, pk, lambda now: lifecycle.finish(pk, worked=worked == "yes", actor=web(request.user), now=now), done
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Off the board: asked once, and it can be put back for a day."""
    help_request = _own(request, pk)
    if request.method != "POST":
        if help_request.status not in {Status.OPEN, Status.TAKEN}:
            return redirect("help_request", pk)
        return render(request, "requests_app/withdraw.html", _about(help_request))
    done = _("Removed. You can put it back for one day.")
    return _do(request, pk, lambda now: lifecycle.withdraw(pk, actor=web(request.user), now=now), done)


@button
def put_back(request: Request, pk: int) -> HttpResponse:
    _own(request, pk)
    done = _("Your request is back on the board.")
    return _do(request, pk, lambda now: lifecycle.put_back(pk, actor=web(request.user), now=now), done)


@button
def ask_volunteers_now(request: Request, pk: int) -> HttpResponse:
    _own(request, pk)
    done = _("We are asking volunteers. Below you see what happens.")
    return _do(request, pk, lambda now: escalation.ask_volunteers_now(pk, actor=web(request.user), now=now), done)


def _do(request: Request, pk: int, verb: Callable[[datetime], object], done: str) -> HttpResponse:
    """One verb, then the page as it is now; what was refused is said there."""
    try:
        verb(timezone.now())
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("help_request", pk)


def _settled() -> str:
    return _("It's sorted already. This one doesn't count for your week.")


def _visible(request: Request, pk: int) -> HelpRequest:
    helpers = PickUp.objects.filter(ended_at=None).select_related("helper")
    rows = HelpRequest.objects.visible_to(request.user).filter(pk=pk)
    rows = rows.select_related("author", "municipality", "policy", "village__contact_person")
    help_request = rows.prefetch_related(Prefetch("pick_ups", helpers, to_attr="active")).first()
    if help_request is None:
        raise Http404(GONE)
    return help_request


def _own(request: Request, pk: int) -> HelpRequest:
    help_request = _visible(request, pk)
    if help_request.author_id != request.user.pk or help_request.status == Status.DRAFT:
        raise Http404(GONE)
    return help_request


def _about(help_request: HelpRequest) -> dict[str, Any]:
    return {"help_request": help_request, "village": help_request.village, "title": words.title(help_request)}


def _context(request: Request, help_request: HelpRequest) -> dict[str, Any]:
    """What this viewer may see, and do; the template shows all it gets."""
    now, viewer = timezone.now(), request.user
    home = home_of(viewer)
    coming: list[PickUp] = help_request.active  # type: ignore[attr-defined]  # prefetched by _visible
    is_author = help_request.author_id == viewer.pk
    helps = any(pick_up.helper_id == viewer.pk for pick_up in coming)
    contact = help_request.village.contact_person
    state = state_of(help_request, now)
    context = _about(help_request) | {
        "category": help_request.category,
        "state": state,
        "gable": BoardState.OPEN if helps else state,
        "places_left": places_left(help_request),
        "contact": contact,
        "contact_name": contact.name if contact else "",
        "when": words.when(help_request, now, full=True),
        "length": words.length(help_request.minutes),
        "where": words.where(help_request),
        "band": band(help_request, viewer, home),
        "posted": words.moment(help_request.posted_at, now) if help_request.posted_at else "",
        "name": help_request.author.first_name,
        "is_author": is_author,
        "helps": helps,
        "coming": coming,
        "is_past": help_request.needed_by is not None and help_request.needed_by <= now,
        "offers_push": _just_now(help_request.posted_at if is_author else None, now)
        or any(it.helper_id == viewer.pk and _just_now(it.taken_at, now) for it in coming),
    }
    if is_author:
        return context | _for_author(help_request, now)
    if helps:
        return context | {"address": address_for(help_request, viewer) or ""}
    return context | _for_neighbour(help_request, viewer, home, now)


def _just_now(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at < JUST_NOW


def _for_author(help_request: HelpRequest, now: datetime) -> dict[str, Any]:
    is_open, is_taken = help_request.status == Status.OPEN, help_request.status == Status.TAKEN
    hidden = help_request.hidden_at is not None
    is_past = help_request.needed_by is not None and help_request.needed_by <= now
    closed_at = help_request.closed_at
    withdrawn_lately = (
        help_request.status == Status.WITHDRAWN
        and closed_at is not None
        and now < closed_at + lifecycle.PUT_BACK_WITHIN
    )
    return {
        "address": address_for(help_request, help_request.author) or "",
        "steps": steps_in_words(timeline.timeline(help_request, now), now),
        "looks_again": is_open or is_taken,
        "hidden_reason": moderating.reason_of(help_request) if hidden else "",
        "can_hurry": is_open
        and not hidden
        and help_request.rung == Rung.NEIGHBOURS
        and help_request.audience != Audience.CONTACT,
        "can_edit": (is_open or is_taken) and not is_past,
        "can_close": is_open or is_taken,
        "can_put_back": withdrawn_lately and not is_past,
        "can_repeat": help_request.status in {Status.WITHDRAWN, Status.LAPSED, Status.DONE},
    }


def _for_neighbour(help_request: HelpRequest, viewer: User, home: Residency | None, now: datetime) -> dict[str, Any]:
    asked = RequestAsk.objects.filter(
        help_request=help_request, ask__volunteer__user=viewer, ask__answer=Ask.Answer.OPEN
    ).first()
    on_board = HelpRequest.objects.on_board_of(home.village_id, now).filter(pk=help_request.pk) if home else None
    is_wanted = help_request.status == Status.OPEN and help_request.hidden_at is None
    return {
        "asked": asked.ask_id if asked else None,
        "can_take": is_wanted and (asked is not None or (on_board is not None and on_board.exists())),
    }
