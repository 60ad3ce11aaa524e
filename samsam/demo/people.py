"""Who lives in the demonstration, and who works there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password

from accounts.actors import staff
from accounts.models import Municipality, StaffRole, User
from requests_app.categories import Category
from requests_app.models import Policy
from villages import switching
from villages.codes import CODE_VALID
from villages.models import RESIDENCY_VALID, ContactPerson, Residency, Tally, Village
from volunteers.models import Volunteer
from volunteers.rest import CHECK_EVERY

LIVED_HERE = timedelta(days=280)
JUST_CAME = timedelta(days=2)
DAY = time(9)  # the hour at which two equal quiet hours begin and end: never quiet
NOBODYS_PHONE = "+31345000000"  # looks right, so that it can be saved; no Dutch number goes on with a 0 there
OFFICE = "Maandag tot en met vrijdag, 9.00 tot 17.00 uur"
OFFICE_EN = "Monday to Friday, 9:00 to 17:00"
EVERYTHING = list(Category.values)
# Known second factors, so that a newcomer can be staff; made where DEBUG is on, and nowhere else.
SECOND_FACTORS = {
    "marieke": "MARIEKEMARIEKEMARIEKEMARIEKEMARI",
    "harm": "HARMHARMHARMHARMHARMHARMHARMHARM",
    "beheer": "BEHEERBEHEERBEHEERBEHEERBEHEERBE",
}
LETTER_CODES = {"beesd": "BEESD234", "tricht": "TRCHT234", "grolloo": "GRUNN234"}


@dataclass(frozen=True)
class Neighbour:
    """Somebody of the cast; a volunteer for these categories, or not."""

    name: str
    village: str
    street: str
    volunteers_for: tuple[str, ...] = ()
    proven: bool = True


# Those with a name in the design come first. There are so many volunteers because nobody is asked twice on a day:
# with fewer of them the third request of a newcomer would find nobody left.
CAST = [
    Neighbour("Riet", "beesd", "Voorstraat"),
    Neighbour("Joop", "beesd", "Veerweg"),
    Neighbour("Ans", "beesd", "Molendijk"),
    Neighbour("Gerrit", "beesd", "Parklaan"),
    Neighbour("Trudy", "beesd", "Achterstraat"),
    Neighbour("Kees", "beesd", "Molendijk"),
    Neighbour("Noor", "beesd", "Dorpsplein", proven=False),
    Neighbour("Joris", "beesd", "Achterstraat", tuple(EVERYTHING)),
    Neighbour("Fatma", "beesd", "Molendijk", tuple(EVERYTHING)),
    Neighbour("Anneke", "beesd", "Achterstraat", tuple(EVERYTHING)),
    Neighbour("Wim", "beesd", "Parklaan", tuple(EVERYTHING)),
    Neighbour("Samira", "beesd", "Dorpsplein", tuple(EVERYTHING)),
    Neighbour("Hassan", "beesd", "Voorstraat", tuple(EVERYTHING)),
    *(
        Neighbour(name, "beesd", street, tuple(EVERYTHING))
        for name, street in [
            ("Bram", "Parklaan"),
            ("Els", "Voorstraat"),
            ("Henk", "Veerweg"),
            ("Ilse", "Molendijk"),
            ("Koos", "Dorpsplein"),
            ("Lotte", "Achterstraat"),
            ("Mees", "Voorstraat"),
            ("Petra", "Parklaan"),
            ("Sanne", "Veerweg"),
            ("Teun", "Molendijk"),
            ("Yara", "Dorpsplein"),
            ("Zeki", "Voorstraat"),
            ("Aart", "Parklaan"),
            ("Bea", "Veerweg"),
            ("Dina", "Molendijk"),
            ("Evert", "Achterstraat"),
            ("Guus", "Dorpsplein"),
            ("Hilde", "Parklaan"),
            ("Ivo", "Voorstraat"),
            ("Jet", "Veerweg"),
        ]
    ),
    Neighbour("Corrie", "tricht", "Kerkstraat"),
    Neighbour("Daan", "tricht", "Nieuwsteeg", (Category.RIDE, Category.GARDEN)),
    Neighbour("Geesje", "grolloo", "Hoofdstraat"),
    Neighbour("Roelof", "grolloo", "Schoolstraat", (Category.RIDE, Category.HOUSE)),
]
WITH_CERTIFICATE = ("Wim", "Samira")


def make_people(now: datetime, *, with_keys: bool) -> dict[str, User]:
    """The cast by name, with homes, volunteers' limits and staff. ``with_keys``: known codes and second factors."""
    nobody_has_a_password = make_password(None)
    people = {
        neighbour.name: User(email=_address(neighbour.name), first_name=neighbour.name, password=nobody_has_a_password)
        for neighbour in CAST
    }
    User.objects.bulk_create(people.values())
    west_betuwe = Municipality.objects.get(name="West Betuwe")
    aa_en_hunze = Municipality.objects.get(name="Aa en Hunze")
    people["Marieke"] = _staff("Marieke", west_betuwe)
    people["Harm"] = _staff("Harm", aa_en_hunze)
    if with_keys:
        people["Beheer"] = User.objects.create_superuser(_address("Beheer"), first_name="Beheer")
        for name in ("Marieke", "Harm", "Beheer"):
            TOTP.activate(people[name], SECOND_FACTORS[name.lower()])
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email or "", verified=True, primary=True) for person in people.values()
    )
    _switch_on("beesd", people["Marieke"], now, never_quiet=True, with_keys=with_keys)
    _switch_on("tricht", people["Marieke"], now, with_keys=with_keys)
    _switch_on("grolloo", people["Harm"], now, with_keys=with_keys)
    _settle(people, now)
    return people


