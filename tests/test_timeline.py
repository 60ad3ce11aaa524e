"""What the asker reads: what happened, what happens now, what comes next, with real moments."""

from datetime import date, time, timedelta

import pytest
from django.utils import translation

from accounts.actors import web
from requests_app import escalation, lifecycle, moderating, moments, offers
from requests_app.models import Audience, Part, Policy
from requests_app.timeline import Line, preview, timeline
from tests import make
from tests.make import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

WEDNESDAY_8 = NOW.replace(day=11, hour=7, minute=0)
WEDNESDAY_16 = WEDNESDAY_8 + timedelta(hours=8)


def test_a_posted_request_tells_its_whole_ladder():
    help_request = make.help_request()

    lines = timeline(help_request, NOW)

    assert lines == [
        Line("done", "check", "Your request is posted", NOW),
        Line("now", "board", "Your request is on the board", None, "A few neighbours can see your request"),
        Line("next", "people", "Nobody yet? Then we ask a few volunteers", WEDNESDAY_8),
        Line("next", "call", "Still nobody? Marieke will help to look and call you", WEDNESDAY_16),
        Line("next", "heart", "Done? Then we ask how it went"),
    ]


def test_before_posting_the_moments_are_those_that_come_true():
    village = make.village()
    draft = make.draft(village)

    before = [line for line in preview(draft, NOW) if line.at]
    posted = lifecycle.ask(draft.pk, actor=web(draft.author), now=NOW)
    after = [line for line in timeline(posted, NOW) if line.state == "next" and line.at]

    assert before == after
    assert len(before) == 2


def test_looking_ahead_makes_no_policy():
    preview(make.draft(make.village()), NOW)

    assert not Policy.objects.exists()


def test_it_says_how_many_can_see_it_not_who_did():
    village = make.village()
    for _ in range(12):
        make.neighbour(village)
    help_request = make.help_request(village)  # its author is a neighbour too

    now = next(line for line in timeline(help_request, NOW) if line.state == "now")

    assert now.detail == "12 neighbours can see your request"


def test_asker_who_does_not_take_part_yet_is_none_of_the_neighbours():
    village = make.village()
    for _ in range(12):
        make.neighbour(village)
    help_request = make.help_request(village, author=make.resident(village))

    now = next(line for line in timeline(help_request, NOW) if line.state == "now")

    assert now.detail == "12 neighbours can see your request"


def test_asked_volunteers_are_counted_and_their_noes_are_not():
    village = make.village()
    for _ in range(9):
        make.volunteer(village)
    help_request = make.help_request(village)
    escalation.sweep(WEDNESDAY_8)
    ask = help_request.request_asks.first().ask
    escalation.decline(ask.pk, actor=web(ask.volunteer.user), now=WEDNESDAY_8)
    help_request.refresh_from_db()

    words = [line.what for line in timeline(help_request, WEDNESDAY_8)]

    assert words == [
        "Your request is posted",
        "We asked 5 volunteers",
        "We are waiting for a volunteer",
        "Nobody yet? Then we ask more volunteers",
        "Still nobody? Marieke will help to look and call you",
        "Done? Then we ask how it went",
    ]


def test_a_next_wave_asks_more_volunteers():
    village = make.village()
    for _ in range(9):
        make.volunteer(village)
    help_request = make.help_request(village)
    escalation.sweep(WEDNESDAY_8)
    help_request.refresh_from_db()
    escalation.sweep(help_request.next_at)
    help_request.refresh_from_db()

    asked = [line.what for line in timeline(help_request, NOW) if line.what.startswith("We asked")]

    assert asked == ["We asked 5 volunteers", "We asked 4 more volunteers"]


