"""What the clock does with a request nobody takes: volunteers, more volunteers, the contact person, the end."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actors import web
from notifications.delivery import deliver
from notifications.models import Message
from requests_app import escalation, lifecycle, moderating, offers
from requests_app.categories import Category
from requests_app.models import Audience, Event, HelpRequest, Part, PickUp, Status
from requests_app.models.help_request import Rung
from tests import make
from tests.make import NOW, THURSDAY
from tests.racing import at_once, meanwhile
from volunteers import asking
from volunteers.models import Ask

pytestmark = pytest.mark.django_db

WEDNESDAY_8 = NOW.replace(day=11, hour=7, minute=0)  # the first wave of the example, in the morning


def told(person):
    return list(Message.objects.filter(user=person, channel="in_app").order_by("pk").values_list("kind", flat=True))


def events_of(help_request):
    return list(help_request.events.values_list("kind", flat=True))


def walk_to(moment):
    """Every sweep from the example's posting up to a moment, each at the moment it was due."""
    while (due := HelpRequest.objects.due(moment).order_by("next_at").first()) is not None:
        escalation.sweep(due.next_at)


def test_nothing_is_due_before_its_moment():
    make.help_request()

    assert escalation.sweep(WEDNESDAY_8 - timedelta(seconds=1)) == 0


def test_nobody_took_it_so_volunteers_of_that_village_are_asked_once():
    village = make.village()
    volunteer = make.volunteer(village)
    make.volunteer(make.village())  # serves another village
    help_request = make.help_request(village)

    assert escalation.sweep(WEDNESDAY_8) == 1
    assert escalation.sweep(WEDNESDAY_8) == 0

    help_request.refresh_from_db()
    assert (help_request.status, help_request.rung) == (Status.OPEN, Rung.VOLUNTEERS)
    assert help_request.next_at > WEDNESDAY_8
    assert [ask.volunteer for ask in Ask.objects.all()] == [volunteer]
    assert told(volunteer.user) == ["volunteer.asked"]
    assert told(help_request.author) == ["request.posted", "request.escalated"]


def test_a_wave_asks_the_fewest_who_together_make_the_goal():
    village = make.village()
    for _ in range(20):
        make.volunteer(village)
    help_request = make.help_request(village)

    escalation.sweep(WEDNESDAY_8)

    assert Ask.objects.count() == 5  # of newcomers with a chance of 1 in 5: 1 - 0.8**5 is 67 %, 4 make 59 %
    assert help_request.events.get(kind="asked").params == {"asked": 5, "wave": 1}


def test_the_last_wave_before_the_contact_person_asks_others_and_aims_highest():
    village = make.village()
    for _ in range(30):
        make.volunteer(village)
    help_request = make.help_request(village)
    escalation.sweep(WEDNESDAY_8)
    help_request.refresh_from_db()

    escalation.sweep(help_request.next_at)

    waves = list(Ask.objects.order_by("pk").values_list("wave", flat=True))
    assert waves == [1] * 5 + [2] * 18  # 1 - 0.8**18 is 98 %: for Thursday there is no third
    assert Ask.objects.values("volunteer").distinct().count() == 23


def test_the_whole_ladder_of_the_example():
    village = make.village()
    volunteer = make.volunteer(village)
    contact = village.contact_person.user
    help_request = make.help_request(village)

    walk_to(WEDNESDAY_8 + timedelta(hours=8))
    deliver(WEDNESDAY_8 + timedelta(hours=8))
    help_request.refresh_from_db()
    with_contact = (help_request.status, help_request.rung, help_request.owner, help_request.owner_deadline_at)
    walk_to(help_request.needed_by)
    help_request.refresh_from_db()

    assert with_contact[:3] == (Status.OPEN, Rung.CONTACT, contact)
    assert NOW < with_contact[3] <= help_request.needed_by
    assert help_request.status == Status.LAPSED
    assert told(contact) == ["team.request_waiting"] * 2
    assert told(help_request.author)[0] == "request.posted"
    assert told(help_request.author)[-2:] == ["request.to_contact", "request.lapsed"]
    assert Ask.objects.get(volunteer=volunteer).answer == Ask.Answer.SILENT


def test_silence_gives_three_days_of_rest():
    village = make.village()
    volunteer = make.volunteer(village)
    help_request = make.help_request(village)

    walk_to(WEDNESDAY_8)
    deliver(WEDNESDAY_8)
    escalation.sweep(help_request.needed_by)  # told the contact person, and closed

    volunteer.refresh_from_db()
    assert volunteer.resting_until == help_request.needed_by + timedelta(days=3)