def slow_policy(municipality: Municipality) -> Policy:
    """For what is on the board already: hours and days, and no office rule that depends on the day of the demo."""
    return Policy.objects.create(municipality=municipality, version=1, group=0.2, caps=[2, 3, 4, 4], office_hours=0)


def fast_policy(municipality: Municipality) -> Policy:
    """For what a newcomer asks: the whole ladder within three minutes, a few volunteers at a time."""
    return Policy.objects.create(
        municipality=municipality,
        version=2,
        circle_after=timedelta(seconds=30),
        group_after=timedelta(seconds=30),
        first_wave_after=timedelta(seconds=60),
        between_waves_after=timedelta(seconds=30),
        contact_after=timedelta(seconds=150),
        caps=[2, 2, 1, 1],
        office_hours=0,
    )


def _address(name: str) -> str:
    return f"{name.lower()}@samsam.example"


def _staff(name: str, municipality: Municipality) -> User:
    person = User.objects.create_user(_address(name), first_name=name, is_staff=True)
    StaffRole.objects.create(user=person, municipality=municipality, kind=StaffRole.Kind.CONTACT_PERSON)
    ContactPerson.objects.create(
        municipality=municipality, user=person, name=name, phone=NOBODYS_PHONE, hours=OFFICE, hours_en=OFFICE_EN
    )
    return person


def _switch_on(slug: str, face: User, now: datetime, *, with_keys: bool, never_quiet: bool = False) -> None:
    village = Village.objects.get(slug=slug)
    village.contact_person = ContactPerson.objects.get(user=face)
    if never_quiet:
        village.quiet_from = village.quiet_until = DAY
    if with_keys:
        village.letter_code, village.letter_code_until = LETTER_CODES[slug], now + CODE_VALID
    village.save(update_fields=["contact_person", "quiet_from", "quiet_until", "letter_code", "letter_code_until"])
    switching.switch_on(village.pk, actor=staff(face), now=now - LIVED_HERE)


def _settle(people: dict[str, User], now: datetime) -> None:
    """Homes and volunteers, as the verbs leave them, but all at once: this is on the way to the first page."""
    villages = {village.slug: village for village in Village.objects.filter(slug__in=LETTER_CODES)}
    since = now - LIVED_HERE
    Residency.objects.bulk_create(_residency(neighbour, people, villages, since) for neighbour in CAST)
    for slug, village in villages.items():
        proven = [neighbour for neighbour in CAST if neighbour.village == slug and neighbour.proven]
        Tally.add(village.pk, neighbours=len(proven))
    Volunteer.objects.bulk_create(
        Volunteer(
            user=people[neighbour.name],
            village=villages[neighbour.village],
            municipality_id=villages[neighbour.village].municipality_id,
            categories=list(neighbour.volunteers_for),
            certificate_until_on=date(now.year + 1, 12, 31) if neighbour.name in WITH_CERTIFICATE else None,
            certificate_seen_on=now.date() if neighbour.name in WITH_CERTIFICATE else None,
            joined_at=since,
            approved_at=since,
            check_at=since + CHECK_EVERY,
        )
        for neighbour in CAST
        if neighbour.volunteers_for
    )


def _residency(
    neighbour: Neighbour, people: dict[str, User], villages: dict[str, Village], since: datetime
) -> Residency:
    village = villages[neighbour.village]
    home = Residency(
        user=people[neighbour.name],
        village=village,
        municipality_id=village.municipality_id,
        street=neighbour.street,
        claimed_at=since if neighbour.proven else since + LIVED_HERE - JUST_CAME,
    )
    if neighbour.proven:
        home.proof, home.confirmed_at, home.expires_at = Residency.Proof.CODE, since, since + RESIDENCY_VALID
    return home
