"""When a request goes up a rung: no Django, no clock, no database.

The sweep, the preview before posting and the timeline call the same functions, so what
people are told is what happens. Every moment is aware; answers are in UTC.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

# Answers the first moment from the given one on that is in nobody's quiet hours.
Awake = Callable[[datetime], datetime]

NOTHING = timedelta()
MOST_WAVES = 12  # a policy with short fixed times must not ask a village all day long
MOST_CIRCLE = timedelta(hours=24)  # a share of a long window: nobody waits a week for their own circle only
CLOSEST_WAVES = timedelta(seconds=1)  # a share of a window of seconds must not round to nothing


class Rung(StrEnum):
    """How far a request went. By being posted it starts at the circle or the neighbours: that needs no step."""

    CIRCLE = "circle"
    NEIGHBOURS = "neighbours"
    VOLUNTEERS = "volunteers"
    CONTACT = "contact"
    CLOSE = "close"


class Audience(StrEnum):
    """Whom the asker wants first; the rungs below it are left out. After the circle alone comes the contact person."""

    CIRCLE = "circle"
    CIRCLE_ONLY = "circle_only"
    NEIGHBOURS = "neighbours"
    VOLUNTEERS = "volunteers"
    CONTACT = "contact"


class Why(StrEnum):
    """Why a step has the moment it has."""

    SHARE = "share"  # the policy's share of the request's own window
    FIXED = "fixed"  # the policy's fixed time after the start
    MORNING = "morning"  # its own moment fell in quiet hours
    OFFICE = "office"  # the last working moment that leaves the team its hours
    AT_ONCE = "at_once"  # asked for now, or there is no time left to wait
    NEEDED_BY = "needed_by"  # the help would come too late


@dataclass(frozen=True)
class Numbers:
    """What a policy states. Shares are of the request's own window; a fixed time wins where it fits in it."""

    circle: float = 0.25
    first_wave: float = 0.25
    first_wave_within_a_day: float = 0.10  # for a window under a day
    between_waves: float = 0.12
    contact: float = 0.70
    circle_after: timedelta | None = None
    first_wave_after: timedelta | None = None
    between_waves_after: timedelta | None = None
    contact_after: timedelta | None = None
    goals: tuple[float, ...] = (0.60, 0.80, 0.90, 0.98)  # chance of one yes that each wave aims at
    caps: tuple[int, ...] = (12, 24, 36, 36)  # most people each wave asks
    widen_share: float = 0.5  # from here on also volunteers who chose other categories
    office_hours: int = 4  # working hours the team needs before needed_by; 0: no office rule
    volunteers: bool = True  # their waves are a rung here; False: it is left out

    def goal(self, wave: int) -> float:
        """The chance that wave number ``wave`` (the first is 1) aims at; after the last one stated it stays there."""
        return self.goals[min(wave, len(self.goals)) - 1]

    def cap(self, wave: int) -> int:
        """The most people that wave number ``wave`` (the first is 1) asks; as ``goal``, the last one stays."""
        return self.caps[min(wave, len(self.caps)) - 1]


@dataclass(frozen=True)
class Step:
    """One moment at which the request goes up; ``wave`` counts the volunteers' waves from 1, else 0."""

    at: datetime
    rung: Rung
    why: Why
    wave: int = 0


