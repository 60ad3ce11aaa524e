"""What people see of a request: no Django, no clock, no database."""

from datetime import datetime, timedelta
from enum import StrEnum

from requests_app.ladder import Rung

NEW_FOR = timedelta(hours=24)


class BoardState(StrEnum):
    """The state on a card, in the order in which they win."""

    HIDDEN = "hidden"
    DRAFT = "draft"
    WITHDRAWN = "withdrawn"
    NOBODY_FOUND = "nobody_found"
    LAPSED = "lapsed"
    DONE = "done"
    FOUND = "found"
    OFFERED = "offered"
    CONTACT = "contact"
    VOLUNTEERS = "volunteers"
    GROUP = "group"
    NEW = "new"
    OPEN = "open"


# Of a request that is not open the status says it all.
CLOSED_TO_HELPERS = {
    "draft": BoardState.DRAFT,
    "withdrawn": BoardState.WITHDRAWN,
    "lapsed": BoardState.LAPSED,
    "done": BoardState.DONE,
    "taken": BoardState.FOUND,
}


def board_state(
    *,
    status: str,
    hidden: bool,
    rung: Rung,
    has_owner: bool,
    slots: int,
    slots_taken: int,
    open_offers: int,
    posted_at: datetime | None,
    now: datetime,
    closed_early: bool = False,
) -> BoardState:
    """The one state to show, from stored facts and now: the first in ``BoardState`` that holds.

    ``status`` is the stored status: draft, open, taken, done, withdrawn or lapsed; another one raises
    ValueError. ``rung`` is how far the ladder went. ``has_owner``: the contact person has it, with a
    deadline, however it came there. ``open_offers`` counts offers without an answer. A request is new
    for 24 hours after ``posted_at``; without that moment it is not new. ``closed_early``: before its
    date; what lapsed then is what nobody was found for.
    """
    if hidden:
        return BoardState.HIDDEN
    if status == "lapsed" and closed_early:
        return BoardState.NOBODY_FOUND
    if status in CLOSED_TO_HELPERS:
        return CLOSED_TO_HELPERS[status]
    if status != "open":
        raise ValueError(status)
    facts = {
        BoardState.OFFERED: open_offers > 0,
        BoardState.CONTACT: has_owner or rung == Rung.CONTACT,
        BoardState.VOLUNTEERS: rung == Rung.VOLUNTEERS,
        BoardState.GROUP: slots > 1 and slots_taken < slots,
        BoardState.NEW: posted_at is not None and now - posted_at < NEW_FOR,
    }
    return next((state for state, holds in facts.items() if holds), BoardState.OPEN)
