"""One's own circle; and, without a login, the page behind the link of somebody in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.kept import answers, keeps_typed
from requests_app import circle, circle_links, circle_mail, circle_stop, phrases, reportable, words
from requests_app.addresses import address_of
from requests_app.forms.circle import ContactForm, how
from requests_app.forms.circle import typed as typed_way
from requests_app.models import CircleContact, CircleInvite, Place
from requests_app.pace import TooFast
from requests_app.transitions import NotAllowed, TooLate
from requests_app.views.answers import Request, too_fast
from villages.models import home_of


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_circle(request: Request) -> HttpResponse:
    """Who is in it, and room for one more."""
    home = home_of(request.user)
    mails = home is not None and circle_mail.may_mail(request.user, home.village_id, timezone.now())
    form = ContactForm(data=request.POST or None, initial=answers(request), mails=mails)
    if request.method == "POST" and form.is_valid():
        refused = _try(form, lambda: circle.add(request.user, **form.who(), now=timezone.now()))
        if not refused:
            messages.success(request, _("%(name)s is in your circle now.") % {"name": form.cleaned_data["name"]})
            return redirect("my_circle")
        if isinstance(refused, TooFast):
            return too_fast(request, request.path)
    people = [(person, how(person, mails=mails)) for person in circle.people_of(request.user)]
    context: dict[str, Any] = {"form": form, "people": people, "full": circle.why_full(request.user)}
    context |= {"mails": mails, "village": home.village if home else None}
    return render(request, "requests_app/my_circle.html", context, status=422 if form.errors else 200)


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: Request, pk: int) -> HttpResponse:
    """Another name, or another way to reach somebody."""
    person = _own(request, pk)
    typed = {"name": person.name, "way": typed_way(person)} | answers(request)
    form = ContactForm(data=request.POST or None, initial=typed)
    if request.method == "POST" and form.is_valid():
        refused = _try(form, lambda: circle.change(pk, owner=request.user, **form.who(), now=timezone.now()))
        if not refused:
            messages.success(request, _("Saved."))
            return redirect("my_circle")
    context = {"form": form, "person": person}
    return render(request, "requests_app/circle_change.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def remove(request: Request, pk: int) -> HttpResponse:
    """Out of the circle: asked once, then done."""
    if request.method != "POST":
        return render(request, "requests_app/circle_remove.html", {"person": _own(request, pk)})
    try:
        circle.remove(pk, owner=request.user, now=timezone.now())
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Removed from your circle. We keep nothing of this person."))
    return redirect("my_circle")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """One request for one person. Looking changes nothing: scanners of mail look too."""
    try:
        invite = circle.find(circle_links.read(token))
    except LookupError as error:
        raise Http404 from error
    now = timezone.now()
    if invite is None:
        return _unseen(_over(request, None))
    with translation.override(invite.help_request.author.language):  # that of the mail
        if request.method == "POST":
            return _unseen(_answered(request, invite, token, now))
        return _unseen(_page(request, invite, token, now))


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the link is what proves it
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more mail from anybody's circle. Looking changes nothing; posting stops it at once, or turns that back."""
    try:
        fingerprint = circle_links.read_stop(token)
    except LookupError as error:
        raise Http404 from error
    now, is_back, askers = timezone.now(), False, circle_stop.askers(fingerprint)
    reported = next((invite for invite in askers if request.POST.get("stranger") == str(invite.pk)), None)
    if reported:
        reportable.stranger_asks(reported, now)
    elif "stranger" in request.POST:
        pass  # erased since
    elif request.POST.get("answer") == "back":
        is_back = circle_stop.come_back(fingerprint, now)
    elif request.method == "POST":
        circle_stop.stop(fingerprint, now)
    until = circle_stop.back_until(fingerprint, now)
    context = {
        "is_stopped": circle_stop.is_stopped(fingerprint),
        "is_back": is_back,
        "until": words.moment(until, now) if until else "",
        "askers": [(invite.pk, phrases.name(invite.help_request.author)) for invite in askers],
        "is_reported": reported is not None,
    }
    return _unseen(render(request, "requests_app/circle_stop.html", context))


ANSWERS: dict[str, Callable[..., None]] = {
    "yes": circle.accept,
    "no": circle.decline,
    "back": circle.give_back,
    "stand_by": circle.stand_by,
}


def _answered(request: HttpRequest, invite: CircleInvite, token: str, now: datetime) -> HttpResponse:
    answer = request.POST.get("answer", "")
    name = phrases.name(invite.help_request.author)
    if answer == "stop":
        fingerprint = invite.contact.fingerprint
        circle_stop.stop(fingerprint, now)
        return redirect(circle_links.stop_path(fingerprint))
    verb = ANSWERS.get(answer)
    if verb is None:
        return redirect("circle_asked", token)
    try:
        verb(invite.pk, now=now)
    except TooLate:
        return _over(request, invite)
    except TooFast:
        return render(request, "429.html", {"back": reverse("circle_asked", args=[token])}, status=429)
    said = {
        "no": _("Thank you for letting us know. That's fine."),
        "back": _("That's fine. We let %(name)s know and keep looking.") % {"name": name},
    }
    if answer in said:
        messages.success(request, said[answer])
    return redirect("circle_asked", token)


def _page(request: HttpRequest, invite: CircleInvite, token: str, now: datetime) -> HttpResponse:
    help_request, place = invite.help_request, circle.place_of(invite)
    if not place and not circle.is_open(invite, now):
        return _over(request, invite)
    context: dict[str, Any] = _about(invite) | {
        "token": token,
        "help_request": help_request,
        "when": words.when(help_request, now, full=True),
        "length": words.length(help_request.minutes),
        "where": _at_home(invite) if help_request.place == Place.HOME else words.where(help_request),
        "category": help_request.category,
        "said_no": invite.answer == CircleInvite.Answer.NO,
        "comes": place is not None,
        "address": address_of(help_request) if place else "",
    }
    return render(request, "requests_app/circle_asked.html", context)


def _at_home(invite: CircleInvite) -> str:
    """Not even the street: the address comes with a yes."""
    return _("At the home of %(name)s") % {"name": phrases.name(invite.help_request.author)}


def _over(request: HttpRequest, invite: CircleInvite | None) -> HttpResponse:
    """It is settled, withdrawn or past; which of these, nobody is told: the words are true of each. Who said something
    was just too late.

    Who wants to be in no circle goes to where that can be turned back: a mail program may have pressed it.
    """
    if invite and circle_stop.is_stopped(invite.contact.fingerprint):
        return redirect(circle_links.stop_path(invite.contact.fingerprint))
    context: dict[str, Any] = {}
    if invite:
        context = {"village": invite.help_request.village, "stands_by": invite.stands_by_at is not None}
        context["may_stand_by"] = circle.may_stand_by(invite, timezone.now())
    status = HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK
    return render(request, "requests_app/circle_over.html", context, status=status)


def _about(invite: CircleInvite) -> dict[str, Any]:
    help_request = invite.help_request
    return {
        "name": phrases.name(help_request.author),
        "title": phrases.title(help_request),
        "village": help_request.village,
        "contact": help_request.village.contact_person,
    }


def _unseen(response: HttpResponse) -> HttpResponse:
    """No search engine keeps it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _own(request: Request, pk: int) -> CircleContact:
    return get_object_or_404(circle.people_of(request.user), pk=pk)


def _try(form: ContactForm, verb: Callable[[], object]) -> NotAllowed | None:
    """What was refused, which then stands in the form too."""
    try:
        verb()
    except NotAllowed as refusal:
        form.add_error("way", str(refusal))
        return refusal
    return None
