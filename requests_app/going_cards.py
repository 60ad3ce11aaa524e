"""What a card shows of something a neighbour does anyway: never an address, a last name, a note or a wish."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from requests_app import going_words
from requests_app.models import SpareOffer, What
from requests_app.models.going import SpareKind

ICONS: dict[str, str] = {What.GROCERIES: "groceries", What.PERSON: "ride", What.PARCEL: "other"}


@dataclass(frozen=True)
class SpareCard:
    """For ``components/spare_card.html``."""

    pk: int
    url: str
    icon: str
    sentence: str
    when: str
    who: str
    room: str
    state: str  # yours, mine (the reader joined), free or full
    joined: str
    buttons: tuple[tuple[str, str], ...]


def spare_card(spare: SpareOffer, viewer: User, now: datetime) -> SpareCard:
    """Reads what ``with_street_and`` fetched."""
    street, mine = spare.street, spare.mine  # type: ignore[attr-defined]  # annotated
    state = "free" if spare.places_taken < spare.places else "full"
    state = "yours" if spare.author_id == viewer.pk else "mine" if mine else state
    return SpareCard(
        pk=spare.pk,
        url=spare.get_absolute_url(),
        icon=icon_of(spare),
        sentence=going_words.sentence(spare),
        when=going_words.when(spare, now),
        who=", ".join(filter(None, [spare.author.first_name, street])),
        room=going_words.room(spare),
        state=state,
        joined=going_words.joins(mine) if mine else "",
        buttons=tuple(going_words.buttons(spare)) if state == "free" else (),
    )


def spare_cards(rows: Iterable[SpareOffer], viewer: User, now: datetime) -> list[SpareCard]:
    """A card each."""
    return [spare_card(spare, viewer, now) for spare in rows]


def icon_of(spare: SpareOffer) -> str:
    """Of what it is good for: a car where somebody may come along."""
    if spare.kind == SpareKind.SHARING:
        return "heart"
    return ICONS[What.PERSON if What.PERSON in spare.what else spare.what[0]]