def test_a_volunteers_yes_takes_it_and_stops_the_bell_for_the_others():
    village = make.village()
    volunteers = [make.volunteer(village) for _ in range(3)]
    help_request = make.help_request(village)
    escalation.sweep(WEDNESDAY_8)
    helper = volunteers[1].user

    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=WEDNESDAY_8)

    help_request.refresh_from_db()
    assert help_request.status == Status.TAKEN
    assert sorted(Ask.objects.values_list("answer", flat=True)) == ["withdrawn", "withdrawn", "yes"]
    assert told(volunteers[0].user) == ["volunteer.asked", "volunteer.taken"]
    assert told(helper) == ["volunteer.asked", "request.taken_helper"]


def test_a_volunteer_who_was_asked_may_take_what_is_not_on_the_board():
    village = make.village(quiet=False)
    volunteer = make.volunteer(village)
    help_request = make.help_request(village, audience=Audience.VOLUNTEERS)
    escalation.sweep(NOW)

    offers.say_yes(help_request.pk, helper=volunteer.user, actor=web(volunteer.user), now=NOW)

    help_request.refresh_from_db()
    assert help_request.status == Status.TAKEN


def test_who_said_no_cannot_take_what_is_not_on_the_board():
    village = make.village(quiet=False)
    volunteer = make.volunteer(village)
    help_request = make.help_request(village, audience=Audience.VOLUNTEERS)
    escalation.sweep(NOW)
    escalation.decline(Ask.objects.get().pk, actor=web(volunteer.user), now=NOW)

    with pytest.raises(lifecycle.NotAllowed):
        offers.say_yes(help_request.pk, helper=volunteer.user, actor=web(volunteer.user), now=NOW)


def test_for_the_contact_person_only_goes_there_at_once():
    village = make.village()
    make.volunteer(village)
    help_request = make.help_request(village, audience=Audience.CONTACT)

    escalation.sweep(NOW)

    help_request.refresh_from_db()
    assert help_request.owner == village.contact_person.user
    assert not Ask.objects.exists()


def test_who_declines_is_replaced_and_nobody_hears_of_the_no():
    village = make.village(quiet=False)
    for _ in range(9):
        make.volunteer(village)
    help_request = make.help_request(village)
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)
    ask = Ask.objects.order_by("pk").first()
    before = told(help_request.author)

    escalation.decline(ask.pk, actor=web(ask.volunteer.user), now=NOW)
    escalation.decline(ask.pk, actor=web(ask.volunteer.user), now=NOW)

    assert Ask.objects.open().count() == 5
    assert Ask.objects.count() == 6
    assert events_of(help_request).count("declined") == 1
    assert told(help_request.author) == before


def test_who_declines_the_last_wave_is_replaced_up_to_the_chance_that_wave_wanted():
    village = make.village()
    for _ in range(30):
        make.volunteer(village)
    help_request = make.help_request(village)
    escalation.sweep(WEDNESDAY_8)
    help_request.refresh_from_db()
    last = help_request.next_at
    escalation.sweep(last)
    ask = Ask.objects.filter(wave=2).first()

    escalation.decline(ask.pk, actor=web(ask.volunteer.user), now=last)

    assert Ask.objects.open().filter(wave=2).count() == 18  # 60 %, the goal of a wave that others follow, needs 5


def test_a_no_in_the_night_wakes_nobody_else():
    village = make.village()
    for _ in range(9):
        make.volunteer(village)
    make.help_request(village)
    escalation.sweep(WEDNESDAY_8)
    ask = Ask.objects.first()

    escalation.decline(ask.pk, actor=web(ask.volunteer.user), now=WEDNESDAY_8 + timedelta(hours=15))

    assert Ask.objects.count() == 5


def test_asking_volunteers_now_skips_the_wait():
    village = make.village()
    make.volunteer(village)
    help_request = make.help_request(village)

    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW + timedelta(hours=1))
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW + timedelta(hours=1))

    help_request.refresh_from_db()
    assert help_request.rung == Rung.VOLUNTEERS
    assert events_of(help_request) == ["posted", "asked"]


