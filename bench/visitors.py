"""Neighbours who ask and help all the time, over HTTP, and remember every yes that the site said to them."""

from __future__ import annotations

import http.client
import itertools
import threading
import time
from collections import Counter
from http import HTTPStatus

from django.urls import reverse

from accounts.models import User
from bench import seed
from bench.doors import Answer, Door, session_of
from bench.figure import dosed, is_taste
from requests_app import pace
from requests_app.models import Event, HelpRequest
from villages.models import Residency

PAIRS = 1 if is_taste() else 3
BREATH = 0.3 if is_taste() else 0.1  # seconds between two buttons: the machine has other things to do
ASKERS = dosed(150, least=2)  # of each pair one after another: nobody posts all day long
PATIENCE = 10.0  # seconds for one answer
WHAT = {"category": "groceries", "text": "Kan iemand mijn boodschappen halen?", "title": "", "slots": "1"}
WHEN = {"day": "any", "minutes": "30", "place": "home", "address": "Voorstraat 12"}
WHO = {"audience": "neighbours", "match_mode": "first"}
Yes = tuple[int, str, int]  # the request, what happened, by whom


class Pair(threading.Thread):
    """One asks, another helps, cannot after all, and it is taken off the board; and again, until told to stop."""

    def __init__(self, askers: list[User], helper: User) -> None:
        super().__init__(daemon=True)
        self.sessions = {person: session_of(person) for person in (*askers, helper)}
        self.askers = itertools.cycle(asker for asker in askers for _ in range(pace.MOST_REQUESTS - 1))
        self.helper = helper
        self.doors: dict[User, Door] = {}
        self.yes: list[Yes] = []  # what the site said yes to
        self.seen: Counter[str] = Counter()  # answers 5xx, and lines that broke
        self.on_its_way: Door | None = None  # pressed, and no answer yet
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set():
            self._one_request()

    def port(self) -> int:
        """From which the button was pressed that has no answer yet; 0: none."""
        door = self.on_its_way
        try:
            return int(door.line.getsockname()[1]) if door else 0
        except OSError:
            return 0

    def _one_request(self) -> None:
        asker = next(self.askers)
        begun = self._press(asker, reverse("ask"), **WHAT)
        pk = next(int(part) for part in begun.place.split("/") if part.isdecimal())
        self._press(asker, reverse("ask_when", args=[pk]), **WHEN)
        self._press(asker, reverse("ask_who", args=[pk]), **WHO)
        self._say(Event.Kind.POSTED, "ask_check", asker, pk)
        self._say(Event.Kind.PICKED_UP, "take", self.helper, pk)
        self._say(Event.Kind.GIVEN_BACK, "give_back", self.helper, pk)
        self._say(Event.Kind.WITHDRAWN, "withdraw", asker, pk)

    def _say(self, what: str, button: str, person: User, pk: int) -> None:
        answer = self._press(person, reverse(button, args=[pk]))
        if answer.place == reverse("help_request", args=[pk]):
            self.yes.append((pk, what, person.pk))
        else:
            self.seen[f"sent to {answer.place or answer.status}"] += 1

    def _press(self, person: User, path: str, **fields: str) -> Answer:
        """As often as it takes: who gets no answer tries again, as people do."""
        while True:
            time.sleep(BREATH)
            try:
                answer = self._once(person, path, fields)
            except (OSError, http.client.HTTPException):
                self.seen["broken"] += 1
                self._hang_up(person)
                continue
            if answer.status == HTTPStatus.FOUND:
                return answer
            self.seen["5xx" if answer.failed else f"answer {answer.status} at {path.split('/')[-2]}"] += 1

    def _once(self, person: User, path: str, fields: dict[str, str]) -> Answer:
        if person not in self.doors:
            self.doors[person] = Door(person, self.sessions[person], patience=PATIENCE)
        door = self.doors[person]
        door.hold(path, **fields)
        self.on_its_way = door
        try:
            door.go()
            return door.answer()
        finally:
            self.on_its_way = None

    def _hang_up(self, person: User) -> None:
        if door := self.doors.pop(person, None):
            door.close()


class Visitors:
    """A few pairs at a time, of a village where no volunteer lives."""

    def __init__(self) -> None:
        self.village = seed.village(neighbours=PAIRS * (ASKERS + 1))
        homes = Residency.objects.filter(village=self.village).select_related("user").order_by("pk")
        people = [home.user for home in homes]
        self.pairs = [Pair(people[number::PAIRS][1:], people[number]) for number in range(PAIRS)]

    def start(self) -> None:
        for pair in self.pairs:
            pair.start()

    def stop(self) -> None:
        for pair in self.pairs:
            pair.stopped.set()
        for pair in self.pairs:
            pair.join(120)

    def yes(self) -> list[Yes]:
        return [one for pair in self.pairs for one in pair.yes]

    def seen(self) -> Counter[str]:
        return sum((pair.seen for pair in self.pairs), Counter())

    def on_their_way(self) -> list[int]:
        """The ports of the buttons that have no answer yet."""
        return [port for pair in self.pairs if (port := pair.port())]

    def lost(self) -> list[Yes]:
        """What the site said yes to, and does not know of."""
        pks = HelpRequest.objects.filter(village=self.village)
        known = set(Event.objects.filter(help_request__in=pks).values_list("help_request", "kind", "by"))
        return [one for one in self.yes() if one not in known]
