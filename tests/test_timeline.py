"""What the asker reads: what happened, what happens now, what comes next, with real moments."""

from datetime import date, time, timedelta

import pytest
from django.utils import translation

from accounts.actors import CLOCK, staff, web
from requests_app import escalation, happened, lifecycle, moderating, moments, offers, timeline_others
from requests_app.models import Audience, Event, HelpRequest, Part, Policy
from requests_app.record import record
from requests_app.steps_ahead import Line
from requests_app.timeline import preview, timeline
from tests import make
from tests.cast import as_reader
from tests.make import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

WEDNESDAY_8 = NOW.replace(day=11, hour=7, minute=0)
WEDNESDAY_16 = WEDNESDAY_8 + timedelta(hours=8)


def test_a_posted_request_tells_its_whole_ladder():
    village = make.village()
    for _ in range(9):
        make.volunteer(village)
    help_request = make.help_request(village)

    lines = timeline(help_request, NOW)

    assert lines == [
        Line("done", "check", "Your request is posted", NOW),
        Line("now", "board", "Your request is on the board", None, "A few neighbours can see your request"),
        Line(
            *("next", "people", "Nobody yet? Then we ask about 5 volunteers", WEDNESDAY_8),
            detail="We let everybody sleep first",
        ),
        Line(
            *("next", "call", "Still nobody? Marieke will help to look and call you", WEDNESDAY_16),
            detail="Then Marieke has 4 working hours left",
        ),
        Line("next", "heart", "Done? Then we ask how it went"),
    ]


def test_before_posting_the_moments_are_those_that_come_true():
    village = make.village()
    make.volunteer(village)
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
        "Nobody yet? Then we ask about 3 more volunteers",
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

    assert now.detail == "This should have happened today at 8:00. We are working on it"
    with translation.override("nl"):
        late = next(line for line in timeline(help_request, WEDNESDAY_8 + timedelta(hours=2)) if line.state == "now")
    assert late.detail == "Dit zou vandaag om 8.00 uur gebeuren. We zijn ermee bezig"


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

    with django_assert_max_num_queries(4):
        timeline(help_request, NOW)


def test_a_step_that_was_set_aside_for_an_hour_is_late_too():
    help_request = make.help_request()
    HelpRequest.objects.update(next_at=WEDNESDAY_8 + timedelta(hours=1))
    help_request.refresh_from_db()

    now = next(line for line in timeline(help_request, WEDNESDAY_8 + timedelta(minutes=30)) if line.state == "now")

    assert now.detail == "This should have happened today at 8:00. We are working on it"


def test_contact_person_who_is_late_is_said_to_be():
    help_request = make.help_request()
    staff = web(help_request.village.contact_person.user)
    escalation.hand_to_contact(help_request.pk, actor=staff, now=NOW)
    help_request.refresh_from_db()

    after = help_request.owner_deadline_at + timedelta(minutes=1)
    now = next(line for line in timeline(help_request, after) if line.state == "now")

    assert now.detail == "It should have happened today at 13:10 at the latest."


def test_no_more_volunteers_are_announced_than_there_are():
    village = make.village()
    for _ in range(2):
        make.volunteer(village)
    help_request = make.help_request(village)
    before = [line.what for line in timeline(help_request, NOW)]

    escalation.sweep(WEDNESDAY_8)
    help_request.refresh_from_db()
    after = [line.what for line in timeline(help_request, WEDNESDAY_8)]

    assert "Nobody yet? Then we ask about 2 volunteers" in before
    assert not [what for what in after if what.startswith("Nobody yet?")]


def test_village_without_volunteers_says_so_and_who_is_next():
    help_request = make.help_request()

    lines = timeline(help_request, NOW)
    escalation.sweep(help_request.next_at)
    later = timeline(lifecycle.transitions.lock(help_request.pk), WEDNESDAY_8)

    assert [line.icon for line in lines if line.state == "next"] == ["call", "heart"]
    village = help_request.village.name
    assert lines[2].detail == f"There are no volunteers in {village} yet, so this is the next step"
    assert [line.what for line in later if line.state == "done"] == [
        "Your request is posted",
        "No volunteer was free just then. We keep looking",
    ]


