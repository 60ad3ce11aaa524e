"""The one way to walk: requests go one step up their ladder, a thousand or one, in the caller's transaction.

Rows locked by the caller. What they need is read, and what came of it is written, in a number of queries that does not
grow with them; only what closes a request, an offer that waits, or who stands by next, is done one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from accounts import bulk
from accounts.actors import CLOCK, Actor
from notifications import outbox
from requests_app import (
    circle,
    contact_hours,
    first_word,
    group_asks,
    group_notices,
    ladder,
    lifecycle,
    moments,
    notices,
    offers,
    waves,
)
from requests_app.models import Event, HelpRequest, Status
from requests_app.models.help_request import Rung
from requests_app.record import noted, record_many

WALKED = ("next_at", "waves_walked", "waves_asked", "rung", "owner_id", "owner_deadline_at", "owner_word_at")
STANDS = attrgetter("id", *WALKED)


class Course(NamedTuple):
    """The ladder of one request, worked out once: its steps, and how many of them are behind it."""

    help_request: HelpRequest
    steps: list[ladder.Step]
    walked: int


@dataclass
class Walk:
    """What came of it, to be written down at once: events, each with who is to be told, and where requests stand."""

    now: datetime
    said: list[tuple[Event, Callable[[], list[outbox.Fact]]]] = field(default_factory=list)
    moved: list[HelpRequest] = field(default_factory=list)

    def say(self, event: Event, tell: Callable[..., list[outbox.Fact]] | None = None, *about: object) -> None:
        """An event, and the notice of it: a function of the event, the request and more."""
        self.said.append((event, partial(tell, event, event.help_request, *about) if tell else list))

    def write(self) -> None:
        """All of it, in this transaction."""
        if self.moved:
            bulk.update(HelpRequest, WALKED, [STANDS(request) for request in self.moved])
        record_many([event for event, _ in self.said])
        outbox.enqueue_new([fact for _, facts in self.said for fact in facts()], now=self.now)


def walk(requests: Sequence[HelpRequest], now: datetime, actor: Actor) -> None:
    """Take of each the one step that is due, the first named first, and write the moment of the next."""
    came = Walk(now)
    plans = []
    for help_request in _wait_for_nobody(requests, now, actor):
        if help_request.status == Status.TAKEN:
            _walk_taken(came, help_request)
            continue
        steps = moments.steps_of(help_request)
        awake = moments.awake_in(help_request.village)
        step, walked = ladder.due(steps, moments.walked(help_request, steps), now, awake=awake)
        if step and step.rung == ladder.Rung.CLOSE:
            close = lifecycle.go_on_with_fewer if help_request.slots_taken else lifecycle.lapse
            close(help_request, now)
        else:
            plans.append((Course(help_request, steps, walked), step))
    # After what closes: who said nothing is left alone, and whom it kept busy may be asked.
    asking, gathering = [], []
    for course, step in plans:
        help_request = course.help_request
        if step and step.rung == ladder.Rung.NEIGHBOURS:
            circle.end_of_time(help_request, actor, now)
        elif step and step.rung == ladder.Rung.GROUP:
            gathering.append(help_request)
        elif step and step.rung == ladder.Rung.CONTACT:
            offers.expire(help_request, now)
            to_contact(came, help_request, actor)
        elif step and _asks_now(help_request, step, actor, now):
            asking.append(course)
    _put_before_groups(came, gathering, actor)
    _ask(came, asking, actor)
    for course, _ in plans:
        _goes_on(came, course)
    came.write()


def hand_over(help_request: HelpRequest, actor: Actor, now: datetime) -> None:
    """To the contact person now, whatever steps come before that. Row locked."""
    came = Walk(now)
    to_contact(came, help_request, actor)
    steps = moments.steps_of(help_request)
    _goes_on(came, Course(help_request, steps, moments.walked(help_request, steps)))
    came.write()


def to_contact(came: Walk, help_request: HelpRequest, actor: Actor) -> None:
    """The contact person has it from now on; where the village has none, only the asker hears of it."""
    contact = help_request.village.contact_person
    stopped = help_request.policy and help_request.policy.switched_off_at and help_request.rung != Rung.CONTACT
    off = {"off": 1} if stopped else {}
    help_request.rung = Rung.CONTACT
    if contact:
        help_request.owner = contact.user
        help_request.owner_deadline_at = moments.owner_deadline(help_request, came.now)
        help_request.owner_word_at = help_request.owner_deadline_at
    params = contact_hours.out_of_hours(help_request, came.now) | off
    came.say(noted(help_request, Event.Kind.TO_CONTACT, actor, came.now, **params), notices.to_contact)


def _goes_on(came: Walk, course: Course) -> None:
    """Its next moment, after the steps it walked."""
    help_request = course.help_request
    awake = moments.awake_in(help_request.village)
    help_request.next_at = ladder.next_at(course.steps, course.walked, came.now, awake=awake)
    came.moved.append(help_request)


def _wait_for_nobody(requests: Sequence[HelpRequest], now: datetime, actor: Actor) -> Sequence[HelpRequest]:
    """Without those that wait for who stands by next, whom the clock asks; who hurries it asks the next step."""
    opens = [help_request for help_request in requests if help_request.status == Status.OPEN]
    waits = first_word.ask_next(opens, now) if opens and actor == CLOCK else set()
    return [help_request for help_request in requests if help_request.pk not in waits]


def _asks_now(help_request: HelpRequest, wave: ladder.Step, actor: Actor, now: datetime) -> bool:
    """This wave is behind it now. False where the ladder waits this step for the asker's answer to an offer."""
    help_request.waves_walked = wave.wave
    return not (actor == CLOCK and offers.hold(help_request, now))


