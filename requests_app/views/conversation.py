"""The conversation of two people with an appointment: what was said, the appointment on top, each verb a button."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import web
from notifications import outbox
from requests_app import conversation, conversation_notices, moments, phrases, places, talk, talk_list, words
from requests_app.addresses import address_of
from requests_app.calendar_file import calendar_file
from requests_app.forms.conversation import MessageForm, PhoneForm, TimeForm
from requests_app.models import ACTIVE, PickUp, ProposedMoment
from requests_app.pace import TooFast
from requests_app.transitions import NotAllowed, TooLate
from requests_app.views.answers import Request, show
from villages.models import home_of

TEMPLATE = "requests_app/conversation.html"


class Paging(forms.Form):
    """Where a list goes on."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


@require_safe
@never_cache
def conversations(request: Request) -> HttpResponse:
    entries, more = talk_list.conversations_of(request.user, before=_before(request))
    next_url = f"{reverse('conversations')}?before={more}" if more else ""
    return render(request, "requests_app/conversations.html", {"talks": entries, "next_url": next_url})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: Request, pk: int) -> HttpResponse:
    """What was said. Looking again (htmx) without anything new answers 204."""
    pick_up, now = pick_up_of(request, pk), timezone.now()
    if request.method == "POST":
        return _say(request, pick_up, now)
    is_apart = conversation.out_of_touch(pick_up)
    if request.htmx and request.GET.get("stamp") == talk.stamp(pick_up, now, is_apart=is_apart):
        return HttpResponse(status=204)
    return _answer(request, pick_up, now)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def propose_time(request: Request, pk: int) -> HttpResponse:
    """Another day and time, for the other to answer."""
    pick_up, now = pick_up_of(request, pk), timezone.now()
    if pick_up.ended_at:
        return redirect(pick_up)
    at = moments.appointment_at(pick_up)
    on = moments.appointment_on(pick_up)
    data = request.POST if request.method == "POST" else None
    form = TimeForm(data=data, initial={"day": f"{on.day}-{on.month}-{on.year}" if on else ""}, now=now)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            conversation.propose(pk, by=request.user, moment_at=form.cleaned_data["moment_at"], now=now)
        except TooFast as refusal:
            form.add_error(None, str(refusal))
            status = 429
        except NotAllowed as refusal:
            messages.warning(request, str(refusal))
            return redirect(pick_up)
        else:
            messages.success(request, _("We ask %(name)s. Until then it stays as it was.") % _names(request, pick_up))
            return redirect(pick_up)
    when = words.moment(at, now) if at else words.when_inside(pick_up.help_request, now)
    context = {"form": form, "pick_up": pick_up, "when": when, **_names(request, pick_up)}
    return render(request, "requests_app/propose_time.html", context, status=status)


