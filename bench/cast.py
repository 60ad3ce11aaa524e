"""A village with somebody in every role and something to see for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from accounts.actors import web
from accounts.models import User
from bench import seed
from requests_app import circle_links, escalation, going, groups, offers
from requests_app.models import Audience, HelpRequest, Part, What
from tests import make
from villages.models import Village

NOWHERE = ("admin:", "__", "static")


@dataclass(frozen=True)
class Cast:
    village: Village
    people: dict[str, User | None]
    requests: list[HelpRequest]
    others: dict[str, list[str]]  # the addresses of what else has a page, by the name of that page

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
    others = [
        reverse("call_off", args=[taken.pk, taken.pick_ups.get().pk]),
        *(reverse("report", args=[kind, pk]) for kind, pk in (("request", taken.pk), ("person", asker.pk))),
        *_of_circle(village, volunteer.user, now),
        *_of_group(village, helper, now),
        *_of_spare_offer(village, helper, volunteer.user, now),
    ]
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
    return Cast(village, people, [taken, group, asked, draft], _by_name(others))


def _of_circle(village: Village, owner: User, now: datetime) -> list[str]:
    els = make.in_circle(owner, "Els", now=now)
    asked = make.circle_request(village, els, author=owner, now=now, part=Part.ANY, help_on=None)
    links = [*map(circle_links.path, asked.circle_invites.all()), circle_links.stop_path(els.fingerprint)]
    return [*links, *(reverse(name, args=[els.pk]) for name in ("circle_change", "circle_remove"))]


def _of_group(village: Village, host: User, now: datetime) -> list[str]:
    """Something lies before it, and who has no phone takes part."""
    group = make.group(village, "het Klokhuis", host=host, members=("Jan",))
    person = group.members.get()
    asked = make.help_request(village, now=now, audience=Audience.GROUP, part=Part.ANY, help_on=None, slots=3)
    escalation.sweep(now)
    groups.say_yes_for(asked.pk, member=person.pk, host=host, actor=web(host), now=now)
    pages = [reverse(name, args=[group.pk]) for name in ("group", "group_people", "group_list")]
    return [*pages, reverse("group_remove", args=[group.pk, person.pk])]


def _of_spare_offer(village: Village, driver: User, joins: User, now: datetime) -> list[str]:
    spare = make.spare_offer(village, author=driver, now=now, places=2, leaves_at=now + timedelta(days=1))
    going.take(spare.pk, taker=joins, what=What.GROCERIES, now=now)
    names = ("spare_offer", "spare_take", "spare_give_back", "spare_wish", "spare_change", "spare_call_off")
    return [reverse(name, args=[spare.pk]) for name in names]


def _by_name(paths: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        found[resolve(path).view_name].append(path)
    return found


def patterns() -> Iterator[tuple[str, list[str]]]:
    """The names of our pages, with the names of what each needs in its address."""
    for name, words in _walk(get_resolver().url_patterns, ""):
        if name and not name.startswith(NOWHERE):
            yield name, words


def addresses(cast: Cast, name: str, words: list[str]) -> list[str]:
    """That page of everything there is in this village."""
    if name in cast.others:
        return cast.others[name]
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