def test_at_the_contact_person_it_names_who_and_until_when():
    help_request = make.help_request()
    staff = web(help_request.village.contact_person.user)
    escalation.hand_to_contact(help_request.pk, actor=staff, now=NOW)
    help_request.refresh_from_db()

    until = help_request.owner_deadline_at

    def now_at(moment):
        return next(line.what for line in timeline(help_request, moment) if line.state == "now")

    assert now_at(NOW) == "Marieke is helping to look and will call you before 13:10 today"
    with translation.override("nl"):
        assert now_at(NOW) == "Marieke zoekt mee en belt je voor vandaag 13.10 uur"
    assert now_at(until + timedelta(minutes=1)) == "Marieke is helping to look and will call you"


def test_who_comes_is_named_and_what_follows():
    help_request = make.help_request()
    helper = make.neighbour(help_request.village, "Joris")
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)
    help_request.refresh_from_db()

    lines = timeline(help_request, NOW)

    assert [line.what for line in lines] == [
        "Your request is posted",
        "Joris said yes",
        "The appointment stands",
        "Then we ask: did it work out?",
    ]
    assert (lines[2].at, lines[2].when) == (None, "Thursday, in the afternoon")


def test_appointment_has_a_clock_time_only_where_one_was_chosen():
    noon = moments.local_moment(date(2026, 3, 12), time(12))
    at_noon = make.help_request(part=Part.FIXED, help_at=noon)
    sometime = make.help_request(part=Part.ANY, help_on=None)

    lines = [appointment(it) for it in (at_noon, sometime)]

    assert [(line.at, line.when) for line in lines] == [(noon, ""), (None, "")]


def appointment(help_request):
    helper = make.neighbour(help_request.village)
    taken = offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)
    return next(line for line in timeline(taken, NOW) if line.state == "now")


def test_after_the_appointment_the_question_is_now():
    help_request = make.help_request()
    helper = make.neighbour(help_request.village)
    taken = offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)
    friday = NOW + timedelta(days=3)

    lines = timeline(taken, friday)

    assert [(line.state, line.what, line.when) for line in lines[2:]] == [
        ("done", "The appointment", "Yesterday, in the afternoon"),
        ("now", "Did it work out?", ""),
    ]


def test_a_late_step_says_so():
    help_request = make.help_request()

    now = next(line for line in timeline(help_request, WEDNESDAY_8 + timedelta(minutes=6)) if line.state == "now")

    assert now.detail == "This step is later than we said. We are working on it"


def test_hidden_says_that_somebody_will_call():
    help_request = make.help_request()
    staff = web(help_request.village.contact_person.user)
    moderating.hide(help_request.pk, reason="Even kijken", actor=staff, now=NOW)
    help_request.refresh_from_db()

    words = [line.what for line in timeline(help_request, NOW)]

    assert "Your request is hidden for now. Marieke will call you about it" in words


def test_what_is_for_volunteers_only_does_not_say_it_is_on_the_board():
    help_request = make.help_request(audience=Audience.VOLUNTEERS)

    words = [line.what for line in timeline(help_request, NOW)]

    assert "Your request is not on the board" in words
    assert "Your request is on the board" not in words


def test_a_closed_request_tells_how_it_ended_and_nothing_more():
    help_request = make.help_request()
    author = web(help_request.author)

    lifecycle.withdraw(help_request.pk, actor=author, now=NOW)
    help_request.refresh_from_db()

    assert [line.what for line in timeline(help_request, NOW)] == [
        "Your request is posted",
        "You removed your request",
    ]


def test_a_draft_has_no_timeline():
    assert timeline(make.draft(make.village()), NOW) == []


def test_the_queries_of_a_timeline_do_not_grow(django_assert_max_num_queries):
    village = make.village(quiet=False)
    help_request = make.help_request(village)
    for minute in range(4):
        helper = make.neighbour(village)
        at = NOW + timedelta(minutes=minute)
        offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=at)
        lifecycle.give_back(help_request.pk, helper=helper, actor=web(helper), now=at)
    help_request = lifecycle.transitions.lock(help_request.pk)

    with django_assert_max_num_queries(3):
        timeline(help_request, NOW)
