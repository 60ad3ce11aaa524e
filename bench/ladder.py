"""Every moment against a second opinion: all the cases, with each night on which the clock changes."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bench.figure import Figure, dosed, exactly
from tests.oracle_cases import cases, difference

CASES, SEED = 10_000, 1


def ladder() -> Iterator[Figure]:
    """What differs stands on the error output, with the case it is about."""
    differences = 0
    count = dosed(CASES, least=100)
    for case in cases(count, SEED):
        if words := difference(case):
            differences += 1
            print(case, words, file=sys.stderr)
    yield exactly(0, f"differences between ladder and oracle in {count:,} cases", differences, "cases")
