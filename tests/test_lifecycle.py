"""What people do with a request, and what the database never lets happen."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import web
from notifications.models import Message
from requests_app import addresses, circle, drafts, escalation, groups, lifecycle, moderating, offers, pace
from requests_app.models import Audience, CircleInvite, Event, HelpRequest, Part, PickUp, Status
from requests_app.models.help_request import Rung
from requests_app.transitions import NotAllowed
from tests import make
from tests.make import NOW, THURSDAY
from tests.racing import REFUSED, at_once
from villages.models import Tally, Village
from volunteers.models import Ask, Job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def kinds_of(help_request):
    return list(help_request.events.values_list("kind", flat=True))


def told(person):
    """What this person was told on the site, oldest first."""
    return list(Message.objects.filter(user=person, channel="in_app").order_by("pk").values_list("kind", flat=True))


def take(help_request, helper, now=NOW):
    return offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=now)


def test_posting_puts_a_request_on_the_board_with_its_first_moment():
    village = make.village()

    help_request = make.help_request(village)

    assert help_request.status == Status.OPEN
    assert help_request.needed_by.isoformat() == "2026-03-12T11:00:00+00:00"
    assert help_request.next_at.isoformat() == "2026-03-11T07:00:00+00:00"  # a quarter on is 22.00: the morning
    assert help_request.policy.version == 1
    assert Tally.objects.get(village=village).open_requests == 1
    assert told(help_request.author) == ["request.posted"]


def test_posting_twice_changes_nothing():
    help_request = make.help_request()

    lifecycle.ask(help_request.pk, actor=web(help_request.author), now=NOW + timedelta(minutes=1))

    help_request.refresh_from_db()
    assert help_request.posted_at == NOW
    assert kinds_of(help_request) == ["posted"]


def test_somebody_not_confirmed_yet_may_ask():
    village = make.village()

    help_request = make.help_request(village, author=make.resident(village))

    assert help_request.status == Status.OPEN


def test_nothing_is_posted_in_a_village_that_is_not_switched_on():
    draft = make.draft(make.village(on=False))

    with pytest.raises(lifecycle.NotAllowed):
        lifecycle.ask(draft.pk, actor=web(draft.author), now=NOW)


def test_nothing_is_posted_for_a_moment_that_is_past():
    draft = make.draft(make.village(), help_on=NOW.date(), part=Part.MORNING)

    with pytest.raises(lifecycle.NotAllowed, match="still to come"):
        lifecycle.ask(draft.pk, actor=web(draft.author), now=NOW)


def test_a_fourth_open_request_is_a_talk_with_the_contact_person():
    village = make.village()
    author = make.neighbour(village)
    for _ in range(pace.MOST_OPEN):
        make.help_request(village, author=author)
    draft = make.draft(village, author=author)

    with pytest.raises(lifecycle.NotAllowed, match="Marieke"):
        lifecycle.ask(draft.pk, actor=web(author), now=NOW)

    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_taking_gives_the_place_and_the_address_and_tells_both():
    help_request = make.help_request()
    helper = make.neighbour(help_request.village, "Joris")

    take(help_request, helper)

    help_request.refresh_from_db()
    assert help_request.status == Status.TAKEN
    assert help_request.slots_taken == 1
    assert addresses.address_for(help_request, helper) == "Voorstraat 12"
    assert kinds_of(help_request) == ["posted", "picked_up", "address_shown"]
    assert told(help_request.author) == ["request.posted", "request.taken"]
    assert told(helper) == ["request.taken_helper"]
    assert Tally.objects.get(village=help_request.village).open_requests == 0


def test_the_address_is_nobodys_business_before_and_after():
    help_request = make.help_request()
    helper = make.neighbour(help_request.village)

    before = addresses.address_for(help_request, helper)
    take(help_request, helper)
    lifecycle.give_back(help_request.pk, helper=helper, actor=web(helper), now=NOW)

    assert before is None
    assert addresses.address_for(help_request, helper) is None


def test_taking_twice_changes_nothing():
    help_request = make.help_request(slots=2)
    helper = make.neighbour(help_request.village)

    take(help_request, helper)
    take(help_request, helper)

    help_request.refresh_from_db()
    assert help_request.slots_taken == 1
    assert told(helper) == ["request.taken_helper"]


def test_nobody_takes_their_own_request():
    help_request = make.help_request()

    with pytest.raises(lifecycle.NotAllowed, match="your own"):
        take(help_request, help_request.author)


@pytest.mark.parametrize("audience", [Audience.VOLUNTEERS, Audience.CONTACT])
def test_a_request_that_is_not_on_the_board_is_not_taken_from_it(audience):
    help_request = make.help_request(audience=audience)
    neighbour = make.neighbour(help_request.village)

    with pytest.raises(lifecycle.NotAllowed):
        take(help_request, neighbour)


def test_only_confirmed_neighbours_of_that_village_take_from_the_board():
    help_request = make.help_request()
    strangers = [make.resident(help_request.village), make.neighbour(make.village())]

    for stranger in strangers:
        with pytest.raises(lifecycle.NotAllowed):
            take(help_request, stranger)

    assert help_request.pick_ups.count() == 0


def test_who_comes_late_hears_that_somebody_was_just_before():
    help_request = make.help_request()
    first, second = (make.neighbour(help_request.village) for _ in range(2))
    take(help_request, first)

    with pytest.raises(lifecycle.transitions.TooLate, match="just before you"):
        take(help_request, second)


def test_nobody_takes_what_is_past_its_moment_even_before_the_clock_saw_it():
    help_request = make.help_request()
    helper = make.neighbour(help_request.village)

    with pytest.raises(lifecycle.transitions.TooLate):
        take(help_request, helper, now=help_request.needed_by)


@pytest.mark.parametrize("verb", ["finish", "give_back", "edit"])
def test_what_is_withdrawn_can_only_be_put_back(verb):
    help_request = make.help_request()
    helper = make.neighbour(help_request.village)
    take(help_request, helper)
    lifecycle.withdraw(help_request.pk, actor=web(help_request.author), now=NOW)
    with_what = {"finish": {"worked": True}, "give_back": {"helper": helper}, "edit": {"changes": {"title": "Anders"}}}

    with pytest.raises(lifecycle.NotAllowed):
        getattr(lifecycle, verb)(help_request.pk, actor=web(help_request.author), now=NOW, **with_what[verb])

    help_request.refresh_from_db()
    assert help_request.status == Status.WITHDRAWN


def test_a_group_is_complete_when_its_last_place_is_taken():
    help_request = make.help_request(slots=2)
    first, second = (make.neighbour(help_request.village) for _ in range(2))

    take(help_request, first)
    half = HelpRequest.objects.get(pk=help_request.pk)
    take(help_request, second)
    whole = HelpRequest.objects.get(pk=help_request.pk)

    assert (half.status, half.slots_taken) == (Status.OPEN, 1)
    assert (whole.status, whole.slots_taken) == (Status.TAKEN, 2)
    assert sorted(help_request.pick_ups.values_list("slot", flat=True)) == [1, 2]


def test_a_helper_who_gives_back_puts_it_on_the_board_again():
    help_request = make.help_request()
    helper = make.neighbour(help_request.village)
    take(help_request, helper)
    later = NOW + timedelta(hours=1)

    lifecycle.give_back(help_request.pk, helper=helper, actor=web(helper), now=later)

    help_request.refresh_from_db()
    assert (help_request.status, help_request.slots_taken) == (Status.OPEN, 0)
    assert (help_request.ladder_since, help_request.volunteers_first) == (later, False)
    assert told(help_request.author)[-1] == "pickup.given_back"
    assert Tally.objects.get(village=help_request.village).open_requests == 1


def test_once_neighbours_had_their_share_a_give_back_goes_to_volunteers_at_once():
    help_request = make.help_request(make.village(quiet=False))
    helper = make.neighbour(help_request.village)
    take(help_request, helper)
    later = NOW + timedelta(hours=20)  # a quarter of the window is past

    lifecycle.give_back(help_request.pk, helper=helper, actor=web(helper), now=later)

    help_request.refresh_from_db()
    assert help_request.volunteers_first
    assert help_request.next_at == later


def test_finishing_ends_the_appointment_and_its_address():
    help_request = make.help_request()
    helper = make.neighbour(help_request.village)
    take(help_request, helper)

    lifecycle.finish(help_request.pk, worked=True, actor=web(help_request.author), now=NOW)

    help_request.refresh_from_db()
    assert help_request.status == Status.DONE
    assert help_request.pick_ups.get().end == PickUp.End.DONE
    assert addresses.address_for(help_request, helper) is None


def test_what_did_not_work_out_is_told_to_the_contact_person():
    help_request = make.help_request()
    take(help_request, make.neighbour(help_request.village))

    lifecycle.finish(help_request.pk, worked=False, actor=web(help_request.author), now=NOW)

    assert told(help_request.village.contact_person.user) == ["team.not_done"]


def test_withdrawing_calls_off_who_would_come_and_who_was_asked():
    village = make.village(quiet=False)
    volunteer = make.volunteer(village)
    help_request = make.help_request(village, slots=2)
    helper = make.neighbour(village)
    take(help_request, helper)
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)

    lifecycle.withdraw(help_request.pk, actor=web(help_request.author), now=NOW)

    help_request.refresh_from_db()
    assert (help_request.status, help_request.slots_taken) == (Status.WITHDRAWN, 0)
    assert told(helper)[-1] == "pickup.called_off"
    assert told(volunteer.user) == ["volunteer.asked", "volunteer.taken"]
    assert Ask.objects.get().answer == Ask.Answer.WITHDRAWN
    assert not Message.objects.filter(kind="volunteer.asked", channel="mail", state="due").exists()


def test_call_off_frees_one_place_and_tells_that_helper_once():
    village = make.village()
    help_request = make.help_request(village, slots=2)
    stays, goes = make.neighbour(village), make.volunteer(village).user
    for helper in (stays, goes):
        offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)
    pick_up = help_request.pick_ups.get(helper=goes)

    for _ in range(2):
        lifecycle.call_off(help_request.pk, pick_up_pk=pick_up.pk, actor=web(help_request.author), now=NOW)

    help_request.refresh_from_db()
    assert (help_request.status, help_request.slots_taken) == (Status.OPEN, 1)
    assert help_request.pick_ups.get(ended_at=None).helper == stays
    assert Job.objects.get().given_back_at == NOW
    assert told(goes)[-1] == "pickup.called_off"
    assert help_request.events.filter(kind=Event.Kind.CALLED_OFF).count() == 1


def test_call_off_knows_only_the_helpers_of_this_request():
    village = make.village()
    help_request, other = make.help_request(village), make.help_request(village)
    helper = make.neighbour(village)
    offers.say_yes(other.pk, helper=helper, actor=web(helper), now=NOW)

    with pytest.raises(lifecycle.NotAllowed):
        lifecycle.call_off(
            help_request.pk, pick_up_pk=other.pick_ups.get().pk, actor=web(help_request.author), now=NOW
        )

    assert other.pick_ups.filter(ended_at=None).exists()


def test_a_withdrawn_request_can_be_put_back_for_a_day():
    help_request = make.help_request()
    author = web(help_request.author)
    lifecycle.withdraw(help_request.pk, actor=author, now=NOW)

    lifecycle.put_back(help_request.pk, actor=author, now=NOW + timedelta(hours=23))

    help_request.refresh_from_db()
    assert help_request.status == Status.OPEN
    assert help_request.next_at is not None
    assert Tally.objects.get(village=help_request.village).open_requests == 1


def test_nothing_is_put_back_in_a_village_that_was_switched_off():
    help_request = make.help_request()
    lifecycle.withdraw(help_request.pk, actor=web(help_request.author), now=NOW)
    Village.objects.filter(pk=help_request.village_id).update(switched_on_at=None)

    with pytest.raises(lifecycle.NotAllowed, match="SamSam"):
        lifecycle.put_back(help_request.pk, actor=web(help_request.author), now=NOW)


def test_after_a_day_it_is_placed_again_instead():
    help_request = make.help_request(part=Part.ANY, help_on=None)
    author = web(help_request.author)
    lifecycle.withdraw(help_request.pk, actor=author, now=NOW)

    with pytest.raises(lifecycle.NotAllowed, match="until yesterday"):
        lifecycle.put_back(help_request.pk, actor=author, now=NOW + timedelta(hours=25))
    draft = drafts.copy_to_draft(help_request, NOW)

    assert (draft.status, draft.title, draft.help_on) == (
        Status.DRAFT,
        help_request.title,
        None,
    )
    assert make.address_of(draft) == "Voorstraat 12"


def test_changing_the_day_starts_a_new_window_and_tells_who_was_asked():
    village = make.village(quiet=False)
    volunteer = make.volunteer(village)
    help_request = make.help_request(village)
    author = web(help_request.author)
    escalation.ask_volunteers_now(help_request.pk, actor=author, now=NOW)
    later = NOW + timedelta(hours=2)

    lifecycle.edit(
        help_request.pk,
        changes={"help_on": THURSDAY + timedelta(days=2)},
        actor=author,
        now=later,
    )

    help_request.refresh_from_db()
    assert help_request.needed_by.isoformat() == "2026-03-14T11:00:00+00:00"
    assert (help_request.ladder_since, help_request.version) == (later, 2)
    assert told(volunteer.user)[-1] == "request.changed"


def test_changing_the_day_takes_it_back_from_the_contact_person_who_hears_so():
    help_request = make.help_request()
    contact, author = help_request.village.contact_person.user, web(help_request.author)
    escalation.hand_to_contact(help_request.pk, actor=author, now=NOW)

    lifecycle.edit(help_request.pk, changes={"title": "Brood"}, actor=author, now=NOW)
    help_request.refresh_from_db()
    assert help_request.owner == contact  # other words: it stays there

    lifecycle.edit(help_request.pk, changes={"help_on": THURSDAY + timedelta(days=2)}, actor=author, now=NOW)
    help_request.refresh_from_db()

    assert (help_request.owner, help_request.next_at is None) == (None, False)
    assert told(contact) == ["team.request_waiting", "team.request_moved"]
    assert [event.params for event in help_request.events.filter(kind="edited")] == [{}, {"from_contact": 1}]


def test_fewer_people_than_are_coming_is_refused():
    help_request = make.help_request(slots=3)
    for _ in range(2):
        take(help_request, make.neighbour(help_request.village))

    with pytest.raises(lifecycle.NotAllowed, match="2 people are already coming"):
        lifecycle.edit(
            help_request.pk,
            changes={"slots": 1},
            actor=web(help_request.author),
            now=NOW,
        )

    help_request.refresh_from_db()
    assert help_request.slots == 3


def test_more_people_than_are_coming_looks_for_the_rest():
    help_request = make.help_request()
    take(help_request, make.neighbour(help_request.village))

    lifecycle.edit(help_request.pk, changes={"slots": 2}, actor=web(help_request.author), now=NOW)

    help_request.refresh_from_db()
    assert (help_request.status, help_request.slots_taken) == (Status.OPEN, 1)


def test_as_many_people_as_are_coming_is_enough():
    help_request = make.help_request(slots=3)
    take(help_request, make.neighbour(help_request.village))

    lifecycle.edit(help_request.pk, changes={"slots": 1}, actor=web(help_request.author), now=NOW)

    help_request.refresh_from_db()
    assert help_request.status == Status.TAKEN


def test_a_change_of_nothing_changes_nothing():
    help_request = make.help_request()
    same = {"title": help_request.title, "address": "Voorstraat 12"}

    lifecycle.edit(help_request.pk, changes=same, actor=web(help_request.author), now=NOW)

    assert kinds_of(help_request) == ["posted"]


@pytest.mark.parametrize(("day", "waits"), [(THURSDAY, True), (NOW.date(), False)])
def test_mail_of_the_night_waits_for_the_morning_unless_the_help_is_today(day, waits):
    at_night = NOW.replace(hour=20, minute=30)  # 21.30 in the village
    help_request = make.help_request(help_on=day, part=Part.FIXED, help_at=NOW + timedelta(hours=14))
    helper = make.neighbour(help_request.village)

    take(help_request, helper, now=at_night)

    mail = Message.objects.get(user=helper, channel="mail")
    morning = at_night.replace(day=11, hour=7, minute=0)
    assert mail.not_before == (morning if waits else at_night)


def test_hidden_is_off_the_board_with_a_reason_its_author_reads():
    help_request = make.help_request()
    neighbour = make.neighbour(help_request.village)
    staff = help_request.village.contact_person.user

    moderating.hide(
        help_request.pk,
        reason="Er staat een telefoonnummer in",
        actor=web(staff),
        now=NOW,
    )

    assert not HelpRequest.objects.visible_to(neighbour).filter(pk=help_request.pk).exists()
    assert HelpRequest.objects.visible_to(help_request.author).filter(pk=help_request.pk).exists()
    assert moderating.reason_of(help_request) == "Er staat een telefoonnummer in"
    with pytest.raises(lifecycle.NotAllowed):
        take(help_request, neighbour)

    moderating.restore(help_request.pk, actor=web(staff), now=NOW)
    take(help_request, neighbour)
    assert told(help_request.author)[1:] == [
        "request.hidden",
        "request.restored",
        "request.taken",
    ]


def test_hiding_without_a_reason_is_refused():
    help_request = make.help_request()

    with pytest.raises(lifecycle.NotAllowed):
        moderating.hide(help_request.pk, reason=" ", actor=web(help_request.author), now=NOW)


def test_a_volunteers_job_is_counted_and_given_back():
    village = make.village()
    volunteer = make.volunteer(village)
    help_request = make.help_request(village)

    take(help_request, volunteer.user)
    counted = Job.objects.kept().count()
    lifecycle.give_back(help_request.pk, helper=volunteer.user, actor=web(volunteer.user), now=NOW)

    assert counted == 1
    assert Job.objects.kept().count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("slots", [1, 3])
def test_last_places_go_to_exactly_as_many_neighbours_as_there_are(slots):
    help_request = make.help_request(slots=slots)
    neighbours = [make.neighbour(help_request.village) for _ in range(slots + 2)]

    came = at_once(
        *(lambda person=person: take(help_request, person) for person in neighbours),
        at=help_request,
        refused=lifecycle.transitions.TooLate,
    )

    assert came.count(REFUSED) == 2
    assert help_request.pick_ups.count() == slots


@pytest.mark.django_db(transaction=True)
def test_taking_and_withdrawing_at_once_leaves_one_truth():
    help_request = make.help_request()
    helper = make.neighbour(help_request.village)

    came = at_once(
        lambda: take(help_request, helper),
        lambda: lifecycle.withdraw(help_request.pk, actor=web(help_request.author), now=NOW),
        at=help_request,
        refused=lifecycle.NotAllowed,
    )

    help_request.refresh_from_db()
    assert came[1] != REFUSED
    assert help_request.status == Status.WITHDRAWN
    assert not help_request.pick_ups.filter(ended_at=None).exists()


def _three_open(village, riet):
    return [make.help_request(village, author=riet) for _ in range(pace.MOST_OPEN)]


def test_putting_back_is_not_a_way_to_more_than_three_open():
    village = make.village()
    riet = make.neighbour(village, "Riet")
    first, *_ = _three_open(village, riet)
    lifecycle.withdraw(first.pk, actor=web(riet), now=NOW)
    make.help_request(village, author=riet)

    with pytest.raises(NotAllowed, match="3 open requests"):
        lifecycle.put_back(first.pk, actor=web(riet), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_one_person_posts_at_once_the_second_counts_the_first():
    village = make.village()
    riet = make.neighbour(village, "Riet")
    first, *_ = _three_open(village, riet)
    lifecycle.withdraw(first.pk, actor=web(riet), now=NOW)
    one = make.draft(village, author=riet)
    HelpRequest.objects.filter(pk=one.pk).update(created_at=NOW)
    two = HelpRequest.objects.get(pk=one.pk)
    two.pk = None
    two.save()  # of an earlier day, say: begun anew a person has one draft

    def post(draft):
        return lambda: bool(lifecycle.ask(draft.pk, actor=web(riet), now=NOW))

    answers = at_once(post(one), post(two), at=riet, refused=NotAllowed)

    assert sorted(answers, key=str) == [True, REFUSED]
    assert HelpRequest.objects.filter(author=riet, status=Status.OPEN).count() == pace.MOST_OPEN


def test_other_words_do_not_open_what_goes_on_with_fewer():
    help_request = make.help_request(slots=3)
    take(help_request, make.neighbour(help_request.village, "Bram"))
    late = help_request.needed_by + timedelta(days=1)
    PickUp.objects.update(agreed_at=late)
    for _ in range(6):
        escalation.sweep(help_request.needed_by)

    changed = lifecycle.edit(
        help_request.pk, changes={"text": "En melk"}, actor=web(help_request.author), now=help_request.needed_by
    )

    assert changed.status == Status.TAKEN
    assert kinds_of(help_request).count(Event.Kind.PARTLY_FILLED) == 1


def test_what_has_been_is_not_given_back():
    help_request = make.help_request()
    bram = make.neighbour(help_request.village, "Bram")
    take(help_request, bram)
    after = help_request.needed_by + timedelta(hours=30)

    with pytest.raises(NotAllowed, match="has been already"):
        lifecycle.give_back(help_request.pk, helper=bram, actor=web(bram), now=after)


def test_what_has_been_is_not_called_off():
    help_request = make.help_request()
    bram = make.neighbour(help_request.village, "Bram")
    take(help_request, bram)
    pick_up = help_request.pick_ups.get()
    after = help_request.needed_by + timedelta(hours=30)

    with pytest.raises(NotAllowed, match="nothing to cancel"):
        lifecycle.call_off(help_request.pk, pick_up_pk=pick_up.pk, actor=web(help_request.author), now=after)

    assert help_request.pick_ups.get().ended_at is None
    assert "pickup.called_off" not in told(bram)


def test_what_has_been_is_not_given_back_by_the_circle_or_a_host():
    village = make.village()
    riet, hanna = make.neighbour(village, "Riet"), make.neighbour(village, "Hanna")
    asked = make.circle_request(village, make.in_circle(riet, "Piet"), author=riet)
    invite = CircleInvite.objects.get()
    circle.accept(invite.pk, now=NOW)
    jan = make.group(village, host=hanna, members=("Jan",)).members.get()
    before_group = make.help_request(village, author=riet, audience=Audience.GROUP)
    escalation.sweep(NOW)
    groups.say_yes_for(before_group.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW)
    after = asked.needed_by + timedelta(hours=30)

    circle.give_back(invite.pk, now=after)
    with pytest.raises(NotAllowed, match="has been already"):
        groups.give_back_for(before_group.pk, member=jan.pk, host=hanna, actor=web(hanna), now=after)

    assert PickUp.objects.filter(ended_at=None).count() == 2


def test_database_refuses_an_open_request_that_nobody_looks_after():
    help_request = make.help_request()

    with pytest.raises(IntegrityError, match="request_nobody_forgotten"):
        HelpRequest.objects.filter(pk=help_request.pk).update(next_at=None)


def test_database_refuses_more_people_than_places():
    help_request = make.help_request()

    with pytest.raises(IntegrityError, match="request_slots_taken"):
        HelpRequest.objects.filter(pk=help_request.pk).update(slots_taken=2)


def test_database_refuses_two_people_in_one_place():
    help_request = make.help_request(slots=2)
    take(help_request, make.neighbour(help_request.village))
    other = make.neighbour(help_request.village)

    with pytest.raises(IntegrityError, match="pick_up_one_slot"):
        help_request.pick_ups.create(slot=1, helper=other, version=1)


def test_database_refuses_to_change_what_happened():
    help_request = make.help_request()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.update(kind=Event.Kind.LAPSED)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        help_request.events.all().delete()


def test_database_refuses_to_change_a_policy():
    policy = make.policy(make.municipality())

    with pytest.raises(IntegrityError, match="never changes"):
        type(policy).objects.filter(pk=policy.pk).update(first_wave=0.5)


def test_database_keeps_a_request_in_the_municipality_of_its_village():
    help_request = make.help_request()
    elsewhere = make.municipality()

    with pytest.raises(IntegrityError, match="request_village_municipality"):
        HelpRequest.objects.filter(pk=help_request.pk).update(municipality=elsewhere)


def test_a_merger_of_municipalities_takes_its_requests_along():
    help_request = make.help_request()
    merged = make.municipality()

    type(help_request.village).objects.filter(pk=help_request.village_id).update(municipality=merged)

    help_request.refresh_from_db()
    assert help_request.municipality == merged


def test_the_contact_step_after_a_give_back_is_walked_again():
    help_request = make.help_request(make.village(quiet=False))
    helper = make.neighbour(help_request.village)
    escalation.hand_to_contact(help_request.pk, actor=web(help_request.author), now=NOW)
    take(help_request, helper)

    lifecycle.give_back(help_request.pk, helper=helper, actor=web(helper), now=NOW + timedelta(hours=1))

    help_request.refresh_from_db()
    assert help_request.rung == Rung.VOLUNTEERS
    assert help_request.owner is None
    assert help_request.next_at is not None
