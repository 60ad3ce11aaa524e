"""The moments of one request: rows in, the pure modules' answers out. Reads no clock and writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max

from requests_app import ladder, rungs
from requests_app.models import Audience, HelpRequest, Part, PickUp, Policy
from requests_app.models.help_request import Rung
from requests_app.rungs import IN_THE_DAY
from villages import daylight
from villages.models import Village

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PART_STARTS = {Part.MORNING: time(9), Part.AFTERNOON: time(12), Part.EVENING: time(18)}
PART_ENDS = {Part.MORNING: time(12), Part.AFTERNOON: time(18), Part.EVENING: time(22)}
ANY_TIME = timedelta(days=7)  # the window of a request that may be done whenever it suits
UNKNOWN_LENGTH = timedelta(hours=1)  # a guess, for the moment to ask whether it worked out
CLOSES_ITSELF = timedelta(days=7)  # an unanswered "did it work out?"
A_LONG_WINDOW = timedelta(days=10)  # from here on we ask whether it is still needed
A_WEEK = timedelta(days=7)  # at least so often
REMINDED = time(16)  # the day before: late enough to be of use, early enough to call about it
CONTACT_HOURS = 4  # working hours in which the contact person reacts, where the policy has no office rule


def needed_by(help_request: HelpRequest, now: datetime) -> datetime:
    """Until when help is of use: the moment, the start of the part of the day, or seven days from ``now``."""
    if help_request.part == Part.FIXED and help_request.help_at:
        return help_request.help_at
    if help_request.part in PART_STARTS and help_request.help_on:
        return local_moment(help_request.help_on, PART_STARTS[Part(help_request.part)])
    return now + ANY_TIME


def local_moment(day: date, clock: time) -> datetime:
    """That time of day in the Netherlands, as a moment."""
    return datetime.combine(day, clock, tzinfo=AMSTERDAM)


def day_of(help_request: HelpRequest) -> date:
    """The day the help is for, in the village; of "any time" the last one."""
    if help_request.help_on:
        return help_request.help_on
    return _needed_by(help_request).astimezone(AMSTERDAM).date()


def of_the_week(help_request: HelpRequest) -> str:
    """The day and part of the day, as volunteers choose them; empty where any time will do."""
    if help_request.help_on is None:
        return ""
    part = help_request.part
    if help_request.help_at:
        hour = help_request.help_at.astimezone(AMSTERDAM).time()
        part = next(part for part, end in {**PART_ENDS, Part.EVENING: time.max}.items() if hour < end)
    return f"{help_request.help_on.weekday()}-{part}"


def is_today(help_request: HelpRequest, now: datetime) -> bool:
    """The help is for this day, in the village; or its day is past."""
    return day_of(help_request) <= now.astimezone(AMSTERDAM).date()


def ask_done_at(help_request: HelpRequest) -> datetime:
    """When to ask whether it worked out: after the help, as far as is known, and after everybody's agreed moment."""
    agreed = list(help_request.pick_ups.filter(ended_at=None).values_list("agreed_at", flat=True))
    ends = [at + length_of(help_request) for at in agreed if at]
    if not ends or None in agreed:  # somebody comes at the moment of the request itself
        ends.append(_help_ends_at(help_request))
    return max(ends)


def ends_at(pick_up: PickUp) -> datetime:
    """When this appointment is over, as far as is known."""
    if pick_up.agreed_at:
        return pick_up.agreed_at + length_of(pick_up.help_request)
    return _help_ends_at(pick_up.help_request)


def closes_itself_at(help_request: HelpRequest) -> datetime:
    """When a taken request is done by itself if nobody says so."""
    return max(_needed_by(help_request), latest_agreed(help_request) or _needed_by(help_request)) + CLOSES_ITSELF


def latest_agreed(help_request: HelpRequest) -> datetime | None:
    """The last moment that somebody who comes agreed on with the asker; None where nobody chose one."""
    found: datetime | None = help_request.pick_ups.filter(ended_at=None).aggregate(at=Max("agreed_at"))["at"]
    return found