@never_cache
def answer_time(request: Request, pk: int, question: int) -> HttpResponse:
    """Yes to the other time, or it stays as it was."""
    pick_up, now, user = pick_up_of(request, pk), timezone.now(), request.user
    answer = request.POST.get("answer") if request.method == "POST" else None
    try:
        if answer == "yes":
            conversation.accept(pk, question_pk=question, by=user, actor=web(user), now=now)
        elif answer == "no":
            conversation.keep(pk, question_pk=question, by=user, now=now)
    except TooLate as refusal:
        return _too_late(request, pick_up, str(refusal))
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    return redirect(pick_up)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def share_phone(request: Request, pk: int) -> HttpResponse:
    """Give each other a number: asked once, with what happens then."""
    pick_up, now, user = pick_up_of(request, pk), timezone.now(), request.user
    form = None if user.phone else PhoneForm(data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and (form is None or form.is_valid()):
        phone = form.cleaned_data["phone"] if form else ""
        try:
            conversation.share_phone(pk, by=user, phone=phone, actor=web(user), now=now)
        except NotAllowed as refusal:
            messages.warning(request, str(refusal))
        return redirect(pick_up)
    if pick_up.ended_at:
        return redirect(pick_up)
    context = {"form": form, "pick_up": pick_up, "phone": user.phone, **_names(request, pick_up)}
    return render(request, "requests_app/share_phone.html", context, status=422 if form and form.is_bound else 200)


@require_safe
@never_cache
def appointment_file(request: Request, pk: int) -> HttpResponse:
    """The appointment for one's own calendar, while it runs."""
    pick_up = pick_up_of(request, pk)
    file = None if pick_up.ended_at else calendar_file(pick_up, request.user, timezone.now())
    if file is None:
        raise Http404
    name = _("appointment")
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(file, content_type="text/calendar; charset=utf-8", headers=headers)


def pick_up_of(request: Request, pk: int) -> PickUp:
    """One of this person's own; for everybody else it does not exist."""
    rows = PickUp.objects.between(request.user).select_related(
        "helper", "help_request__author", "help_request__village__contact_person"
    )
    pick_up = rows.filter(pk=pk).first()
    if pick_up is None:
        raise Http404
    return pick_up


def _say(request: Request, pick_up: PickUp, now: datetime) -> HttpResponse:
    form = MessageForm(data=request.POST)
    if not form.is_valid():
        return _answer(request, pick_up, now, form, status=422)
    kind, text = form.message()
    try:
        said = conversation.say(
            pick_up.pk, by=request.user, kind=kind, text=text, key=form.cleaned_data["key"], now=now
        )
    except TooFast as refusal:
        form.add_error("text", str(refusal))
        return _answer(request, pick_up, now, form, status=429)
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
        return _answer(request, pick_up_of(request, pick_up.pk), now, form, status=422)
    if said is None:
        messages.info(request, _("You had sent this already. It worked."))
    left = form.left_over()
    if request.htmx or left:
        return _answer(request, pick_up, now, MessageForm(initial={"text": left}))
    place = f"message-{said.pk}" if said else "talk"
    return redirect(f"{pick_up.get_absolute_url()}#{place}")


def _answer(
    request: Request, pick_up: PickUp, now: datetime, form: MessageForm | None = None, status: int = 200
) -> HttpResponse:
    """The page, or for htmx the part that changes. ``form`` is what was just sent, or came back with an error.

    A page that asks for patience (429) is whole, for htmx too.
    """
    context = _context(request, pick_up, now)
    context["sent"] = form is not None
    context["form"] = form or MessageForm()
    # A form that came back was not stored: it keeps its key.
    context["key"] = (form.data.get("key") if form and form.is_bound else None) or uuid4()
    if status == 429:
        return render(request, TEMPLATE, context, status=status)
    response = show(request, TEMPLATE, "talk", context)
    response.status_code = status
    if request.method != "HEAD":
        outbox.seen(request.user, conversation_notices.about(pick_up, request.user), now)
    return response


def _context(request: Request, pick_up: PickUp, now: datetime) -> dict[str, Any]:
    """What this one of the two may see and do; the template shows all it gets."""
    viewer, help_request = request.user, pick_up.help_request
    helps, runs = viewer.pk == pick_up.helper_id, pick_up.ended_at is None
    is_apart, address = conversation.out_of_touch(pick_up), address_of(help_request)
    at = moments.appointment_at(pick_up)
    before = _before(request)
    context = _names(request, pick_up) | {
        "pick_up": pick_up,
        "help_request": help_request,
        "village": help_request.village,
        "contact": help_request.village.contact_person,
        "helps": helps,
        "runs": runs,
        "is_apart": is_apart,
        "title": phrases.title(help_request),
        "what": words.with_what(help_request),
        "street": _street(pick_up, helps=helps),
        "at": at,
        "when": words.appointment(pick_up, now),
        "where": "" if address else words.where(help_request),
        "address": address if runs and not is_apart else "",
        "is_ahead": at is not None and at > now,
        "can_finish": not helps and help_request.status in ACTIVE and not moments.is_ahead(pick_up, now),
        "can_cancel": runs and help_request.status in ACTIVE and not _has_been(pick_up, now),
        "can_write": not is_apart and not conversation.is_over(pick_up, now),
        "can_thank": not helps and not is_apart and pick_up.end == PickUp.End.DONE,
        "quick": talk.quick_answers(),
        "talk": talk.read(pick_up, viewer, now, has_address=bool(address), before=before),
        "stamp": talk.stamp(pick_up, now, is_apart=is_apart),
        "before": before,
    }
    if runs and not is_apart:
        context |= _question(request, pick_up, now) | _phones(pick_up, helps=helps)
    return context


def _has_been(pick_up: PickUp, now: datetime) -> bool:
    """Nothing is left to cancel. No query while this appointment is still to come."""
    return moments.ends_at(pick_up) <= now and places.has_been(pick_up.help_request, now)


def _question(request: Request, pick_up: PickUp, now: datetime) -> dict[str, Any]:
    """The other time that waits for an answer, and whether that is this viewer's."""
    open_ones = pick_up.proposed_moments.filter(answer=ProposedMoment.Answer.OPEN, moment_at__gt=now)
    question = open_ones.first()
    if question is None:
        return {}
    asked = words.exact(question.moment_at, now)
    return {"question": question, "asked": asked, "is_mine": question.by_id == request.user.pk}


def _phones(pick_up: PickUp, *, helps: bool) -> dict[str, Any]:
    """The other's number once both said so; till then who did."""
    mine, theirs = pick_up.helper_phone_at, pick_up.author_phone_at
    other = pick_up.help_request.author
    if not helps:
        mine, theirs, other = theirs, mine, pick_up.neighbour
    phone = other.phone if mine and theirs else ""
    return {"phone": phone, "gave_phone": mine is not None, "got_phone": theirs is not None, "can_give": mine is None}


def _street(pick_up: PickUp, *, helps: bool) -> str:
    if helps:
        return pick_up.help_request.street
    home = home_of(pick_up.neighbour)
    return home.street if home else ""


def _names(request: Request, pick_up: PickUp) -> dict[str, str]:
    return {"name": phrases.name(conversation.other_of(pick_up, request.user))}


def _before(request: Request) -> int | None:
    paging = Paging(request.GET)
    if not paging.is_valid():
        raise Http404
    before: int | None = paging.cleaned_data["before"]
    return before


def _too_late(request: Request, pick_up: PickUp, message: str) -> HttpResponse:
    """The other was just before you: a friendly page with the way back to the conversation."""
    title, _full_stop, text = message.partition(". ")
    way_on = {"url": pick_up.get_absolute_url(), "link": _("To your conversation")}
    return render(request, "409.html", {"title": title, "text": text, **way_on}, status=409)
