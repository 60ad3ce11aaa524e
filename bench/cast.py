"""A village with somebody in every role and something to see for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.actors import web
from accounts.models import User
from bench import seed
from requests_app import escalation, offers
from requests_app.models import HelpRequest, Part
from tests import make
from villages.models import Village

NOWHERE = ("admin:", "__", "static")


@dataclass(frozen=True)
class Cast:
    village: Village
    people: dict[str, User | None]
    requests: list[HelpRequest]

    def browser(self, role: str, *, strict: bool = False) -> Client:
        client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False, enforce_csrf_checks=strict)
        person = self.people[role]
        if person:
            client.force_login(person)
        return client


def cast() -> Cast:
    seed.clear()
    now = timezone.now()
    village = make.village("Ulrum", quiet=False)
    asker, helper = make.neighbour(village, "Riet"), make.neighbour(village, "Joris")
    volunteer = make.volunteer(village, "Samira")

    def ask(**fields: object) -> HelpRequest:
        return make.help_request(village, author=asker, now=now, part=Part.ANY, help_on=None, **fields)

    taken, group, asked = ask(), ask(slots=3), ask()
    offers.say_yes(taken.pk, helper=helper, actor=web(helper), now=now)
    escalation.ask_volunteers_now(asked.pk, actor=web(asker), now=now)
    draft = make.draft(village, author=asker, now=now, part=Part.ANY, help_on=None)
    people = {
        "visitor": None,
        "newcomer": make.user("Nieuw"),
        "resident": make.resident(village, "Bram"),
        "asker": asker,
        "helper": helper,
        "volunteer": volunteer.user,
        "stranger": make.neighbour(make.village(quiet=False), "Ver"),
        "contact person": village.contact_person.user,
    }
    return Cast(village, people, [taken, group, asked, draft])


def patterns() -> Iterator[tuple[str, list[str]]]:
    """The names of our pages, with the names of what each needs in its address."""
    for name, words in _walk(get_resolver().url_patterns, ""):
        if name and not name.startswith(NOWHERE):
            yield name, words


def addresses(cast: Cast, name: str, words: list[str]) -> list[str]:
    """That page of everything there is in this village."""
    if words == ["pk"]:
        return [reverse(name, args=[help_request.pk]) for help_request in cast.requests]
    if words == ["slug"]:
        return [reverse(name, args=[cast.village.slug])]
    return [] if words else [reverse(name)]


def _walk(found: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, list[str]]]:
    for pattern in found:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}", list(pattern.pattern.converters)
