"""The moments of a request: known examples to the second, and what holds for every request there can be."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from requests_app import ladder
from requests_app.ladder import Audience, Numbers, Rung, Step, Why, aim, due, next_at, plan, widens_at
from villages import daylight
from villages.daylight import AMSTERDAM, Quiet

NIGHT = Quiet(time(21), time(8))
NEVER_QUIET = Quiet(time(0), time(0))
DEMO = Numbers(
    first_wave_after=timedelta(seconds=60),
    between_waves_after=timedelta(seconds=30),
    contact_after=timedelta(seconds=150),
    office_hours=0,
)
POSTED_AT = datetime(2026, 3, 10, 9, 10, tzinfo=AMSTERDAM)  # a Tuesday
NEEDED_BY = datetime(2026, 3, 12, 12, 0, tzinfo=AMSTERDAM)  # Thursday afternoon


def at(day, hour, minute=0, second=0, *, month=3):
    return datetime(2026, month, day, hour, minute, second, tzinfo=AMSTERDAM)


DEFAULTS = Numbers()


def plan_of(since, needed_by, numbers=DEFAULTS, *, quiet=NIGHT, audience=Audience.NEIGHBOURS, volunteers_now=False):
    return plan(
        since,
        needed_by,
        numbers,
        audience=audience,
        last_office_at=daylight.last_office_at(needed_by, numbers.office_hours),
        awake=lambda moment: daylight.awake(moment, quiet),
        volunteers_now=volunteers_now,
    )


def story(steps):
    """As people would tell it: day and time on the clock in the village."""
    return [
        (f"{step.at.astimezone(AMSTERDAM):%a %H:%M:%S}", step.rung.value, step.why.value, step.wave) for step in steps
    ]


# Known examples


def test_plan_of_the_example_request_has_the_moments_that_the_screens_promise():
    steps = plan_of(POSTED_AT, NEEDED_BY)

    assert story(steps) == [
        ("Wed 08:00:00", "volunteers", "morning", 1),
        ("Wed 10:04:30", "volunteers", "share", 2),
        ("Wed 16:00:00", "contact", "office", 0),
        ("Thu 12:00:00", "close", "needed_by", 0),
    ]


def test_plan_of_a_week_asks_four_waves_and_the_contact_person_at_seventy_percent():
    steps = plan_of(at(11, 12), at(18, 12))

    assert story(steps) == [
        ("Fri 08:00:00", "volunteers", "morning", 1),  # 25 %: 6 in the morning
        ("Sat 08:00:00", "volunteers", "morning", 2),  # 37 %: 2.09 at night
        ("Sun 08:00:00", "volunteers", "morning", 3),  # 49 %: Saturday 22.19
        ("Sun 18:28:48", "volunteers", "share", 4),
        ("Mon 09:36:00", "contact", "share", 0),
        ("Wed 12:00:00", "close", "needed_by", 0),
    ]


def test_plan_answers_in_utc_whatever_the_zone_asked_in():
    abroad = ZoneInfo("America/New_York")

    steps = plan_of(POSTED_AT.astimezone(abroad), NEEDED_BY.astimezone(abroad))

    assert steps == plan_of(POSTED_AT.astimezone(UTC), NEEDED_BY.astimezone(UTC))
    assert {step.at.tzinfo for step in steps} == {UTC}


def test_plan_of_a_window_under_a_day_asks_volunteers_at_ten_percent():
    numbers = Numbers(office_hours=0)

    short = plan_of(at(10, 9), at(10, 19), numbers)
    long = plan_of(at(10, 9), at(11, 9), numbers)

    assert short[0] == Step(at(10, 10), Rung.VOLUNTEERS, Why.SHARE, 1)
    assert long[0] == Step(at(10, 15), Rung.VOLUNTEERS, Why.SHARE, 1)


def test_plan_of_the_demo_walks_all_rungs_within_three_minutes_even_at_night():
    steps = plan_of(at(10, 3), at(12, 12), DEMO, quiet=NEVER_QUIET)

    assert story(steps) == [
        ("Tue 03:01:00", "volunteers", "fixed", 1),
        ("Tue 03:01:30", "volunteers", "fixed", 2),
        ("Tue 03:02:00", "volunteers", "fixed", 3),
        ("Tue 03:02:30", "contact", "fixed", 0),
        ("Thu 12:00:00", "close", "needed_by", 0),
    ]


def test_plan_falls_back_to_the_shares_when_fixed_times_do_not_fit_the_window():
    steps = plan_of(at(10, 9), at(10, 9) + timedelta(seconds=100), DEMO, quiet=NEVER_QUIET)

    assert story(steps) == [
        ("Tue 09:01:00", "volunteers", "fixed", 1),
        ("Tue 09:01:10", "contact", "share", 0),  # 150 s is past the end: 70 %
        ("Tue 09:01:40", "close", "needed_by", 0),
    ]
    assert story(plan_of(at(10, 9), at(10, 9) + timedelta(seconds=60), DEMO, quiet=NEVER_QUIET))[:2] == [
        ("Tue 09:00:06", "volunteers", "share", 1),  # 60 s is past the contact moment: 10 %
        ("Tue 09:00:36", "volunteers", "fixed", 2),
    ]


@pytest.mark.parametrize("after", [timedelta(), -timedelta(hours=1)])
def test_plan_never_goes_back_before_its_start_whatever_the_fixed_times(after):
    odd = Numbers(first_wave_after=after, between_waves_after=after, contact_after=-timedelta(hours=1))

    steps = plan_of(POSTED_AT, NEEDED_BY, odd)

    assert steps[0].at == (POSTED_AT if after == timedelta() else at(11, 8))
    assert steps[-2] == Step(at(11, 16), Rung.CONTACT, Why.OFFICE)


# The contact moment


def test_plan_tells_the_contact_person_while_four_working_hours_are_left():
    over_the_weekend = plan_of(at(12, 9), at(16, 11))  # Thursday to Monday 11.00

    contact = over_the_weekend[-2]

    assert contact == Step(at(13, 15), Rung.CONTACT, Why.OFFICE)  # two hours on Friday, two on Monday


def test_plan_without_office_rule_tells_the_contact_person_at_the_share():
    steps = plan_of(POSTED_AT, NEEDED_BY - timedelta(hours=3), Numbers(office_hours=0))

    assert steps[-2] == Step(at(10, 9, 10) + timedelta(hours=47, minutes=50) * 0.7, Rung.CONTACT, Why.SHARE)


def test_plan_tells_contact_person_and_volunteers_at_once_when_the_contact_moment_is_past():
    steps = plan_of(at(10, 9, 10), at(10, 12))

    assert steps == [
        Step(at(10, 9, 10), Rung.VOLUNTEERS, Why.AT_ONCE, 1),
        Step(at(10, 9, 10), Rung.CONTACT, Why.AT_ONCE),
        Step(at(10, 12), Rung.CLOSE, Why.NEEDED_BY),
    ]


def test_plan_at_once_in_the_night_is_the_morning_for_both():
    steps = plan_of(at(10, 23), at(11, 11))

    assert story(steps) == [
        ("Wed 08:00:00", "volunteers", "morning", 1),
        ("Wed 08:00:00", "contact", "morning", 0),
        ("Wed 11:00:00", "close", "needed_by", 0),
    ]


def test_plan_tells_only_the_contact_person_in_the_night_when_no_morning_is_left():
    steps = plan_of(at(10, 23), at(11, 7))

    assert story(steps) == [
        ("Tue 23:00:00", "contact", "at_once", 0),
        ("Wed 07:00:00", "close", "needed_by", 0),
    ]


def test_plan_does_not_let_a_contact_moment_slip_past_the_end_of_a_night():
    steps = plan_of(at(10, 20), at(11, 7), Numbers(office_hours=0))  # 70 % is 3.42 at night

    assert story(steps) == [
        ("Tue 20:00:00", "volunteers", "at_once", 1),
        ("Tue 20:00:00", "contact", "at_once", 0),
        ("Wed 07:00:00", "close", "needed_by", 0),
    ]


@pytest.mark.parametrize("too_late", [timedelta(), timedelta(seconds=1), timedelta(days=3)])
def test_plan_of_a_request_needed_in_the_past_tells_the_contact_person_and_closes_at_the_start(too_late):
    steps = plan_of(POSTED_AT, POSTED_AT - too_late)

    assert steps == [Step(POSTED_AT, Rung.CONTACT, Why.AT_ONCE), Step(POSTED_AT, Rung.CLOSE, Why.NEEDED_BY)]


# The waves


def test_plan_makes_one_wave_of_all_that_fall_in_one_night():
    hourly = Numbers(first_wave_after=timedelta(hours=1), between_waves_after=timedelta(hours=1))

    steps = plan_of(at(9, 18), at(12, 12), hourly)

    assert story(steps)[:5] == [
        ("Mon 19:00:00", "volunteers", "fixed", 1),
        ("Mon 20:00:00", "volunteers", "fixed", 2),
        ("Tue 08:00:00", "volunteers", "morning", 3),
        ("Tue 09:00:00", "volunteers", "fixed", 4),
        ("Tue 10:00:00", "volunteers", "fixed", 5),
    ]


def test_plan_leaves_out_a_wave_that_would_come_with_or_after_the_contact_person():
    at_contact = Numbers(first_wave=0.5, between_waves=0.2, contact=0.7, office_hours=0)
    in_the_morning = plan_of(at(10, 20), at(11, 9), Numbers(office_hours=0))

    assert [step.rung for step in plan_of(at(9, 9), at(16, 9), at_contact, quiet=NEVER_QUIET)] == [
        Rung.VOLUNTEERS,
        Rung.CONTACT,
        Rung.CLOSE,
    ]
    assert story(in_the_morning)[0] == ("Wed 08:00:00", "contact", "morning", 0)


def test_plan_asks_no_more_than_twelve_waves():
    minutes = Numbers(first_wave_after=timedelta(minutes=1), between_waves_after=timedelta(minutes=1))

    waves = [step.wave for step in plan_of(at(10, 9), at(17, 12), minutes) if step.rung == Rung.VOLUNTEERS]

    assert waves == list(range(1, 13))


def test_plan_of_a_window_of_microseconds_ends():
    steps = plan_of(at(10, 9), at(10, 9) + timedelta(microseconds=3), Numbers(office_hours=0))

    assert [step.rung for step in steps] == [Rung.VOLUNTEERS, Rung.CONTACT, Rung.CLOSE]


@pytest.mark.parametrize("choice", [{"audience": Audience.VOLUNTEERS}, {"volunteers_now": True}])
def test_plan_asks_volunteers_at_once_for_who_wants_that(choice):
    by_day = plan_of(POSTED_AT, NEEDED_BY, **choice)
    by_night = plan_of(at(10, 22), NEEDED_BY, **choice)

    assert by_day[0] == Step(POSTED_AT, Rung.VOLUNTEERS, Why.AT_ONCE, 1)
    assert by_day[1] == Step(POSTED_AT + 0.12 * (NEEDED_BY - POSTED_AT), Rung.VOLUNTEERS, Why.SHARE, 2)
    assert by_night[0] == Step(at(11, 8), Rung.VOLUNTEERS, Why.MORNING, 1, own_at=at(10, 22))


def test_plan_for_the_contact_person_only_skips_all_other_rungs():
    by_day = plan_of(POSTED_AT, NEEDED_BY, audience=Audience.CONTACT, volunteers_now=True)
    by_night = plan_of(at(10, 22), NEEDED_BY, audience=Audience.CONTACT)

    assert by_day == [Step(POSTED_AT, Rung.CONTACT, Why.AT_ONCE), Step(NEEDED_BY, Rung.CLOSE, Why.NEEDED_BY)]
    assert by_night[0] == Step(at(11, 8), Rung.CONTACT, Why.MORNING, own_at=at(10, 22))


def test_plan_counts_real_hours_over_the_night_that_the_clock_skips_one():
    steps = plan_of(at(28, 20), at(29, 20), Numbers(office_hours=0), quiet=NEVER_QUIET)  # 23 hours: under a day

    assert steps[0].at == datetime(2026, 3, 28, 19, tzinfo=UTC) + timedelta(hours=2.3)


def test_numbers_keep_the_last_goal_and_cap_for_later_waves():
    numbers = Numbers()

    assert [numbers.goal(wave) for wave in (1, 2, 3, 4, 5, 12)] == [0.60, 0.80, 0.90, 0.98, 0.98, 0.98]
    assert [numbers.cap(wave) for wave in (1, 2, 3, 4, 5, 12)] == [12, 24, 36, 36, 36, 36]


def test_categories_are_widened_after_half_the_window():
    assert widens_at(at(10, 8), at(12, 8), Numbers()) == at(11, 8)
    assert widens_at(at(10, 8), at(9, 8), Numbers()) == at(10, 8)


# Walking the steps

LONG = [
    Step(at(10, 9), Rung.VOLUNTEERS, Why.SHARE, 1),
    Step(at(10, 12), Rung.VOLUNTEERS, Why.SHARE, 2),
    Step(at(10, 15), Rung.VOLUNTEERS, Why.SHARE, 3),
    Step(at(11, 9), Rung.CONTACT, Why.SHARE),
    Step(at(12, 9), Rung.CLOSE, Why.NEEDED_BY),
]


def awake(moment):
    return daylight.awake(moment, NIGHT)


@pytest.mark.parametrize(
    ("walked", "now", "step", "then"),
    [
        (0, at(10, 8, 59), None, 0),  # before its time
        (0, at(10, 9), LONG[0], 1),  # in time
        (1, at(10, 9), None, 1),  # once
        (0, at(10, 15, 30), LONG[2], 3),  # after an outage: the last wave stands for all
        (0, at(11, 10), LONG[2], 3),  # volunteers together with the contact person
        (3, at(11, 10), LONG[3], 4),  # who is never passed over
        (0, at(12, 10), LONG[3], 4),  # not even when it is time to close: no waves then
        (4, at(12, 10), LONG[4], 5),
        (5, at(30, 10), None, 5),  # all is walked
        (0, at(10, 23), None, 0),  # a late wave waits for the morning
        (1, at(11, 23), LONG[3], 4),  # or is passed over for the contact person
    ],
)
def test_due_is_one_step_at_a_time(walked, now, step, then):
    assert due(LONG, walked, now, awake=awake) == (step, then)


@pytest.mark.parametrize(
    ("walked", "now", "moment"),
    [
        (0, at(10, 8), at(10, 9)),
        (0, at(10, 14), at(10, 14)),  # late: now
        (0, at(10, 23), at(11, 8)),  # late in the night: the morning
        (0, at(11, 10), at(11, 9)),  # a contact moment that is past stays past
        (4, at(11, 10), at(12, 9)),
        (5, at(12, 10), None),
    ],
)
def test_next_moment_is_that_of_the_first_step_to_take(walked, now, moment):
    assert next_at(LONG, walked, now, awake=awake) == moment


# The own circle first


def test_own_circle_has_a_quarter_of_the_window_and_the_contact_person_stays_where_it_was():
    alone, steps = plan_of(POSTED_AT, NEEDED_BY), plan_of(POSTED_AT, NEEDED_BY, audience=Audience.CIRCLE)

    assert story(steps) == [
        ("Wed 08:00:00", "neighbours", "morning", 0),
        ("Wed 11:17:50", "volunteers", "share", 1),  # of the 8 hours that are left, as much as of 31 before
        ("Wed 16:00:00", "contact", "office", 0),
        ("Thu 12:00:00", "close", "needed_by", 0),
    ]
    assert steps[-2:] == alone[-2:]


def test_own_circle_never_has_more_than_a_day_to_itself():
    opening = plan_of(at(11, 12), at(25, 12), audience=Audience.CIRCLE)[0]

    assert (opening.at, opening.rung) == (at(12, 12), Rung.NEIGHBOURS)


def test_time_of_the_own_circle_counts_from_the_morning_when_its_mail_goes_out():
    opening = plan_of(at(10, 23), at(12, 23), audience=Audience.CIRCLE)[0]

    assert (opening.at, opening.why) == (at(11, 20), Why.SHARE)


def test_own_circle_may_have_a_fixed_time():
    numbers = Numbers(circle_after=timedelta(hours=2))

    assert plan_of(POSTED_AT, NEEDED_BY, numbers, audience=Audience.CIRCLE)[0].at == at(10, 11, 10)


def test_without_time_for_the_circle_alone_everybody_is_asked_at_once():
    posted_at = at(12, 11)  # the contact person is told at once too

    steps = plan_of(posted_at, NEEDED_BY, audience=Audience.CIRCLE)

    assert [(step.rung, step.at) for step in steps[:3]] == [
        (Rung.NEIGHBOURS, posted_at),
        (Rung.VOLUNTEERS, posted_at),
        (Rung.CONTACT, posted_at),
    ]


def test_after_the_own_circle_alone_comes_the_contact_person_when_that_was_due_anyway():
    assert plan_of(POSTED_AT, NEEDED_BY, audience=Audience.CIRCLE_ONLY) == plan_of(POSTED_AT, NEEDED_BY)[-2:]


def test_who_skips_ahead_to_volunteers_has_no_step_to_the_neighbours_any_more():
    steps = plan_of(POSTED_AT, NEEDED_BY, audience=Audience.CIRCLE, volunteers_now=True)

    assert steps == plan_of(POSTED_AT, NEEDED_BY, volunteers_now=True)


def test_after_an_outage_neighbours_come_before_everything_but_the_end():
    steps = plan_of(POSTED_AT, NEEDED_BY, audience=Audience.CIRCLE)

    assert due(steps, 0, at(11, 17), awake=awake) == (steps[0], 1)
    assert due(steps, 1, at(11, 17), awake=awake) == (steps[1], 2)
    assert due(steps, 0, at(12, 12), awake=awake) == (steps[2], 3)


# What holds for every request

anything = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=200)
moments = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 (the bounds are naive)
    datetime(2028, 1, 1),  # noqa: DTZ001 (as above)
    timezones=st.just(UTC),
)
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
windows = st.one_of(
    st.timedeltas(timedelta(days=-1), timedelta(days=14)),
    st.timedeltas(timedelta(), timedelta(minutes=5)),
    st.timedeltas(timedelta(), timedelta(days=2)),
)
fixed = st.none() | st.timedeltas(timedelta(days=-1), timedelta(days=3))
shares = st.floats(0, 1)
policies = st.builds(
    Numbers,
    circle=shares,
    circle_after=fixed,
    first_wave=shares,
    first_wave_within_a_day=shares,
    between_waves=shares,
    contact=shares,
    first_wave_after=fixed,
    between_waves_after=fixed,
    contact_after=fixed,
    office_hours=st.integers(0, 8),
)


@st.composite
def plans(draw):
    since, numbers = draw(moments), draw(policies)
    needed_by = since + draw(windows)
    quiet = draw(st.sampled_from([NIGHT, NEVER_QUIET]) | st.builds(Quiet, clocks, clocks))
    now = draw(st.booleans())
    audience = draw(st.sampled_from(Audience))
    steps = plan_of(since, needed_by, numbers, quiet=quiet, audience=audience, volunteers_now=now)
    return since, needed_by, quiet, steps


def opened(steps):
    """Apart: the step to the neighbours with which the time of the own circle ends, if there is one."""
    return (steps[:1], steps[1:]) if steps[0].rung == Rung.NEIGHBOURS else ([], steps)


@anything
@given(plans())
def test_every_plan_goes_up_to_one_contact_and_one_close_within_its_window(drawn):
    since, needed_by, _, steps = drawn

    opening, (*waves, contact, close) = opened(steps)

    assert all(step.at < contact.at or step.at == since for step in opening)
    assert [wave.rung for wave in waves] == [Rung.VOLUNTEERS] * len(waves)
    assert [wave.wave for wave in waves] == list(range(1, len(waves) + 1))
    assert len(waves) <= 12
    assert (contact.rung, close.rung) == (Rung.CONTACT, Rung.CLOSE)
    assert close.at == max(since, needed_by)
    assert all(since <= step.at for step in steps)
    assert all(earlier.at < later.at for earlier, later in pairwise(waves))
    assert all(wave.at < contact.at for wave in waves[1:])
    assert all(wave.at <= contact.at for wave in waves)
    assert contact.at < close.at or needed_by <= since


@anything
@given(plans())
def test_no_plan_asks_volunteers_in_quiet_hours_nor_the_contact_person_without_need(drawn):
    since, needed_by, quiet, steps = drawn

    opening, (*waves, contact, _) = opened(steps)

    assert all(daylight.awake(step.at, quiet) == step.at for step in opening if step.why != Why.AT_ONCE)
    assert all(daylight.awake(wave.at, quiet) == wave.at for wave in waves)
    if daylight.awake(contact.at, quiet) != contact.at:
        no_morning_left = contact.at == since and daylight.awake(since, quiet) >= needed_by
        assert no_morning_left or contact.why == Why.OFFICE


@anything
@given(plans(), st.lists(st.timedeltas(timedelta(), timedelta(days=5)), max_size=20))
def test_every_walk_tells_the_contact_person_once_and_ends_at_the_close(drawn, pauses):
    since, _, quiet, steps = drawn
    walked, now, taken = 0, since, []

    def awake(moment):
        return daylight.awake(moment, quiet)

    while (moment := next_at(steps, walked, now, awake=awake)) is not None:
        now = max(now, moment) + (pauses.pop() if pauses else timedelta())
        step, then = due(steps, walked, now, awake=awake)
        if step is None:  # a late wave, and by now it is night
            assert next_at(steps, walked, now, awake=awake) > now
        else:
            assert then > walked
            assert step.at <= now
            taken.append(step.rung)
            if step.rung != Rung.CLOSE:  # a row that remembers how far it came is as far
                assert ladder.walked(steps, step.rung, step.wave) == then
        walked = then

    assert taken.count(Rung.NEIGHBOURS) <= len(opened(steps)[0])
    assert Rung.NEIGHBOURS not in taken[1:]
    assert [rung for rung in taken if rung not in {Rung.NEIGHBOURS, Rung.VOLUNTEERS}] == [Rung.CONTACT, Rung.CLOSE]
    assert taken[-1] == Rung.CLOSE
    assert walked == len(steps)


def test_last_wave_before_the_contact_person_wants_the_highest_chance():
    numbers = Numbers(goals=(0.6, 0.8, 0.9), caps=(5, 8, 12))
    wave, contact = Step(POSTED_AT, Rung.VOLUNTEERS, Why.SHARE, wave=1), Step(POSTED_AT, Rung.CONTACT, Why.SHARE)

    assert aim(numbers, [wave, wave, contact], 1, 1) == (0.6, 5)
    assert aim(numbers, [wave, wave, contact], 2, 2) == (0.9, 12)
    assert aim(numbers, [wave, contact], 1, 1) == (0.9, 12)
    assert aim(numbers, [wave, contact], 1, 7) == (0.9, 12)
