"""What a card shows of a request, and to whom: the only place where a list takes words of a request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from requests_app import words
from requests_app.ladder import Rung
from requests_app.models import HelpRequest
from requests_app.states import BoardState, board_state
from villages.models import Residency


@dataclass(frozen=True)
class Card:
    """For ``components/request_card.html``: never an address, never a last name."""

    id: str
    url: str
    title: str
    category: str
    state: BoardState
    who: str
    band: str
    when: str
    length: str
    places_left: int
    contact_name: str


def card(help_request: HelpRequest, viewer: User, home: Residency | None, now: datetime) -> Card:
    """A card for a neighbour, a volunteer or the asker. Reads ``author`` and ``village.contact_person``."""
    state = state_of(help_request, now)
    contact = help_request.village.contact_person
    return Card(
        id=f"request-{help_request.pk}",
        url="" if help_request.status == HelpRequest.Status.DRAFT else help_request.get_absolute_url(),
        title=words.title(help_request),
        category=help_request.category,
        state=state,
        who=name_and_street(help_request),
        band=band(help_request, viewer, home),
        when=words.when(help_request, now),
        length=words.length(help_request.minutes),
        places_left=places_left(help_request),
        contact_name=contact.name if contact else "",
    )


def preview_of(draft: HelpRequest, now: datetime) -> Card:
    """How neighbours will see a draft once it is posted."""
    state = BoardState.GROUP if draft.slots > 1 else BoardState.NEW
    left = draft.slots if draft.slots > 1 else 0
    shown = card(draft, draft.author, None, now)
    return replace(shown, id="preview", state=state, places_left=left, band=_("in the village"))


def state_of(help_request: HelpRequest, now: datetime) -> BoardState:
    """What people see of it, from the stored facts and now."""
    return board_state(
        status=help_request.status,
        hidden=help_request.hidden_at is not None,
        rung=Rung(help_request.rung),
        has_owner=help_request.owner_id is not None,
        slots=help_request.slots,
        slots_taken=help_request.slots_taken,
        open_offers=help_request.offers_waiting,
        posted_at=help_request.on_board_at,
        now=now,
        closed_early=_closed_early(help_request),
    )


def _closed_early(help_request: HelpRequest) -> bool:
    """Before its date: the contact person found nobody. The clock closes only what is past it."""
    closed_at, needed_by = help_request.closed_at, help_request.needed_by
    return closed_at is not None and needed_by is not None and closed_at < needed_by


def places_left(help_request: HelpRequest) -> int:
    """How many more people are needed; nothing to say for one person or when nobody is looked for any more."""
    if help_request.slots == 1 or help_request.status != HelpRequest.Status.OPEN:
        return 0
    return help_request.slots - help_request.slots_taken


def name_and_street(help_request: HelpRequest) -> str:
    """Who asks, as far as neighbours may know."""
    return ", ".join(filter(None, [help_request.author.first_name, help_request.street]))


def band(help_request: HelpRequest, viewer: User, home: Residency | None) -> str:
    """How near it is, never in metres: the same street, or the same village."""
    if help_request.author_id == viewer.pk:
        return _("your own request")
    street = help_request.street.strip().casefold()
    if home and street and home.street.strip().casefold() == street and home.village_id == help_request.village_id:
        return _("around the corner")
    return _("in the village")