def plan(
    since: datetime,
    needed_by: datetime,
    numbers: Numbers,
    *,
    audience: Audience,
    last_office_at: datetime | None,
    awake: Awake,
    volunteers_now: bool = False,
) -> list[Step]:
    """Every step of one request in order of time: one to the neighbours, up to twelve waves, one contact, one close.

    ``since`` is the start of the window: the posting, or the moment a helper gave back.
    ``last_office_at`` is the last working moment that leaves the team its hours; None: no such rule.
    ``volunteers_now`` (the asker skips ahead, or the neighbours had their share) puts the first wave at ``since``.

    - Only after the own circle is there a step to the neighbours (``_to_neighbours``). It moves no contact moment:
      the first wave comes after the same part of the time that is left until then.
    - The contact moment is the earlier of the policy's and ``last_office_at``. If that is past, or
      has no waking moment left before ``needed_by``, it is at once, together with the volunteers.
    - Waves come before the contact moment; only a first wave that is asked at once may share it.
      A wave that does not fit goes up a rung: it is left out. Two waves of one night make one.
    - "At once" in the night is the morning. Only the contact person is told in the night, and only
      when no morning is left before ``needed_by``.
    - With ``needed_by`` at or before ``since`` the contact person is told and it closes, both at ``since``.
    - Where volunteers are no rung, who wanted only them gets the contact person.
    """
    since, needed_by = since.astimezone(UTC), max(needed_by, since).astimezone(UTC)
    if audience == Audience.VOLUNTEERS and not numbers.volunteers:
        audience = Audience.CONTACT
    contact = _contact(since, needed_by, numbers, audience, last_office_at=last_office_at, awake=awake)
    close = Step(needed_by, Rung.CLOSE, Why.NEEDED_BY)
    if audience in {Audience.CONTACT, Audience.CIRCLE_ONLY} or needed_by == since:
        return [contact, close]
    start, window, left, opening = since, needed_by - since, 1.0, []
    if audience == Audience.CIRCLE and not volunteers_now:
        opening = [_to_neighbours(since, window, numbers, contact, awake)]
        start = opening[0].at
        left = (contact.at - start) / (contact.at - since) if start > since else 1.0
    if not numbers.volunteers:
        return [*opening, contact, close]
    between, why = numbers.between_waves_after, Why.FIXED
    if between is None:
        between, why = numbers.between_waves * window, Why.SHARE
    now = volunteers_now or audience == Audience.VOLUNTEERS or _is_at_once(contact, since, awake)
    first = (
        Step(since, Rung.VOLUNTEERS, Why.AT_ONCE) if now else _first_wave(start, window, numbers, contact, left=left)
    )
    return [*opening, *_waves(first, max(between, CLOSEST_WAVES), why, contact, awake), contact, close]


def widens_at(since: datetime, needed_by: datetime, numbers: Numbers) -> datetime:
    """From this moment on volunteers who chose other categories are asked too."""
    since = since.astimezone(UTC)
    return since + numbers.widen_share * (max(needed_by, since) - since)


def aim(numbers: Numbers, steps: Sequence[Step], walked: int, wave: int) -> tuple[float, int]:
    """The chance of one yes that wave number ``wave`` wants, and the most people it asks; ``walked`` counts its step.

    The last wave before the contact person's turn wants the highest chance the policy states: nobody is asked
    after it. Where the time is short that is the first wave already.
    """
    last = all(step.rung != Rung.VOLUNTEERS for step in steps[walked:])
    level = max(wave, len(numbers.goals), len(numbers.caps)) if last else wave
    return numbers.goal(level), numbers.cap(level)


def due(steps: Sequence[Step], walked: int, now: datetime, *, awake: Awake) -> tuple[Step | None, int]:
    """The step to take now and the ``walked`` to store once it is taken; (None, ``walked``) if there is none.

    ``walked`` counts the steps done or passed over. One call gives one step: call again until None.

    After an outage several steps may be past. Of the late waves only the last is taken: asking three waves in one
    minute would ask the village. Neighbours come before all that, until it is time to close. The contact person is
    never passed over, not even when it is time to close. No wave is taken once it is time to close, nor in the night:
    a late one waits for the morning (``next_at``), or is passed over when the contact person's turn comes first.
    """
    turns = {step.rung: (step, walked + n) for n, step in enumerate(steps[walked:], start=1) if step.at <= now}
    if Rung.NEIGHBOURS in turns and Rung.CLOSE not in turns:
        return turns[Rung.NEIGHBOURS]
    if Rung.VOLUNTEERS in turns and Rung.CLOSE not in turns and awake(now) <= now:
        return turns[Rung.VOLUNTEERS]
    return turns.get(Rung.CONTACT) or turns.get(Rung.CLOSE) or (None, walked)


