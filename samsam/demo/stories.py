"""What neighbours of the demonstration ask and do: requests in every state, each through the verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from accounts.actors import staff, web
from accounts.models import User
from requests_app import drafts, escalation, going, lifecycle, moderating, offers, transitions
from requests_app.categories import Category
from requests_app.models import HelpRequest, MatchMode, Part, SpareOffer, What
from requests_app.moments import local_moment
from samsam.demo.hours import AMSTERDAM, awake
from villages.models import Village, home_of

SATURDAY = 5  # date.weekday()
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Story:
    """One request and how it went. ``ago``: how long before now it was posted."""

    who: str
    category: str
    title: str
    text: str
    ago: timedelta
    part: str = Part.ANY
    on: date | None = None
    at: time | None = None
    minutes: int | None = None
    slots: int = 1
    helpers: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    ends: str = ""  # done, withdrawn, lapsed, hidden, contact or volunteers; empty: as it is on the board


def tell(people: dict[str, User], now: datetime) -> int:
    """Every story, the oldest first; answers how many. None of them is due at ``now``, on no hour of the week."""
    stories = sorted(
        [*_past(now), *_waiting(now), *_under_way(now), *_together(now), *_elsewhere(now)],
        key=lambda story: story.ago,
        reverse=True,
    )
    for story in stories:
        _tell(story, people, now)
    joop = people["Joop"]
    village, street = _home(joop)
    draft = drafts.begin(joop, village, now - 2 * HOUR, street=street)
    words = {"category": Category.GARDEN, "title": "Gras maaien", "text": "Mijn maaier staat klaar."}
    drafts.save_draft(draft.pk, author=joop, changes=words)
    _anyway(people, now)
    return len(stories) + 1


def _anyway(people: dict[str, User], now: datetime) -> None:
    """What neighbours of Beesd do anyway, with room for others: a trip, and soup."""
    day = now.astimezone(AMSTERDAM).date() + 2 * DAY
    trip = {"kind": SpareOffer.Kind.GOING, "title": "de Spar", "what": [What.GROCERIES, What.PERSON], "places": 2}
    trip |= {"leaves_at": local_moment(day, time(14)), "note": "Ik rijd voor bij de kerk."}
    soup = {"kind": SpareOffer.Kind.SHARING, "title": "drie porties soep", "what": [What.PORTION], "places": 3}
    soup |= {"leaves_at": local_moment(day + DAY, time(17, 30)), "note": "Bij de deur van het dorpshuis."}
    for who, words in (("Joris", trip), ("Anneke", soup)):
        village, _street = _home(people[who])
        going.post(village, author=people[who], words=words, now=now)


def _waiting(now: datetime) -> list[Story]:
    """On the board of Beesd, and nobody has done anything yet."""
    soon = now.astimezone(AMSTERDAM).date() + 2 * DAY
    return [
        Story(
            "Riet",
            Category.GROCERIES,
            "Boodschappen van de Spar",
            "Kan iemand mijn boodschappen halen bij de Spar? Het is één tas. Ik heb een lijstje klaar.",
            1 * HOUR,
            part=Part.AFTERNOON,
            on=soon,
            minutes=30,
        ),
        Story(
            "Anneke",
            Category.COMPANY,
            "Een kop koffie en een praatje",
            "Ik vind het leuk om iemand uit het dorp beter te leren kennen.",
            3 * HOUR,
            offers=("Trudy", "Gerrit"),
        ),
        Story(
            "Wim",
            Category.DEVICE,
            "Hulp met mijn nieuwe telefoon",
            "Ik wil graag foto's kunnen versturen.",
            30 * HOUR,
            minutes=60,
        ),
    ]


def _under_way(now: datetime) -> list[Story]:
    """On the board of Beesd, with somebody who helps, was asked or looks along."""
    today = now.astimezone(AMSTERDAM).date()
    tomorrow, soon = today + DAY, today + 2 * DAY
    return [
        Story(
            "Joop",
            Category.RIDE,
            "Ritje naar de dokter",
            "Naar de huisarts in Culemborg. Ik betaal de benzine.",
            4 * HOUR,
            part=Part.FIXED,
            on=soon,
            at=time(10, 15),
            minutes=60,
            ends="volunteers",
        ),
        Story(
            "Fatma",
            Category.PET,
            "Hond uitlaten",
            "Bobbie is lief en loopt goed mee. Een rondje langs de Linge is genoeg.",
            5 * HOUR,
            part=Part.EVENING,
            on=tomorrow,
            minutes=20,
            helpers=("Joris",),
        ),
        Story(
            "Ans",
            Category.PAPERWORK,
            "Formulier van de gemeente invullen",
            "Ik snap niet alle vragen. Wie kijkt er even mee?",
            48 * HOUR,
            minutes=60,
            ends="contact",
        ),
    ]


def _together(now: datetime) -> list[Story]:
    """On the board of Beesd, for a group that is not complete yet."""
    today = now.astimezone(AMSTERDAM).date()
    soon = today + 3 * DAY  # sooner, and it would be the volunteers' turn already
    saturday = soon + timedelta(days=(SATURDAY - soon.weekday()) % 7)
    return [
        Story(
            "Samira",
            Category.HOUSE,
            "Samen een kast naar boven dragen",
            "De trap is breed genoeg. Met drie mensen lukt het zo.",
            7 * HOUR,
            part=Part.MORNING,
            on=saturday,
            minutes=20,
            slots=3,
            helpers=("Joris",),
        ),
        Story(
            "Gerrit",
            Category.GARDEN,
            "Heg knippen, met zijn drieën",
            "Ik heb twee scharen en een ladder. Koffie staat klaar.",
            9 * HOUR,
            part=Part.AFTERNOON,
            on=saturday,
            minutes=240,
            slots=3,
            helpers=("Hassan", "Bram"),
        ),
    ]


def _elsewhere(now: datetime) -> list[Story]:
    """Off the board of Beesd, and in the other villages."""
    soon = now.astimezone(AMSTERDAM).date() + 2 * DAY
    return [
        Story(
            "Trudy",
            Category.OTHER,
            "Kliko aan de weg zetten",
            "Ik ben een week weg.",
            6 * HOUR,
            part=Part.EVENING,
            on=soon,
            minutes=20,
            ends="withdrawn",
        ),
        Story(
            "Kees", Category.OTHER, "Kan ik iemand bellen?", "Mijn nummer is 06 00 00 00 00.", 9 * HOUR, ends="hidden"
        ),
        Story(
            "Corrie",
            Category.GARDEN,
            "Bladeren vegen",
            "De stoep ligt vol.",
            4 * HOUR,
            part=Part.MORNING,
            on=soon,
            minutes=60,
        ),
        Story("Geesje", Category.HOUSE, "Lamp ophangen", "De lamp heb ik al.", 8 * HOUR, minutes=30),
    ]


def _past(now: datetime) -> list[Story]:
    """What worked out, and once what did not. Who helped lately is asked later than who did not."""
    today = now.astimezone(AMSTERDAM).date()

    def done(who: str, category: str, title: str, days: int, *helpers: str) -> Story:
        on = today - timedelta(days=days - 2)
        slots = len(helpers)
        return Story(who, category, title, "", days * DAY, Part.AFTERNOON, on, None, 60, slots, helpers, ends="done")

    return [
        done("Gerrit", Category.GARDEN, "Tuin van het Klokhuis opruimen", 30, "Bram", "Els", "Henk", "Ilse", "Koos"),
        done("Trudy", Category.HOUSE, "Spullen naar de zolder brengen", 21, "Lotte", "Mees", "Petra", "Sanne"),
        done("Anneke", Category.OTHER, "Kraam opbouwen op de markt", 16, "Teun", "Yara", "Zeki", "Els", "Mees"),
        done(
            "Trudy", Category.GARDEN, "Bollen planten bij de kerk", 14, "Aart", "Bea", "Dina", "Evert", "Guus", "Hilde"
        ),
        done("Riet", Category.GROCERIES, "Zware boodschappen", 12, "Joris"),
        done("Joop", Category.RIDE, "Ritje naar de kapper", 10, "Anneke"),
        done("Ans", Category.PET, "Kat eten geven", 8, "Fatma"),
        done("Gerrit", Category.DEVICE, "Printer aan de praat krijgen", 6, "Wim"),
        Story(
            "Joop",
            Category.OTHER,
            "Fiets ophalen bij de fietsenmaker",
            "",
            4 * DAY,
            part=Part.MORNING,
            on=today - DAY,
            minutes=30,
            ends="lapsed",
        ),
    ]


def _tell(story: Story, people: dict[str, User], now: datetime) -> None:
    author, posted_at = people[story.who], now - story.ago
    if story.ends != "volunteers":  # longer ago, and the next of them would be asked already
        posted_at = awake(posted_at)
    help_request = lifecycle.ask(_draft(story, author, posted_at).pk, actor=web(author), now=posted_at)
    pk, soon_after = help_request.pk, posted_at + timedelta(minutes=10)
    later = max(soon_after, awake(posted_at + min(story.ago / 4, 6 * HOUR)))
    for name in story.helpers:
        offers.say_yes(pk, helper=people[name], actor=web(people[name]), now=later)
    for name in story.offers:
        offers.say_yes(pk, helper=people[name], actor=web(people[name]), now=later)
    needed_by = help_request.needed_by or now
    marieke = staff(people["Marieke"])
    match story.ends:
        case "done":
            lifecycle.finish(pk, worked=True, actor=web(author), now=needed_by + 3 * HOUR)
        case "withdrawn":
            lifecycle.withdraw(pk, actor=web(author), now=later)
        case "volunteers":
            escalation.ask_volunteers_now(pk, actor=web(author), now=now - 2 * HOUR)
        case "contact":
            escalation.hand_to_contact(pk, actor=marieke, now=now - 3 * HOUR)
        case "hidden":
            reason = "Er staat een telefoonnummer in de tekst."
            moderating.hide(pk, reason=reason, actor=marieke, now=later)
        case "lapsed":
            with transaction.atomic():
                lifecycle.lapse(transitions.lock(pk), needed_by)


def _draft(story: Story, author: User, at: datetime) -> HelpRequest:
    village, street = _home(author)
    help_at = datetime.combine(story.on, story.at, tzinfo=AMSTERDAM) if story.on and story.at else None
    words = {
        "category": story.category,
        "title": story.title,
        "text": story.text,
        "part": story.part,
        "help_on": story.on,
        "help_at": help_at,
        "minutes": story.minutes,
        "slots": story.slots,
        "match_mode": MatchMode.FIRST if story.helpers else MatchMode.CHOOSE,
        "address": f"{street} 12",
    }
    draft = drafts.begin(author, village, at, street=street)
    return drafts.save_draft(draft.pk, author=author, changes=words)


def _home(person: User) -> tuple[Village, str]:
    home = home_of(person)
    assert home  # the cast was settled before
    return home.village, home.street
