"""Afterwards: did it work out, a word of thanks, and what somebody would rather say quietly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import web
from moderation import blocking
from moderation.models import Block
from requests_app import conversation, lifecycle, moments, phrases, talk, words
from requests_app.models import ACTIVE, ConversationMessage, Event, HelpRequest, PickUp, Status
from requests_app.transitions import NotAllowed
from requests_app.views.answers import Request
from requests_app.views.buttons import verb_of_page
from requests_app.views.conversation import pick_up_of
from requests_app.views.finding import about


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def finish(request: Request, pk: int) -> HttpResponse:
    """The asker says whether it worked out; then there is room for thanks."""
    help_request, now = _own(request, pk), timezone.now()
    worked = request.POST.get("worked")
    if "early" not in request.POST and any(moments.is_ahead(pick_up, now) for pick_up in _coming(help_request)):
        return redirect("done_already", pk)
    if worked not in {"yes", "partly", "no"}:
        if help_request.status not in ACTIVE:
            return redirect("help_request", pk)
        context = {"help_request": help_request, "title": words.title(help_request), "village": help_request.village}
        return render(request, "requests_app/finish.html", context)
    try:
        lifecycle.finish(pk, worked=worked != "no", partly=worked == "partly", actor=web(request.user), now=now)
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
        return redirect("help_request", pk)
    messages.success(request, _said(worked))
    came = list(help_request.pick_ups.filter(end=PickUp.End.DONE)[:2])
    return redirect("afterwards", came[0].pk) if len(came) == 1 and came[0].helper_id else redirect("help_request", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def done_already(request: Request, pk: int) -> HttpResponse:
    """Done before its moment, by who would come or in another way: asked once. Only the second can be undone."""
    help_request = _own(request, pk)
    if help_request.status not in ACTIVE:
        return redirect("help_request", pk)
    if request.POST.get("how") == "otherwise":
        done = _("Glad it worked out. You can put your request back for one day.")
        actor = web(request.user)
        return verb_of_page(request, pk, lambda now: lifecycle.withdraw(pk, settled=True, actor=actor, now=now), done)
    names = [pick_up.name for pick_up in _coming(help_request)]
    context = about(help_request) | {"names": get_text_list(names, _("and")), "number": len(names)}
    return render(request, "requests_app/done_already.html", context)


@require_safe
@never_cache
def afterwards(request: Request, pk: int) -> HttpResponse:
    """Thanks, for the asker; for both what they would rather say to nobody, or to the contact person."""
    pick_up = pick_up_of(request, pk)
    if pick_up.ended_at is None:
        return redirect(pick_up)
    viewer, now = request.user, timezone.now()
    other = conversation.other_of(pick_up, viewer)
    is_done = pick_up.end == PickUp.End.DONE
    is_quiet = conversation.out_of_touch(pick_up) or conversation.is_over(pick_up, now)
    said = pick_up.messages.filter(kind=ConversationMessage.Kind.THANKS).first()
    talks = {"kind__in": [Event.Kind.WANTS_TO_TALK, Event.Kind.NOT_DONE], "by": viewer}
    context = {
        "pick_up": pick_up,
        "helps": viewer.pk == pick_up.helper_id,
        "village": pick_up.help_request.village,
        "name": phrases.name(other),
        "title": phrases.title(pick_up.help_request),
        "contact": pick_up.help_request.village.contact_person,
        "can_thank": is_done and not is_quiet and viewer.pk != pick_up.helper_id,
        "thanked": talk.thanks_sentence(said.text) if said else "",
        "sentences": talk.thanks_sentences(),
        "kept_apart": Block.objects.filter(by=viewer, other=other).exists(),  # what the other wished is not told
        "asked_to_talk": pick_up.help_request.events.filter(**talks).exists(),
    }
    return render(request, "requests_app/afterwards.html", context)


def thank(request: Request, pk: int) -> HttpResponse:
    """One tap: a ready sentence, which the helper reads."""
    sentence = request.POST.get("sentence", "")

    def verb(pick_up: PickUp, now: datetime) -> str:
        conversation.thank(pk, by=request.user, sentence=sentence, now=now)
        return _("%(name)s reads your thanks.") % {"name": phrases.name(pick_up.neighbour)}

    return _do(request, pk, verb if sentence in talk.thanks_sentences() else None)


def keep_apart(request: Request, pk: int) -> HttpResponse:
    """Rather not together again: nobody is told."""

    def verb(pick_up: PickUp, now: datetime) -> str:
        blocking.keep_apart(request.user, conversation.other_of(pick_up, request.user), now=now)
        return _("That's done. Nobody is told.")

    return _do(request, pk, verb)


def ask_to_talk(request: Request, pk: int) -> HttpResponse:
    """The contact person hears that somebody would like to talk."""

    def verb(pick_up: PickUp, now: datetime) -> str:
        hard = "hard" in request.POST and request.user.pk == pick_up.helper_id
        conversation.ask_to_talk(pk, by=request.user, hard=hard, actor=web(request.user), now=now)
        contact = pick_up.help_request.village.contact_person
        return _("%(name)s knows now that you would like to talk.") % {"name": contact.name if contact else "SamSam"}

    return _do(request, pk, verb)


def _do(request: Request, pk: int, verb: Callable[[PickUp, datetime], str] | None) -> HttpResponse:
    """One verb behind a button, then the page as it is now; its address opened otherwise shows that page."""
    pick_up = pick_up_of(request, pk)
    if request.method == "POST" and verb:
        try:
            messages.success(request, verb(pick_up, timezone.now()))
        except NotAllowed as refusal:
            messages.warning(request, str(refusal))
    return redirect("afterwards", pk)


def _coming(help_request: HelpRequest) -> list[PickUp]:
    return list(help_request.pick_ups.filter(ended_at=None).select_related("help_request", "helper", "contact"))


def _own(request: Request, pk: int) -> HelpRequest:
    rows = HelpRequest.objects.select_related("author", "village__contact_person").filter(author=request.user)
    help_request = rows.filter(pk=pk).exclude(status=Status.DRAFT).first()
    if help_request is None:
        raise Http404
    return help_request


def _said(worked: str) -> str:
    said: dict[str, Any] = {
        "yes": _("Glad it worked out."),
        "partly": _("Thank you for telling us."),
        "no": _("Thank you for telling us. We will call you about it."),
    }
    return str(said[worked])