def test_in_the_night_nobody_is_asked_until_the_morning():
    village = make.village()
    make.volunteer(village)
    at_night = NOW.replace(hour=22)
    help_request = make.help_request(village, now=at_night)

    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=at_night)

    help_request.refresh_from_db()
    assert not Ask.objects.exists()
    assert help_request.next_at == WEDNESDAY_8


def test_without_anyone_to_ask_the_ladder_goes_on():
    help_request = make.help_request()

    escalation.sweep(WEDNESDAY_8)

    help_request.refresh_from_db()
    assert events_of(help_request) == ["posted", "nobody_to_ask"]
    assert help_request.next_at > WEDNESDAY_8


def test_a_hidden_request_asks_nobody_but_reaches_the_contact_person():
    village = make.village()
    make.volunteer(village)
    help_request = make.help_request(village)
    moderating.hide(help_request.pk, reason="Even kijken", actor=web(village.contact_person.user), now=NOW)

    walk_to(WEDNESDAY_8 + timedelta(hours=8))

    help_request.refresh_from_db()
    assert not Ask.objects.exists()
    assert help_request.owner == village.contact_person.user


def test_staff_hand_a_request_to_the_contact_person():
    help_request = make.help_request()
    staff = web(help_request.village.contact_person.user)

    escalation.hand_to_contact(help_request.pk, actor=staff, now=NOW)

    help_request.refresh_from_db()
    assert help_request.owner == help_request.village.contact_person.user
    assert help_request.next_at == help_request.needed_by
    with pytest.raises(lifecycle.NotAllowed):
        escalation.hand_to_contact(help_request.pk, actor=staff, now=NOW)


def test_the_contact_person_reacts_before_the_help_is_needed():
    help_request = make.help_request(part=Part.FIXED, help_on=NOW.date(), help_at=NOW + timedelta(hours=2))

    escalation.sweep(NOW)

    help_request.refresh_from_db()
    assert help_request.owner_deadline_at == help_request.needed_by


def test_a_group_partly_filled_goes_on_as_it_is():
    help_request = make.help_request(slots=3)
    helper = make.neighbour(help_request.village)
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)

    walk_to(help_request.needed_by)

    help_request.refresh_from_db()
    assert help_request.status == Status.TAKEN
    assert told(helper)[-1] == "request.partly_filled_helper"
    assert told(help_request.author)[-1] == "request.partly_filled"


def test_afterwards_the_asker_is_asked_and_a_week_later_it_is_done_by_itself():
    help_request = make.help_request()
    helper = make.neighbour(help_request.village)
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)

    escalation.sweep(help_request.needed_by + timedelta(hours=6))  # the end of the afternoon
    help_request.refresh_from_db()
    asked = (help_request.status, told(help_request.author)[-1])
    escalation.sweep(help_request.needed_by + timedelta(days=7))
    help_request.refresh_from_db()

    assert asked == (Status.TAKEN, "request.ask_done")
    assert help_request.status == Status.DONE
    assert help_request.pick_ups.get().end == PickUp.End.DONE


def test_a_missed_day_is_caught_up_without_asking_the_whole_village():
    village = make.village(quiet=False)
    for _ in range(40):
        make.volunteer(village)
    help_request = make.help_request(village, part=Part.ANY, help_on=None)

    walked = escalation.sweep(NOW + timedelta(days=4))  # three waves are late

    help_request.refresh_from_db()
    assert walked == 1
    assert Ask.objects.count() == 5
    assert events_of(help_request) == ["posted", "asked"]


def test_one_bad_row_is_set_aside_and_the_others_are_walked():
    good, bad = make.help_request(), make.help_request()
    HelpRequest.objects.filter(pk=bad.pk).update(audience="nobody")  # no rung is called that

    escalation.sweep(WEDNESDAY_8)

    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.rung == Rung.VOLUNTEERS
    assert bad.next_at == WEDNESDAY_8 + escalation.SET_ASIDE
    assert events_of(bad) == ["posted", "set_aside"]


def test_a_row_that_goes_wrong_halfway_leaves_nothing_of_what_it_wrote(monkeypatch):
    good, bad = make.help_request(), make.help_request()
    for help_request in (good, bad):
        make.volunteer(help_request.village)
    tell = escalation.notices.volunteers_asked

    def tell_of_the_good(event, help_request, *about):
        if help_request.pk == bad.pk:
            raise ValueError("after its asks and its event were written")
        return tell(event, help_request, *about)

    monkeypatch.setattr(escalation.notices, "volunteers_asked", tell_of_the_good)
    escalation.sweep(WEDNESDAY_8)

    assert [ask.subject for ask in Ask.objects.all()] == [good.pk]
    assert (events_of(good), events_of(bad)) == (["posted", "asked"], ["posted", "set_aside"])


