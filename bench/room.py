"""Thirty neighbours, who asks and who moderates, each at a screen; and whether screens and database agree."""

from __future__ import annotations

import contextlib
import random
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.html import escape

from accounts.actors import web
from accounts.models import StaffRole, User
from bench import seed
from bench.doors import AT_ONCE, Answer, Door, Press, at_once, session_of
from requests_app import lifecycle
from requests_app.models import ACTIVE, HelpRequest, PickUp, Status
from requests_app.texts import GROUP_FULL, TOO_LATE
from tests import team
from villages.models import Residency, Village

VOLUNTEERS = 5
# Seconds that one may be earlier: as much as a page takes, and on a busy machine that is ten times as much.
FIRST_LEAD, LONGEST_LEAD, A_BIT = 0.1, 1.0, 1.2
CHANCE = random.Random(2026)


@dataclass(frozen=True)
class Round:
    """How one round ended, in a word; what was not as specified; and answers 5xx."""

    end: str
    wrong: list[str]
    failed: int


class Room:
    """The people of one village, with as many tabs as they need; all stay open between rounds."""

    def __init__(self, village: Village) -> None:
        self.village = village
        homes = Residency.objects.filter(village=village).select_related("user").order_by("pk")
        people = [home.user for home in homes]
        self.neighbours, self.author = people[VOLUNTEERS : VOLUNTEERS + AT_ONCE], people[-1]
        self.moderator = team.colleague(village.municipality, kind=StaffRole.Kind.COORDINATOR)
        self._lead, self._ends = FIRST_LEAD, Counter[str]()
        self._tabs: dict[tuple[User, int], Door] = {}
        self._sessions: dict[User, str] = {}

    def tab(self, user: User, number: int = 0) -> Door:
        if user not in self._sessions:
            at_work = user.is_staff
            cookies = team.at_work(user).cookies if at_work else {}
            self._sessions[user] = cookies[settings.SESSION_COOKIE_NAME].value if at_work else session_of(user)
        if (user, number) not in self._tabs:
            self._tabs[user, number] = Door(user, self._sessions[user])
        return self._tabs[user, number]

    def close(self) -> None:
        for door in self._tabs.values():
            door.close()

    @contextlib.contextmanager
    def request(self, **changes: Any) -> Iterator[HelpRequest]:
        """A fresh one on the board; afterwards it is off it, so that no round meets that of another."""
        now = timezone.now()
        slots = changes.pop("slots", 1)
        seed.open_requests(self.village, 1, now=now, next_at=now + timedelta(hours=1), slots=slots)
        help_request = HelpRequest.objects.latest("pk")
        if changes:
            HelpRequest.objects.filter(pk=help_request.pk).update(**changes)
        yield help_request
        help_request.refresh_from_db()
        if help_request.status in ACTIVE:
            lifecycle.withdraw(help_request.pk, actor=web(self.author), now=timezone.now())

    def takes(self, help_request: HelpRequest, people: Collection[User]) -> list[Press]:
        return [Press(self.tab(person), reverse("take", args=[help_request.pk])) for person in people]

    def race(self, presses: list[Press], *against: Press) -> tuple[list[Answer], list[Answer]]:
        """All at once; every other time ``against`` is a little earlier, so that each end has its chance.

        How much is learned from the ends of earlier rounds (``judge``): more after the end that comes most, else less.
        """
        order = list(enumerate(presses))
        CHANCE.shuffle(order)
        is_early = CHANCE.random() < 0.5
        for number, press in enumerate(against, start=len(presses)):
            order.insert(0 if is_early else CHANCE.randrange(5), (number, press))
        early, lead = (len(against), CHANCE.uniform(0, self._lead)) if is_early else (0, 0.0)
        given = at_once([press for _, press in order], early=early, lead=lead)
        seen = dict(zip([number for number, _ in order], given, strict=True))
        return [seen[number] for number in range(len(presses))], [seen[len(presses) + n] for n in range(len(against))]

    def judge(
        self,
        help_request: HelpRequest,
        end: str,
        rules: dict[str, bool],
        takes: list[Press],
        seen: list[Answer],
        *others: Answer,
        kindly: Collection[int] = (HTTPStatus.CONFLICT,),
    ) -> Round:
        """The rules of this race and those of all: who got a yes has it, the others a friendly page, the pages agree.

        ``kindly`` is how a yes that came too late may be answered: 409 in plain words, 404 for what one may not see
        any more, 302 back to the page with a word of why not.
        """
        yes = {press.door.user.pk for press, one in zip(takes, seen, strict=True) if one.done}
        ever = set(help_request.pick_ups.values_list("helper", flat=True))
        rules |= {
            "who got a yes has, or had, a place": yes <= ever,
            "others get a friendly page": all(one.done or _is_kind(one, kindly) for one in seen),
            "the places add up": _adds_up(help_request),
            "the screens agree": self._agree(help_request),
        }
        self._ends[end] += 1
        is_most = self._ends[end] == max(self._ends.values())
        self._lead = min(self._lead * A_BIT if is_most else self._lead / A_BIT, LONGEST_LEAD)
        failed = sum(one.failed for one in [*seen, *others])
        return Round(end, [rule for rule, holds in rules.items() if not holds], failed)

    def _agree(self, help_request: HelpRequest) -> bool:
        """Who asked sees exactly who comes, and who comes sees that they do."""
        coming = active(help_request)
        page = self.tab(self.author).look(reverse("help_request", args=[help_request.pk])).page
        named = {int(pk) for pk in re.findall(rf"/vragen/{help_request.pk}/afspraak/(\d+)/afzeggen/", page)}
        undo = f'action="{reverse("put_back", args=[help_request.pk])}"' in page
        if named != {pick_up.pk for pick_up in coming} or undo != (help_request.status == Status.WITHDRAWN):
            return False
        return all(self.helps(pick_up.helper, help_request) for pick_up in coming)

    def helps(self, person: User, help_request: HelpRequest) -> bool:
        """Whether this person's own page says that they come."""
        page = self.tab(person).look(reverse("help_request", args=[help_request.pk])).page
        return reverse("give_back", args=[help_request.pk]) in page


def active(help_request: HelpRequest) -> list[PickUp]:
    return list(help_request.pick_ups.filter(ended_at=None).select_related("helper").order_by("slot"))


def sorry(message: Promise) -> str:
    """How the page begins that says somebody was just before you."""
    with translation.override("nl"):
        return escape(str(message).partition(". ")[0])


def _is_kind(one: Answer, kindly: Collection[int]) -> bool:
    if one.status not in kindly:
        return False
    if one.status == HTTPStatus.CONFLICT:
        # Its number of places may have changed meanwhile.
        return sorry(TOO_LATE) in one.page or sorry(GROUP_FULL) in one.page
    return True


def _adds_up(help_request: HelpRequest) -> bool:
    places = [pick_up.slot for pick_up in active(help_request)]
    full = len(places) == help_request.slots
    is_right = {Status.OPEN: not full, Status.TAKEN: full, Status.WITHDRAWN: not places}
    return len(set(places)) == len(places) == help_request.slots_taken and is_right[Status(help_request.status)]
