"""Many requests at once: whose turn it is, whom they ask together, and from which moment on the clock looks."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation import blocking
from notifications.models import Message
from requests_app import due, escalation, walking
from requests_app.models import Event, HelpRequest, Part, PickUp
from requests_app.models.due_mark import DueMark
from tests import make
from tests.make import NOW, THURSDAY
from tests.racing import at_once, meanwhile
from volunteers.models import Ask

pytestmark = pytest.mark.django_db

WEDNESDAY_8 = NOW.replace(day=11, hour=7, minute=0)


def ask_together(village, count, **fields):
    """So many requests of so many neighbours, all with their first wave on Wednesday morning."""
    return [make.help_request(village, author=make.neighbour(village), **fields) for _ in range(count)]


def asked_for(help_request):
    return [ask.volunteer for ask in Ask.objects.filter(subject=help_request.pk).order_by("pk")]


def in_order():
    """The requests in the order in which they were walked."""
    return list(Event.objects.exclude(kind="posted").order_by("pk").values_list("help_request", flat=True))


class TestTurns:
    def test_all_of_it_is_one_batch_when_it_fits(self):
        assert list(due.turns({1: 400, 2: 1, 3: 599})) == [{1: 400, 2: 1, 3: 599}]

    def test_a_backlog_takes_its_share_and_leaves_the_rest_to_the_others(self):
        assert list(due.turns({1: 1000, 2: 1, 3: 3})) == [{1: 333, 2: 1, 3: 3}]

    def test_alone_it_has_the_whole_batch(self):
        assert list(due.turns({1: 1000})) == [{1: 1000}]

    def test_among_very_many_each_has_one_turn_and_no_batch_is_too_large(self):
        turns = list(due.turns(dict.fromkeys(range(342), 1000)))

        assert sorted(place for turn in turns for place in turn) == list(range(342))
        assert all(sum(turn.values()) <= due.BATCH for turn in turns)
        assert {share for turn in turns for share in turn.values()} == {due.TURN}

    def test_a_backlog_delays_who_is_due_elsewhere_by_one_batch_at_most(self, monkeypatch):
        monkeypatch.setattr(due, "BATCH", 4)
        crowded, elsewhere = make.village(), make.village()
        backlog, (late,) = ask_together(crowded, 11), ask_together(elsewhere, 1)
        HelpRequest.objects.filter(pk__in=[one.pk for one in backlog]).update(next_at=NOW)

        escalation.sweep(WEDNESDAY_8)

        assert late.pk in in_order()[: 2 * due.BATCH]

    def test_within_a_municipality_the_oldest_goes_first_and_others_have_turns_between(self, monkeypatch):
        monkeypatch.setattr(due, "BATCH", 4)
        monkeypatch.setattr(due, "TURN", 2)
        one, other = make.village(), make.village()
        due_here, due_there = ask_together(one, 6), ask_together(other, 6)
        for number, pair in enumerate(zip(reversed(due_here), reversed(due_there), strict=True)):
            at = WEDNESDAY_8 - timedelta(minutes=10 - number)
            HelpRequest.objects.filter(pk__in=[each.pk for each in pair]).update(next_at=at)

        escalation.sweep(WEDNESDAY_8)

        here = {each.pk for each in due_here}
        walked = in_order()
        assert [pk for pk in walked if pk in here] == sorted(here, reverse=True)
        assert [sum(pk in here for pk in walked[start : start + 4]) for start in (0, 4, 8)] == [2, 2, 2]

    def test_rows_that_somebody_has_in_hand_do_not_keep_a_sweep_going(self, monkeypatch):
        make.help_request()
        monkeypatch.setattr(due, "take", lambda _turn, _now: [])

        assert escalation.sweep(WEDNESDAY_8) == 0

    @pytest.mark.django_db(transaction=True)
    def test_two_sweeps_do_not_walk_one_municipality_at_once(self):
        place = make.municipality()
        first, second = make.village(of=place), make.village(of=place)
        make.help_request(first), make.help_request(second)

        with transaction.atomic():
            held = due.take({place.pk: 1}, WEDNESDAY_8)
            walked = meanwhile(lambda: escalation.sweep(WEDNESDAY_8))

        assert (len(held), walked) == (1, 0)
        assert escalation.sweep(WEDNESDAY_8) == 2


class TestTogether:
    """Requests of one batch do not know of each other's asks by the database: the budget holds all the same."""

    @pytest.fixture
    def village(self):
        return make.village()

    @pytest.fixture(autouse=True)
    def _as_one_batch(self, monkeypatch):
        def never(help_request, now):
            pytest.fail("the batch was refused, and done again row by row")

        monkeypatch.setattr(escalation, "_walk_or_set_aside", never)

    def test_nobody_is_asked_for_two_and_the_oldest_request_chooses_first(self, village):
        for _ in range(7):
            make.volunteer(village, week_limit=7)
        first, second, third = ask_together(village, 3)

        escalation.sweep(WEDNESDAY_8)

        assert [len(asked_for(each)) for each in (first, second, third)] == [5, 2, 0]
        assert Ask.objects.values("volunteer").distinct().count() == 7
        assert list(third.events.values_list("kind", flat=True)) == ["posted", "nobody_to_ask"]

    def test_each_volunteer_gets_one_invitation(self, village):
        volunteers = [make.volunteer(village, week_limit=7) for _ in range(3)]
        ask_together(village, 6)

        escalation.sweep(WEDNESDAY_8)

        for volunteer in volunteers:
            told = Message.objects.filter(user=volunteer.user).values_list("kind", "channel")
            assert sorted(told) == [("volunteer.asked", "in_app"), ("volunteer.asked", "mail")]

    def test_each_is_asked_only_what_they_may_be_asked(self, village):
        garden = make.volunteer(village, categories=["garden"])
        busy = make.volunteer(village)
        busy.jobs.create(subject=-1, on=THURSDAY, taken_at=NOW)
        (groceries,) = ask_together(village, 1)
        (gardening,) = ask_together(village, 1, category="garden")
        (friday,) = ask_together(village, 1, help_on=THURSDAY + timedelta(days=1))
        HelpRequest.objects.filter(pk=friday.pk).update(next_at=WEDNESDAY_8)

        escalation.sweep(WEDNESDAY_8)

        assert [asked_for(each) for each in (groceries, gardening, friday)] == [[], [garden], [busy]]

    def test_a_moment_that_does_not_suit_is_not_asked_and_one_that_does_is_said(self, village):
        make.volunteer(village, suits=["0-morning"])
        afternoon = make.volunteer(village, suits=["3-afternoon"])
        (help_request,) = ask_together(village, 1)

        escalation.sweep(WEDNESDAY_8)

        assert asked_for(help_request) == [afternoon]
        assert "moment" in Ask.objects.get().reasons

    def test_a_pair_that_never_meets_is_kept_apart_whoever_wished_it(self, village):
        volunteer = make.volunteer(village)
        apart, other = ask_together(village, 2)
        blocking.keep_apart(volunteer.user, apart.author, now=NOW)

        escalation.sweep(WEDNESDAY_8)

        assert [asked_for(apart), asked_for(other)] == [[], [volunteer]]

    def test_who_comes_already_and_who_is_kept_apart_from_them_is_not_asked(self, village):
        comes, apart, free = (make.volunteer(village) for _ in range(3))
        (group,) = ask_together(village, 1, slots=3)
        PickUp.objects.create(help_request=group, slot=1, helper=comes.user, version=1)
        HelpRequest.objects.filter(pk=group.pk).update(slots_taken=1)
        blocking.block(apart.user, comes.user, now=NOW)

        escalation.sweep(WEDNESDAY_8)

        assert asked_for(group) == [free]

    def test_who_was_asked_for_it_before_is_not_asked_again(self, village):
        again, new = make.volunteer(village), make.volunteer(village)
        (help_request,) = ask_together(village, 1)
        make.ask(again, help_request.pk)

        escalation.sweep(WEDNESDAY_8)

        assert [ask.volunteer for ask in Ask.objects.open()] == [new]

    def test_the_figures_of_the_choice_are_kept_with_the_ask(self, village):
        volunteer = make.volunteer(village)
        make.ask(volunteer, answer=Ask.Answer.YES)
        volunteer.jobs.create(subject=-1, on=NOW.date(), taken_at=NOW - timedelta(days=3))
        ask_together(village, 1)

        escalation.sweep(WEDNESDAY_8)

        ask = Ask.objects.open().get()
        assert ask.chance == pytest.approx(2 / 6)
        assert ask.figures == {"rank": 1, "chance_so_far": 0.3333, "asked": 1, "yes": 1, "jobs_90": 1}

    def test_in_own_quiet_hours_an_invitation_waits(self, village):
        volunteer = make.volunteer(village)
        person = volunteer.user
        person.quiet_from, person.quiet_until = WEDNESDAY_8.time(), NOW.replace(hour=10, minute=0).time()
        person.save()
        ask_together(village, 1)

        escalation.sweep(WEDNESDAY_8)

        mail = Message.objects.get(user=person, channel="mail")
        assert mail.not_before == WEDNESDAY_8.replace(hour=9)  # 10 o'clock there, before the next wave

    def test_queries_do_not_grow_with_the_requests(self):
        counts = []
        for requests in (2, 9):
            village = make.village()
            for _ in range(6):
                make.volunteer(village)
            ask_together(village, requests)
            with CaptureQueriesContext(connection) as queries:
                escalation.sweep(WEDNESDAY_8)
            counts.append(len(queries))

        assert counts[0] == counts[1]

    def test_all_kinds_of_steps_in_one_batch(self, village):
        make.volunteer(village)
        wave, contact, close = ask_together(village, 3)
        HelpRequest.objects.filter(pk=contact.pk).update(audience="contact")
        long_ago = NOW - timedelta(days=3)
        changes = {"next_at": NOW, "needed_by": NOW, "ladder_since": long_ago, "rung": "contact"}
        HelpRequest.objects.filter(pk=close.pk).update(**changes)

        escalation.sweep(WEDNESDAY_8)

        kinds = [list(each.events.values_list("kind", flat=True))[1:] for each in (wave, contact, close)]
        assert kinds == [["asked"], ["to_contact"], ["lapsed"]]


