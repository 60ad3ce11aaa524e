"""The buttons on the page of a request: each is one verb, and then the page as it is now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actors import web
from accounts.models import User
from requests_app import circle, escalation, lifecycle, offers, places
from requests_app import still_needed as needed
from requests_app.deeds import Deed
from requests_app.models import HelpRequest, RequestAsk, Status
from requests_app.pace import TooFast
from requests_app.transitions import NotAllowed, TooLate
from requests_app.views import over
from requests_app.views.answers import Request, button, too_fast
from requests_app.views.finding import about, own_request, visible_request
from requests_app.views.standing_by import second_yes
from volunteers.models import Ask


@button("help_request")
def take(request: Request, pk: int) -> HttpResponse:
    was_asked = RequestAsk.objects.filter(help_request=pk, ask__volunteer__user=request.user)
    if not HelpRequest.objects.visible_to(request.user).filter(pk=pk).exists():
        if was_asked.exists():
            withdrawn = was_asked.filter(ask__answer=Ask.Answer.WITHDRAWN).exists()
            return second_yes(request, pk, _over(request, pk, withdrawn=withdrawn), was_asked=True)
        raise Http404
    try:
        deed = request.POST.get("deed", "")
        deed = deed if deed in Deed.values else ""
        help_request = offers.say_yes(pk, helper=request.user, deed=deed, actor=web(request.user), now=timezone.now())
    except TooLate as refusal:
        withdrawn = was_asked.filter(ask__answer=Ask.Answer.WITHDRAWN).exists()
        return second_yes(request, pk, _settled() if withdrawn else str(refusal), was_asked=withdrawn)
    except TooFast:
        return too_fast(request, reverse("help_request", args=[pk]))
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _said_yes(help_request, request.user) % {"name": help_request.author.first_name})
    return redirect("help_request", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def give_back(request: Request, pk: int) -> HttpResponse:
    """The helper can't make it: asked once, then done."""
    help_request = visible_request(request, pk)
    if not help_request.pick_ups.filter(helper=request.user, ended_at=None).exists():
        return redirect("help_request", pk)
    if request.method != "POST":
        return render(request, "requests_app/give_back.html", about(help_request))
    name = help_request.author.first_name
    done = _("That's fine. We let %(name)s know and keep looking.") % {"name": name}
    return verb_of_page(
        request, pk, lambda now: lifecycle.give_back(pk, helper=request.user, actor=web(request.user), now=now), done
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def call_off(request: Request, pk: int, pick_up: int) -> HttpResponse:
    """The asker does not need this helper after all: asked once, then done."""
    help_request = own_request(request, pk)
    coming = next((it for it in help_request.active if it.pk == pick_up), None)  # type: ignore[attr-defined]  # _visible
    if coming is None:
        return redirect("help_request", pk)
    name, phone = coming.name, coming.contact.phone if coming.contact else ""
    contact = help_request.village.contact_person if coming.noted_name else None
    if request.method != "POST":
        if places.has_been(help_request, timezone.now()):
            return redirect("finish", pk)
        words = {"name": name, "phone": phone, "host_tells": bool(coming.member)}
        words["contact_tells"] = contact.name if contact else ""
        return render(request, "requests_app/call_off.html", about(help_request) | words)
    done = _("%(name)s hears it from us. We keep looking.") % {"name": name}
    if phone:
        done = _("We keep looking.")
    elif contact:
        done = _("%(name)s hears it from %(contact)s. We keep looking.") % {"name": name, "contact": contact.name}
    elif coming.member:
        done = _("%(name)s hears it from the host of the group. We keep looking.") % {"name": name}
    actor = web(request.user)
    return verb_of_page(
        request, pk, lambda now: lifecycle.call_off(pk, pick_up_pk=pick_up, actor=actor, now=now), done
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Off the board: asked once, and it can be put back for a day."""
    help_request = own_request(request, pk)
    if request.method != "POST":
        if help_request.status not in {Status.OPEN, Status.TAKEN}:
            return redirect("help_request", pk)
        return render(request, "requests_app/withdraw.html", about(help_request))
    done = _("Removed. You can put it back for one day.")
    return verb_of_page(request, pk, lambda now: lifecycle.withdraw(pk, actor=web(request.user), now=now), done)


@button("help_request")
def put_back(request: Request, pk: int) -> HttpResponse:
    own_request(request, pk)
    done = _("Your request is back on the board.")
    return verb_of_page(request, pk, lambda now: lifecycle.put_back(pk, actor=web(request.user), now=now), done)


@button("help_request")
def still_needed(request: Request, pk: int) -> HttpResponse:
    """One tap on the question: yes changes nothing else, no takes it off the board."""
    own_request(request, pk)
    actor = web(request.user)
    if request.POST.get("answer") == "no":
        done = _("Removed. You can put it back for one day.")
        return verb_of_page(request, pk, lambda now: lifecycle.withdraw(pk, actor=actor, now=now), done)
    done = _("Thank you for telling us. We keep looking.")
    return verb_of_page(request, pk, lambda now: needed.yes(pk, actor=actor, now=now), done)


@button("help_request")
def ask_neighbours_now(request: Request, pk: int) -> HttpResponse:
    own_request(request, pk)
    done = _("Your request is on the board.")
    return verb_of_page(request, pk, lambda now: circle.go_on_now(pk, actor=web(request.user), now=now), done)


@button("help_request")
def ask_volunteers_now(request: Request, pk: int) -> HttpResponse:
    own_request(request, pk)
    done = _("We are asking volunteers. Below you see what happens.")
    return verb_of_page(
        request, pk, lambda now: escalation.ask_volunteers_now(pk, actor=web(request.user), now=now), done
    )


def verb_of_page(request: Request, pk: int, verb: Callable[[datetime], object], done: str) -> HttpResponse:
    """One verb, then the page as it is now; what was refused is said there."""
    try:
        verb(timezone.now())
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("help_request", pk)


def _said_yes(help_request: HelpRequest, helper: User) -> str:
    if places.comes(help_request, helper):
        return _("You are helping %(name)s. Thank you! The address is on this page.")
    return _("Thank you for offering. We let %(name)s know. You hear when there is an answer.")


def _over(request: Request, pk: int, *, withdrawn: bool) -> str:
    """What is true of it now; of what is hidden no more than that it is sorted for them."""
    help_request = over.once_theirs(request.user, pk)
    if help_request is None or help_request.status == Status.TAKEN:
        return _settled()
    then = _not_counted() if withdrawn else over.thanks()
    return f"{over.title(help_request, timezone.now())}. {then}"


def _settled() -> str:
    sorted_already = _("It's sorted already")
    return f"{sorted_already}. {_not_counted()}"


def _not_counted() -> str:
    return _("This one doesn't count for your week.")
