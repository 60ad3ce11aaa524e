"""Own circle first: whom one knows is asked before the village, by a link of their own, and the ladder goes on."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from phonenumber_field.phonenumber import PhoneNumber

from accounts.actors import web
from moderation import blocking
from notifications.delivery import deliver
from notifications.models import Message, State
from requests_app import (
    circle,
    circle_links,
    circle_stop,
    escalation,
    invariants,
    lifecycle,
    offers,
    reminders,
    transitions,
)
from requests_app.models import (
    Audience,
    CircleContact,
    CircleInvite,
    CircleRefusal,
    Event,
    HelpRequest,
    PickUp,
    Status,
)
from requests_app.models.circle import MOST_CONTACTS
from requests_app.models.help_request import Rung
from requests_app.pace import TooFast
from requests_app.transitions import NotAllowed, TooLate
from tests import make
from tests.make import NOW
from tests.racing import REFUSED, at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

WEDNESDAY_8 = NOW.replace(day=11, hour=7, minute=0)  # the circle's quarter ends in the night: the morning
LATER = NOW + timedelta(hours=1)
PHONE = PhoneNumber.from_string("+31612340000")


@pytest.fixture
def els(riet):
    return make.in_circle(riet, "Els")


@pytest.fixture
def henk(riet):
    return make.in_circle(riet, "Henk", by_phone=True)


@pytest.fixture
def asked(beesd, riet, els, henk):
    """Riet asks Els, who gets a mail, and Henk, who gets a text from Riet."""
    return make.circle_request(beesd, els, henk, author=riet)


def invite_of(contact):
    return CircleInvite.objects.get(contact=contact)


def accept(contact, now=LATER):
    circle.accept(invite_of(contact).pk, now=now)


def mails():
    """To whom without an account something waits to be sent or was sent, and what."""
    rows = Message.objects.filter(user=None).exclude(state="dropped").order_by("pk")
    return [(row.kind, row.address) for row in rows]


def told(person):
    return list(Message.objects.filter(user=person, channel="in_app").order_by("pk").values_list("kind", flat=True))


def fresh(help_request):
    return HelpRequest.objects.get(pk=help_request.pk)


def walk_to(moment):
    while (due := HelpRequest.objects.due(moment).order_by("next_at").first()) is not None:
        escalation.sweep(due.next_at)


# Who is in it


def test_circle_holds_at_most_ten_people(riet):
    for n in range(MOST_CONTACTS):
        make.in_circle(riet, f"Els{n}")

    with pytest.raises(NotAllowed, match="That is the most"):
        make.in_circle(riet, "Elf")


def test_same_person_twice_is_one(riet):
    for name in ("Els", "els"):
        circle.add(riet, name=name, email="ELS@kring.example ", now=NOW)

    assert [person.name for person in circle.people_of(riet)] == ["Els"]


def test_second_person_with_the_same_way_is_refused_and_the_first_keeps_its_name(riet, els, henk):
    shared = {"phone": henk.phone, "now": NOW}

    with pytest.raises(NotAllowed, match="This person is there already, as Henk"):
        circle.add(riet, name="Piet", **shared)
    with pytest.raises(NotAllowed, match="This person is there already, as Henk"):
        circle.change(els.pk, owner=riet, name="Els", **shared)

    assert [person.name for person in circle.people_of(riet)] == ["Els", "Henk"]


def test_database_refuses_two_ways_to_reach_one_person_and_none_at_all(riet):
    for ways in ({"email": "els@kring.example", "phone": PHONE}, {}):
        with pytest.raises(IntegrityError, match="circle_contact_one_way"), transaction.atomic():
            CircleContact.objects.create(owner=riet, name="Els", fingerprint="1", **ways)


def test_who_is_removed_leaves_no_word_behind_and_their_link_is_dead(riet, els, asked):
    pk = invite_of(els).pk

    circle.remove(els.pk, owner=riet, now=NOW)
    circle.remove(els.pk, owner=riet, now=NOW)

    els.refresh_from_db()
    assert (els.name, els.email, str(els.phone), els.fingerprint) == ("", "", "", "")
    with pytest.raises(TooLate):
        circle.accept(pk, now=LATER)
    assert deliver(NOW).sent == 1  # to Riet: it is posted


def test_who_is_coming_is_not_removed_unseen(riet, els, asked):
    accept(els)

    with pytest.raises(NotAllowed, match="Els is coming to help you"):
        circle.remove(els.pk, owner=riet, now=LATER)


def test_another_address_makes_the_old_link_dead_and_asks_anew(riet, els, asked):
    old = invite_of(els).pk
    deliver(NOW)

    circle.change(els.pk, owner=riet, name="Els", email="new@kring.example", now=LATER)

    assert circle.find(old) is None
    assert mails()[-1] == ("circle.asked", "new@kring.example")
    assert [person.email for person in circle.people_of(riet) if person.email] == ["new@kring.example"]


def test_nobody_changes_or_removes_somebody_of_another_circle(beesd, els):
    stranger = make.neighbour(beesd)

    circle.remove(els.pk, owner=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        circle.change(els.pk, owner=stranger, name="X", phone=PHONE, now=NOW)

    assert CircleContact.objects.get(pk=els.pk).name == "Els"


def test_very_many_people_in_a_short_time_is_too_fast_also_when_they_are_taken_out(riet):
    for n in range(12):
        circle.remove(make.in_circle(riet, f"Els{n}").pk, owner=riet, now=NOW)

    with pytest.raises(TooFast):
        make.in_circle(riet)
    make.in_circle(riet, now=NOW + timedelta(minutes=11))


# The circle's time


def test_posting_asks_by_mail_who_has_an_address_and_nobody_else(beesd, els, asked):
    make.volunteer(beesd)

    assert mails() == [("circle.asked", els.email)]
    assert (asked.audience, asked.rung, asked.next_at) == (Audience.CIRCLE, Rung.CIRCLE, WEDNESDAY_8)
    assert invite_of(els).told_at == NOW


def test_in_its_time_only_the_asker_sees_it(beesd, riet, asked):
    neighbour = make.neighbour(beesd)

    assert not HelpRequest.objects.visible_to(neighbour).filter(pk=asked.pk).exists()
    assert not HelpRequest.objects.on_board_of(beesd.pk, NOW).exists()
    assert HelpRequest.objects.visible_to(riet).filter(pk=asked.pk).exists()
    with pytest.raises(NotAllowed):
        offers.say_yes(asked.pk, helper=neighbour, actor=web(neighbour), now=NOW)


def test_after_its_time_all_neighbours_see_it_and_the_asker_hears_so(beesd, riet, els, asked):
    neighbour = make.neighbour(beesd)

    walk_to(WEDNESDAY_8 - timedelta(seconds=1))
    assert not HelpRequest.objects.visible_to(neighbour).filter(pk=asked.pk).exists()
    walk_to(WEDNESDAY_8)

    assert HelpRequest.objects.visible_to(neighbour).filter(pk=asked.pk).exists()
    assert fresh(asked).rung == Rung.NEIGHBOURS
    assert told(riet) == ["request.posted", "circle.over"]
    accept(els, now=WEDNESDAY_8)  # still possible
    assert fresh(asked).status == Status.TAKEN


def test_ladder_goes_on_from_the_circle_to_the_contact_person(beesd, riet, asked):
    make.volunteer(beesd)
    plan = asked.next_at

    walk_to(asked.needed_by)

    kinds = list(asked.events.values_list("kind", flat=True))
    assert plan == WEDNESDAY_8
    assert [kind for kind in kinds if kind != Event.Kind.NOBODY_TO_ASK] == [
        Event.Kind.POSTED,
        Event.Kind.CIRCLE_OVER,
        Event.Kind.ASKED,
        Event.Kind.TO_CONTACT,
        Event.Kind.LAPSED,
    ]


def test_only_the_circle_goes_to_the_contact_person_and_never_to_the_board(beesd, riet, els):
    neighbour = make.neighbour(beesd)
    make.volunteer(beesd)
    alone = make.circle_request(beesd, els, author=riet, audience=Audience.CIRCLE_ONLY)

    walk_to(alone.needed_by - timedelta(minutes=1))

    alone.refresh_from_db()
    assert (alone.rung, alone.owner) == (Rung.CONTACT, beesd.contact_person.user)
    assert not HelpRequest.objects.visible_to(neighbour).filter(pk=alone.pk).exists()
    assert list(alone.events.values_list("kind", flat=True)) == [Event.Kind.POSTED, Event.Kind.TO_CONTACT]
    walk_to(alone.needed_by)
    assert fresh(alone).status == Status.LAPSED
    deliver(alone.needed_by)
    assert not any(invariants.count(alone.needed_by).values())


def test_without_time_for_the_circle_alone_neighbours_see_it_at_once(beesd, riet, els):
    now = NOW.replace(day=12, hour=10)  # an hour before it is needed
    short = make.circle_request(beesd, els, author=riet, now=now)

    escalation.sweep(now)

    assert fresh(short).audience == Audience.NEIGHBOURS
    assert "circle.over" not in told(riet)  # it had no time that could be over
    assert ("circle.asked", els.email) in mails()


def test_nobody_in_the_circle_is_nothing_to_post(beesd, riet):
    draft = make.circle_draft(beesd, author=riet)

    with pytest.raises(NotAllowed, match="whom we ask first"):
        lifecycle.ask(draft.pk, actor=web(riet), now=NOW)


def test_only_own_people_are_chosen(beesd, riet):
    stranger = make.neighbour(beesd)

    draft = make.circle_draft(beesd, make.in_circle(stranger), author=riet)

    assert not draft.circle_invites.exists()


def test_at_night_mail_to_the_circle_waits_for_the_morning(beesd, riet, els):
    night = NOW.replace(hour=22)
    make.circle_request(beesd, els, author=riet, now=night)

    assert deliver(night).sent == 0
    assert Message.objects.get(kind="circle.asked").not_before == WEDNESDAY_8


def test_staff_who_hand_it_over_end_the_circles_time_too(beesd, asked):
    staff = beesd.contact_person.user

    escalation.hand_to_contact(asked.pk, actor=web(staff), now=LATER)

    assert (fresh(asked).audience, fresh(asked).rung) == (Audience.NEIGHBOURS, Rung.CONTACT)


@pytest.mark.parametrize("audience", [Audience.CIRCLE, Audience.CIRCLE_ONLY])
def test_asker_need_not_wait_for_the_circle_and_no_other_step_moves(beesd, riet, els, audience):
    make.volunteer(beesd)
    asked = make.circle_request(beesd, els, author=riet, audience=audience)

    circle.go_on_now(asked.pk, actor=web(riet), now=LATER)
    circle.go_on_now(asked.pk, actor=web(riet), now=LATER)

    asked.refresh_from_db()
    assert (asked.audience, asked.rung) == (Audience.NEIGHBOURS, Rung.NEIGHBOURS)
    assert asked.next_at == WEDNESDAY_8 + timedelta(hours=3, minutes=17, seconds=50, microseconds=270270)
    assert told(riet) == ["request.posted"]
    walk_to(asked.needed_by)
    kinds = [Event.Kind.POSTED, Event.Kind.CIRCLE_OVER, Event.Kind.ASKED, Event.Kind.TO_CONTACT, Event.Kind.LAPSED]
    assert list(asked.events.values_list("kind", flat=True)) == kinds


def test_removed_and_put_back_begins_with_the_circle_again(riet, els, asked):
    deliver(NOW)
    lifecycle.withdraw(asked.pk, actor=web(riet), now=LATER)
    lifecycle.put_back(asked.pk, actor=web(riet), now=LATER + timedelta(minutes=1))

    assert (fresh(asked).rung, fresh(asked).audience) == (Rung.CIRCLE, Audience.CIRCLE)
    assert [kind for kind, _ in mails()] == ["circle.asked", "circle.settled", "circle.asked"]


# Yes, no, and giving back


def test_yes_by_the_link_is_a_place_and_the_asker_hears_who_comes(riet, els, asked):
    accept(els)
    accept(els)

    pick_up = PickUp.objects.get()
    assert (pick_up.contact, pick_up.helper, fresh(asked).status) == (els, None, Status.TAKEN)
    assert told(riet)[-1] == "circle.taken"
    assert told(riet).count("circle.taken") == 1
    kinds = list(asked.events.values_list("kind", "by", "road"))
    assert kinds[-2:] == [("picked_up", None, "link"), ("address_shown", None, "link")]


def test_no_costs_nothing_and_nobody_is_told(riet, els, asked):
    circle.decline(invite_of(els).pk, now=LATER)

    assert told(riet) == ["request.posted"]
    assert fresh(asked).next_at == asked.next_at
    accept(els)  # can after all
    assert fresh(asked).status == Status.TAKEN


def test_others_who_were_mailed_hear_once_that_it_is_settled(beesd, riet, els, asked):
    deliver(NOW)
    henk = CircleContact.objects.get(name="Henk")
    accept(henk)
    deliver(LATER)

    assert mails() == [("circle.asked", els.email), ("circle.settled", els.email)]
    with pytest.raises(TooLate, match="not open for you any more"):
        accept(els)


def test_mail_that_was_not_sent_yet_is_dropped_when_somebody_comes(beesd, riet, els, henk):
    night = NOW.replace(hour=22)
    make.circle_request(beesd, els, henk, author=riet, now=night)

    accept(henk, now=night)

    assert mails() == []


def test_neighbour_who_comes_settles_it_for_the_circle_too(beesd, els, asked):
    deliver(NOW)
    walk_to(WEDNESDAY_8)
    HelpRequest.objects.filter(pk=asked.pk).update(match_mode="first")
    joris = make.neighbour(beesd, "Joris")

    offers.say_yes(asked.pk, helper=joris, actor=web(joris), now=WEDNESDAY_8)

    assert mails()[-1] == ("circle.settled", els.email)


def test_given_back_in_time_the_circle_is_asked_again_and_the_same_link_works(riet, els, henk, asked):
    deliver(NOW)
    accept(henk)
    pk = invite_of(henk).pk

    circle.give_back(pk, now=LATER)
    circle.give_back(pk, now=LATER)

    again = fresh(asked)
    assert (again.status, again.rung, again.audience) == (Status.OPEN, Rung.CIRCLE, Audience.CIRCLE)
    assert told(riet)[-1] == "circle.given_back"
    assert told(riet).count("circle.given_back") == 1
    assert [kind for kind, _ in mails()] == ["circle.asked", "circle.settled", "circle.asked"]
    circle.accept(pk, now=LATER)
    assert fresh(asked).status == Status.TAKEN


def test_yes_and_no_again_and_again_is_too_fast_and_giving_back_never_is(riet, henk, asked):
    pk = invite_of(henk).pk
    for _ in range(3):
        circle.accept(pk, now=LATER)
        circle.give_back(pk, now=LATER)

    with pytest.raises(TooFast):
        circle.accept(pk, now=LATER)
    circle.accept(pk, now=LATER + timedelta(minutes=11))


def test_given_back_after_the_circles_time_it_goes_to_the_neighbours(beesd, henk, asked):
    accept(henk)
    circle.give_back(invite_of(henk).pk, now=WEDNESDAY_8 + timedelta(hours=1))

    again = fresh(asked)
    assert again.audience == Audience.NEIGHBOURS
    assert again.rung == Rung.NEIGHBOURS
    assert HelpRequest.objects.on_board_of(beesd.pk, WEDNESDAY_8).exists()


def test_given_back_to_the_circle_alone_it_never_comes_on_the_board(beesd, riet, henk):
    alone = make.circle_request(beesd, henk, author=riet, audience=Audience.CIRCLE_ONLY)
    accept(henk)

    circle.give_back(invite_of(henk).pk, now=LATER)

    assert (fresh(alone).audience, fresh(alone).rung) == (Audience.CIRCLE_ONLY, Rung.CIRCLE)
    assert not invariants.count(LATER)["request_forgotten"]


@pytest.mark.parametrize("over", ["withdrawn", "past", "hidden", "done"])
def test_link_is_dead_when_nobody_is_needed_any_more(riet, els, asked, over):
    now = asked.needed_by if over == "past" else LATER
    if over == "withdrawn":
        lifecycle.withdraw(asked.pk, actor=web(riet), now=LATER)
    elif over == "done":
        lifecycle.finish(asked.pk, worked=True, actor=web(riet), now=LATER)
    elif over == "hidden":
        HelpRequest.objects.filter(pk=asked.pk).update(hidden_at=LATER)

    with pytest.raises(TooLate):
        accept(els, now=now)

    assert not PickUp.objects.exists()


def test_who_was_coming_by_mail_hears_that_it_is_off_and_that_it_changed(riet, els, asked):
    accept(els)
    lifecycle.edit(asked.pk, changes={"minutes": 60}, actor=web(riet), now=LATER)
    lifecycle.call_off(asked.pk, pick_up_pk=PickUp.objects.get().pk, actor=web(riet), now=LATER)

    assert [kind for kind, _ in mails()][-2:] == ["circle.changed", "circle.called_off"]
    assert fresh(asked).status == Status.OPEN


def test_group_is_filled_by_circle_and_neighbours_together_and_finished(beesd, riet, els, henk):
    group = make.circle_request(beesd, els, henk, author=riet, slots=3, match_mode="first")
    accept(els)
    walk_to(WEDNESDAY_8)
    joris = make.neighbour(beesd, "Joris")
    offers.say_yes(group.pk, helper=joris, actor=web(joris), now=WEDNESDAY_8)

    walk_to(group.needed_by)

    assert (fresh(group).status, fresh(group).slots_taken) == (Status.TAKEN, 2)
    lifecycle.finish(group.pk, worked=True, actor=web(riet), now=group.needed_by)
    assert set(PickUp.objects.values_list("end", flat=True)) == {"done"}
    deliver(group.needed_by)
    assert not any(invariants.count(group.needed_by).values())


def test_moving_the_day_keeps_who_comes_of_the_circle(riet, els, asked):
    accept(els)

    lifecycle.edit(asked.pk, changes={"help_on": make.THURSDAY + timedelta(days=1)}, actor=web(riet), now=LATER)

    assert PickUp.objects.get(ended_at=None).contact == els
    assert reminders.sweep(NOW + timedelta(days=5)) == 0


def test_database_refuses_a_place_of_two_people_of_nobody_and_twice_of_one(beesd, riet, els, asked):
    accept(els)
    place = {"help_request": asked, "version": 1}

    for who, name in (
        ({}, "pick_up_one_person"),
        ({"contact": els, "helper": riet}, "pick_up_one_person"),
        ({"contact": els}, "pick_up_one_contact"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            PickUp.objects.create(slot=2, **who, **place)


# Rather not


def test_who_wants_no_such_mail_is_in_no_circle_any_more_and_can_be_put_in_none(beesd, riet, els, asked):
    address, other = els.email, make.neighbour(beesd, "Fatma")
    circle.add(other, name="Els", email=address, now=NOW)

    circle_stop.stop(els.fingerprint, NOW)
    circle_stop.stop(els.fingerprint, NOW)

    assert els not in circle.people_of(riet)
    assert not circle.people_of(other).exists()
    assert address not in str(list(CircleRefusal.objects.values()))
    with pytest.raises(NotAllowed, match="does not want to be asked"):
        circle.add(other, name="Els", email=address.upper(), now=NOW)
    with pytest.raises(TooLate):
        accept(els)
    deliver(NOW)
    assert ("circle.asked", address) not in mails()


def test_who_turns_that_back_within_a_day_is_in_every_circle_as_before(beesd, riet, els, asked):
    circle_stop.stop(els.fingerprint, NOW)
    almost = NOW + timedelta(hours=23)
    circle_stop.sweep(almost)

    assert circle_stop.come_back(els.fingerprint, almost)

    assert els in circle.people_of(riet)
    deliver(almost)
    assert ("circle.asked", els.email) in mails()
    accept(els, now=almost)
    assert fresh(asked).status == Status.TAKEN


def test_a_day_later_every_word_of_who_left_is_erased_and_nothing_turns_it_back(beesd, riet, els, asked):
    other = circle.add(make.neighbour(beesd, "Fatma"), name="Els", email=els.email, now=NOW)
    fingerprint = els.fingerprint
    circle_stop.stop(fingerprint, NOW)

    circle_stop.sweep(NOW + timedelta(days=1))

    for contact in (els, other):
        contact.refresh_from_db()
        assert (contact.name, contact.email, contact.fingerprint) == ("", "", "")
    assert not circle_stop.come_back(fingerprint, NOW + timedelta(days=1))
    assert circle_stop.is_stopped(fingerprint)
    assert circle_stop.sweep(NOW + timedelta(days=2)) == 0


def test_for_a_day_nobody_takes_the_place_of_who_left_so_that_ten_stays_the_most(riet):
    people = [make.in_circle(riet, f"Els{n}", now=NOW - timedelta(hours=1)) for n in range(MOST_CONTACTS)]
    fingerprint = people[0].fingerprint
    circle_stop.stop(fingerprint, NOW)

    with pytest.raises(NotAllowed, match="There is room again in a day or so"):
        make.in_circle(riet, "Elf")

    circle_stop.sweep(NOW + timedelta(days=1))
    make.in_circle(riet, "Elf", now=NOW + timedelta(days=1))


def test_who_left_is_nobody_to_ask_for_a_request_that_is_not_posted_yet(beesd, riet, els):
    draft = make.circle_draft(beesd, els, author=riet)
    circle_stop.stop(els.fingerprint, NOW)

    with pytest.raises(NotAllowed, match="whom we ask first"):
        lifecycle.ask(draft.pk, actor=web(riet), now=NOW)


def test_who_left_and_still_comes_is_erased_once_that_is_over(riet, els, asked):
    accept(els)
    circle_stop.stop(els.fingerprint, LATER)
    circle_stop.sweep(LATER + timedelta(days=1))
    els.refresh_from_db()
    assert els.name == "Els"

    lifecycle.finish(asked.pk, worked=True, actor=web(riet), now=LATER + timedelta(days=1))
    circle_stop.sweep(LATER + timedelta(days=2))

    els.refresh_from_db()
    assert (els.name, els.email) == ("", "")


def test_who_stopped_and_comes_keeps_the_appointment_and_hears_when_it_is_off(riet, els, asked):
    accept(els)
    circle_stop.stop(els.fingerprint, LATER)
    lifecycle.call_off(asked.pk, pick_up_pk=PickUp.objects.get().pk, actor=web(riet), now=LATER)
    deliver(NOW + timedelta(days=1))

    assert Message.objects.get(kind="circle.called_off").state == "sent"
    assert els not in circle.people_of(riet)


def test_who_has_no_contact_with_the_asker_gets_no_mail_of_their_circle(beesd, riet):
    kees = make.neighbour(beesd, "Kees")
    blocking.block(kees, riet, now=NOW)
    contact = circle.add(riet, name="Kees", email=kees.email, now=NOW)
    make.circle_request(beesd, contact, author=riet)

    deliver(NOW)

    assert Message.objects.get(kind="circle.asked").state == "dropped"


def test_links_cannot_be_made_up(asked):
    path = circle_links.path(asked.circle_invites.first())

    token = path.rstrip("/").rpartition("/")[2]
    assert circle_links.read(token) == asked.circle_invites.first().pk
    number, _, signature = token.partition(".")
    for wrong in (token[:-1], f"{int(number) + 1}.{signature}", "1", "", "x" * 500):
        with pytest.raises(LookupError):
            circle_links.read(wrong)
    with pytest.raises(LookupError):
        circle_links.read_stop(token)


# Races, each with connections of its own


@pytest.mark.django_db(transaction=True)
def test_last_place_goes_to_the_circle_or_to_a_neighbour_and_never_to_both(beesd, riet, els):
    asked = make.circle_request(beesd, els, author=riet, match_mode="first")
    walk_to(WEDNESDAY_8)
    joris = make.neighbour(beesd, "Joris")
    pk = invite_of(els).pk

    came = at_once(
        lambda: circle.accept(pk, now=WEDNESDAY_8),
        lambda: offers.say_yes(asked.pk, helper=joris, actor=web(joris), now=WEDNESDAY_8) and None,
        at=asked,
        refused=TooLate,
    )

    assert sorted(map(str, came)) == ["None", REFUSED]
    assert PickUp.objects.count() == fresh(asked).slots_taken == 1


@pytest.mark.django_db(transaction=True)
def test_pressing_twice_at_once_is_one_yes(beesd, riet, els):
    asked = make.circle_request(beesd, els, author=riet, slots=2)
    pk = invite_of(els).pk

    at_once(*[lambda: circle.accept(pk, now=LATER)] * 2, at=asked)

    assert PickUp.objects.count() == fresh(asked).slots_taken == 1


@pytest.mark.django_db(transaction=True)
def test_yes_against_removing_the_request_leaves_no_appointment(beesd, riet, els):
    asked = make.circle_request(beesd, els, author=riet)
    pk = invite_of(els).pk

    at_once(
        lambda: circle.accept(pk, now=LATER),
        lambda: lifecycle.withdraw(asked.pk, actor=web(riet), now=LATER) and None,
        at=asked,
        refused=TooLate,
    )

    assert fresh(asked).status == Status.WITHDRAWN
    assert not PickUp.objects.filter(ended_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_yes_against_being_taken_out_of_the_circle_is_one_of_the_two(beesd, riet, els):
    make.circle_request(beesd, els, author=riet)
    pk = invite_of(els).pk

    came = at_once(
        lambda: circle.accept(pk, now=LATER),
        lambda: circle.remove(els.pk, owner=riet, now=LATER),
        at=els,
        refused=transitions.NotAllowed,
    )

    assert came.count(REFUSED) == 1
    els.refresh_from_db()
    assert bool(els.name) is PickUp.objects.filter(ended_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_make_an_eleventh(riet):
    for n in range(MOST_CONTACTS - 1):
        make.in_circle(riet, f"Els{n}")
    later = NOW + timedelta(hours=1)

    came = at_once(
        lambda: circle.add(riet, name="A", email="a@kring.example", now=later) and None,
        lambda: circle.add(riet, name="B", email="b@kring.example", now=later) and None,
        at=riet,
        refused=NotAllowed,
    )

    assert sorted(map(str, came)) == ["None", REFUSED]


def test_mail_that_is_tried_again_waits_for_the_morning_of_the_village(beesd, riet):
    make.circle_request(beesd, make.in_circle(riet), author=riet)
    mail = Message.objects.filter(kind="circle.asked")
    night, morning = NOW.replace(hour=22), NOW.replace(day=11, hour=7, minute=0)  # 23.10, and 8.00 the next day
    mail.update(state=State.DUE, attempts=1, not_before=night)  # the mail server was away since the afternoon

    deliver(night)

    assert (mail.get().state, mail.get().not_before) == (State.DUE, morning)
    deliver(morning)
    assert mail.get().state == State.SENT
