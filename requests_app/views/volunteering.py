"""What a volunteer says with one tap: still right, rather together, too much, no more."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actors import web
from requests_app import phrases, stopping, words
from requests_app.forms.volunteer import TooMuchForm
from requests_app.models import PickUp
from requests_app.transitions import NotAllowed
from requests_app.views.answers import Request
from requests_app.views.conversation import pick_up_of
from villages.models import home_of
from volunteers import verbs
from volunteers.models import Volunteer, volunteer_of


def still_right(request: Request) -> HttpResponse:
    """Yes, all is right; or, of who was left in peace: you may ask me again."""
    if request.method == "POST":
        volunteer = _volunteer(request)
        verbs.still_right(volunteer.pk, now=timezone.now())
        back = volunteer.retired_at is not None
        messages.success(
            request, _("Welcome back. We may ask you again.") if back else _("Thank you. All stays as it is.")
        )
    return redirect("volunteer")


def find_a_buddy(request: Request) -> HttpResponse:
    """The contact person looks for somebody to go with."""
    if request.method == "POST":
        volunteer = verbs.change_about(_volunteer(request).pk, said={"buddy": True}, now=timezone.now())
        contact = volunteer.village.contact_person
        name = contact.name if contact else "SamSam"
        messages.success(request, _("%(contact)s looks for a buddy with you.") % {"contact": name})
    return redirect("volunteer")


def stop(request: Request) -> HttpResponse:
    """No volunteer any more."""
    if request.method != "POST":
        return redirect("volunteer")
    stopping.stop(_volunteer(request).pk, now=timezone.now())
    messages.success(request, _("Thank you for all you did. You are always welcome again."))
    return redirect("mine")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def all_too_much(request: Request) -> HttpResponse:
    """Everything stops for now: asked once, then done."""
    home = home_of(request.user)
    volunteer = volunteer_of(request.user.pk)
    jobs = PickUp.objects.filter(helper=request.user, ended_at=None)
    if volunteer is None and not jobs.exists():
        raise Http404
    village = home.village if home else None
    if request.method != "POST":
        context = {"village": village, "contact": village and village.contact_person, "jobs": jobs.count()}
        return render(request, "volunteers/too_much.html", context)
    stopping.everything_stops(request.user, call=False, actor=web(request.user), now=timezone.now())
    messages.success(request, _done())
    return redirect("volunteer" if volunteer else "mine")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def job_too_much(request: Request, pk: int) -> HttpResponse:
    """This job is too much: what suits the helper, then done. The asker hears only that somebody can't make it."""
    pick_up = pick_up_of(request, pk)
    if pick_up.helper_id != request.user.pk:
        raise Http404
    if pick_up.ended_at:
        return redirect("afterwards", pk)
    village = pick_up.help_request.village
    contact = village.contact_person.name if village.contact_person else "SamSam"
    form = TooMuchForm(request.POST or None, contact=contact)
    if request.method != "POST" or not form.is_valid():
        context = {
            "form": form,
            "pick_up": pick_up,
            "title": words.title(pick_up.help_request),
            "asker": phrases.name(pick_up.help_request.author),
            "contact": village.contact_person,
            "village": village,
        }
        return render(request, "volunteers/too_much.html", context, status=422 if request.POST else 200)
    try:
        said = {"stops": form.cleaned_data["stops"], "call": form.cleaned_data["call"]}
        stopping.too_much(pk, by=request.user, **said, actor=web(request.user), now=timezone.now())
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _done())
    return redirect("mine")


def _volunteer(request: Request) -> Volunteer:
    volunteer = volunteer_of(request.user.pk)
    if volunteer is None:
        raise Http404
    return volunteer


def _done() -> str:
    return _("Thank you for telling us. It's taken care of. You don't have to explain.")
