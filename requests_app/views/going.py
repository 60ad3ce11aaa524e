"""The pages of "Ik ga toch": what a neighbour does anyway, for that neighbour, who joins, and who reads along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from moderation.blocking import blocked_with
from requests_app import going, going_along, going_words, words
from requests_app.forms.board import Place, place_of
from requests_app.forms.going import SpareForm, WishForm, answers_of
from requests_app.going_cards import icon_of, spare_card, spare_cards
from requests_app.models import SpareOffer, SparePlace, What
from requests_app.models.going import SpareKind
from requests_app.pace import TooFast
from requests_app.texts import GONE
from requests_app.transitions import NotAllowed, TooLate
from requests_app.views.answers import Request, button, show, too_fast, too_late
from villages.models import Residency, home_of

LIST_LENGTH = 20


@require_safe
@cache_control(private=True, no_cache=True)
def everything(request: Request) -> HttpResponse:
    """All that neighbours of a village do anyway, soonest first, page by page."""
    now, home = timezone.now(), _home(request)
    if home is None:
        return redirect("board")
    place = Place(request.GET)
    if not place.is_valid():
        raise Http404
    rows = SpareOffer.objects.on_board_of(home.village_id, now).cards_for(request.user)
    found = list(place.beyond(rows, "leaves_at")[: LIST_LENGTH + 1])
    last = place_of(found[LIST_LENGTH - 1], "leaves_at") if len(found) > LIST_LENGTH else ""
    context = {
        "village": home.village,
        "spares": spare_cards(found[:LIST_LENGTH], request.user, now),
        "next_url": f"{reverse('spare_offers')}?after={last}" if last else "",
        "previous_url": reverse("spare_offers") if place.cleaned_data["after"] else "",
    }
    return render(request, "requests_app/spare_offers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def post(request: Request, kind: str) -> HttpResponse:
    """One page of questions; posting the same twice is posting once."""
    now, home = timezone.now(), _home(request)
    if home is None:
        return redirect("board")
    form = SpareForm(data=request.POST or None, kind=kind, now=now)
    context, status = {"form": form, "kind": kind, "village": home.village}, 422
    if request.method != "POST":
        return render(request, "requests_app/spare_form.html", context)
    if form.is_valid():
        try:
            answers = {"kind": kind, **form.words()}
            spare = going.post(home.village, author=request.user, words=answers, now=now)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            status = _status(refusal)
        else:
            messages.success(request, _("It's on the board. It comes off by itself once you have left."))
            return redirect(spare)
    return render(request, "requests_app/spare_form.html", context, status=status)


@require_safe
@never_cache
def page(request: Request, pk: int) -> HttpResponse:
    spare = _visible(request, pk)
    return show(request, "requests_app/spare_offer.html", "page", _context(request, spare))


@button("spare_offer")
def take(request: Request, pk: int) -> HttpResponse:
    """One tap, from the board, the page or one's own request."""
    spare = _visible(request, pk)
    what = request.POST.get("what", "")
    try:
        spare = going.take(pk, taker=request.user, what=what, now=timezone.now())
    except TooLate as refusal:
        return too_late(request, str(refusal))
    except TooFast:
        return too_fast(request, spare.get_absolute_url())
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        name = spare.author.first_name
        messages.success(request, _("Done. %(name)s hears it from us.") % {"name": name})
    return redirect("spare_offer", pk)


@button("spare_offer")
def give_back(request: Request, pk: int) -> HttpResponse:
    """No questions: who changes their mind again just taps again."""
    _visible(request, pk)
    done = _("That's fine. The place is free again.")
    return _do(request, pk, lambda now: going.give_back(pk, taker=request.user, now=now), done)


