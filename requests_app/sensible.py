"""Which numbers of a policy make no sense, and why: no Django, no clock, no database.

What can be said of one row alone is a constraint in the database too (``models.policy``).
"""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

from requests_app.ladder import MOST_WAVES, Numbers

SHARES = ("circle", "group", "first_wave", "first_wave_within_a_day", "between_waves", "contact", "widen_share")
LEAST_BETWEEN = 0.01  # of the window: with less a village is asked all day long
SHORTEST = timedelta(minutes=5)  # nobody has read a message any sooner
LONGEST = timedelta(days=60)  # of a fixed time: who is asked any later was forgotten
MOST_ASKED = 200  # at once: more is everybody
MOST_OFFICE_HOURS = 40  # a working week: with more every request begins with the contact person


class Fault(StrEnum):
    """Why numbers are refused."""

    SHARE = "share"  # not from 0 up to 1
    NEVER_ENDS = "never_ends"  # waves that follow each other at once, without end
    TOO_SHORT = "too_short"  # nobody can answer in that time
    TOO_LONG = "too_long"  # whoever waits so long is forgotten
    CONTACT_FIRST = "contact_first"  # the contact person comes before the volunteers
    CONTACT_TOO_LATE = "contact_too_late"  # at the very moment that the help is needed
    CONTACT_ALONE = "contact_alone"  # a fixed time for the contact person, none for the volunteers
    GROUP_LATE = "group_late"  # groups come after who comes after them
    NOBODY = "nobody"  # every rung before the contact person is left out
    NO_GOAL = "no_goal"  # no chance of a yes to aim at
    GOAL = "goal"  # a chance that is none: not between 0 and 1
    GOALS_FALL = "goals_fall"  # a wave aims lower than the one before
    MANY_WAVES = "many_waves"  # more than a request ever has
    CAP = "cap"  # a wave that asks nobody, or everybody
    NO_CIRCLE = "no_circle"  # the own circle has no time at all
    CIRCLE_LATE = "circle_late"  # the own circle keeps it until the contact person comes
    CAPS_COUNT = "caps_count"  # not as many as there are goals
    OFFICE_HOURS = "office_hours"  # below 0 or more than a week


def faults(numbers: Numbers) -> list[tuple[str, Fault]]:
    """Every field that makes no sense, with the reason; empty when all is well."""
    return [*_shares(numbers), *_circle(numbers), *_rungs(numbers), *_fixed_times(numbers), *_waves(numbers)]


def _shares(numbers: Numbers) -> Iterator[tuple[str, Fault]]:
    wrong = [name for name in SHARES if not 0 <= getattr(numbers, name) <= 1]
    yield from ((name, Fault.SHARE) for name in wrong)
    if "between_waves" not in wrong and numbers.between_waves < LEAST_BETWEEN:
        yield "between_waves", Fault.NEVER_ENDS
    if wrong:
        return
    if numbers.contact == 1:
        yield "contact", Fault.CONTACT_TOO_LATE
    elif numbers.volunteers and numbers.contact <= max(numbers.first_wave, numbers.first_wave_within_a_day):
        yield "contact", Fault.CONTACT_FIRST
    if not 0 <= numbers.office_hours <= MOST_OFFICE_HOURS:
        yield "office_hours", Fault.OFFICE_HOURS


def _circle(numbers: Numbers) -> Iterator[tuple[str, Fault]]:
    if numbers.circle == 0:
        yield "circle", Fault.NO_CIRCLE
    elif numbers.contact <= numbers.circle <= 1:
        yield "circle", Fault.CIRCLE_LATE
    after, contact = numbers.circle_after, numbers.contact_after
    if after is not None and contact is not None and after >= contact:
        yield "circle_after", Fault.CIRCLE_LATE


def _rungs(numbers: Numbers) -> Iterator[tuple[str, Fault]]:
    if not (numbers.neighbours or numbers.groups or numbers.volunteers):
        yield "skips_neighbours", Fault.NOBODY
    if not numbers.groups:
        return
    if numbers.group >= (numbers.first_wave if numbers.volunteers else numbers.contact):
        yield "group", Fault.GROUP_LATE
    next_after = numbers.first_wave_after if numbers.volunteers else numbers.contact_after
    if numbers.group_after is not None and next_after is not None and numbers.group_after >= next_after:
        yield "group_after", Fault.GROUP_LATE


def _fixed_times(numbers: Numbers) -> Iterator[tuple[str, Fault]]:
    first, between, contact = numbers.first_wave_after, numbers.between_waves_after, numbers.contact_after
    times = {
        "circle_after": numbers.circle_after,
        "group_after": numbers.group_after if numbers.groups else None,
        "first_wave_after": first,
        "between_waves_after": between,
        "contact_after": contact,
    }
    short = [name for name, after in times.items() if after is not None and after < SHORTEST]
    yield from ((name, Fault.TOO_SHORT) for name in short)
    long = [name for name in times if (getattr(numbers, name) or SHORTEST) > LONGEST]
    yield from ((name, Fault.TOO_LONG) for name in long)
    if contact is None or not numbers.volunteers or short or long:
        return
    if first is None:
        # In a long window a share comes after any fixed time: then no volunteer would ever be asked.
        yield "contact_after", Fault.CONTACT_ALONE
    elif contact <= first:
        yield "contact_after", Fault.CONTACT_FIRST


def _waves(numbers: Numbers) -> Iterator[tuple[str, Fault]]:
    goals, caps = numbers.goals, numbers.caps
    if not goals:
        yield "goals", Fault.NO_GOAL
    elif not all(0 < goal < 1 for goal in goals):
        yield "goals", Fault.GOAL
    elif any(earlier > later for earlier, later in pairwise(goals)):
        yield "goals", Fault.GOALS_FALL
    elif len(goals) > MOST_WAVES:
        yield "goals", Fault.MANY_WAVES
    if not all(1 <= cap <= MOST_ASKED for cap in caps):
        yield "caps", Fault.CAP
    elif goals and len(caps) != len(goals):
        yield "caps", Fault.CAPS_COUNT