def test_whom_nobody_has_time_to_wait_for_is_asked_at_once():
    village = make.village()
    for _ in range(9):
        make.volunteer(village)
    draft = make.draft(village, part=Part.FIXED, help_on=NOW.date(), help_at=NOW + timedelta(minutes=10))

    ahead = [(line.what, line.at, line.detail) for line in preview(draft, NOW) if line.state == "next"]

    assert ahead[:2] == [
        ("We ask about 5 volunteers at once", NOW, "There is little time, so we do not wait"),
        ("Marieke will help to look and call you", NOW, "There is little time, so we do not wait"),
    ]


# -- for who helps, for who is asked, for staff


def test_helper_reads_what_stands_and_what_happens_by_itself():
    help_request = make.help_request()
    helper = make.neighbour(help_request.village, "Joris")
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)
    pick_up = help_request.pick_ups.get()

    lines = timeline_others.for_helper(pick_up, NOW)
    after = timeline_others.for_helper(pick_up, NOW + timedelta(days=3))

    assert lines == [
        Line("done", "check", "You said yes"),
        Line("now", "people", "The appointment stands", None, when="Thursday, in the afternoon"),
        Line("next", "bell", "We remind you and Riet of it", WEDNESDAY_16),
        Line("next", "heart", "Afterwards we ask Riet: did it work out?", NOW.replace(day=12, hour=17, minute=0)),
    ]
    assert [(line.state, line.what) for line in after[1:]] == [
        ("done", "The appointment"),
        ("now", "Riet tells us whether it worked out"),
    ]


def test_volunteer_who_is_asked_reads_that_both_answers_are_fine_and_what_follows_without_one(client):
    village = make.village()
    for _ in range(9):
        make.volunteer(village)
    help_request = make.help_request(village)
    escalation.sweep(WEDNESDAY_8)
    help_request.refresh_from_db()
    ask = help_request.request_asks.first().ask

    lines = timeline_others.for_asked(help_request, ask, WEDNESDAY_8)

    assert [(line.state, line.what) for line in lines] == [
        ("done", "Riet posted this request"),
        ("done", "We asked you"),
        ("now", "You say yes or no. Both are fine"),
        ("next", "Nobody yet? Then we ask others"),
        ("next", "Still nobody? Marieke will help to look"),
        ("next", "Somebody else says yes? Then it is settled and you hear it"),
    ]
    assert (lines[3].at, lines[4].at) == (help_request.next_at, WEDNESDAY_16)


def test_staff_read_version_rung_and_every_step_with_its_reason():
    village = make.village()
    for _ in range(9):
        make.volunteer(village)
    help_request = make.help_request(village)
    escalation.sweep(WEDNESDAY_8)
    help_request = lifecycle.transitions.lock(help_request.pk)

    lines = timeline_others.for_staff(help_request, WEDNESDAY_8)

    assert [(line.state, line.what, line.detail) for line in lines[:3]] == [
        ("done", "Posted", "Riet (on the website), policy version 1"),
        ("done", "Volunteers asked", "wave 1, 5 asked, by the clock, policy version 1"),
        ("now", "Now with: volunteers. Policy version 1 (all categories)", ""),
    ]
    assert lines[3].what == "Wave 2: at most 24 volunteers, for a chance of 80 % that somebody says yes"
    assert lines[3].detail == "its share of the time there is"
    assert [line.detail for line in lines[-2:]] == [
        "the last working moment that leaves the team its hours",
        "the moment itself",
    ]


def test_staff_do_not_read_who_said_no():
    village = make.village()
    make.volunteer(village, "Ada")
    help_request = make.help_request(village)
    escalation.sweep(WEDNESDAY_8)
    ask = help_request.request_asks.first().ask
    escalation.decline(ask.pk, actor=web(ask.volunteer.user), now=WEDNESDAY_8)

    lines = timeline_others.for_staff(lifecycle.transitions.lock(help_request.pk), WEDNESDAY_8)

    assert [line.what for line in lines if line.state == "done"][-1] == "A volunteer can't this time"
    assert "Ada" not in str(lines)


def test_pages_of_helper_and_of_who_is_asked_show_theirs(client, clock):
    village = make.village(quiet=False)
    volunteer = make.volunteer(village, "Ada")
    help_request = make.help_request(village)
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)

    as_reader(client, volunteer.user)
    asked = client.get(help_request.get_absolute_url()).content.decode()
    offers.say_yes(help_request.pk, helper=volunteer.user, actor=web(volunteer.user), now=NOW)
    helps = client.get(help_request.get_absolute_url()).content.decode()

    assert "You say yes or no. Both are fine" in asked
    assert "Somebody else says yes?" not in helps
    assert "Afterwards we ask Riet: did it work out?" in helps


