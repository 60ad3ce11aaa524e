"""Makers: the smallest real thing of each kind, through the verbs where there is one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from phonenumber_field.phonenumber import PhoneNumber

from accounts.actors import web
from accounts.models import Municipality, StaffRole, User
from moderation import reports, subjects
from moderation.models import Report
from requests_app import circle, drafts, going, lifecycle
from requests_app.categories import Category
from requests_app.models import (
    Audience,
    CircleContact,
    HelpRequest,
    MatchMode,
    Part,
    Policy,
    RequestAddress,
    SpareOffer,
    What,
)
from requests_app.models.help_request import OWN_CIRCLE
from villages.models import ContactPerson, Group, Host, Member, Place, Residency, Tally, Village
from volunteers.models import Ask, Volunteer

# A Tuesday in the Netherlands, 9.10 in the morning, in winter time: the moment of the design guide's example.
NOW = datetime(2026, 3, 10, 8, 10, tzinfo=UTC)
THURSDAY = date(2026, 3, 12)

_next, _codes = count(1), count(1)


def user(name: str = "", **fields: Any) -> User:
    """A person with an address at which mail is read."""
    number = next(_next)
    name = name or f"Buur{number}"
    fields.setdefault("email", f"{name.lower()}{number}@samsam.example")
    return User.objects.create_user(first_name=name, **fields)


def municipality(name: str = "") -> Municipality:
    number, code = next(_next), f"GM{next(_codes) % 10_000:04}"  # a code has four digits, and a bench very many places
    return Municipality.objects.create(code=code, name=name or f"Gemeente {number}", province="Drenthe")


def contact_person(of: Municipality, name: str = "Marieke") -> ContactPerson:
    """A staff member with a role in that municipality, and the face of its villages."""
    person = user(name, is_staff=True)
    StaffRole.objects.create(user=person, municipality=of, kind=StaffRole.Kind.CONTACT_PERSON)
    return ContactPerson.objects.create(
        municipality=of,
        user=person,
        name=name,
        phone="+31612345678",
        hours="Maandag tot en met vrijdag, 9.00 tot 17.00 uur",
    )


def village(
    name: str = "",
    *,
    on: bool = True,
    quiet: bool = True,
    of: Municipality | None = None,
) -> Village:
    """A village with a contact person, switched on; ``quiet=False``: nobody sleeps there."""
    number = next(_next)
    place = of or municipality()
    hours = {} if quiet else {"quiet_from": time(0), "quiet_until": time(0)}
    return Village.objects.create(
        municipality=place,
        name=name or f"Dorp {number}",
        slug=f"dorp-{number}",
        contact_person=contact_person(place),
        switched_on_at=NOW - timedelta(days=30) if on else None,
        **hours,
    )


def resident(of: Village, name: str = "", *, street: str = "Voorstraat", **fields: Any) -> User:
    """Somebody who says they live there, not confirmed yet: may ask, may not see the board."""
    person = user(name, **fields)
    Residency.objects.create(
        user=person,
        village=of,
        municipality=of.municipality,
        street=street,
        claimed_at=NOW - timedelta(days=30),
    )
    return person


def neighbour(of: Village, name: str = "", *, street: str = "Voorstraat", **fields: Any) -> User:
    """Somebody who is known to live there: sees the board and may help."""
    person = resident(of, name, street=street, **fields)
    Residency.objects.filter(user=person).update(
        proof=Residency.Proof.CODE,
        confirmed_at=NOW - timedelta(days=30),
        expires_at=datetime(2040, 1, 1, tzinfo=UTC),
    )
    Tally.add(of.pk, neighbours=1)
    return person


def volunteer(of: Village, name: str = "", *, categories: list[str] | None = None, **fields: Any) -> Volunteer:
    """A neighbour who may be asked, for everything unless said otherwise; welcomed lately."""
    return Volunteer.objects.create(
        user=neighbour(of, name),
        village=of,
        municipality=of.municipality,
        categories=list(Category.values) if categories is None else categories,
        **{"joined_at": NOW - timedelta(days=30), "approved_at": NOW - timedelta(days=5), **fields},
    )


def ask(of: Volunteer, subject: int = 0, **fields: Any) -> Ask:
    """Something this volunteer was asked before, answered unless said otherwise."""
    at = fields.pop("asked_at", NOW - timedelta(days=20))
    answer = fields.setdefault("answer", Ask.Answer.NO)
    return Ask.objects.create(
        volunteer=of,
        municipality=of.municipality,
        subject=subject or -next(_next),
        chance=0.2,
        asked_at=at,
        answered_at=None if answer == Ask.Answer.OPEN else at,
        **fields,
    )


def policy(of: Municipality, **numbers: Any) -> Policy:
    """A next version of this municipality's numbers."""
    version = Policy.objects.filter(municipality=of, category=numbers.get("category", "")).count() + 1
    return Policy.objects.create(municipality=of, version=version, **numbers)


