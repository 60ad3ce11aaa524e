"""One request: for a neighbour, for who helps, for who asked. Each verb is a button."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from requests_app import (
    contact_words,
    deeds,
    going_along,
    lifecycle,
    moderating,
    moments,
    tables,
    timeline,
    timeline_others,
    why,
    words,
)
from requests_app.addresses import address_for
from requests_app.cards import band, places_left, state_of
from requests_app.forms.board import board_address
from requests_app.going_cards import spare_cards
from requests_app.models import ACTIVE, Audience, HelpRequest, MatchMode, Offer, PickUp, RequestAsk, Reserve, Status
from requests_app.models.help_request import Rung
from requests_app.push_texts import PUSH
from requests_app.states import BoardState
from requests_app.views import circle_choice, over
from requests_app.views.answers import Request, show
from requests_app.views.finding import about, visible_request
from requests_app.views.lines import steps_in_words
from requests_app.views.usual import usual_wait_in_words
from villages.models import Group, Residency, home_of
from volunteers.models import Ask

# Right after placing a request or saying yes, push messages are of clear use: then they are offered.
JUST_NOW = timedelta(minutes=10)
MOST_SHOWN = 10  # offers at a time: who answers these sees the next


@require_safe
@never_cache
def page(request: Request, pk: int) -> HttpResponse:
    try:
        help_request = visible_request(request, pk)
    except Http404:
        return over.page(request, pk)
    if help_request.status == Status.DRAFT:
        return redirect("ask_what", help_request.pk)
    return show(request, "requests_app/help_request.html", "page", _context(request, help_request))


def _context(request: Request, help_request: HelpRequest) -> dict[str, Any]:
    """What this viewer may see, and do; the template shows all it gets."""
    now, viewer = timezone.now(), request.user
    home = home_of(viewer)
    coming: list[PickUp] = help_request.active  # type: ignore[attr-defined]  # prefetched by visible_request
    for pick_up in coming:
        pick_up.help_request = help_request
        _in_words(pick_up, now)
    is_author = help_request.author_id == viewer.pk
    helps = any(pick_up.helper_id == viewer.pk for pick_up in coming)
    contact = help_request.village.contact_person
    state = state_of(help_request, now)
    context = about(help_request) | {
        "category": help_request.category,
        "state": state,
        "section": "mine" if is_author or helps else "board",
        "gable": BoardState.OPEN if helps else state,
        "places_left": places_left(help_request),
        "contact": contact,
        "contact_name": contact.name if contact else "",
        "when": words.when(help_request, now, full=True),
        "length": words.length(help_request.minutes),
        "where": words.where_for_asker(help_request) if is_author else words.where(help_request),
        "band": band(help_request, viewer, home),
        "posted": words.moment(help_request.on_board_at, now) if help_request.on_board_at else "",
        "name": help_request.author.first_name,
        "is_author": is_author,
        "helps": helps,
        "coming": coming,
        "is_past": _is_past(help_request, now),
        "board_url": board_address(request.GET),
        "offers_push": is_author and help_request.status in ACTIVE and _just_now(help_request.posted_at, now),
        "push_shows": PUSH["offer.received" if help_request.match_mode == MatchMode.CHOOSE else "request.taken"],
    }
    if is_author:
        return context | _for_author(help_request, now)
    if helps:
        mine = next(pick_up for pick_up in coming if pick_up.helper_id == viewer.pk)
        groups = tables.groups_of(viewer, coming, now)
        return context | {
            "address": address_for(help_request, viewer) or "",
            "pick_up": mine,
            "together": [it for it in tables.known_of(help_request, groups) if it.pk != mine.pk],
            "steps": steps_in_words(timeline_others.for_helper(mine, now), now),
            "offers_push": _just_now(mine.taken_at, now),
            "push_shows": PUSH["request.changed"],
        }
    return context | _for_neighbour(help_request, viewer, home, now)


def _in_words(pick_up: Any, now: datetime) -> None:
    """When this person comes, with which part, and both together: for the page."""
    pick_up.when, pick_up.part = words.appointment(pick_up, now), deeds.does(pick_up.deed)
    pick_up.note = ", ".join(filter(None, [pick_up.when, pick_up.part]))


def _just_now(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at < JUST_NOW


def _is_past(help_request: HelpRequest, now: datetime) -> bool:
    """Its moment has come, and that of everybody who agreed on another one."""
    coming: list[PickUp] = help_request.active  # type: ignore[attr-defined]  # prefetched
    moments_of_all = {pick_up.agreed_at or help_request.needed_by for pick_up in coming} or {help_request.needed_by}
    return all(at is not None and at <= now for at in moments_of_all)


def _for_author(help_request: HelpRequest, now: datetime) -> dict[str, Any]:
    is_open, is_taken = help_request.status == Status.OPEN, help_request.status == Status.TAKEN
    hidden = help_request.hidden_at is not None
    is_past = _is_past(help_request, now)
    closed_at = help_request.closed_at
    withdrawn_lately = (
        help_request.status == Status.WITHDRAWN
        and closed_at is not None
        and now < closed_at + lifecycle.PUT_BACK_WITHIN
    )
    along = going_along.offers_along(help_request, now) if not hidden else []
    waiting = _waiting(help_request) if is_open and not hidden else []
    return {
        "invited": circle_choice.invited(help_request, now) if is_open and not hidden else [],
        "settled": circle_choice.settled(help_request, now),
        "along": spare_cards(along, help_request.author, now),
        "address": address_for(help_request, help_request.author) or "",
        "steps": steps_in_words(timeline.timeline(help_request, now), now),
        "usual": usual_wait_in_words(help_request, now) if is_open and not hidden else "",
        "looks_again": is_open or is_taken,
        "met": _met(help_request) + [offer.helper for offer in waiting],
        "hidden_reason": moderating.reason_of(help_request) if hidden else "",
        "waiting": waiting,
        "can_open": is_open
        and not hidden
        and help_request.rung == Rung.CIRCLE
        and moments.rungs_of(help_request).neighbours,
        "can_hurry": is_open
        and not hidden
        and help_request.rung in {Rung.NEIGHBOURS, Rung.GROUP}
        and help_request.audience != Audience.CONTACT
        and moments.asks_volunteers(help_request),
        "out_of_hours": is_open and contact_words.is_out_of_hours(help_request),
        "asks_whether_needed": is_open and not hidden and help_request.needed_asked_at is not None,
        "can_edit": (is_open or is_taken) and not is_past,
        "can_close": is_open or is_taken,
        "can_put_back": withdrawn_lately and not is_past,
        "over": list(help_request.pick_ups.filter(end=PickUp.End.DONE).select_related("helper", "contact", "member")),
        "can_repeat": help_request.status in {Status.WITHDRAWN, Status.LAPSED, Status.DONE},
    }


def _waiting(help_request: HelpRequest) -> list[Offer]:
    """Who would like to help, the first to say so on top, with the street they live in."""
    street = Residency.objects.active().filter(user=OuterRef("helper")).values("street")[:1]
    waiting = Offer.objects.waiting().filter(help_request=help_request).select_related("helper", "member")
    offers = list(waiting.annotate(street=Subquery(street))[:MOST_SHOWN])
    for offer in offers:
        known = _("in the group of %(host)s") % {"host": offer.helper.first_name} if offer.member else offer.street  # type: ignore[attr-defined]  # annotated
        offer.note = ", ".join(filter(None, [known, deeds.does(offer.deed)]))  # type: ignore[attr-defined]  # for the page
    return offers


def _met(help_request: HelpRequest) -> list[User]:
    """Which neighbours come or would like to; once it is done, who came."""
    if help_request.status == Status.DONE:
        came: Iterable[PickUp] = help_request.pick_ups.filter(end=PickUp.End.DONE).select_related("helper")
    else:
        came = help_request.active  # type: ignore[attr-defined]  # prefetched by visible_request
    return [pick_up.helper for pick_up in came if pick_up.helper]


def _for_neighbour(help_request: HelpRequest, viewer: User, home: Residency | None, now: datetime) -> dict[str, Any]:
    found = RequestAsk.objects.filter(
        help_request=help_request, ask__volunteer__user=viewer, ask__answer=Ask.Answer.OPEN
    ).select_related("ask__volunteer")
    asked = found.first()
    on_board = HelpRequest.objects.on_board_of(home.village_id, now).filter(pk=help_request.pk) if home else None
    standing_by = Reserve.objects.running().filter(help_request=help_request, helper=viewer).first()
    is_first = standing_by is not None and standing_by.asked_at is not None
    is_wanted = help_request.status == Status.OPEN and help_request.hidden_at is None
    offered = Offer.objects.filter(help_request=help_request, helper=viewer, member=None)
    put_at = _before_group(help_request, viewer, now)
    may_help = asked is not None or is_first or put_at is not None or (on_board is not None and on_board.exists())
    answers = dict(offered.order_by("pk").values_list("answer", "made_at"))
    return {
        "asked": asked.ask_id if asked else None,
        "reasons": _reasons(asked, help_request, now) if asked else [],
        "stands_by": standing_by is not None and help_request.status == Status.TAKEN,
        "may_stand_by": may_help and help_request.status == Status.TAKEN,
        "is_first": is_first and is_wanted,
        "has_first_word": standing_by is not None and standing_by.answer_before is not None,
        "steps": _steps(help_request, asked, put_at, now) if is_wanted else [],
        "at_once": help_request.match_mode == MatchMode.FIRST
        or (help_request.volunteer_at_once and (asked is not None or put_at or _yes_came_second(standing_by))),
        "parts": deeds.deeds_of(help_request.category) if help_request.slots > 1 or put_at else [],
        "offered": is_wanted and Offer.Answer.WAITING in answers,
        "offers_push": is_wanted and _just_now(answers.get(Offer.Answer.WAITING), now),
        "push_shows": PUSH["offer.accepted"],
        "can_take": is_wanted and may_help and not answers.keys() & {Offer.Answer.WAITING, Offer.Answer.DECLINED},
    }


def _before_group(help_request: HelpRequest, viewer: User, now: datetime) -> datetime | None:
    """Since when it lies before a group of this person. No query in a village without groups."""
    if not help_request.village.group_categories:
        return None
    groups = Group.objects.of(viewer, now)
    return help_request.group_asks.filter(group__in=groups).values_list("put_at", flat=True).first()


def _steps(
    help_request: HelpRequest, asked: RequestAsk | None, put_at: datetime | None, now: datetime
) -> list[dict[str, str]]:
    if asked:
        return steps_in_words(timeline_others.for_asked(help_request, asked.ask, now), now)
    return steps_in_words(timeline_others.for_group(help_request, put_at, now), now) if put_at else []


def _reasons(asked: RequestAsk, help_request: HelpRequest, now: datetime) -> list[str]:
    return why.reasons(asked.ask, help_request, asked.ask.volunteer, now)


def _yes_came_second(reserve: Reserve | None) -> bool:
    """A volunteer who is asked first now: what the asker said beforehand of a volunteer's yes holds."""
    return reserve is not None and reserve.was_asked and reserve.asked_at is not None