def test_the_sweep_costs_three_queries_when_nothing_is_due(django_assert_max_num_queries):
    make.help_request()

    with django_assert_max_num_queries(3):
        escalation.sweep(NOW)


def test_the_queries_of_a_wave_do_not_grow_with_the_volunteers():
    counts = []
    for volunteers in (2, 12):
        village = make.village()
        for _ in range(volunteers):
            make.volunteer(village)
        make.help_request(village)
        with CaptureQueriesContext(connection) as queries:
            escalation.sweep(WEDNESDAY_8)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_four_sweeps_at_once_walk_each_request_once():
    village = make.village()
    for _ in range(60):
        make.volunteer(village)
    requests = [make.help_request(village, author=make.neighbour(village)) for _ in range(12)]

    walked = sum(at_once(*[lambda: escalation.sweep(WEDNESDAY_8)] * 4))

    assert walked == len(requests)
    assert Event.objects.filter(kind="set_aside").count() == 0
    assert Event.objects.filter(kind__in=["asked", "nobody_to_ask"]).count() == len(requests)
    assert Ask.objects.values("volunteer").distinct().count() == Ask.objects.count()


@pytest.mark.django_db(transaction=True)
def test_two_askers_who_hurry_at_once_do_not_choose_the_same_volunteer():
    village = make.village()
    make.policy(village.municipality, goals=[0.1], caps=[1])
    volunteers = [make.volunteer(village) for _ in range(2)]
    requests = [make.help_request(village) for _ in range(2)]

    def hurry(help_request):
        return lambda: escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)

    at_once(*map(hurry, requests), at=village)

    assert {ask.volunteer for ask in Ask.objects.all()} == set(volunteers)
    assert sorted(Ask.objects.values_list("subject", flat=True)) == [help_request.pk for help_request in requests]


@pytest.mark.django_db(transaction=True)
def test_a_sweep_leaves_alone_the_village_that_another_one_walks():
    walked_elsewhere, free = make.village(), make.village()
    for village in (walked_elsewhere, free):
        make.volunteer(village)
        make.help_request(village)

    with transaction.atomic():
        asking.one_at_a_time(walked_elsewhere.pk)
        walked_meanwhile = meanwhile(lambda: escalation.sweep(WEDNESDAY_8))
    afterwards = escalation.sweep(WEDNESDAY_8)

    assert (walked_meanwhile, afterwards) == (1, 1)
    assert Event.objects.filter(kind="set_aside").count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_sweep_does_not_wait_for_a_request_somebody_has_in_hand():
    held, free = make.help_request(), make.help_request()

    with transaction.atomic():
        lifecycle.transitions.lock(held.pk)
        walked = meanwhile(lambda: escalation.sweep(WEDNESDAY_8))

    held.refresh_from_db()
    free.refresh_from_db()
    assert walked == 1
    assert (held.rung, free.rung) == (Rung.NEIGHBOURS, Rung.VOLUNTEERS)


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_dies_halfway_leaves_nothing_and_the_next_one_does_it_all(monkeypatch):
    village = make.village()
    volunteer = make.volunteer(village)
    help_request = make.help_request(village)

    def die(*args, **kwargs):
        raise SystemExit  # as a process that is killed: not an Exception the sweep may catch

    with monkeypatch.context() as patch:
        patch.setattr(escalation.notices, "volunteers_asked", die)
        with pytest.raises(SystemExit):
            escalation.sweep(WEDNESDAY_8)
    after_the_death = (Ask.objects.count(), events_of(help_request))
    escalation.sweep(WEDNESDAY_8)

    assert after_the_death == (0, ["posted"])
    assert told(volunteer.user) == ["volunteer.asked"]


