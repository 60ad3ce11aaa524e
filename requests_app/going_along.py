"""What goes along: open requests with something that a neighbour does anyway, and the other way round."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from requests_app import fitting
from requests_app.models import HelpRequest, SpareOffer, Status

SUGGESTED = 3  # requests shown to who goes, and the other way round
# Looked through for what goes along: the soonest of a village.
LOOKED_THROUGH = 60


def requests_along(spare: SpareOffer, now: datetime) -> list[HelpRequest]:
    """Open requests that go along with it, soonest first; never with whom its author has no contact."""
    board = HelpRequest.objects.on_board_of(spare.village_id, now).filter(status=Status.OPEN)
    wanted = [category for category, what in fitting.GOES_AS.items() if what in spare.what]
    rows = board.filter(category__in=wanted).exclude(author=spare.author_id)
    rows = rows.without_blocked(spare.author).select_related("author")
    rows = rows.exclude(pick_ups__in=spare.author.pick_ups.filter(ended_at=None))
    return [row for row in rows[:LOOKED_THROUGH] if _go_together(row, spare)][:SUGGESTED]


def own_requests_along(spare: SpareOffer, taker: User) -> list[HelpRequest]:
    """What somebody who joins asked for too, and may be settled by it."""
    rows = HelpRequest.objects.filter(author=taker, status=Status.OPEN, village=spare.village_id)
    return [row for row in rows[:LOOKED_THROUGH] if _go_together(row, spare)]


def offers_along(help_request: HelpRequest, now: datetime) -> list[SpareOffer]:
    """What goes along with an open request, for its author, soonest first; what they joined already too."""
    if help_request.status != Status.OPEN or help_request.category not in fitting.GOES_AS:
        return []
    rows = SpareOffer.objects.on_board_of(help_request.village_id, now).cards_for(help_request.author)
    rows = rows.exclude(author=help_request.author_id)
    rows = rows.filter(what__contains=[fitting.GOES_AS[help_request.category]])
    return [row for row in rows[:LOOKED_THROUGH] if _go_together(help_request, row)][:SUGGESTED]


def _go_together(help_request: HelpRequest, spare: SpareOffer) -> bool:
    if help_request.needed_by is None:
        return False
    return fitting.goes_along(
        category=help_request.category,
        part=help_request.part,
        help_on=help_request.help_on,
        help_at=help_request.help_at,
        needed_by=help_request.needed_by,
        what=spare.what,
        leaves_at=spare.leaves_at,
    )
