"""What people and the clock do with a request.

Each verb is one transaction: lock the row, look, write the state (through ``transitions``) with its event and its
messages. Lock order everywhere: the asker, requests by pk, asks, the village when volunteers are
chosen, volunteers, tallies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import CLOCK, Actor
from accounts.models import User
from requests_app import (
    appointments,
    circle_notices,
    contact_notices,
    first_word,
    group_notices,
    moments,
    notices,
    pace,
    places,
    stand_by,
    transitions,
)
from requests_app.addresses import address_of, save_address
from requests_app.models import Event, HelpRequest, PickUp, Policy, Status
from requests_app.models.help_request import BEFORE_VOLUNTEERS, OWN_CIRCLE
from requests_app.record import record
from requests_app.texts import BEEN_ALREADY, CIRCLE_EMPTY, GONE, HAS_BEEN, PAST_DAY
from requests_app.transitions import NotAllowed
from villages import switching
from volunteers import asking

PUT_BACK_WITHIN = timedelta(days=1)
# What may be changed once posted: not the category, whose policy runs, and not who sees it.
EDITABLE = (
    "title",
    "text",
    "part",
    "help_on",
    "help_at",
    "minutes",
    "place",
    "place_text",
    "slots",
    "street",
)
MOMENT = {"part", "help_on", "help_at"}


@transaction.atomic
def ask(pk: int, *, actor: Actor, now: datetime) -> HelpRequest:
    """Post a draft: it stands on the board and its ladder starts. Posting twice changes nothing."""
    _lock_author(pk)
    help_request = transitions.lock(pk)
    if help_request.status in {Status.OPEN, Status.TAKEN}:
        return help_request
    if help_request.status != Status.DRAFT or not (help_request.category and help_request.part):
        raise NotAllowed(GONE)
    if not switching.stays_on(help_request.village_id):
        raise NotAllowed(_("SamSam is not in this village yet"))
    pace.check_requests(help_request.author, now)
    pace.check_open(help_request)
    help_request.policy = Policy.objects.current(help_request.municipality, help_request.category)
    help_request.needed_by = moments.needed_by(help_request, now)
    if help_request.needed_by <= now:
        raise NotAllowed(PAST_DAY)
    if help_request.audience in OWN_CIRCLE and not help_request.circle_invites.welcome().exists():
        raise NotAllowed(CIRCLE_EMPTY)
    if help_request.audience in OWN_CIRCLE:
        pace.check_circle_mails(help_request.author, now)
    help_request.title = help_request.title or str(help_request.get_category_display())
    help_request.posted_at = now
    transitions.put_on_board(help_request, now, "policy", "needed_by", "title", "posted_at")
    notices.posted(record(help_request, Event.Kind.POSTED, actor, now), help_request)
    circle_notices.asked(help_request, now)
    return help_request


@transaction.atomic
def edit(pk: int, *, changes: Mapping[str, Any], actor: Actor, now: datetime) -> HelpRequest:
    """Change a posted request; who comes or was asked is told. A new moment starts a new window.

    Neighbours and volunteers who could not on the old day may well be free on the new one, so a new window also takes
    it back from the contact person, who hears that: for the asker that is a whole new chance, and the contact person
    comes back at the end of it.

    Fewer people than are coming is refused; more than that looks for the rest again.
    """
    help_request = transitions.lock(pk)
    if help_request.status not in {Status.OPEN, Status.TAKEN}:
        raise NotAllowed(GONE)
    fields = [name for name in EDITABLE if name in changes and getattr(help_request, name) != changes[name]]
    address_changes = "address" in changes and changes["address"] != address_of(help_request)
    if not fields and not address_changes:
        return help_request
    for name in fields:
        setattr(help_request, name, changes[name])
    if help_request.slots < help_request.slots_taken:
        raise NotAllowed(_fewer_than_coming(help_request))
    help_request.version += 1
    had_it = help_request.owner
    transitions.save(help_request, "version", *fields)
    if address_changes:
        save_address(help_request, changes["address"])
    moves = bool(MOMENT & set(fields))
    if moves:
        _move_moment(help_request, now)
    # What goes on with fewer people than were asked is not opened again by other words.
    asks_for_more = moves or "slots" in fields
    if asks_for_more and help_request.status == Status.TAKEN and help_request.slots > help_request.slots_taken:
        transitions.look_again(help_request, now)
    elif help_request.status == Status.OPEN and help_request.slots == help_request.slots_taken:
        transitions.complete(help_request, now)
    first_word.ask(help_request, now)
    taken_back = had_it if help_request.status == Status.OPEN and help_request.owner is None else None
    params = {"from_contact": 1} if taken_back else {}
    event = record(help_request, Event.Kind.EDITED, actor, now, **params)
    notices.changed(event, help_request)
    circle_notices.changed(event, help_request)
    group_notices.changed(event, help_request)
    contact_notices.changed(event, help_request, list(help_request.pick_ups.filter(ended_at=None)))
    if taken_back:
        notices.from_contact(event, help_request, taken_back)
    return help_request


@transaction.atomic
def give_back(pk: int, *, helper: User, actor: Actor, now: datetime) -> HelpRequest:
    """The helper can't make it after all: their place is free again and the ladder goes on from here.

    Refused once it has been: there is nothing to give back any more.
    """
    help_request = transitions.lock(pk)
    pick_up = help_request.pick_ups.filter(helper=helper, ended_at=None).first()
    if pick_up is None or help_request.status not in {Status.OPEN, Status.TAKEN}:
        raise NotAllowed(GONE)
    if places.has_been(help_request, now):
        raise NotAllowed(HAS_BEEN)
    places.free_place(help_request, pick_up, PickUp.End.GIVEN_BACK, now)
    event = record(help_request, Event.Kind.GIVEN_BACK, actor, now, pick_up=pick_up.pk)
    notices.given_back(event, help_request, helper)
    return help_request


@transaction.atomic
def call_off(pk: int, *, pick_up_pk: int, actor: Actor, now: datetime) -> HelpRequest:
    """The asker does not need this helper after all, who is told; somebody else is looked for. Twice: a no-op.

    Refused once it has been, as giving back is: then we ask how it went.
    """
    help_request = transitions.lock(pk)
    pick_up = help_request.pick_ups.filter(pk=pick_up_pk).select_related("helper", "contact").first()
    if pick_up is None or help_request.status not in {Status.OPEN, Status.TAKEN}:
        raise NotAllowed(GONE)
    if pick_up.ended_at:
        return help_request
    if places.has_been(help_request, now):
        raise NotAllowed(BEEN_ALREADY)
    places.free_place(help_request, pick_up, PickUp.End.CALLED_OFF, now)
    event = record(help_request, Event.Kind.CALLED_OFF, actor, now, pick_up=pick_up.pk)
    _tell_called_off(event, help_request, [pick_up])
    return help_request


@transaction.atomic
def finish(pk: int, *, worked: bool, partly: bool = False, actor: Actor, now: datetime) -> HelpRequest:
    """It is done, or ``partly``, or it did not work out: then the contact person hears it. Twice changes nothing.

    Who still had to come hears that it is done already.
    """
    help_request = transitions.lock(pk)
    if help_request.status == Status.DONE:
        return help_request
    active = list(help_request.pick_ups.filter(ended_at=None).select_related("help_request", "helper", "contact"))
    early = [pick_up for pick_up in active if moments.is_ahead(pick_up, now)]
    transitions.close(help_request, Status.DONE, now)
    for pick_up in active:
        places.end(pick_up, PickUp.End.DONE, now)
    transitions.stop_the_bell(help_request, now)
    well = Event.Kind.PARTLY_DONE if partly else Event.Kind.FINISHED
    event = record(help_request, well if worked else Event.Kind.NOT_DONE, actor, now)
    notices.done_early(event, help_request, [pick_up.helper for pick_up in early if pick_up.helper])
    circle_notices.called_off(event, help_request, early)
    group_notices.called_off(event, help_request, early)
    contact_notices.changed(event, help_request, early)
    if not worked:
        notices.not_done(event, help_request)
    return help_request


@transaction.atomic
def withdraw(pk: int, *, settled: bool = False, actor: Actor, now: datetime) -> HelpRequest:
    """The asker takes it off the board; who would come is told. It can be put back for a day.

    ``settled``: because it worked out in another way.
    """
    help_request = transitions.lock(pk)
    if help_request.status == Status.WITHDRAWN:
        return help_request
    active = list(help_request.pick_ups.filter(ended_at=None).select_related("helper", "contact"))
    help_request.slots_taken = 0
    transitions.close(help_request, Status.WITHDRAWN, now, "slots_taken")
    for pick_up in active:
        places.end(pick_up, PickUp.End.CALLED_OFF, now)
        if pick_up.helper_id:
            asking.give_up(pick_up.helper_id, help_request.pk, now)
    transitions.stop_the_bell(help_request, now)
    params = {"settled": 1} if settled else {}
    event = record(help_request, Event.Kind.WITHDRAWN, actor, now, **params)
    _tell_called_off(event, help_request, active)
    return help_request


@transaction.atomic
def put_back(pk: int, *, actor: Actor, now: datetime) -> HelpRequest:
    """Undo a withdrawal within a day, while its moment is still to come. Not as one more than may be open."""
    _lock_author(pk)
    help_request = transitions.lock(pk)
    if help_request.status == Status.OPEN:
        return help_request
    closed_at, needed_by = help_request.closed_at, help_request.needed_by
    if help_request.status != Status.WITHDRAWN or closed_at is None or needed_by is None:
        raise NotAllowed(GONE)
    if not switching.stays_on(help_request.village_id):
        raise NotAllowed(_("SamSam is not in this village yet"))
    if now >= min(closed_at + PUT_BACK_WITHIN, needed_by):
        raise NotAllowed(_("You could put it back until yesterday"))
    pace.check_open(help_request)
    help_request.closed_at = None
    help_request.volunteers_first = help_request.rung not in BEFORE_VOLUNTEERS
    transitions.put_on_board(help_request, now, "closed_at")
    circle_notices.asked(help_request, now)
    record(help_request, Event.Kind.PUT_BACK, actor, now)
    return help_request


def lapse(help_request: HelpRequest, now: datetime) -> None:
    """The moment has come and nobody was found: the asker is told, the team sees it. For the clock, row locked."""
    transitions.close(help_request, Status.LAPSED, now)
    asking.end_in_silence(help_request.pk, notices.unheard(help_request), now)
    notices.lapsed(record(help_request, Event.Kind.LAPSED, CLOCK, now), help_request)


def go_on_with_fewer(help_request: HelpRequest, now: datetime) -> None:
    """The moment has come and some of the group were found: it goes on as it is. For the clock, row locked."""
    transitions.complete(help_request, now)
    helpers = User.objects.filter(pick_ups__in=help_request.pick_ups.filter(ended_at=None))
    notices.partly_filled(record(help_request, Event.Kind.PARTLY_FILLED, CLOCK, now), help_request, helpers)


def _move_moment(help_request: HelpRequest, now: datetime) -> None:
    help_request.needed_by = moments.needed_by(help_request, now)
    if help_request.needed_by <= now:
        raise NotAllowed(PAST_DAY)
    appointments.start_over(help_request, now)
    if help_request.status == Status.OPEN:
        help_request.volunteers_first = help_request.rung not in BEFORE_VOLUNTEERS
        transitions.start_window(help_request, now)
        help_request.next_at = _when_first_word_ends(help_request)
    else:
        help_request.next_at = moments.ask_done_at(help_request)
    transitions.save(help_request, "needed_by", *transitions.WINDOW)


def _when_first_word_ends(help_request: HelpRequest) -> datetime | None:
    """The next moment of a new window: who was asked first keeps their word, as far as the contact person's moment."""
    until = stand_by.first_word_until(help_request)
    if not (until and help_request.needed_by):
        return help_request.next_at
    return min(until, moments.contact_at(help_request) or help_request.needed_by)


def _tell_called_off(event: Event, help_request: HelpRequest, pick_ups: Sequence[PickUp]) -> None:
    notices.called_off(event, help_request, [pick_up.helper for pick_up in pick_ups if pick_up.helper])
    circle_notices.called_off(event, help_request, pick_ups)
    group_notices.called_off(event, help_request, pick_ups)
    contact_notices.changed(event, help_request, pick_ups)


def _lock_author(pk: int) -> None:
    """Before the request, as everywhere: of two that one person posts at once the second counts the first."""
    author = HelpRequest.objects.filter(pk=pk).values("author")
    User.objects.select_for_update(no_key=True).only("pk").get(pk__in=author)


def _fewer_than_coming(help_request: HelpRequest) -> str:
    coming = help_request.slots_taken
    return _("%(count)s people are already coming. Choose %(count)s or more") % {"count": coming}