def next_at(steps: Sequence[Step], walked: int, now: datetime, *, awake: Awake) -> datetime | None:
    """When to look again after ``walked`` steps; past if something is due; None when all is walked.

    A wave that is late in the night counts from the morning, so a sweep never finds nothing to do.
    """
    left = steps[walked:]  # in order of time: of the waves, and of the others, only the first can be it
    wave = next((awake(max(step.at, now)) for step in left if step.rung == Rung.VOLUNTEERS), None)
    other = next((step.at for step in left if step.rung != Rung.VOLUNTEERS), None)
    return min(filter(None, (wave, other)), default=None)


def _contact(
    since: datetime,
    needed_by: datetime,
    numbers: Numbers,
    audience: Audience,
    *,
    last_office_at: datetime | None,
    awake: Awake,
) -> Step:
    window = needed_by - since
    after, why = numbers.contact_after, Why.FIXED
    if after is None or not NOTHING <= after < window:
        after, why = numbers.contact * window, Why.SHARE
    contact = _awake_step(Step(since + after, Rung.CONTACT, why), awake)
    if last_office_at is not None and last_office_at < contact.at:
        contact = Step(last_office_at.astimezone(UTC), Rung.CONTACT, Why.OFFICE)
    if audience != Audience.CONTACT and since < contact.at < needed_by:
        return contact
    at_once = Step(since, Rung.CONTACT, Why.AT_ONCE)
    in_the_morning = _awake_step(at_once, awake)
    return in_the_morning if in_the_morning.at < needed_by else at_once


def _to_neighbours(since: datetime, window: timedelta, numbers: Numbers, contact: Step, awake: Awake) -> Step:
    """When the circle's time is over. It counts from the first waking moment: in the night nobody of it is told.

    Without room for it before the contact moment, everybody is asked at once.
    """
    begins = awake(since)
    after, why = numbers.circle_after, Why.FIXED
    if after is None or not NOTHING <= after < contact.at - begins:
        after, why = min(numbers.circle * window, MOST_CIRCLE), Why.SHARE
    step = _awake_step(Step(begins + after, Rung.NEIGHBOURS, why), awake)
    return step if step.at < contact.at else Step(since, Rung.NEIGHBOURS, Why.AT_ONCE)


def _is_at_once(contact: Step, since: datetime, awake: Awake) -> bool:
    # "At once" in the night is the first waking moment; a contact moment no later than that is at once too.
    return contact.at <= awake(since)


def _first_wave(start: datetime, window: timedelta, numbers: Numbers, contact: Step, *, left: float) -> Step:
    """``start`` is when neighbours see it; ``left`` what is left then of the time to the contact moment."""
    after = numbers.first_wave_after
    if after is not None and start <= start + after < contact.at:
        return Step(start + after, Rung.VOLUNTEERS, Why.FIXED)
    share = numbers.first_wave if window >= timedelta(days=1) else numbers.first_wave_within_a_day
    return Step(start + share * left * window, Rung.VOLUNTEERS, Why.SHARE)


def _waves(first: Step, between: timedelta, why: Why, contact: Step, awake: Awake) -> list[Step]:
    waves: list[Step] = []
    step = first
    while len(waves) < MOST_WAVES:
        wave = _awake_step(step, awake)
        together = wave.at == contact.at and first.why == Why.AT_ONCE and not waves
        if wave.at >= contact.at and not together:
            break
        waves.append(Step(wave.at, Rung.VOLUNTEERS, wave.why, wave=len(waves) + 1))
        # The first own moment after this wave: those of the same night are this wave.
        gone_by = (wave.at - first.at) // between + 1
        step = Step(first.at + gone_by * between, Rung.VOLUNTEERS, why)
    return waves


def _awake_step(step: Step, awake: Awake) -> Step:
    at = awake(step.at)
    return step if at == step.at else Step(at, step.rung, Why.MORNING)
