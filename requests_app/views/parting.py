"""No more contact with somebody, and in touch again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import web
from accounts.models import User
from moderation import blocking
from requests_app import going_words, parting, words
from requests_app.forms.parting import PartingForm
from requests_app.models import PickUp
from requests_app.texts import GONE
from requests_app.views.answers import Request

MOST_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def no_contact(request: Request, pk: int) -> HttpResponse:
    """Asked once, with what becomes of an appointment; then done."""
    other = _acquaintance(request, pk)
    if request.method != "POST" and blocking.blocked_by(request.user).filter(other=other).exists():
        return redirect("no_contact_list")
    now, name = timezone.now(), other.first_name or _("A neighbour")
    form = PartingForm(request.POST if request.method == "POST" else None, name=name)
    if form.is_valid():
        parting.no_more_contact(request.user, other, call_off=form.call_off, actor=web(request.user), now=now)
        messages.success(request, _("That's done. You can always undo it."))
        return redirect("no_contact_list")
    running = [
        {"title": words.title(it.help_request), "when": words.when(it.help_request, now, full=True)}
        for it in parting.appointments(request.user, other, now)
    ]
    joining = [
        {"what": going_words.sentence(place.spare), "hears": other in (place.taker, place.spare.author)}
        for place in parting.places_with_each_other(request.user, other, now)
        if place.spare.withdrawn_at is None
    ]
    off = [_is_off(request.user, pick_up) for pick_up, _host in parting.nobody_to_tell(request.user, other, now)]
    context = {"other": other, "name": name, "form": form, "running": running, "joining": joining, "off": off}
    return render(request, "requests_app/no_contact.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
def no_contact_list(request: Request) -> HttpResponse:
    """Whom this person wished no contact with, or would rather not meet again; each can be undone."""
    context = {
        "rows": blocking.blocked_by(request.user)[:MOST_SHOWN],
        "apart": blocking.kept_apart_by(request.user)[:MOST_SHOWN],
    }
    return render(request, "requests_app/no_contact_list.html", context)


@never_cache
def in_touch_again(request: Request, pk: int) -> HttpResponse:
    """Undone, as far as this person is concerned."""
    if request.method == "POST":
        other = _acquaintance(request, pk)
        blocking.unblock(request.user, other)
        messages.success(
            request,
            _("You see each other's requests again, unless %(name)s would rather not.")
            % {"name": other.first_name or _("your neighbour")},
        )
    return redirect("no_contact_list")


@never_cache
def together_again(request: Request, pk: int) -> HttpResponse:
    """ "Rather not together again", taken back; the other hears nothing of it, now as then."""
    if request.method == "POST":
        blocking.together_again(request.user, _acquaintance(request, pk))
        messages.success(request, _("That's done. Nobody is told."))
    return redirect("no_contact_list")


def _is_off(viewer: User, pick_up: PickUp) -> str:
    """Who of the group does not come then; a host is the one to say so."""
    about = {"person": pick_up.name, "title": words.title(pick_up.help_request)}
    if pick_up.help_request.author_id == viewer.pk:
        return _("%(person)s from the group would come: %(title)s. That is off.") % about
    return _("%(person)s would come: %(title)s. That is off. Will you tell %(person)s?") % about


def _acquaintance(request: Request, pk: int) -> User:
    other = parting.acquaintance(request.user, pk)
    if other is None:
        raise Http404(GONE)
    return other