def draft(of: Village, *, author: User | None = None, now: datetime = NOW, **fields: Any) -> HelpRequest:
    """A complete draft: groceries on Thursday afternoon, half an hour, at home; who can first is fine."""
    person = author or neighbour(of, "Riet")
    address = fields.pop("address", "Voorstraat 12")
    words = {
        "category": Category.GROCERIES,
        "title": "Boodschappen van de Spar",
        "text": "Kan iemand mijn boodschappen halen?",
        "part": Part.AFTERNOON,
        "help_on": THURSDAY,
        "minutes": 30,
        "street": "Voorstraat",
        "match_mode": MatchMode.FIRST,
    }
    help_request = drafts.begin(person, of, now)
    return drafts.save_draft(help_request.pk, author=person, changes={**words, "address": address, **fields})


def help_request(of: Village | None = None, *, now: datetime = NOW, due: bool = False, **fields: Any) -> HelpRequest:
    """A posted request, at ``now``; ``due``: its next step has come."""
    posted = draft(of or village(), now=now, **fields)
    if posted.audience in OWN_CIRCLE:
        circle.choose(posted.pk, owner=posted.author, contacts=[in_circle(posted.author, now=now).pk])
    posted = lifecycle.ask(posted.pk, actor=web(posted.author), now=now)
    if due:
        HelpRequest.objects.filter(pk=posted.pk).update(next_at=now)
    return HelpRequest.objects.select_related("village__contact_person", "author").get(pk=posted.pk)


def report(of: HelpRequest, *, reporter: User | None = None, now: datetime = NOW, **fields: Any) -> Report:
    """A neighbour tells us that something is not right with it: somebody is unkind, unless said otherwise."""
    person = reporter or neighbour(of.village)
    subject = subjects.find("request", of.pk, person)
    assert subject, "this person may not see it"
    return reports.report(subject, reporter=person, **{"reason": "unkind", "text": "", **fields}, now=now)


def spare_offer(
    of: Village | None = None, *, author: User | None = None, now: datetime = NOW, **words: Any
) -> SpareOffer:
    """Joris goes to the Spar anyway, on Thursday at 14:00; one neighbour may get groceries along."""
    place = of or village()
    answers = {
        "kind": SpareOffer.Kind.GOING,
        "title": "de Spar",
        "what": [What.GROCERIES],
        "places": 1,
        "leaves_at": datetime(2026, 3, 12, 13, tzinfo=UTC),
        "note": "Ik rijd voor bij de kerk",
    }
    return going.post(place, author=author or neighbour(place, "Joris"), words=answers | words, now=now)


def group(
    of: Village,
    name: str = "Klokhuis",
    *,
    host: User | None = None,
    members: tuple[User | str, ...] = (),
    **fields: Any,
) -> Group:
    """People who meet at the Klokhuis and do everything, with a host; members are neighbours, or a first name."""
    place, _ = Place.objects.get_or_create(
        village=of, municipality=of.municipality, name=name, defaults={"meets": "donderdag 10.00-12.00"}
    )
    made = Group.objects.create(
        place=place, name=f"Groep {next(_next)}", **{"categories": list(Category.values)} | fields
    )
    Host.objects.create(group=made, user=host or neighbour(of, "Hanna"))
    for who in members:
        Member.objects.create(group=made, **({"name": who} if isinstance(who, str) else {"user": who}))
    of.refresh_from_db(fields=["group_categories"])
    return made


def address_of(help_request: HelpRequest) -> str:
    return RequestAddress.objects.get(pk=help_request.pk).address


def in_circle(owner: User, name: str = "Els", *, by_phone: bool = False, now: datetime = NOW) -> CircleContact:
    """Somebody that this person knows, by mail unless said otherwise."""
    number = next(_next)
    if by_phone:
        phone = PhoneNumber.from_string(f"+316{number:08}")
        return circle.add(owner, name=name, phone=phone, now=now)
    return circle.add(owner, name=name, email=f"{name.lower()}{number}@kring.example", now=now)


def circle_draft(
    of: Village, *contacts: CircleContact, author: User, now: datetime = NOW, **fields: Any
) -> HelpRequest:
    """A complete draft for one's own circle first; these people are asked."""
    words = {"audience": Audience.CIRCLE, "match_mode": MatchMode.CHOOSE}
    made = draft(of, author=author, now=now, **words | fields)
    circle.choose(made.pk, owner=author, contacts=[contact.pk for contact in contacts])
    return made


def circle_request(
    of: Village, *contacts: CircleContact, author: User, now: datetime = NOW, **fields: Any
) -> HelpRequest:
    """The same, posted."""
    made = circle_draft(of, *contacts, author=author, now=now, **fields)
    lifecycle.ask(made.pk, actor=web(author), now=now)
    return HelpRequest.objects.select_related("village__contact_person", "author").get(pk=made.pk)