def length_of(help_request: HelpRequest) -> timedelta:
    """How long it takes, or a guess."""
    return timedelta(minutes=help_request.minutes) if help_request.minutes else UNKNOWN_LENGTH


def appointment_at(pick_up: PickUp) -> datetime | None:
    """When this helper comes: what the two agreed, or the fixed time of the request; None if only a part of a day."""
    return pick_up.agreed_at or pick_up.help_request.help_at


def is_ahead(pick_up: PickUp, now: datetime) -> bool:
    """This helper still has to come: the moment, or the start of the part of the day, is not there yet.

    Help for any time may have been given already, so it is never ahead.
    """
    help_request, at = pick_up.help_request, appointment_at(pick_up)
    if at is None and help_request.help_on:
        at = local_moment(help_request.help_on, PART_STARTS[Part(help_request.part)])
    return at is not None and at > now


def appointment_on(pick_up: PickUp) -> date | None:
    """The day on which this helper comes, in the village; None for any time."""
    at = appointment_at(pick_up)
    return at.astimezone(AMSTERDAM).date() if at else pick_up.help_request.help_on


def remind_at(help_request: HelpRequest, agreed_at: datetime | None, now: datetime) -> datetime | None:
    """When to remind the two of their appointment: the afternoon before, not in the village's quiet hours.

    None where there is no day, or where that moment is past: who agrees tonight for tomorrow needs no reminder.
    """
    start = agreed_at or help_request.help_at
    if start is None and help_request.help_on:
        start = local_moment(help_request.help_on, PART_STARTS[Part(help_request.part)])
    if start is None:
        return None
    day_before = start.astimezone(AMSTERDAM).date() - timedelta(days=1)
    at = awake_in(help_request.village)(local_moment(day_before, REMINDED))
    return at if now < at < start else None


def ask_needed_at(help_request: HelpRequest, now: datetime, *, longer_than: timedelta) -> datetime | None:
    """When to ask whether it is still needed: halfway what is left, within a week, and not in the quiet hours.

    None where no more than ``longer_than`` is left: then the ladder itself is news enough.
    """
    left = _needed_by(help_request) - now
    return awake_in(help_request.village)(now + min(left / 2, A_WEEK)) if left > longer_than else None


def awake_in(village: Village) -> Callable[[datetime], datetime]:
    """Answers the first moment from the given one on that is in no quiet hours and on no quiet day of the village."""
    return daylight.waker(village.rests())


def rungs_of(help_request: HelpRequest, policy: Policy | None = None) -> ladder.Numbers:
    """What its policy states: rungs that its village leaves out, or has no group for, are not there.

    Of a draft those of the newest policy. Under one that is switched off only the contact person is there.
    """
    policy = policy or help_request.policy
    policy = policy or Policy.objects.newest(help_request.municipality, help_request.category) or Policy()
    village, on = help_request.village, policy.switched_off_at is None
    return rungs.among(
        policy.numbers,
        neighbours=on and not village.skips_neighbours,
        groups=on and not village.skips_groups and help_request.category in village.group_categories,
        volunteers=on and not village.skips_volunteers,
    )


def begins_with(help_request: HelpRequest, wanted: Audience | None = None) -> Audience:
    """Whom it starts with: whom the asker wants (or ``wanted``), or the next rung that is not left out."""
    audience = ladder.Audience(wanted or help_request.audience)
    return Audience(ladder.begins_with(audience, rungs_of(help_request)))


def asks_volunteers(help_request: HelpRequest) -> bool:
    """Volunteers are a rung here: neither policy nor village leaves them out, nor is the policy switched off."""
    return rungs_of(help_request).volunteers


def numbers_for(help_request: HelpRequest) -> ladder.Numbers:
    """Those of the policy that a posted request started with."""
    if help_request.policy is None:
        raise ValueError("a draft has no policy")
    return help_request.policy.numbers