@button("spare_offer")
def wish(request: Request, pk: int) -> HttpResponse:
    """A word from who joins; with a phone number in it the page says so and keeps what was typed."""
    spare = _visible(request, pk)
    form, status = WishForm(data=request.POST), 422
    if form.is_valid():
        words, done = form.cleaned_data["wish"], _("Saved. %(name)s can read it.") % {"name": spare.author.first_name}
        try:
            return _do(request, pk, lambda now: going.wish(pk, taker=request.user, words=words, now=now), done)
        except TooFast as refusal:
            form.add_error("wish", str(refusal))
            status = 429
    context = {**_context(request, spare), "form": form, "wish_form": form}
    return render(request, "requests_app/spare_offer.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: Request, pk: int) -> HttpResponse:
    """The same questions; who joins is told."""
    spare, now = _own(request, pk), timezone.now()
    if spare.withdrawn_at or spare.leaves_at <= now:
        return redirect("spare_offer", pk)
    form = SpareForm(data=request.POST or None, initial=answers_of(spare, now), kind=spare.kind, now=now, fixed=True)
    context, status = {"form": form, "kind": spare.kind, "spare": spare, "village": spare.village}, 422
    if request.method != "POST":
        return render(request, "requests_app/spare_form.html", context)
    if form.is_valid():
        try:
            going.change(pk, changes=form.words(), now=now)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            status = _status(refusal)
        else:
            messages.success(request, _("Changed. Who joins hears it from us."))
            return redirect("spare_offer", pk)
    return render(request, "requests_app/spare_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def call_off(request: Request, pk: int) -> HttpResponse:
    """Asked once; it can be put back until its moment."""
    spare, now = _own(request, pk), timezone.now()
    if request.method != "POST":
        if spare.withdrawn_at or spare.leaves_at <= now:
            return redirect("spare_offer", pk)
        context = {"spare": spare, "village": spare.village, "sentence": going_words.sentence(spare)}
        return render(request, "requests_app/spare_call_off.html", context)
    done = _("It is off the board. Who would join hears it from us.")
    return _do(request, pk, lambda now: going.call_off(pk, now=now), done)


@button("spare_offer")
def put_back(request: Request, pk: int) -> HttpResponse:
    spare = _own(request, pk)
    try:
        return _do(request, pk, lambda now: going.put_back(pk, now=now), _("It's back on the board."))
    except TooFast:
        return too_fast(request, spare.get_absolute_url())


def _do(request: Request, pk: int, verb: Callable[[datetime], object], done: str) -> HttpResponse:
    try:
        verb(timezone.now())
    except TooFast:
        raise  # each has its own words to keep
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("spare_offer", pk)


def _status(refusal: NotAllowed) -> int:
    return 429 if isinstance(refusal, TooFast) else 422


def _home(request: Request) -> Residency | None:
    """Where this person is known to live."""
    home = home_of(request.user)
    return home if home and home.is_proven(timezone.now()) and home.village.switched_on_at else None


def _visible(request: Request, pk: int) -> SpareOffer:
    rows = SpareOffer.objects.visible_to(request.user).with_street_and(request.user)
    spare = rows.select_related("village__contact_person").filter(pk=pk).first()
    if spare is None:
        raise Http404(GONE)
    return spare


def _own(request: Request, pk: int) -> SpareOffer:
    spare = _visible(request, pk)
    if spare.author_id != request.user.pk:
        raise Http404(GONE)
    return spare


def _context(request: Request, spare: SpareOffer) -> dict[str, Any]:
    """What this viewer may see, and do; the template shows all it gets."""
    now, viewer = timezone.now(), request.user
    card = spare_card(spare, viewer, now)
    is_past = spare.leaves_at <= now
    is_off = spare.withdrawn_at is not None or spare.hidden_at is not None
    is_author = spare.author_id == viewer.pk
    context = {
        "spare": spare,
        "card": card,
        "village": spare.village,
        "is_sharing": spare.kind == SpareKind.SHARING,
        "name": spare.author.first_name,
        "icon": icon_of(spare),
        "what": ", ".join(str(What(what).label) for what in spare.what),
        "is_author": is_author,
        "is_past": is_past,
        "is_off": is_off,
        "goes_on": not is_past and not is_off,
    }
    if is_author:
        return context | _for_author(spare, now)
    if card.state == "mine":
        place = spare.held.get(taker=viewer, ended_at=None)
        return context | {
            "wish_form": WishForm(initial={"wish": place.wish}),
            "wish": place.wish,
            "settles": going_along.own_requests_along(spare, viewer) if context["goes_on"] else [],
        }
    return context


def _for_author(spare: SpareOffer, now: datetime) -> dict[str, Any]:
    goes_on = spare.leaves_at > now and spare.withdrawn_at is None and spare.hidden_at is None
    streets = Residency.objects.active().filter(village=spare.village_id).values_list("user", "street")
    held = SparePlace.objects.filter(Q(spare=spare), ended_at=None).exclude(taker__in=blocked_with(spare.author_id))
    joining = list(held.select_related("taker"))
    street_of = dict(streets.filter(user__in=[place.taker_id for place in joining]))
    along = going_along.requests_along(spare, now) if goes_on else []
    return {
        "joining": [(place, street_of.get(place.taker_id, "")) for place in joining],
        "along": [(row, words.title(row), words.when_inside(row, now)) for row in along],
        "can_put_back": spare.withdrawn_at is not None and spare.leaves_at > now,
        "hidden_reason": going.reason_of(spare) if spare.hidden_at else "",
    }
