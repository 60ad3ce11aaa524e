"""The Klokhuis of Beesd: a table on Thursday, a group with a host, and people without a phone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.actors import CLOCK, web
from accounts.models import User
from requests_app import drafts, groups, lifecycle, transitions, walking
from requests_app.categories import Category
from requests_app.deeds import Deed
from requests_app.models import Audience, MatchMode, Part
from samsam.demo.hours import AMSTERDAM, awake
from villages.groups import add_person
from villages.models import Group, Host, Member, Place, home_of

HOUR = timedelta(hours=1)
HOST, WITH_ACCOUNT, WITHOUT = "Gerrit", ("Trudy", "Hassan", "Anneke"), ("Jan", "Mien")


def make(people: dict[str, User], now: datetime) -> Group:
    """The place with its group; it does what can be done together."""
    home = home_of(people[HOST])
    assert home  # the cast was settled before
    village = home.village
    place = Place.objects.create(
        municipality=village.municipality,
        village=village,
        name="het Klokhuis",
        address="Dorpsplein 1",
        meets="donderdag 10.00-12.00 uur",
    )
    group = Group.objects.create(
        place=place, name="de koffiegroep", categories=[Category.GARDEN, Category.OTHER, Category.COMPANY]
    )
    Host.objects.create(group=group, user=people[HOST])
    Member.objects.bulk_create(Member(group=group, user=people[name], joined_at=now) for name in WITH_ACCOUNT)
    for name in WITHOUT:
        add_person(group.pk, host=people[HOST], name=name, now=now)
    return group


def tell(people: dict[str, User], now: datetime) -> None:
    """Trudy asks the group first; it lies before them, and the host noted that Jan, who has no phone, carries."""
    posted_at, trudy, host = awake(now - 5 * HOUR), people["Trudy"], people[HOST]
    home = home_of(trudy)
    assert home  # the cast was settled before
    draft = drafts.begin(trudy, home.village, posted_at, street=home.street)
    words = {
        "category": Category.OTHER,
        "title": "Tafels klaarzetten voor het dorpsfeest",
        "text": "Het zijn twintig tafels. Ze staan in de schuur achter de kerk.",
        "part": Part.AFTERNOON,
        "help_on": now.astimezone(AMSTERDAM).date() + timedelta(days=4),
        "minutes": 60,
        "slots": 3,
        "match_mode": MatchMode.FIRST,
        "audience": Audience.GROUP,
        "address": f"{home.street} 12",
    }
    drafts.save_draft(draft.pk, author=trudy, changes=words)
    asked = lifecycle.ask(draft.pk, actor=web(trudy), now=posted_at)
    with transaction.atomic():
        walking.walk([transitions.lock(asked.pk)], posted_at, CLOCK)
    jan = Member.objects.without_account().get(name=WITHOUT[0])
    groups.say_yes_for(asked.pk, member=jan.pk, host=host, deed=Deed.CARRY, actor=web(host), now=posted_at + HOUR / 6)
