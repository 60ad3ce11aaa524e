"""Choosing a village, the first steps in it, and showing that you live there."""

from __future__ import annotations

from ipaddress import ip_address

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import web
from accounts.kept import answers, keeps_typed
from accounts.models import User
from villages import residencies, search
from villages.forms import JoinForm, NameForm, SearchForm, StreetForm, VillageForm
from villages.models import Residency, Village, home_of
from villages.refusals import NotAllowed, TooFast

SIXTEEN = "sixteen"  # in the session: said so in this visit, so not asked again

read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@require_safe
def village_choice(request: HttpRequest) -> HttpResponse:
    """All villages that are on, and every place of the country by its name."""
    typed, refused = _typed(request)
    context = {"q": typed, "found": search.find(typed), "villages": search.switched_on()}
    return render(request, "villages/village_choice.html", context, status=400 if refused else 200)


@read_or_post
def welcome(request: HttpRequest) -> HttpResponse:
    """Step 1: the village. Chosen from those shown, or found by name."""
    user, home = _person(request)
    typed, _refused = _typed(request)
    shown = [village for village in search.find(typed) if village.switched_on_at] if typed else search.switched_on()
    form = VillageForm(_posted(request), shown=shown, initial={"village": request.GET.get("village") or _slug(home)})
    if form.is_valid():
        try:
            residencies.claim(user, form.cleaned_data["village"], "", actor=web(user), now=timezone.now())
        except NotAllowed as refusal:  # switched off in the meantime
            form.add_error("village", str(refusal))
        else:
            return redirect("welcome_street")
    context = {"form": form, "q": typed, "home": home, "nothing": bool(typed) and not shown, "section": "mine"}
    return render(request, "villages/welcome_village.html", context, status=_status(form))


@keeps_typed
@read_or_post
def welcome_street(request: HttpRequest) -> HttpResponse:
    """Step 2: the street, as neighbours see it."""
    user, home = _person(request)
    if home is None:
        return redirect("welcome")
    form = StreetForm(_posted(request), initial={"street": home.street} | answers(request))
    if form.is_valid():
        street = form.cleaned_data["street"]
        residencies.claim(user, home.village, street, actor=web(user), now=timezone.now())
        return redirect("welcome_name")
    return render(request, "villages/welcome_street.html", {"form": form, "section": "mine"}, status=_status(form))


@keeps_typed
@read_or_post
def welcome_name(request: HttpRequest) -> HttpResponse:
    """Step 3: the first name, and being old enough."""
    user, home = _person(request)
    if home is None:
        return redirect("welcome")
    form = NameForm(_posted(request), initial={"first_name": user.first_name} | answers(request))
    if form.is_valid():
        user.first_name = form.cleaned_data["first_name"]
        user.save(update_fields=["first_name"])
        request.session[SIXTEEN] = True
        return redirect("welcome_done")
    return render(request, "villages/welcome_name.html", {"form": form, "section": "mine"}, status=_status(form))


@require_safe
def welcome_done(request: HttpRequest) -> HttpResponse:
    _user, home = _person(request)
    if step := _missing_step(home):
        return redirect(step)
    context = {"home": home, "joined": _has_joined(home), "section": "mine"}
    return render(request, "villages/welcome_done.html", context)


@require_safe
def join(request: HttpRequest) -> HttpResponse:
    """To the page of this person's own village."""
    _user, home = _person(request)
    return redirect("join_village", home.village.slug) if home else redirect("welcome")


@read_or_post
def join_village(request: HttpRequest, slug: str) -> HttpResponse:
    """Show that you live here: with the code from a letter, or by knowing the contact person."""
    village = _village(slug)
    user, home = _person(request)
    if home is None or home.village_id != village.pk:
        response = redirect("welcome")
        response["Location"] += f"?village={village.slug}"
        return response
    if step := _missing_step(home):
        return redirect(step)
    if _has_joined(home):
        return _joined(request, home)
    assert village.contact_person  # a village that is on has one
    form = JoinForm(
        _posted(request),
        contact_name=village.contact_person.name,
        ask_age=not request.session.get(SIXTEEN),
    )
    status = 200
    if form.is_valid():
        request.session[SIXTEEN] = True
        if form.cleaned_data["way"] == JoinForm.CONTACT:
            return redirect("join_waiting", village.slug)
        try:
            residencies.confirm_by_code(
                user, form.cleaned_data["code"], actor=web(user), now=timezone.now(), ip=_address(request)
            )
        except NotAllowed as refusal:
            form.add_error("code", str(refusal))
            status = 429 if isinstance(refusal, TooFast) else 422
        else:
            messages.success(request, _("You have joined in %(village)s.") % {"village": village.name})
            return redirect("start")
    context = {"form": form, "village": village, "section": "board"}
    return render(request, "villages/join_village.html", context, status=max(status, _status(form)))


@require_safe
def join_waiting(request: HttpRequest, slug: str) -> HttpResponse:
    """Almost there: what can be done already, and another way."""
    village = _village(slug)
    _user, home = _person(request)
    if home is None or home.village_id != village.pk or _has_joined(home):
        return redirect("join_village", village.slug)
    return render(request, "villages/join_waiting.html", {"village": village, "section": "board"})


@require_POST
def still_here(request: HttpRequest) -> HttpResponse:
    """The proof holds again for its full time."""
    user, home = _person(request)
    if home is None:
        return redirect("welcome")
    try:
        residencies.renew(home.pk, actor=web(user), now=timezone.now())
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Thank you. You are still a neighbour."))
    return redirect("join_village", home.village.slug)


def _joined(request: HttpRequest, home: Residency) -> HttpResponse:
    renewable = residencies.is_renewable(home, timezone.now())
    context = {"home": home, "village": home.village, "renewable": renewable, "section": "board"}
    return render(request, "villages/joined.html", context)


def _person(request: HttpRequest) -> tuple[User, Residency | None]:
    assert isinstance(request.user, User)  # the middleware asks for a login
    return request.user, home_of(request.user)


def _village(slug: str) -> Village:
    on = Village.objects.switched_on().select_related("municipality", "contact_person")
    return get_object_or_404(on, slug=slug)


def _has_joined(home: Residency | None) -> bool:
    return home is not None and home.is_proven(timezone.now())


def _missing_step(home: Residency | None) -> str:
    """The name of the first step of the welcome that was not taken yet; empty when there is none."""
    if home is None:
        return "welcome"
    if not home.street:
        return "welcome_street"
    return "" if home.user.first_name else "welcome_name"


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _typed(request: HttpRequest) -> tuple[str, bool]:
    """What was searched for, and whether that was something no name can hold."""
    form = SearchForm(request.GET)
    return (form.cleaned_data["q"], False) if form.is_valid() else ("", True)


def _slug(home: Residency | None) -> str:
    return home.village.slug if home else ""


def _address(request: HttpRequest) -> str | None:
    """Where the call comes from; nothing when the server does not know. Then only the person's own tries count."""
    try:
        return str(ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


def _status(form: VillageForm | StreetForm | NameForm | JoinForm) -> int:
    return 422 if form.is_bound and form.errors else 200