# -- a long story, and who did it


def whole(help_request):
    return lifecycle.transitions.lock(help_request.pk)


def test_a_long_story_keeps_its_beginning_and_tells_the_newest():
    village = make.village()
    help_request = make.help_request(village)
    author = web(help_request.author)
    record(help_request, Event.Kind.ASKED, CLOCK, NOW, asked=3)
    for number in range(1, 50):
        record(help_request, Event.Kind.EDITED, author, NOW + timedelta(minutes=number))
    record(help_request, Event.Kind.ASKED, CLOCK, NOW + timedelta(hours=1), asked=2)

    done = [line for line in timeline(whole(help_request), NOW) if line.state == "done"]

    assert [line.what for line in done[:3]] == [
        "Your request is posted",
        "Earlier steps are not shown here",
        "You changed your request",
    ]
    assert done[2].at == NOW + timedelta(minutes=11)
    assert (done[-1].what, len(done)) == ("We asked 2 more volunteers", happened.MOST_LINES + 2)
    assert happened.read(help_request).asked == 5


def test_a_story_of_just_the_most_lines_leaves_out_nothing():
    help_request = make.help_request(make.village())
    for _ in range(happened.MOST_LINES - 1):
        record(help_request, Event.Kind.EDITED, web(help_request.author), NOW)

    done = [line.what for line in timeline(whole(help_request), NOW) if line.state == "done"]

    assert len(done) == happened.MOST_LINES
    assert "Earlier steps are not shown here" not in done


def test_who_came_and_went_late_in_a_long_story_is_still_named():
    village = make.village()
    help_request = make.help_request(village)
    for number in range(happened.MOST_LINES + 1):
        bram = make.neighbour(village, f"Bram{number}")
        offers.say_yes(help_request.pk, helper=bram, actor=web(bram), now=NOW)
        lifecycle.give_back(help_request.pk, helper=bram, actor=web(bram), now=NOW)

    done = [line.what for line in timeline(whole(help_request), NOW) if line.state == "done"]

    assert done[-1] == f"Bram{happened.MOST_LINES} can't make it after all. We keep looking"


def test_a_long_story_costs_two_queries_more(django_assert_max_num_queries):
    help_request = make.help_request(make.village())
    for _ in range(2 * happened.MOST_LINES):
        record(help_request, Event.Kind.EDITED, web(help_request.author), NOW)
    help_request = whole(help_request)

    with django_assert_max_num_queries(8):
        timeline(help_request, NOW)


@pytest.mark.parametrize(
    ("kind", "says", "of_the_asker"),
    [
        (Event.Kind.EDITED, "%s changed your request", "You changed your request"),
        (Event.Kind.WITHDRAWN, "%s removed your request", "You removed your request"),
        (Event.Kind.CALLED_OFF, "%s cancelled with Bram. We keep looking", "You cancelled with Bram. We keep looking"),
        (Event.Kind.STILL_NEEDED, "%s said: it is still needed", "You said: I still need it"),
    ],
)
def test_what_staff_did_is_not_said_to_be_the_askers_doing(kind, says, of_the_asker):
    village = make.village()
    help_request = make.help_request(village)
    bram = make.neighbour(village, "Bram")
    offers.say_yes(help_request.pk, helper=bram, actor=web(bram), now=NOW)
    params = {"pick_up": help_request.pick_ups.get().pk}
    for actor in (web(help_request.author), staff(village.contact_person.user), staff(make.user("Fatma"))):
        record(help_request, kind, actor, NOW, **params)

    done = [line.what for line in timeline(whole(help_request), NOW) if line.state == "done"]

    assert done[-3:] == [of_the_asker, says % "Marieke", says % "Fatma"]


def test_a_neighbour_by_whose_wish_somebody_does_not_come_is_not_named():
    village = make.village()
    help_request = make.help_request(village)
    bram, hanna = make.neighbour(village, "Bram"), make.neighbour(village, "Hanna")
    offers.say_yes(help_request.pk, helper=bram, actor=web(bram), now=NOW)
    record(help_request, Event.Kind.CALLED_OFF, web(hanna), NOW, pick_up=help_request.pick_ups.get().pk)

    done = [line.what for line in timeline(whole(help_request), NOW) if line.state == "done"]

    assert done[-1] == "Bram can't make it after all. We keep looking"
