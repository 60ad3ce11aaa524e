"""The state on a card: the first of the design guide's twelve that holds."""

from datetime import UTC, datetime, timedelta

import pytest

from requests_app.ladder import Rung
from requests_app.states import BoardState, board_state

NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


def state(**facts):
    """That of a request that is open for two days already and that nothing happened to, but for ``facts``."""
    nothing = {
        "status": "open",
        "hidden": False,
        "rung": Rung.NEIGHBOURS,
        "has_owner": False,
        "slots": 1,
        "slots_taken": 0,
        "open_offers": 0,
        "posted_at": NOW - timedelta(days=2),
        "now": NOW,
    }
    return board_state(**{**nothing, **facts})


# From the last row of the table to the first: each wins from all that came before it.
ROWS = [
    (BoardState.NEW, {"posted_at": NOW - timedelta(hours=23)}),
    (BoardState.GROUP, {"slots": 3, "slots_taken": 1}),
    (BoardState.VOLUNTEERS, {"rung": Rung.VOLUNTEERS}),
    (BoardState.CONTACT, {"has_owner": True}),
    (BoardState.OFFERED, {"open_offers": 1}),
    (BoardState.FOUND, {"status": "taken"}),
    (BoardState.DONE, {"status": "done"}),
    (BoardState.LAPSED, {"status": "lapsed"}),
    (BoardState.NOBODY_FOUND, {"status": "lapsed", "closed_early": True}),
    (BoardState.WITHDRAWN, {"status": "withdrawn"}),
    (BoardState.DRAFT, {"status": "draft"}),
    (BoardState.HIDDEN, {"hidden": True}),
]


def test_board_state_is_open_when_nothing_else_holds():
    assert state() == BoardState.OPEN


@pytest.mark.parametrize(("expected", "facts"), ROWS)
def test_board_state_follows_from_its_own_fact(expected, facts):
    assert state(**facts) == expected


def test_board_state_takes_the_first_row_of_the_table_that_holds():
    facts, seen = {}, []
    for _, more in ROWS:
        facts |= more
        seen.append(state(**facts))

    assert seen == [expected for expected, _ in ROWS]
    assert [*reversed(seen), BoardState.OPEN] == list(BoardState)


@pytest.mark.parametrize("status", ["draft", "taken", "done", "withdrawn", "lapsed"])
def test_board_state_of_a_hidden_request_is_hidden_whatever_the_status(status):
    assert state(status=status, hidden=True) == BoardState.HIDDEN


def test_board_state_is_new_for_a_day():
    assert state(posted_at=NOW) == BoardState.NEW
    assert state(posted_at=NOW - timedelta(hours=24) + timedelta(seconds=1)) == BoardState.NEW
    assert state(posted_at=NOW - timedelta(hours=24)) == BoardState.OPEN
    assert state(posted_at=None) == BoardState.OPEN


def test_board_state_of_a_group_needs_a_free_place():
    assert state(slots=3, slots_taken=0) == BoardState.GROUP
    assert state(slots=3, slots_taken=3) == BoardState.OPEN
    assert state(slots=1, slots_taken=0) == BoardState.OPEN


@pytest.mark.parametrize(
    "facts", [{"rung": Rung.CONTACT}, {"has_owner": True}, {"has_owner": True, "rung": Rung.CONTACT}]
)
def test_board_state_is_the_contact_persons_by_ladder_or_by_hand(facts):
    assert state(**facts, posted_at=NOW, slots=2) == BoardState.CONTACT


def test_board_state_refuses_a_status_it_does_not_know():
    with pytest.raises(ValueError, match="lost"):
        state(status="lost")
