"""What somebody who does not take part sees of a village: never a word the asker wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from requests_app import words
from requests_app.models import HelpRequest, Status
from villages.models import Tally, Village

MOST_CARDS = 3
# Figures below ten are reworded wherever they are published (copy guide, section 5).
SMALLEST_FIGURE = 10


@dataclass(frozen=True)
class VisitorCard:
    """For ``components/request_card.html``: no address of a page, no name, no state."""

    title: str
    category: str
    when: str
    length: str


def visitor_cards(village: Village, now: datetime) -> list[VisitorCard]:
    """At most three open requests, by category, part of the day and length. Nothing else is fetched."""
    board = HelpRequest.objects.on_board_of(village.pk, now).filter(status=Status.OPEN)
    shown = board.only("category", "part", "help_on", "help_at", "minutes")[:MOST_CARDS]
    return [
        VisitorCard(
            title=str(help_request.get_category_display()),
            category=help_request.category,
            when=words.part_of_day(help_request),
            length=words.length(help_request.minutes),
        )
        for help_request in shown
    ]


def neighbours_to_publish(village: Village) -> int | None:
    """How many neighbours take part; 0 for a number too small to publish, None where nobody does yet."""
    tally = Tally.objects.filter(pk=village.pk).first()
    if tally is None or not tally.neighbours:
        return None
    return tally.neighbours if tally.neighbours >= SMALLEST_FIGURE else 0


def liveliest() -> Village | None:
    """The village with most open requests, as an example on the first page."""
    on = Village.objects.switched_on().select_related("contact_person", "municipality")
    return on.filter(tally__open_requests__gt=0).order_by("-tally__open_requests", "pk").first()
