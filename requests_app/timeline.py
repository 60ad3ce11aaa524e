"""What happened to a request, what happens now and what comes next: from events and policy, with real moments."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app import contact_words, group_words, happened, ladder, moments, stand_by, steps_ahead, words
from requests_app.models import Audience, Event, HelpRequest, Offer, PickUp, Policy, Status
from requests_app.models.help_request import OWN_CIRCLE, Rung
from requests_app.steps_ahead import Line
from villages.models import Tally

LATE = timedelta(minutes=5)  # after this a step that should have been taken is called late
FEW = 10  # smaller numbers of people are not shown (design guide, figures)


def timeline(help_request: HelpRequest, now: datetime, *, for_staff: bool = False) -> list[Line]:
    """Every line for the asker, in order. Six queries at most, two where groups are asked, two where much happened.

    Who is in the asker's own circle is told to the asker only; who of a group has no account, to no staff.

    Says how many neighbours can see a request, never who did; how many were asked, never who or what they said.
    """
    if help_request.status == Status.DRAFT:
        return []
    told = happened.read(help_request)
    earlier = [Line("done", "info", _("Earlier steps are not shown here"))] if told.first else []
    return [
        *_happened(help_request, [told.first] if told.first else [], for_staff=for_staff),
        *earlier,
        *_happened(help_request, told.events, for_staff=for_staff, more=told.asked_before > 0),
        *_now(help_request, now, told.events),
        *_next(help_request, now, asked=told.asked),
    ]


def preview(draft: HelpRequest, now: datetime) -> list[Line]:
    """What will happen once this draft is posted, if nobody reacts: the real moments of the ladder."""
    policy = Policy.objects.newest(draft.municipality, draft.category) or Policy()
    until = moments.needed_by(draft, now)
    steps = moments.steps(draft, policy, now, until)
    draft = copy(draft)
    draft.audience = moments.begins_with(draft)
    return [*_on_board(draft), *steps_ahead.lines(draft, steps, policy, now)]


def _happened(
    help_request: HelpRequest, events: list[Event], *, for_staff: bool, more: bool = False
) -> Iterator[Line]:
    """``more``: volunteers were asked before these events too."""
    who = [event.params["pick_up"] for event in events if "pick_up" in event.params]
    helpers = _who_come(who, for_staff=for_staff)
    offered = _names([event.params["offer"] for event in events if "offer" in event.params], for_staff=for_staff)
    first = next((event for event in events if event.kind == Event.Kind.ASKED), None)
    nobody = [event for event in events if event.kind == Event.Kind.NOBODY_TO_ASK]
    for event in events:
        if event in nobody[:-1]:
            continue  # said once: the last time
        name = helpers.get(event.params.get("pick_up", 0), "") or offered.get(event.params.get("offer", 0), "")
        if event.kind == Event.Kind.ASKED:
            what = _asked(event, more=more or event != first)
        elif event.kind == Event.Kind.TO_GROUP:
            what = _("It was put before %(group)s") % {"group": group_words.before(help_request)}
        else:
            what = _words(event, help_request, name)
        if what:
            yield Line("done", happened.ICONS[event.kind], what, event.at)


def _who_come(pick_ups: list[int], *, for_staff: bool) -> dict[int, str]:
    if not pick_ups:
        return {}
    rows = PickUp.objects.filter(pk__in=pick_ups).select_related("helper", "contact", "member")
    return {pick_up.pk: _for_staff(pick_up) if for_staff else pick_up.name for pick_up in rows}


def _for_staff(pick_up: PickUp) -> str:
    """The circle is the asker's own, and a first name without an account the group's own."""
    return _("Somebody from the asker's circle") if pick_up.contact_id else pick_up.name_inside(())


def _names(offers: list[int], *, for_staff: bool) -> dict[int, str]:
    if not offers:
        return {}
    rows = Offer.objects.filter(pk__in=offers).select_related("helper", "member")
    return {offer.pk: offer.name_for_staff if for_staff else offer.name for offer in rows}


def _words(event: Event, help_request: HelpRequest, name: str) -> str:
    contact = _contact_name(help_request)
    words = {
        Event.Kind.POSTED: _("Your request is posted"),
        Event.Kind.EDITED: _("You changed your request"),
        Event.Kind.OFFERED: _("%(name)s would like to help") % {"name": name},
        Event.Kind.OFFER_DECLINED: _("You said to %(name)s: no, thank you") % {"name": name},
        Event.Kind.OFFER_TAKEN_BACK: _("%(name)s can't make it after all. We keep looking") % {"name": name},
        Event.Kind.OFFER_EXPIRED: _("The offer of %(name)s has ended. We keep looking") % {"name": name},
        Event.Kind.PICKED_UP: _("%(name)s said yes") % {"name": name},
        Event.Kind.CALLED_OFF: _("You cancelled with %(name)s. We keep looking") % {"name": name},
        Event.Kind.GIVEN_BACK: _("%(name)s can't make it after all. We keep looking") % {"name": name},
        Event.Kind.FINISHED: _("It's done"),
        Event.Kind.PARTLY_DONE: _("It's done in part"),
        Event.Kind.NOT_DONE: _("It did not work out. %(name)s knows this too") % {"name": contact},
        Event.Kind.WITHDRAWN: _("You removed your request"),
        Event.Kind.PUT_BACK: _("Your request is back on the board"),
        Event.Kind.LAPSED: _("The date has passed. %(name)s knows this too") % {"name": contact},
        Event.Kind.TO_CONTACT: _("%(name)s started helping to look") % {"name": contact},
        Event.Kind.POLICY_OFF: _("The municipality stopped this way of looking. %(name)s helps to look")
        % {"name": contact},
        Event.Kind.NOBODY_TO_ASK: _("No volunteer was free just then. We keep looking"),
        Event.Kind.ASKED_NEEDED: _("We asked: do you still need it?"),
        Event.Kind.STILL_NEEDED: _("You said: I still need it"),
        Event.Kind.CIRCLE_OVER: _("Your request went to all neighbours"),
        Event.Kind.PARTLY_FILLED: _("It goes on with the neighbours who said yes"),
        Event.Kind.HIDDEN: _("Your request is hidden for now"),
        Event.Kind.RESTORED: _("Your request is visible again"),
    }
    if said := contact_words.done(event, contact, name) or contact_words.instead_of_the_asker(
        event, help_request, name
    ):
        return said
    instead = {
        "from_contact": _("You changed your request. We look for somebody again"),
        "elsewhere": _("The time of your circle is over"),
        "off": words[Event.Kind.POLICY_OFF],
        "settled": _("It worked out in another way"),
    }
    if found := next((param for param in instead if event.params.get(param)), ""):
        return instead[found]
    if event.kind == Event.Kind.PICKED_UP and event.by_id == help_request.author_id:
        return _("You said to %(name)s: yes please") % {"name": name}
    return words[Event.Kind(event.kind)]


def _asked(event: Event, *, more: bool) -> str:
    if event.params.get("instead"):
        return ""
    asked = event.params.get("asked", 0)
    if more:
        words = ngettext("We asked %(count)s more volunteer", "We asked %(count)s more volunteers", asked)
    else:
        words = ngettext("We asked %(count)s volunteer", "We asked %(count)s volunteers", asked)
    return words % {"count": asked}


def _now(help_request: HelpRequest, now: datetime, events: list[Event]) -> Iterator[Line]:
    if help_request.status == Status.TAKEN:
        yield from _appointment(help_request, now)
        return
    if help_request.status != Status.OPEN:
        return
    late = late_words(help_request, now)
    if help_request.hidden_at:
        what = _("Your request is hidden for now. %(name)s will call you about it") % {
            "name": _contact_name(help_request)
        }
        yield Line("now", "info", what)
    elif help_request.offers_waiting:
        what = _("A neighbour would like to help. Is that all right?")
        wait = _("You say who comes. We wait one step for your answer") if _waits_for_answer(help_request) else ""
        yield Line("now", "hand", what, detail=wait)
    elif help_request.owner is not None:
        yield contact_words.line(help_request, now, events)
    elif help_request.rung == Rung.VOLUNTEERS:
        yield Line(
            "now",
            "people",
            _("We are waiting for a volunteer"),
            detail=late or _still_on_board(help_request),
        )
    else:
        yield from _on_board(help_request, late)


def _appointment(help_request: HelpRequest, now: datetime) -> Iterator[Line]:
    at = moments.latest_agreed(help_request) or help_request.help_at
    # Of a part of the day only that is agreed: its first hour is not a time anybody comes.
    when = words.when(help_request, now) if help_request.help_on and not at else ""
    if moments.ask_done_at(help_request) > now:
        yield Line("now", "people", _("The appointment stands"), at, when=when)
    else:
        yield Line("done", "people", _("The appointment"), at, when=when)
        yield Line("now", "heart", _("Did it work out?"))


def _on_board(help_request: HelpRequest, late: str = "") -> Iterator[Line]:
    if help_request.audience in OWN_CIRCLE:
        detail = late or _("Only your circle can see your request")
        yield Line("now", "people", _("Your circle can answer now"), detail=detail)
        return
    if help_request.rung == Rung.GROUP:
        group = {"group": group_words.before(help_request)}
        on_board = help_request.audience == Audience.NEIGHBOURS
        only = "" if on_board else _("Only they can see your request")
        yield Line("now", "people", _("Your request lies before %(group)s") % group, detail=late or only)
        if not on_board:
            return
    elif help_request.audience != Audience.NEIGHBOURS:
        yield Line("now", "lock", _("Your request is not on the board"), detail=late)
        return
    others = Tally.others(help_request.village_id, help_request.author_id)
    if others < FEW:
        seen = _("A few neighbours can see your request")
    else:
        seen = _("%(count)s neighbours can see your request") % {"count": others}
    yield Line("now", "board", _("Your request is on the board"), detail=late or seen)


def _next(help_request: HelpRequest, now: datetime, *, asked: int) -> Iterator[Line]:
    if help_request.status == Status.OPEN and help_request.policy:
        ahead = ahead_of(help_request)
        if ahead and ahead[0].rung == ladder.Rung.VOLUNTEERS and _waits_for_answer(help_request):
            ahead = ahead[1:]  # the ladder waits this step for the asker
        elif ahead and help_request.next_at and now < help_request.next_at > ahead[0].at:
            ahead = [ahead[0]._replace(at=help_request.next_at), *ahead[1:]]  # who stands by has the first word
        yield from steps_ahead.lines(help_request, ahead, help_request.policy, now, asked=asked)
    elif help_request.status == Status.TAKEN:
        at = moments.ask_done_at(help_request)
        if at > now:
            yield Line("next", "heart", _("Then we ask: did it work out?"), at)


def ahead_of(help_request: HelpRequest) -> list[ladder.Step]:
    """The steps of an open request that are still to come, or late."""
    steps = moments.steps_of(help_request)
    return steps[moments.walked(help_request, steps) :]


def _waits_for_answer(help_request: HelpRequest) -> bool:
    """As ``offers.hold`` decides: offers wait, and none of them was waited for already."""
    if not help_request.offers_waiting:
        return False
    return not Offer.objects.waiting().filter(help_request=help_request, held_at__isnull=False).exists()


def late_words(help_request: HelpRequest, now: datetime) -> str:
    """Which step of an open request should have been taken by now and was not; also when its row was set aside."""
    ahead = ahead_of(help_request)
    if not ahead or ahead[0].at > now - LATE:
        return ""
    at = max(ahead[0].at, stand_by.first_word_until(help_request) or ahead[0].at)
    if at > now - LATE:  # who stands by has the first word
        return ""
    moment = {"moment": words.moment(at, now)}
    return _("This should have happened %(moment)s. We are working on it") % moment


def _still_on_board(help_request: HelpRequest) -> str:
    return _("Neighbours can still help too") if help_request.audience == Audience.NEIGHBOURS else ""


def _contact_name(help_request: HelpRequest) -> str:
    return steps_ahead.contact_name(help_request)
