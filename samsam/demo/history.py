"""What was asked in Beesd in the months before: done long ago, so that there are figures to look at.

Made beside the verbs, as ``bulk`` does: every rule holds, nobody is told anything, nothing is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from accounts.actors import Road
from accounts.models import User
from requests_app.figures import counting
from requests_app.models import Event, HelpRequest, MatchMode, Part, PickUp, Policy, RequestAsk, Status
from requests_app.models.help_request import Rung
from requests_app.moments import local_moment
from samsam.demo.bulk import TITLES
from samsam.demo.hours import AMSTERDAM
from samsam.demo.people import CAST
from villages.models import Village
from volunteers.models import Ask, Volunteer

WEEKS = 37
A_WEEK = 9  # requests
UNTIL = timedelta(days=15)  # before that are the stories, and nobody's week is full
ASKED = 5  # volunteers, of whom one says yes: what the choice thinks of somebody new too
HOUR = timedelta(hours=1)
WAITS = (1, 2, 3, 5, 2, 14, 20, 4, 40)  # hours until somebody was found
HELPED = ("neighbour", "neighbour", "volunteer", "neighbour", "group", "volunteer", "neighbour", "neighbour")
ENDS = (*HELPED, "withdrawn", *HELPED, "team", *HELPED, "lapsed")
SINCE_THEN = {"lapsed": Status.LAPSED, "withdrawn": Status.WITHDRAWN}


@dataclass(frozen=True)
class Past:
    """One request of then, before it is in the database."""

    number: int
    ended: str
    posted_at: datetime

    @property
    def found_at(self) -> datetime:
        return self.posted_at + WAITS[(self.number + self.number // len(TITLES)) % len(WAITS)] * HOUR

    @property
    def closed_at(self) -> datetime:
        return self.posted_at + timedelta(days=7 if self.ended == "lapsed" else 2)


def tell(people: dict[str, User], policy: Policy, now: datetime) -> None:
    """Some three hundred requests, and the figures of them."""
    village = Village.objects.get(slug="beesd")
    names = [neighbour.name for neighbour in CAST if neighbour.village == "beesd" and neighbour.proven]
    neighbours = [people[name] for name in names[6:]]  # not those of the stories, whose own pages stay short
    volunteers = list(Volunteer.objects.filter(village=village, user__in=neighbours).order_by("pk"))
    past = list(_past(now))
    requests = HelpRequest.objects.bulk_create(
        HelpRequest(**_row(one, village, neighbours[one.number * 7 % len(neighbours)], policy)) for one in past
    )
    told = list(zip(past, requests, strict=True))
    pick_ups = _come(told, neighbours)
    _asked(told, volunteers, pick_ups)
    _happened(told, pick_ups, village)
    counting.count_municipality(village.municipality_id, now)


def _past(now: datetime) -> list[Past]:
    today = (now - UNTIL).astimezone(AMSTERDAM).date()
    found = []
    for number in range(WEEKS * A_WEEK):
        on = today - timedelta(days=number * 7 // A_WEEK)
        found.append(Past(number, ENDS[number % len(ENDS)], local_moment(on, time(9 + number % 9))))
    return found


def _row(one: Past, village: Village, author: User, policy: Policy) -> dict[str, object]:
    category, title, minutes = TITLES[(one.number * 4 + one.number // len(ENDS)) % len(TITLES)]
    slots = 2 if one.ended == "group" else 1
    return {
        "municipality_id": village.municipality_id,
        "village": village,
        "author": author,
        "street": "Voorstraat",
        "category": category,
        "title": title,
        "text": "Kan iemand mij hiermee helpen?",
        "part": Part.ANY,
        "needed_by": one.posted_at + timedelta(days=7),
        "minutes": minutes,
        "slots": slots,
        "slots_taken": slots if one.ended in HELPED else 0,
        "match_mode": MatchMode.FIRST,
        "status": SINCE_THEN.get(one.ended, Status.DONE),
        "created_at": one.posted_at,
        "posted_at": one.posted_at,
        "closed_at": one.closed_at,
        "policy": policy,
        "rung": {"team": Rung.CONTACT, "volunteer": Rung.VOLUNTEERS}.get(one.ended, Rung.NEIGHBOURS),
        "ladder_since": one.posted_at,
    }


def _come(told: list[tuple[Past, HelpRequest]], neighbours: list[User]) -> dict[int, list[PickUp]]:
    """Who came, by request."""
    rows = []
    for one, help_request in told:
        others = [person for person in neighbours if person.pk != help_request.author_id]
        for slot in range(1, help_request.slots_taken + 1):
            helper = others[(one.number * 11 + slot) % len(others)]
            row = PickUp(help_request=help_request, slot=slot, helper=helper, version=1, taken_at=one.found_at)
            row.ended_at, row.end = one.closed_at, PickUp.End.DONE
            rows.append(row)
    came: dict[int, list[PickUp]] = {}
    for row in PickUp.objects.bulk_create(rows):
        came.setdefault(row.help_request_id, []).append(row)
    return came


def _asked(told: list[tuple[Past, HelpRequest]], volunteers: list[Volunteer], came: dict[int, list[PickUp]]) -> None:
    """For what a volunteer took: who was asked, and what they said."""
    asks, links = [], []
    for one, help_request in told:
        if one.ended != "volunteer":
            continue
        helper = came[help_request.pk][0].helper_id
        said_yes = next(volunteer for volunteer in volunteers if volunteer.user_id == helper)
        others = [it for it in volunteers if it != said_yes and it.user_id != help_request.author_id]
        first = one.number * 3 % len(others)
        for volunteer in [said_yes, *(others[(first + more) % len(others)] for more in range(ASKED - 1))]:
            answer = Ask.Answer.YES if volunteer == said_yes else Ask.Answer.NO
            row = Ask(municipality_id=help_request.municipality_id, volunteer=volunteer, subject=help_request.pk)
            row.chance, row.answer = 0.2, answer
            row.asked_at, row.answered_at = one.posted_at, one.found_at
            asks.append(row)
            links.append(help_request)
    made = Ask.objects.bulk_create(asks)
    RequestAsk.objects.bulk_create(
        RequestAsk(help_request=help_request, ask=ask) for help_request, ask in zip(links, made, strict=True)
    )


def _happened(told: list[tuple[Past, HelpRequest]], came: dict[int, list[PickUp]], village: Village) -> None:
    """The events, in the order in which they happened."""
    contact = village.contact_person.user if village.contact_person else None
    rows = []
    for one, help_request in told:
        author = help_request.author
        rows.append(_event(help_request, Event.Kind.POSTED, one.posted_at, Status.OPEN, author))
        if one.ended == "team":
            rows.append(_event(help_request, Event.Kind.TO_CONTACT, one.found_at, Status.OPEN, None))
        for pick_up in came.get(help_request.pk, []):
            row = _event(help_request, Event.Kind.PICKED_UP, one.found_at, Status.TAKEN, pick_up.helper)
            row.params = {"pick_up": pick_up.pk}
            rows.append(row)
        last = {"lapsed": Event.Kind.LAPSED, "withdrawn": Event.Kind.WITHDRAWN}.get(one.ended, Event.Kind.FINISHED)
        by = {"lapsed": None, "team": contact}.get(one.ended, author)
        rows.append(_event(help_request, last, one.closed_at, help_request.status, by))
    Event.objects.bulk_create(sorted(rows, key=lambda row: row.at))


def _event(help_request: HelpRequest, kind: str, at: datetime, led_to: str, by: User | None) -> Event:
    return Event(
        municipality_id=help_request.municipality_id,
        help_request=help_request,
        kind=kind,
        status=led_to,
        by=by,
        road=Road.WEB if by else Road.CLOCK,
        policy_id=help_request.policy_id,
        at=at,
    )