class TestBudget:
    """Who is not asked, each for one reason; the one who may be is."""

    @pytest.fixture
    def village(self):
        return make.village()

    def asked(self, village, **fields):
        help_request = make.help_request(village, **fields)
        escalation.sweep(WEDNESDAY_8)
        return [ask.volunteer for ask in Ask.objects.filter(subject=help_request.pk).order_by("volunteer")]

    def test_not_more_asks_a_week_than_they_said(self, village):
        full, free = make.volunteer(village, week_limit=1), make.volunteer(village)
        make.ask(full, asked_at=NOW - timedelta(hours=20))
        make.ask(free, asked_at=NOW - timedelta(hours=20))

        assert self.asked(village) == [free]

    def test_last_week_does_not_count(self, village):
        volunteer = make.volunteer(village, week_limit=1)
        make.ask(volunteer, asked_at=NOW - timedelta(days=2))  # Sunday

        assert self.asked(village) == [volunteer]

    def test_the_week_begins_on_monday_at_midnight_in_the_village(self, village):
        midnight = NOW.replace(day=8, hour=23, minute=0)  # in UTC it is still Sunday
        full, free = make.volunteer(village, week_limit=1), make.volunteer(village, week_limit=1)
        make.ask(full, asked_at=midnight)
        make.ask(free, asked_at=midnight - timedelta(seconds=1))

        assert self.asked(village) == [free]

    def test_an_ask_settled_before_the_answer_is_given_back(self, village):
        volunteer = make.volunteer(village, week_limit=1)
        make.ask(volunteer, asked_at=NOW - timedelta(hours=20), answer=Ask.Answer.WITHDRAWN)

        assert self.asked(village) == [volunteer]

    def test_never_twice_on_a_day(self, village):
        volunteer = make.volunteer(village, week_limit=7)
        make.ask(volunteer, asked_at=WEDNESDAY_8 - timedelta(minutes=10))

        assert self.asked(village) == []

    def test_not_with_another_ask_open(self, village):
        volunteer = make.volunteer(village)
        make.ask(volunteer, answer=Ask.Answer.OPEN)

        assert self.asked(village) == []

    def test_nothing_means_nothing(self, village):
        make.volunteer(village, week_limit=0)

        assert self.asked(village) == []

    def test_not_over_the_jobs_of_a_month(self, village):
        volunteer = make.volunteer(village, month_limit=1)
        volunteer.jobs.create(subject=-1, on=NOW.date(), taken_at=NOW - timedelta(days=3))

        assert self.asked(village) == []

    def test_not_for_a_day_with_a_job(self, village):
        volunteer = make.volunteer(village)
        volunteer.jobs.create(subject=-1, on=THURSDAY, taken_at=NOW - timedelta(days=3))

        assert self.asked(village) == []

    def test_not_in_a_break_or_a_rest(self, village):
        make.volunteer(village, paused_until=WEDNESDAY_8 + timedelta(days=1))
        make.volunteer(village, resting_until=WEDNESDAY_8 + timedelta(days=1))
        back = make.volunteer(village, paused_until=WEDNESDAY_8)

        assert self.asked(village) == [back]

    def test_not_for_what_they_did_not_choose_in_the_first_half(self, village):
        make.volunteer(village, categories=[Category.GARDEN])

        assert self.asked(village) == []

    def test_for_anything_in_the_second_half(self, village):
        volunteer = make.volunteer(village, categories=[Category.GARDEN])
        make.help_request(village, part=Part.ANY, help_on=None)

        walk_to(NOW + timedelta(days=3, hours=12))
        early = Ask.objects.count()
        walk_to(NOW + timedelta(days=5))

        ask = Ask.objects.get()
        assert early == 0
        assert ask.volunteer == volunteer
        assert "wider" in ask.reasons

    def test_not_who_left(self, village):
        volunteer = make.volunteer(village)
        type(volunteer.user).objects.filter(pk=volunteer.user_id).update(is_active=False)

        assert self.asked(village) == []

    def test_not_the_asker(self, village):
        author = make.volunteer(village).user

        assert self.asked(village, author=author) == []

    def test_not_who_moved_away(self, village):
        volunteer = make.volunteer(village)
        volunteer.user.residencies.update(ended_at=NOW)

        assert self.asked(village) == []

    def test_not_for_papers_without_a_valid_certificate(self, village):
        make.volunteer(village)
        make.volunteer(village, certificate_until_on=THURSDAY - timedelta(days=1))
        certified = make.volunteer(village, certificate_until_on=THURSDAY)

        assert self.asked(village, category=Category.PAPERWORK) == [certified]

    def test_who_did_least_comes_first(self, village):
        make.policy(village.municipality, goals=[0.1], caps=[1])
        busy, idle = make.volunteer(village), make.volunteer(village)
        busy.jobs.create(subject=-1, on=NOW.date(), taken_at=NOW - timedelta(days=3))

        assert self.asked(village) == [idle]
