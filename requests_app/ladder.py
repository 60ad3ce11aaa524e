"""When a request goes up a rung: no Django, no clock, no database.

The sweep, the preview before posting and the timeline call the same functions, so what
people are told is what happens. Every moment is aware; answers are in UTC.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from requests_app.rungs import IN_THE_DAY, Audience, Numbers, Rung, Step, Why, begins_with

__all__ = ["Audience", "Numbers", "Rung", "Step", "Why", "begins_with"]

# Answers the first moment from the given one on that is in no quiet hours and on no quiet day.
Awake = Callable[[datetime], datetime]

NOTHING = timedelta()
# What is behind who is on this rung without a wave. The volunteers' rung may be where a window begins: then a group,
# and the first wave, are still ahead.
PASSED = {
    Rung.NEIGHBOURS: {Rung.NEIGHBOURS},
    Rung.GROUP: {Rung.NEIGHBOURS, Rung.GROUP},
    Rung.VOLUNTEERS: {Rung.NEIGHBOURS},
}
MOST_WAVES = 12  # a policy with short fixed times must not ask a village all day long
MOST_CIRCLE = timedelta(hours=24)  # a share of a long window: nobody waits a week for their own circle only
SHORTEST_MORNING = timedelta(hours=1)  # who is told in the morning has at least this; else it is told the night before
CLOSEST_WAVES = timedelta(seconds=1)  # a share of a window of seconds must not round to nothing


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
    """Every step of one request in order of time: one to the neighbours, one to the groups, up to twelve waves, one
    contact, one close.

    ``since`` is the start of the window: the posting, or the moment a helper gave back.
    ``last_office_at`` is the last working moment that leaves the team its hours; None: no such rule.
    ``volunteers_now`` (the asker skips ahead, or the neighbours had their share) puts the first wave at ``since``.

    - It starts with whom the asker wants, or else the next rung that is there (``begins_with``).
    - Only after the own circle is there a step to the neighbours (``_to_neighbours``). It moves no contact moment:
      group and first wave come after the same part of the time that is left until then. Where neighbours are left
      out it only ends the circle's time, and who comes next is asked at that moment.
    - A group comes before the first wave (``_to_group``), at once where it is what the asker wants first.
    - The contact moment is the earlier of the policy's and ``last_office_at``. If that is past, or
      has no waking hour left before ``needed_by``, it is at once, together with the volunteers.
    - Waves come before the contact moment; only a first wave that is asked at once may share it.
      A wave that does not fit goes up a rung: it is left out. Two waves of one night make one.
    - "At once" in the night is the morning. Only the contact person is told in the night, and only
      when no morning of an hour is left before ``needed_by``. A quiet day of the village is a night that lasts longer.
    - With ``needed_by`` at or before ``since`` the contact person is told and it closes, both at ``since``.
    """
    since, needed_by = since.astimezone(UTC), max(needed_by, since).astimezone(UTC)
    audience = begins_with(audience, numbers)
    contact = _contact(since, needed_by, numbers, audience, last_office_at=last_office_at, awake=awake)
    close = Step(needed_by, Rung.CLOSE, Why.NEEDED_BY)
    if audience in {Audience.CONTACT, Audience.CIRCLE_ONLY} or needed_by == since:
        return [contact, close]
    start, window, left, opening = since, needed_by - since, 1.0, []
    if audience == Audience.CIRCLE and not volunteers_now:
        opening = [_to_neighbours(since, window, numbers, contact, awake)]
        start = opening[0].at
        left = (contact.at - start) / (contact.at - since) if start > since else 1.0
    then = begins_with(Audience.NEIGHBOURS, numbers) if opening else audience  # whom it starts with at ``start``
    now = volunteers_now or _is_at_once(contact, since, awake)
    waves: list[Step] = []
    if numbers.volunteers:
        first = _first_wave(start, window, numbers, contact, left=left)
        if now or then == Audience.VOLUNTEERS:
            first = Step(start, Rung.VOLUNTEERS, Why.AT_ONCE)
        waves = _waves(first, *_between(numbers, window), contact, awake)
    group: list[Step] = []
    if numbers.groups and audience != Audience.VOLUNTEERS:
        before = [*waves, contact][0]
        own = _group_own(start, window, numbers, before, left=left)
        group = _to_group(None if now or then == Audience.GROUP else own, start, before, awake)
    return [*opening, *group, *waves, contact, close]


def widens_at(since: datetime, needed_by: datetime, numbers: Numbers) -> datetime:
    """From this moment on volunteers who chose other categories are asked too."""
    since = since.astimezone(UTC)
    return since + numbers.widen_share * (max(needed_by, since) - since)


def walked(steps: Sequence[Step], rung: Rung, wave: int) -> int:
    """How many of these steps are behind a request that came to ``rung``; ``wave`` is the last wave it passed, or 0.

    What is stored is how far it came, not a place in a plan: the plan is worked out anew each time, and other quiet
    hours, a group more, a rung that is left out or a policy that is switched off give it more or fewer steps. None is
    done twice because of that, and none is taken along: before the contact person has it that step is ahead, and the
    end always is.
    """
    contact = next(n for n, step in enumerate(steps) if step.rung == Rung.CONTACT)
    before = steps[:contact]
    if rung == Rung.CONTACT:
        return contact + 1
    if wave:
        return sum(step.wave <= wave for step in before)  # what is no wave has number 0, and comes before them
    return sum(step.rung in PASSED.get(rung, ()) for step in before)


def aim(numbers: Numbers, steps: Sequence[Step], walked: int, wave: int) -> tuple[float, int]:
    """The chance of one yes that wave number ``wave`` wants, and the most people it asks; ``walked`` counts its step.

    The last wave before the contact person's turn wants the highest chance the policy states: nobody is asked
    after it. Where the time is short that is the first wave already.
    """
    last = all(step.rung != Rung.VOLUNTEERS for step in steps[walked:])
    level = max(wave, len(numbers.goals), len(numbers.caps)) if last else wave
    return numbers.goal(level), numbers.cap(level)


def until(steps: Sequence[Step], walked: int) -> datetime:
    """The moment of the step after those that were ``walked``: so long the last one has the time to itself."""
    return steps[min(walked, len(steps) - 1)].at


def due(steps: Sequence[Step], walked: int, now: datetime, *, awake: Awake) -> tuple[Step | None, int]:
    """The step to take now and what is ``walked`` once it is taken; (None, ``walked``) if there is none.

    ``walked`` counts the steps done or passed over. One call gives one step: call again until None.

    After an outage several steps may be past. Of the late waves only the last is taken: asking three waves in one
    minute would ask the village. Neighbours come before all that, then groups, until it is time to close. The contact
    person is never passed over, not even when it is time to close. No group or wave is asked once it is time to close,
    nor in the night: a late one waits for the morning (``next_at``), or is passed over when the contact person's turn
    comes first.
    """
    turns = {step.rung: (step, walked + n) for n, step in enumerate(steps[walked:], start=1) if step.at <= now}
    if Rung.NEIGHBOURS in turns and Rung.CLOSE not in turns:
        return turns[Rung.NEIGHBOURS]
    if Rung.CLOSE not in turns and turns.keys() & IN_THE_DAY and awake(now) <= now:
        return turns.get(Rung.GROUP) or turns[Rung.VOLUNTEERS]
    return turns.get(Rung.CONTACT) or turns.get(Rung.CLOSE) or (None, walked)


def next_at(steps: Sequence[Step], walked: int, now: datetime, *, awake: Awake) -> datetime | None:
    """When to look again after ``walked`` steps; past if something is due; None when all is walked.

    A wave that is late in the night counts from the morning, so a sweep never finds nothing to do.
    """
    left = steps[walked:]  # in order of time: of those that wait for the morning, and of the others, one is first
    in_the_day = next((awake(max(step.at, now)) for step in left if step.rung in IN_THE_DAY), None)
    other = next((step.at for step in left if step.rung not in IN_THE_DAY), None)
    return min(filter(None, (in_the_day, other)), default=None)


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
    if audience != Audience.CONTACT and since < contact.at and _in_time(contact, needed_by):
        return contact
    at_once = Step(since, Rung.CONTACT, Why.AT_ONCE)
    in_the_morning = _awake_step(at_once, awake)
    return in_the_morning if _in_time(in_the_morning, needed_by) else at_once


def _in_time(contact: Step, needed_by: datetime) -> bool:
    """Before ``needed_by``; who had to wait for the morning still has an hour then."""
    if contact.why == Why.MORNING:
        return contact.at + SHORTEST_MORNING <= needed_by
    return contact.at < needed_by


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


def _group_own(start: datetime, window: timedelta, numbers: Numbers, before: Step, *, left: float) -> Step:
    after = numbers.group_after
    if after is not None and start <= start + after < before.at:
        return Step(start + after, Rung.GROUP, Why.FIXED)
    return Step(start + numbers.group * left * window, Rung.GROUP, Why.SHARE)


def _to_group(own: Step | None, start: datetime, before: Step, awake: Awake) -> list[Step]:
    """When it is put before the groups; ``own`` None: at once.

    Without room for it ``before`` the next step, it is at once: that may share the moment of the next step. Left out
    where no waking moment is left.
    """
    step = _awake_step(own, awake) if own else None
    if step is None or step.at >= before.at:
        step = _awake_step(Step(start, Rung.GROUP, Why.AT_ONCE), awake)
    return [step] if step.at <= before.at else []


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


def _between(numbers: Numbers, window: timedelta) -> tuple[timedelta, Why]:
    """How far the waves lie apart, and what says so."""
    if numbers.between_waves_after is not None:
        return max(numbers.between_waves_after, CLOSEST_WAVES), Why.FIXED
    return max(numbers.between_waves * window, CLOSEST_WAVES), Why.SHARE


def _waves(first: Step, between: timedelta, why: Why, contact: Step, awake: Awake) -> list[Step]:
    waves: list[Step] = []
    step = first
    while len(waves) < MOST_WAVES:
        wave = _awake_step(step, awake)
        together = wave.at == contact.at and first.why == Why.AT_ONCE and not waves
        if wave.at >= contact.at and not together:
            break
        waves.append(Step(wave.at, Rung.VOLUNTEERS, wave.why, len(waves) + 1, wave.own_at))
        # The first own moment after this wave: those of the same night are this wave.
        gone_by = (wave.at - first.at) // between + 1
        step = Step(first.at + gone_by * between, Rung.VOLUNTEERS, why)
    return waves


def _awake_step(step: Step, awake: Awake) -> Step:
    at = awake(step.at)
    return step if at == step.at else Step(at, step.rung, Why.MORNING, own_at=step.at)
