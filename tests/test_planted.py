"""The table of ``make planted`` fits the code as it is now; planting itself is too long for here."""

from bench.planted import Fault, Run, faults, misplaced
from tests.running import ROOT


def test_every_fault_can_be_planted_in_the_code_as_it_is():
    assert misplaced(faults(), ROOT) == []


def test_faults_are_many_and_each_has_a_name_of_its_own():
    names = [fault.what for fault in faults()]

    assert len(names) >= 25
    assert len(set(names)) == len(names)


def test_text_that_is_not_there_or_there_twice_is_refused(tmp_path):
    (tmp_path / "code.py").write_text("one\ntwo\ntwo\n", encoding="utf-8")
    (tmp_path / "test_code.py").touch()

    def refused(old, new="", test="test_code.py"):
        return len(misplaced([Fault("", "code.py", old, new, (test,))], tmp_path))

    assert refused("one") == 0
    assert refused("two") == refused("three") == refused("one", "one") == refused("one", test="gone.py") == 1


def test_only_a_test_that_fails_because_of_a_rule_sees_a_fault():
    red = "FAILED tests/test_code.py::test_rule[a-b] - AssertionError: assert 1 == 2\n1 failed\n"

    assert Run(1, red).seen_by == Run(2, red).seen_by == "tests/test_code.py::test_rule[a-b]"
    assert Run(1, red.replace("AssertionError", "NameError")).seen_by == ""
    assert Run(1, "ERROR tests/test_code.py::test_rule\n1 error\n").seen_by == ""
    assert Run(2, "ERROR tests/test_code.py\n1 error\n").seen_by == ""
    assert Run(None, red).seen_by == Run(0, "1 passed\n").seen_by == ""