def test_a_batch_that_fails_is_walked_one_by_one(monkeypatch):
    village = make.village()
    make.volunteer(village)
    requests = ask_together(village, 3)
    walk = walking.walk

    def only_alone(batch, now, actor):
        if len(batch) > 1 or batch[0].pk == requests[1].pk:
            raise ValueError("a bad row")
        walk(batch, now, actor)

    monkeypatch.setattr(walking, "walk", only_alone)

    assert escalation.sweep(WEDNESDAY_8) == 3
    kinds = [list(each.events.values_list("kind", flat=True))[1:] for each in requests]
    assert kinds == [["asked"], ["set_aside"], ["nobody_to_ask"]]


def mark():
    return DueMark.objects.get().low_at


def posted(ago):
    """A request whose next step was due so long ago; the time is that of the database, as for the mark."""
    now = timezone.now()
    help_request = make.help_request(make.village(quiet=False), now=now, part=Part.ANY, help_on=None)
    HelpRequest.objects.filter(pk=help_request.pk).update(next_at=now - ago)
    return help_request


MINUTE = timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
class TestMark:
    @pytest.fixture(autouse=True)
    def _there_is_one(self):
        due.raise_mark(timezone.now())  # the first time it only makes the row

    def test_after_a_sweep_it_is_a_minute_ago(self):
        posted(ago=60 * MINUTE)
        now = timezone.now()

        escalation.sweep(now)

        assert mark() == now - MINUTE

    def test_an_idle_sweep_raises_it_too_but_not_each_time(self):
        escalation.sweep(timezone.now())
        raised = mark()

        with CaptureQueriesContext(connection) as queries:
            escalation.sweep(timezone.now() + timedelta(seconds=20))

        assert mark() == raised
        assert len(queries) == 2

    def test_it_is_never_raised_past_what_is_still_due_also_where_somebody_has_that_in_hand(self):
        held = posted(ago=60 * MINUTE)

        with transaction.atomic():
            HelpRequest.objects.select_for_update(no_key=True).get(pk=held.pk)
            meanwhile(lambda: escalation.sweep(timezone.now()))

        held.refresh_from_db()
        assert mark() == held.next_at - MINUTE
        assert escalation.sweep(timezone.now()) == 1

    def test_it_is_not_raised_into_the_future(self):
        escalation.sweep(timezone.now() + timedelta(days=9))

        assert mark() <= timezone.now() - MINUTE

    def test_who_sets_an_earlier_moment_lowers_it(self):
        later = posted(ago=-60 * MINUTE)
        escalation.sweep(timezone.now())

        HelpRequest.objects.filter(pk=later.pk).update(next_at=timezone.now() - 30 * MINUTE)

        assert mark() <= timezone.now() - 30 * MINUTE
        assert escalation.sweep(timezone.now()) == 1

    def test_an_earlier_moment_that_commits_after_a_sweep_is_still_walked(self):
        later = posted(ago=-60 * MINUTE)
        low = timezone.now() - 120 * MINUTE
        DueMark.objects.update(low_at=low)  # so low that nothing has to be lowered

        with transaction.atomic():
            HelpRequest.objects.filter(pk=later.pk).update(next_at=timezone.now() - 30 * MINUTE)
            walked_meanwhile = meanwhile(lambda: escalation.sweep(timezone.now()))
            in_between = mark()

        assert (walked_meanwhile, in_between) == (0, low)
        assert escalation.sweep(timezone.now()) == 1

    def test_a_moment_of_now_that_commits_a_little_later_is_still_walked(self):
        later = posted(ago=-60 * MINUTE)

        with transaction.atomic():
            HelpRequest.objects.filter(pk=later.pk).update(next_at=timezone.now())
            meanwhile(lambda: escalation.sweep(timezone.now() + timedelta(seconds=30)))

        assert escalation.sweep(timezone.now()) == 1

    def test_two_sweeps_at_once_raise_it_once_and_walk_each_request_once(self):
        requests = [posted(ago=60 * MINUTE) for _ in range(4)]
        now = timezone.now()

        walked = sum(at_once(*[lambda: escalation.sweep(now)] * 2))

        assert walked == len(requests)
        assert mark() == now - MINUTE

    def test_once_in_ten_minutes_it_looks_further_back(self):
        forgotten = posted(ago=60 * MINUTE)
        now = timezone.now()
        DueMark.objects.update(low_at=now - MINUTE, looked_back_at=now - 11 * MINUTE)

        missed = escalation.sweep(now)
        due.raise_mark(now)

        assert missed == 0
        assert mark() < HelpRequest.objects.get(pk=forgotten.pk).next_at
        assert escalation.sweep(now) == 1

    def test_without_a_mark_the_clock_looks_everywhere(self):
        posted(ago=60 * MINUTE)
        DueMark.objects.all().delete()

        assert escalation.sweep(timezone.now()) == 1