def steps(help_request: HelpRequest, policy: Policy, since: datetime, until: datetime) -> list[ladder.Step]:
    """Every step of a window of this request, posted or about to be.

    Under a policy that was switched off nobody is asked any more: whatever is open belongs to the contact person.
    """
    return ladder.plan(
        since,
        until,
        rungs_of(help_request, policy),
        audience=ladder.Audience.CONTACT if policy.switched_off_at else _audience(help_request),
        last_office_at=daylight.last_office_at(until, policy.office_hours),
        awake=awake_in(help_request.village),
        volunteers_now=help_request.volunteers_first,
    )


def _audience(help_request: HelpRequest) -> ladder.Audience:
    """What the plan starts from: who went on from the circle keeps the moments that were told."""
    return ladder.Audience(Audience.CIRCLE if help_request.after_circle else help_request.audience)


def steps_of(help_request: HelpRequest) -> list[ladder.Step]:
    """The steps of a posted request, as the sweep walks them and the timeline tells them.

    While it is hidden nobody is asked: then those steps are not there, and they are late once it is restored.
    """
    whole = whole_plan(help_request)
    return [step for step in whole if step.rung not in IN_THE_DAY] if help_request.hidden_at else whole


def whole_plan(help_request: HelpRequest) -> list[ladder.Step]:
    """The same, whether it is hidden or not."""
    if help_request.policy is None or help_request.ladder_since is None:
        raise ValueError("a draft has no ladder yet")
    return steps(help_request, help_request.policy, help_request.ladder_since, _needed_by(help_request))


def walked(help_request: HelpRequest, steps: Sequence[ladder.Step]) -> int:
    """How many of these steps are behind us."""
    return ladder.walked(steps, ladder.Rung(help_request.rung), help_request.waves_walked)


def next_at(help_request: HelpRequest, steps: list[ladder.Step], now: datetime) -> datetime | None:
    """When the clock looks at an open request again."""
    return ladder.next_at(steps, walked(help_request, steps), now, awake=awake_in(help_request.village))


def next_step_at(help_request: HelpRequest, now: datetime) -> datetime | None:
    """The next moment that people are told: the clock may look sooner, when who stands by did not answer."""
    at = next_at(help_request, steps_of(help_request), now)
    return max(at, help_request.next_at) if at and help_request.next_at else at


def opens_to_neighbours(help_request: HelpRequest) -> ladder.Step | None:
    """The step with which the time of the own circle ends; None where the window has none."""
    return next((step for step in steps_of(help_request) if step.rung == ladder.Rung.NEIGHBOURS), None)


def contact_at(help_request: HelpRequest) -> datetime | None:
    """When the contact person helps to look, if nobody comes; nothing once that is so."""
    return contact_among(help_request, steps_of(help_request))


def contact_among(help_request: HelpRequest, steps: list[ladder.Step]) -> datetime | None:
    """The same, of who has its steps at hand."""
    if help_request.rung == Rung.CONTACT:
        return None
    return next(step.at for step in steps if step.rung == ladder.Rung.CONTACT)


def owner_deadline(help_request: HelpRequest, now: datetime) -> datetime:
    """Before when the contact person reacts: some working hours from now, and before the help is needed."""
    hours = (help_request.policy.office_hours if help_request.policy else 0) or CONTACT_HOURS
    deadline = daylight.working_deadline(now, hours)
    until = _needed_by(help_request)
    return min(deadline, until) if until > now else deadline


def _help_ends_at(help_request: HelpRequest) -> datetime:
    if help_request.part in PART_ENDS and help_request.help_on:
        return local_moment(help_request.help_on, PART_ENDS[Part(help_request.part)])
    return _needed_by(help_request) + length_of(help_request)


def _needed_by(help_request: HelpRequest) -> datetime:
    if help_request.needed_by is None:
        raise ValueError("a draft has no moment yet")
    return help_request.needed_by
