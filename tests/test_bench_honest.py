"""The figures can go red: what is not as it should be is counted, and what could not be measured is no good news."""

import json
from datetime import timedelta
from random import Random

import pytest

from bench import beside_helpdesk, ratio
from bench.burst import overtaken, passed_over, waited
from bench.figure import exactly, tell, under
from tests.make import NOW


def at(minutes):
    return NOW + timedelta(minutes=minutes)


def told(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_part_that_fails_says_so_and_the_next_one_is_still_made(capsys):
    def broken():
        yield exactly(1, "before", 1, "times")
        raise OSError("no database")

    def other():
        yield exactly(1, "after", 1, "times")

    assert tell([broken, other]) == 1
    assert [(figure["figure"], figure["ok"]) for figure in told(capsys)] == [
        ("before", True),
        ("broken: figures made", False),
        ("after", True),
    ]


def test_a_goal_that_is_just_missed_is_missed():
    assert not under(10, "", 10, "s").ok
    assert under(10, "", 9.99, "s").ok
    assert not under(10, "", float("nan"), "s").ok


def test_helpdesk_that_cannot_be_fetched_is_told_and_no_success(capsys, monkeypatch):
    one = ratio.Round(ours=0.001, floor=0.0005, helpdesk=0.0, walked=1000, rows=7000, rows_by_hand=7000)
    monkeypatch.setenv("DOSE", "1")
    monkeypatch.setattr(beside_helpdesk, "_installed", lambda _place: None)
    monkeypatch.setattr(ratio.seed, "clear", lambda: None)
    monkeypatch.setattr(ratio, "gather", lambda _crowd, _now: [])
    monkeypatch.setattr(ratio, "_round", lambda *_words: one)

    assert tell([ratio.ratio]) == 1
    assert {"figure": f"{ratio.BESIDE}: figures made", "ok": False}.items() <= told(capsys)[-1].items()


def test_a_request_walked_after_a_younger_one_of_its_municipality_is_counted():
    assert overtaken([(1, at(0)), (2, at(9)), (1, at(1)), (2, at(9))]) == 0
    assert overtaken([(1, at(2)), (2, at(0)), (1, at(0)), (1, at(1)), (1, at(3))]) == 2


def test_a_request_without_a_volunteer_where_a_younger_one_got_one_is_counted():
    assert passed_over([(1, at(0), True), (1, at(1), False), (2, at(0), False)]) == 0
    assert passed_over([(1, at(0), False), (1, at(1), True), (1, at(2), False), (2, at(0), False)]) == 1


@pytest.mark.parametrize("seed", range(3))
def test_who_waits_while_another_municipality_begins_its_next_turn_is_counted(seed):
    by_turns = [1, 1, 2, 2, 3, 1, 1, 2, 1]
    by_age_alone = [1, 2] * 2 + [1] * 3 + [3, 2, 2]
    within_a_turn = [1, 1, 2, 2, 3]
    Random(seed).shuffle(within_a_turn)  # as long as it is one turn of each, its order does not matter

    assert waited(by_turns, {1: 5, 2: 3, 3: 1}, turn=2) == 0
    assert waited(by_age_alone, {1: 5, 2: 4, 3: 1}, turn=2) == 2
    assert waited(within_a_turn, {1: 2, 2: 2, 3: 1}, turn=2) == 0
