"""What happened to a request, what happens now and what comes next: from events and policy, with real moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import saying
from accounts.reader import language
from requests_app import ladder, moments, words
from requests_app.models import Audience, Event, HelpRequest, Offer, PickUp, Policy, Status
from requests_app.models.help_request import OWN_CIRCLE, Rung
from villages.models import Tally

MOST_LINES = 40  # of what happened; a request that long on its way is a talk with the contact person
LATE = timedelta(minutes=5)  # after this a step that should have been taken is called late
FEW = 10  # smaller numbers of people are not shown (design guide, figures)


@dataclass(frozen=True)
class Line:
    """One line: ``state`` is done, now or next; ``at`` its moment, if it has one; ``detail`` may be empty.

    ``when`` is its moment in words, where that is no clock time.
    """

    state: str
    icon: str
    what: str
    at: datetime | None = None
    detail: str = ""
    when: str = ""


def timeline(help_request: HelpRequest, now: datetime, *, for_staff: bool = False) -> list[Line]:
    """Every line for the asker and for staff, in order. Five queries at most.

    Who is in the asker's own circle is told to the asker only.

    Says how many neighbours can see a request, never who did; how many were asked, never who or what they said.
    """
    if help_request.status == Status.DRAFT:
        return []
    return [
        *_happened(help_request, for_staff=for_staff),
        *_now(help_request, now),
        *_next(help_request, now),
    ]


def preview(draft: HelpRequest, now: datetime) -> list[Line]:
    """What will happen once this draft is posted, if nobody reacts: the real moments of the ladder."""
    policy = Policy.objects.newest(draft.municipality, draft.category) or Policy()
    until = moments.needed_by(draft, now)
    steps = moments.steps(draft, policy, now, until)
    return [*_on_board(draft), *_steps(draft, steps, waves_asked=0)]


def _happened(help_request: HelpRequest, *, for_staff: bool) -> Iterator[Line]:
    rows = PickUp.objects.filter(help_request=help_request).select_related("helper", "contact")
    helpers = {
        pick_up.pk: _("Somebody from the asker's circle") if for_staff and pick_up.contact_id else pick_up.name
        for pick_up in rows[:MOST_LINES]
    }
    events = list(Event.objects.filter(help_request=help_request, kind__in=TOLD).order_by("pk")[:MOST_LINES])
    offered = _names([event.params["offer"] for event in events if "offer" in event.params])
    first = next((event for event in events if event.kind == Event.Kind.ASKED), None)
    for event in events:
        name = helpers.get(event.params.get("pick_up", 0), "") or offered.get(event.params.get("offer", 0), "")
        what = (
            _words(event, help_request, name) if event.kind != Event.Kind.ASKED else _asked(event, more=event != first)
        )
        if what:
            yield Line("done", ICONS[event.kind], what, event.at)


def _names(offers: list[int]) -> dict[int, str]:
    return dict(Offer.objects.filter(pk__in=offers).values_list("pk", "helper__first_name")) if offers else {}


ICONS: dict[str, str] = {
    Event.Kind.POSTED: "check",
    Event.Kind.EDITED: "pencil",
    Event.Kind.OFFERED: "hand",
    Event.Kind.OFFER_DECLINED: "info",
    Event.Kind.OFFER_TAKEN_BACK: "info",
    Event.Kind.OFFER_EXPIRED: "info",
    Event.Kind.PICKED_UP: "check",
    Event.Kind.GIVEN_BACK: "info",
    Event.Kind.CALLED_OFF: "x",
    Event.Kind.FINISHED: "heart",
    Event.Kind.PARTLY_DONE: "heart",
    Event.Kind.NOT_DONE: "info",
    Event.Kind.WITHDRAWN: "x",
    Event.Kind.PUT_BACK: "check",
    Event.Kind.LAPSED: "info",
    Event.Kind.ASKED: "people",
    Event.Kind.CIRCLE_OVER: "board",
    Event.Kind.TO_CONTACT: "call",
    Event.Kind.PARTLY_FILLED: "people",
    Event.Kind.HIDDEN: "info",
    Event.Kind.RESTORED: "check",
}
TOLD = tuple(ICONS)


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
        Event.Kind.CIRCLE_OVER: _("Your request went to all neighbours"),
        Event.Kind.PARTLY_FILLED: _("It goes on with the neighbours who said yes"),
        Event.Kind.HIDDEN: _("Your request is hidden for now"),
        Event.Kind.RESTORED: _("Your request is visible again"),
    }
    if event.params.get("from_contact"):
        return _("You changed your request. We look for somebody again")
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


def _now(help_request: HelpRequest, now: datetime) -> Iterator[Line]:
    if help_request.status == Status.TAKEN:
        yield from _appointment(help_request, now)
        return
    if help_request.status != Status.OPEN:
        return
    late = _late(help_request, now)
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
        yield Line("now", "call", _with_contact(help_request, now))
    elif help_request.rung == Rung.VOLUNTEERS:
        yield Line(
            "now",
            "people",
            _("We are waiting for a volunteer"),
            detail=late or _still_on_board(help_request),
        )
    else:
        yield from _on_board(help_request, late)


def _with_contact(help_request: HelpRequest, now: datetime) -> str:
    name, until = _contact_name(help_request), help_request.owner_deadline_at
    if until is None or until < now:
        return _("%(name)s is helping to look and will call you") % {"name": name}
    before = saying.before_in_words(until, now, language())
    return _("%(name)s is helping to look and will call you before %(moment)s") % {"name": name, "moment": before}


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
    if help_request.audience != Audience.NEIGHBOURS:
        yield Line("now", "lock", _("Your request is not on the board"), detail=late)
        return
    others = Tally.others(help_request.village_id, help_request.author_id)
    if others < FEW:
        seen = _("A few neighbours can see your request")
    else:
        seen = _("%(count)s neighbours can see your request") % {"count": others}
    yield Line("now", "board", _("Your request is on the board"), detail=late or seen)


def _next(help_request: HelpRequest, now: datetime) -> Iterator[Line]:
    if help_request.status == Status.OPEN:
        steps = moments.steps_of(help_request)
        ahead = steps[moments.walked(help_request, steps) :]
        if ahead and ahead[0].rung == ladder.Rung.VOLUNTEERS and _waits_for_answer(help_request):
            ahead = ahead[1:]  # the ladder waits this step for the asker
        yield from _steps(help_request, ahead, help_request.waves_asked)
    elif help_request.status == Status.TAKEN:
        at = moments.ask_done_at(help_request)
        if at > now:
            yield Line("next", "heart", _("Then we ask: did it work out?"), at)


def _steps(help_request: HelpRequest, steps: list[ladder.Step], waves_asked: int) -> Iterator[Line]:
    """The next wave, the contact person and the end: later waves of the same kind say nothing new."""
    wave = next((step for step in steps if step.rung == ladder.Rung.VOLUNTEERS), None)
    contact = next((step for step in steps if step.rung == ladder.Rung.CONTACT), None)
    if steps and steps[0].rung == ladder.Rung.NEIGHBOURS:
        yield Line("next", "board", _opening(steps[0]), steps[0].at)
    if wave and not help_request.hidden_at:
        more = _("Nobody yet? Then we ask more volunteers")
        first = _("Nobody yet? Then we ask a few volunteers")
        yield Line("next", "people", more if waves_asked else first, wave.at)
    if contact:
        name = _contact_name(help_request)
        yield Line(
            "next",
            "call",
            _("Still nobody? %(name)s will help to look and call you") % {"name": name},
            contact.at,
        )
    yield Line("next", "heart", _("Done? Then we ask how it went"))


def _opening(step: ladder.Step) -> str:
    if step.why == ladder.Why.AT_ONCE:
        return _("There is little time. So all neighbours see your request too")
    return _("Nobody yet? Then your request goes to all neighbours")


def _waits_for_answer(help_request: HelpRequest) -> bool:
    """As ``offers.hold`` decides: offers wait, and none of them was waited for already."""
    if not help_request.offers_waiting:
        return False
    return not Offer.objects.waiting().filter(help_request=help_request, held_at__isnull=False).exists()


def _late(help_request: HelpRequest, now: datetime) -> str:
    if help_request.next_at is None or help_request.next_at > now - LATE:
        return ""
    return _("This step is later than we said. We are working on it")


def _still_on_board(help_request: HelpRequest) -> str:
    return _("Neighbours can still help too") if help_request.audience == Audience.NEIGHBOURS else ""


def _contact_name(help_request: HelpRequest) -> str:
    contact = help_request.village.contact_person
    return contact.name if contact else "SamSam"
