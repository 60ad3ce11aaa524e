"""The volunteer's page: what is asked, what is left over, how often may we ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actors import web
from accounts.kept import answers, keeps_typed
from requests_app import escalation, stopping, why, words
from requests_app.cards import Card, card
from requests_app.forms.volunteer import AboutForm, LimitsForm, MomentsForm, PauseForm, SignUpForm
from requests_app.models import HelpRequest, MatchMode, RequestAsk, Status
from requests_app.models.help_request import Rung
from requests_app.views.answers import Request, show
from villages.models import Residency, home_of
from volunteers import spans, verbs
from volunteers.models import Ask, Job, Volunteer, volunteer_of

MOST_LEFT_OVER = 12


@require_safe
@never_cache
def page(request: Request) -> HttpResponse:
    return _answer(request)


@keeps_typed
def sign_up(request: Request) -> HttpResponse:
    if request.method != "POST":
        return redirect("volunteer")
    form = SignUpForm(data=request.POST)
    home, now = home_of(request.user), timezone.now()
    if home is None or not form.is_valid():
        return _answer(request, status=422, sign_up=form)
    try:
        volunteer = verbs.sign_up(request.user, home.village, form.cleaned_data["categories"], now, more=form.said())
    except verbs.NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _signed_up(volunteer))
    return redirect("volunteer")


@keeps_typed
def change_limits(request: Request) -> HttpResponse:
    return _change(request, "limits", LimitsForm, lambda pk, said, now: verbs.change_limits(pk, **said, now=now))


@keeps_typed
def change_moments(request: Request) -> HttpResponse:
    return _change(request, "moments", MomentsForm, lambda pk, said, now: verbs.change_moments(pk, **said, now=now))


@keeps_typed
def change_about(request: Request) -> HttpResponse:
    return _change(request, "about", AboutForm, lambda pk, said, now: verbs.change_about(pk, said=said, now=now))


@keeps_typed
def pause(request: Request) -> HttpResponse:
    if request.method != "POST":
        return redirect("volunteer")
    volunteer, now = _volunteer(request), timezone.now()
    form = PauseForm(data=request.POST, now=now)
    if not form.is_valid():
        return _answer(request, status=422, pause=form)
    stopping.pause(volunteer.pk, form.cleaned_data["until"], now=now)
    messages.success(request, _("Enjoy your break. We won't ask you anything until then."))
    return redirect("volunteer")


def resume(request: Request) -> HttpResponse:
    if request.method == "POST":
        verbs.resume(_volunteer(request).pk)
        messages.success(request, _("Welcome back. We may ask you again."))
    return redirect("volunteer")


def decline(request: Request, pk: int) -> HttpResponse:
    """Not this time: one tap, no reason, and nobody sees it."""
    if request.method != "POST":
        return redirect("volunteer")
    if not Ask.objects.filter(pk=pk, volunteer__user=request.user).exists():
        raise Http404
    escalation.decline(pk, actor=web(request.user), now=timezone.now())
    messages.success(request, _("That's fine. Your turn simply comes again later."))
    return redirect("volunteer")


def _volunteer(request: Request) -> Volunteer:
    volunteer = volunteer_of(request.user.pk)
    if volunteer is None:
        raise Http404
    return volunteer


def _change(
    request: Request, name: str, form_class: type[forms.Form], save: Callable[[int, dict[str, Any], datetime], object]
) -> HttpResponse:
    """One of the forms on the page, saved; its address opened otherwise shows the page."""
    if request.method != "POST":
        return redirect("volunteer")
    volunteer = _volunteer(request)
    form = form_class(data=request.POST)
    if not form.is_valid():
        return _answer(request, status=422, **{name: form})
    save(volunteer.pk, form.cleaned_data, timezone.now())
    messages.success(request, _("Saved. We keep to it from now on."))
    return redirect("volunteer")


def _answer(request: Request, status: int = 200, **bound: Any) -> HttpResponse:
    """The page for whoever this is; ``bound`` is a form that came back with errors."""
    now, home, volunteer = timezone.now(), home_of(request.user), volunteer_of(request.user.pk)
    if home is None or not home.is_proven(now):
        return render(request, "requests_app/not_yet.html", {"home": home, "village": home and home.village})
    context: dict[str, Any] = {"village": home.village, "name": request.user.first_name}
    context["form"] = next(iter(bound.values()), None)
    if volunteer is None or volunteer.village_id != home.village_id:  # who moved is asked in the new village once
        liked = SignUpForm.initial_of(volunteer) if volunteer else {}
        form = bound.get("sign_up") or SignUpForm(initial=liked | _typed(request, "volunteer_sign_up"))
        return render(request, "volunteers/sign_up.html", context | {"sign_up": form}, status=status)
    asked = _asked(volunteer, now)
    but = asked["help_request"].pk if asked["asked"] else 0
    context |= {**_limits(volunteer, now), **asked, "left_over": _left_over(request, home, now, but=but)}
    context["limits"] = bound.get("limits") or LimitsForm(
        initial=LimitsForm.initial_of(volunteer) | _typed(request, "volunteer_limits")
    )
    context["moments"] = bound.get("moments") or MomentsForm(
        initial={"suits": volunteer.suits} | _typed(request, "volunteer_moments")
    )
    context["about"] = bound.get("about") or AboutForm(
        initial=AboutForm.initial_of(volunteer) | _typed(request, "volunteer_about")
    )
    context["pause"] = bound.get("pause") or PauseForm(initial=_typed(request, "volunteer_pause"), now=now)
    response = show(request, "volunteers/volunteer.html", "asked", context)
    response.status_code = status
    return response


def _signed_up(volunteer: Volunteer) -> str:
    contact = volunteer.village.contact_person
    if volunteer.approved_at or contact is None:
        return _("Nice that you help. You say below how often we may ask you.")
    return _("Nice that you would like to help. %(contact)s hears it now.") % {"contact": contact.name}


def _typed(request: Request, form: str) -> dict[str, Any]:
    """What was typed before a login ran out: the forms on this page each have an address of their own."""
    return answers(request, reverse(form))


def _asked(volunteer: Volunteer, now: datetime) -> dict[str, Any]:
    """The one open ask, with the facts to choose on and why it came here."""
    rows = RequestAsk.objects.filter(ask__volunteer=volunteer, ask__answer=Ask.Answer.OPEN)
    link = rows.select_related("ask", "help_request__author", "help_request__village").first()
    if link is None or link.help_request.status != Status.OPEN or link.help_request.hidden_at:
        return {"asked": None}
    help_request = link.help_request
    others = Ask.objects.counting().filter(subject=help_request.pk).exclude(pk=link.ask_id)
    return {
        "asked": link.ask,
        "help_request": help_request,
        "title": words.title(help_request),
        "at_once": help_request.match_mode == MatchMode.FIRST or help_request.volunteer_at_once,
        "asker": help_request.author.first_name,
        "when": words.when(help_request, now, full=True),
        "length": words.length(help_request.minutes),
        "others": others.count(),
        "reasons": why.reasons(link.ask, help_request, volunteer, now),
    }


def _left_over(request: Request, home: Residency, now: datetime, *, but: int) -> list[Card]:
    """What stands on the board and waits for a volunteer or lies with the contact person; not what is asked above."""
    board = HelpRequest.objects.on_board_of(home.village_id, now).without_blocked(request.user)
    board = board.exclude(author=request.user).exclude(pk=but)
    waiting = board.filter(status=Status.OPEN, rung__in=[Rung.VOLUNTEERS, Rung.CONTACT])
    rows = list(waiting.select_related("author")[:MOST_LEFT_OVER])
    for help_request in rows:
        help_request.village = home.village
    return [card(help_request, request.user, home, now) for help_request in rows]


def _limits(volunteer: Volunteer, now: datetime) -> dict[str, Any]:
    """How full the week and the month are, and until when somebody is left alone."""
    month = Job.objects.kept().filter(volunteer=volunteer, taken_at__gte=spans.start_of_month(now)).count()
    week = Ask.objects.counting().filter(volunteer=volunteer, asked_at__gte=spans.start_of_week(now)).count()
    start = timezone.localtime(spans.start_of_month(now))
    next_month = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    paused = volunteer.paused_until
    return {
        "jobs": month,
        "month_limit": volunteer.month_limit,
        "next_month": date_format(next_month, "j F"),
        "week_asks": week,
        "is_week_full": 0 < volunteer.week_limit <= week,
        "volunteer": volunteer,
        "paused_until": words.full_day(timezone.localdate(paused), now) if paused and paused > now else "",
    }