def _walk_taken(came: Walk, help_request: HelpRequest) -> None:
    """Somebody came: ask whether it worked out; a week later it is done by itself."""
    closes_at = moments.closes_itself_at(help_request)
    if came.now >= closes_at:
        lifecycle.finish(help_request.pk, worked=True, actor=CLOCK, now=came.now)
        return
    help_request.next_at = closes_at
    came.moved.append(help_request)
    came.say(noted(help_request, Event.Kind.ASKED_DONE, CLOCK, came.now), notices.ask_done)


def _put_before_groups(came: Walk, gathering: Sequence[HelpRequest], actor: Actor) -> None:
    """Each before the groups of its village. An offer that waits does not hold this: it disturbs nobody's week."""
    put = group_asks.put(gathering, came.now)
    for help_request in gathering:
        help_request.rung = Rung.GROUP
        groups, people = put[help_request.pk]
        if groups:
            event = noted(help_request, Event.Kind.TO_GROUP, actor, came.now, groups=groups)
            came.say(event, group_notices.asked, people)


def _ask(came: Walk, asking: Sequence[Course], actor: Actor) -> None:
    """A wave of each: the fewest volunteers that together reach its goal, fairly chosen and newly asked."""
    wanted = []
    for help_request, steps, walked in asking:
        help_request.rung = Rung.VOLUNTEERS
        numbers, wave = moments.numbers_for(help_request), help_request.waves_asked + 1
        aim = ladder.aim(numbers, steps, walked, wave)
        wanted.append(waves.Wanted(help_request, numbers, wave, *aim, until=ladder.until(steps, walked)))
    for (help_request, steps, _), asked in zip(asking, waves.ask(wanted, came.now), strict=True):
        if not asked:
            came.say(noted(help_request, Event.Kind.NOBODY_TO_ASK, actor, came.now))
            continue
        help_request.waves_asked += 1
        words = {"asked": len(asked), "wave": help_request.waves_asked}
        event = noted(help_request, Event.Kind.ASKED, actor, came.now, **words)
        came.say(event, notices.volunteers_asked, asked, moments.contact_among(help_request, steps))
