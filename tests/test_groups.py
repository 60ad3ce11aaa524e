"""A request is put before a group: a rung of the ladder, with parts, and a host for who has no phone."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import web
from moderation import blocking
from moderation.models import Block
from notifications.delivery import deliver
from notifications.kinds import KINDS, gathered
from notifications.models import Channel, Message, State
from requests_app import escalation, groups, lifecycle, moments, offers, parting, timeline, transitions
from requests_app.figures import facts, rates
from requests_app.ladder import Rung as Step
from requests_app.models import Audience, Event, GroupAsk, HelpRequest, MatchMode, Offer, PickUp, Status
from requests_app.models.help_request import Rung
from requests_app.transitions import NotAllowed, TooLate
from tests import make, team
from tests.cast import as_reader
from tests.make import NOW
from tests.racing import at_once
from villages.models import Group, Host, Member, Village
from volunteers.models import Ask

HOUR = timedelta(hours=1)
NO_HOSTS_BESIDE = {"hosts-TOTAL_FORMS": 0, "hosts-INITIAL_FORMS": 0}


@pytest.fixture
def hanna(beesd):
    return make.neighbour(beesd, "Hanna")


@pytest.fixture
def bram(beesd):
    return make.neighbour(beesd, "Bram")


@pytest.fixture
def klokhuis(beesd, hanna, bram):
    """The group of the Klokhuis: Hanna receives, Bram has an account, Jan has no phone."""
    return make.group(beesd, host=hanna, members=(bram, "Jan"))


@pytest.fixture
def jan(klokhuis):
    return klokhuis.members.get(name="Jan")


def walk_until(help_request, rung):
    """The clock goes on to each next step, up to this rung; answers the moment of it."""
    for _ in range(9):
        help_request.refresh_from_db()
        if help_request.rung == rung:
            return
        escalation.sweep(help_request.next_at)
    raise AssertionError(help_request.rung)


def put_before(beesd, **fields):
    help_request = make.help_request(beesd, **fields)
    walk_until(help_request, Rung.GROUP)
    return help_request


def story_of(help_request, **who):
    """What its page tells of what happened and comes."""
    return [line.what for line in timeline.timeline(transitions.lock(help_request.pk), NOW + HOUR, **who)]


def told(kind, **fields):
    return set(Message.objects.filter(kind=kind, **fields).values_list("user__first_name", flat=True))


# -- The rung


def test_after_the_neighbours_it_is_put_before_the_group_and_only_then_are_volunteers_asked(beesd, klokhuis):
    make.volunteer(beesd)
    help_request = make.help_request(beesd)

    steps = moments.steps_of(help_request)
    assert [step.rung for step in steps[:2]] == [Step.GROUP, Step.VOLUNTEERS]
    assert help_request.next_at == steps[0].at
    assert not GroupAsk.objects.exists()

    escalation.sweep(steps[0].at)

    help_request.refresh_from_db()
    assert (help_request.rung, help_request.next_at) == (Rung.GROUP, steps[1].at)
    assert not Ask.objects.exists()
    assert told("group.asked", channel=Channel.IN_APP) == {"Hanna", "Bram"}
    assert Event.objects.get(kind=Event.Kind.TO_GROUP).params == {"groups": 1}

    escalation.sweep(steps[1].at)

    help_request.refresh_from_db()
    assert help_request.rung == Rung.VOLUNTEERS
    assert Ask.objects.exists()
    assert Message.objects.filter(kind="group.asked", channel=Channel.IN_APP).count() == 2


def test_message_to_the_group_names_nobody_and_no_street(beesd, klokhuis, bram, english):
    put_before(beesd)

    mail = Message.objects.get(kind="group.asked", channel=Channel.MAIL, user=bram)
    said = mail_of(mail)

    assert "Boodschappen van de Spar" in said.body
    assert not {"Riet", "Voorstraat"} & set(f"{said.subject} {said.body}".replace(".", " ").split())


def mail_of(message):
    return KINDS[message.kind].words(message, gathered([message])[message.pk], NOW)


def test_a_village_without_a_group_has_no_such_step(beesd):
    help_request = make.help_request(beesd)

    assert Step.GROUP not in [step.rung for step in moments.steps_of(help_request)]


@pytest.mark.parametrize(
    "gone",
    [
        lambda group: group.hosts.all().delete(),
        lambda group: Group.objects.filter(pk=group.pk).update(ended_at=NOW),
        lambda group: Group.objects.filter(pk=group.pk).update(categories=["pet"]),
        lambda group: group.delete(),
        lambda group: group.place.delete(),
    ],
)
def test_a_group_without_host_that_ended_or_that_does_other_things_is_passed_by(beesd, klokhuis, gone):
    gone(klokhuis)

    help_request = make.help_request(Village.objects.get(pk=beesd.pk))

    assert Step.GROUP not in [step.rung for step in moments.steps_of(help_request)]


@pytest.mark.parametrize("by_village", [True, False])
def test_village_or_policy_leaves_groups_out(beesd, klokhuis, by_village):
    if by_village:
        Village.objects.filter(pk=beesd.pk).update(skips_groups=True)
    else:
        make.policy(beesd.municipality, skips_groups=True)

    help_request = make.help_request(Village.objects.get(pk=beesd.pk))

    assert Step.GROUP not in [step.rung for step in moments.steps_of(help_request)]


def test_category_leaves_groups_out_by_its_policy(beesd, klokhuis):
    make.policy(beesd.municipality)
    make.policy(beesd.municipality, category="paperwork", skips_groups=True)

    rungs = [
        {step.rung for step in moments.steps_of(make.help_request(beesd, category=of))} for of in ("paperwork", "pet")
    ]

    assert [Step.GROUP in one for one in rungs] == [False, True]


def test_neighbours_left_out_it_starts_with_the_group_and_is_on_no_board(beesd, klokhuis, hanna):
    Village.objects.filter(pk=beesd.pk).update(skips_neighbours=True)
    outsider = make.neighbour(beesd)

    help_request = make.help_request(Village.objects.get(pk=beesd.pk))

    assert (help_request.audience, help_request.next_at) == (Audience.GROUP, NOW)
    escalation.sweep(NOW)
    assert not HelpRequest.objects.on_board_of(beesd.pk, NOW).exists()
    assert not HelpRequest.objects.visible_to(outsider).exists()
    assert HelpRequest.objects.visible_to(hanna).get() == help_request


def test_neighbours_left_out_where_no_group_is_it_starts_with_volunteers(beesd):
    Village.objects.filter(pk=beesd.pk).update(skips_neighbours=True)
    make.volunteer(beesd)

    help_request = make.help_request(Village.objects.get(pk=beesd.pk))
    escalation.sweep(NOW)

    assert help_request.audience == Audience.VOLUNTEERS
    assert Ask.objects.get().subject == help_request.pk


def test_neighbours_and_all_others_left_out_it_is_with_the_contact_person_at_once(beesd):
    Village.objects.filter(pk=beesd.pk).update(skips_neighbours=True, skips_volunteers=True)

    help_request = make.help_request(Village.objects.get(pk=beesd.pk))
    escalation.sweep(NOW)

    help_request.refresh_from_db()
    assert help_request.owner == beesd.contact_person.user


def test_after_the_circle_it_goes_to_the_group_where_neighbours_are_left_out(beesd, klokhuis):
    Village.objects.filter(pk=beesd.pk).update(skips_neighbours=True)
    help_request = make.help_request(Village.objects.get(pk=beesd.pk), audience=Audience.CIRCLE)

    escalation.sweep(help_request.next_at)

    help_request.refresh_from_db()
    assert (help_request.audience, help_request.rung, help_request.opened_at) == (Audience.GROUP, Rung.GROUP, None)
    assert told("circle.over") == set()
    assert told("group.asked") == {"Hanna", "Bram"}


def test_asker_who_wants_the_group_first_is_on_no_board_and_goes_on_to_volunteers(beesd, klokhuis, bram):
    make.volunteer(beesd)
    help_request = make.help_request(beesd, audience=Audience.GROUP)

    escalation.sweep(NOW)

    help_request.refresh_from_db()
    assert help_request.rung == Rung.GROUP
    assert not HelpRequest.objects.on_board_of(beesd.pk, NOW).exists()
    assert HelpRequest.objects.visible_to(bram).exists()
    walk_until(help_request, Rung.VOLUNTEERS)
    assert Ask.objects.exists()


def test_in_the_night_the_group_sleeps(beesd, klokhuis):
    night = NOW.replace(hour=22)

    help_request = make.help_request(beesd, audience=Audience.GROUP, now=night)

    assert help_request.next_at == NOW.replace(day=11, hour=7, minute=0)
    escalation.sweep(night)
    assert not GroupAsk.objects.exists()


def test_who_skips_ahead_to_volunteers_asks_the_group_with_them(beesd, klokhuis):
    make.volunteer(beesd)
    help_request = make.help_request(beesd)

    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)

    assert Ask.objects.exists()
    assert told("group.asked") == {"Hanna", "Bram"}
    escalation.sweep(NOW + timedelta(minutes=1))
    assert Message.objects.filter(kind="group.asked", channel=Channel.IN_APP).count() == 2


def test_who_skips_ahead_when_it_lies_before_the_group_does_not_ask_the_group_again(beesd, klokhuis):
    make.volunteer(beesd)
    help_request = put_before(beesd)

    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW + HOUR * 8)

    assert Ask.objects.exists()
    assert Event.objects.filter(kind=Event.Kind.TO_GROUP).count() == 1


def test_a_sweep_does_no_query_more_where_no_village_has_a_group(beesd, klokhuis):
    for place in (beesd, make.village("Tricht")):
        place.quiet_from = place.quiet_until = time(0)
        place.save()
        make.volunteer(place)
    here, there = make.help_request(beesd), make.help_request(Village.objects.get(name="Tricht"))
    escalation.ask_volunteers_now(here.pk, actor=web(here.author), now=NOW)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        escalation.sweep(there.next_at)

    said = " ".join(query["sql"] for query in queries)
    assert Ask.objects.filter(subject=there.pk).exists()
    assert "villages_group" not in said.replace("group_categories", "")
    assert "groupask" not in said


def test_many_requests_are_put_before_groups_in_as_many_queries_as_one(beesd, klokhuis):
    def sweep(count):
        posted = [make.help_request(beesd) for _ in range(count)]
        for row in posted:
            row.village = beesd
        with CaptureQueriesContext(connection) as queries:
            escalation.sweep(posted[0].next_at)
        assert all(GroupAsk.objects.filter(help_request=row).exists() for row in posted)
        return len(queries)

    sweep(1)
    assert sweep(2) == sweep(9)


# -- Taking a part


def test_several_take_a_part_and_who_has_no_phone_is_put_down_by_the_host(beesd, klokhuis, bram, hanna, jan):
    help_request = put_before(beesd, slots=2)

    offers.say_yes(help_request.pk, helper=bram, deed="drive", actor=web(bram), now=NOW + HOUR)
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, deed="carry", actor=web(hanna), now=NOW + HOUR)

    help_request.refresh_from_db()
    assert help_request.status == Status.TAKEN
    held = {(pick_up.name, pick_up.deed) for pick_up in help_request.pick_ups.all()}
    assert held == {("Bram", "drive"), ("Jan", "carry")}
    assert told("group.taken") == {"Riet"}


def test_asker_who_says_yes_herself_says_it_to_who_has_no_phone_too(beesd, klokhuis, hanna, jan):
    help_request = put_before(beesd, match_mode=MatchMode.CHOOSE)
    author = help_request.author

    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, deed="shop", actor=web(hanna), now=NOW + HOUR)

    offer = Offer.objects.get()
    assert (offer.name, offer.helper, told("group.offered")) == ("Jan", hanna, {"Riet"})
    assert offers.accept(help_request.pk, offer_pk=offer.pk, actor=web(author), now=NOW + HOUR)
    pick_up = PickUp.objects.get()
    assert (pick_up.member, pick_up.helper, pick_up.deed) == (jan, None, "shop")
    assert told("group.accepted") == {"Hanna"}


def test_an_offer_that_the_host_takes_back_is_told_by_the_name_of_who_would_come(beesd, klokhuis, hanna, jan, english):
    help_request = put_before(beesd, match_mode=MatchMode.CHOOSE)
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)

    groups.give_back_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)

    assert not Offer.objects.waiting().exists()
    message = Message.objects.get(kind="group.given_back", channel=Channel.IN_APP)
    assert mail_of(message).subject == "Jan can't make it"
    help_request = HelpRequest.objects.select_related("village", "author", "policy").get(pk=help_request.pk)
    said = [line.what for line in timeline.timeline(help_request, NOW + HOUR)]
    assert "Jan would like to help" in said
    assert "Jan can't make it after all. We keep looking" in said


def test_an_offer_of_a_host_that_ends_by_itself_is_told_by_the_name_of_who_would_come(beesd, jan, hanna, english):
    make.volunteer(beesd)
    help_request = put_before(beesd, match_mode=MatchMode.CHOOSE)
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)
    for _ in range(2):  # the ladder waits one step
        help_request.refresh_from_db()
        escalation.sweep(help_request.next_at)

    assert Offer.objects.get().answer == Offer.Answer.EXPIRED
    assert mail_of(Message.objects.get(kind="offer.expired", channel=Channel.IN_APP)).subject == (
        "You haven't answered Jan yet"
    )
    assert told("offer.expired_helper") == {"Hanna"}

    groups.remove(jan.pk, host=hanna, now=NOW + 9 * HOUR)
    assert mail_of(Message.objects.get(kind="offer.expired", channel=Channel.IN_APP)).subject == (
        "You haven't answered somebody from the group yet"
    )


@pytest.mark.parametrize("mode", [MatchMode.FIRST, MatchMode.CHOOSE])
def test_staff_do_not_read_the_first_name_of_who_has_no_account(beesd, klokhuis, hanna, jan, english, mode):
    help_request = put_before(beesd, match_mode=mode)
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)

    shown = {for_staff: story_of(help_request, for_staff=for_staff) for for_staff in (False, True)}

    said = "said yes" if mode == MatchMode.FIRST else "would like to help"
    assert f"Jan {said}" in shown[False]
    assert f"Somebody from the group {said}" in shown[True]
    assert "Jan" not in str(shown[True])


def test_who_left_the_group_is_somebody_from_the_group_and_never_the_host(beesd, klokhuis, hanna, jan, english):
    help_request = put_before(beesd, match_mode=MatchMode.CHOOSE)
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)
    groups.give_back_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)

    groups.remove(jan.pk, host=hanna, now=NOW + HOUR)

    assert "Somebody from the group would like to help" in story_of(help_request)
    message = Message.objects.get(kind="group.given_back", channel=Channel.IN_APP)
    assert mail_of(message).subject == "Somebody from the group can't make it"


def test_story_of_a_request_takes_as_many_queries_for_nine_of_the_group_as_for_one(beesd, klokhuis, hanna):
    help_request = put_before(beesd)
    queries = []
    for name in ("Mien", "Kees", "Toon", "Wim", "Ans", "Truus", "Bep", "Cor", "Dirk"):
        person = Member.objects.create(group=klokhuis, name=name)
        groups.say_yes_for(help_request.pk, member=person.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)
        groups.give_back_for(help_request.pk, member=person.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)
        one = transitions.lock(help_request.pk)
        with CaptureQueriesContext(connection) as context:
            timeline.timeline(one, NOW + HOUR)
        queries.append(len(context))

    assert queries == queries[:1] * 9
    assert queries[0] <= 6


def test_yes_said_beforehand_holds_for_the_group_as_for_volunteers(beesd, klokhuis, bram):
    help_request = put_before(beesd, match_mode=MatchMode.CHOOSE, volunteer_at_once=True)
    outsider = make.neighbour(beesd)

    offers.say_yes(help_request.pk, helper=outsider, actor=web(outsider), now=NOW + HOUR)
    assert Offer.objects.get().helper == outsider
    offers.say_yes(help_request.pk, helper=bram, actor=web(bram), now=NOW + HOUR)

    assert PickUp.objects.get().helper == bram


def test_a_host_answers_for_own_people_only_and_only_for_what_lies_there(beesd, klokhuis, hanna, jan):
    elsewhere = make.group(beesd, "Moestuin", host=make.neighbour(beesd), members=("Piet",), categories=["pet"])
    piet = elsewhere.members.get()
    early = make.help_request(beesd)
    for member, host in ((piet.pk, hanna), (jan.pk, make.neighbour(beesd)), (jan.pk, hanna)):
        with pytest.raises(NotAllowed):
            groups.say_yes_for(early.pk, member=member, host=host, actor=web(host), now=NOW)


def test_twice_is_once_and_too_late_is_too_late(beesd, klokhuis, hanna, jan, bram):
    help_request = put_before(beesd)
    for _ in range(2):
        groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)
    assert PickUp.objects.count() == 1
    with pytest.raises(TooLate):
        offers.say_yes(help_request.pk, helper=bram, actor=web(bram), now=NOW + HOUR)


def test_the_host_gives_back_and_the_ladder_goes_on_with_the_group_told_anew(beesd, klokhuis, hanna, jan):
    help_request = put_before(beesd)
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)

    groups.give_back_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + 2 * HOUR)

    help_request.refresh_from_db()
    assert (help_request.status, help_request.slots_taken) == (Status.OPEN, 0)
    assert told("group.given_back") == {"Riet"}
    walk_until(help_request, Rung.GROUP)
    assert Message.objects.filter(kind="group.asked", channel=Channel.IN_APP, user=hanna).count() == 2


def test_called_off_or_changed_the_host_hears_it_for_who_has_no_phone(beesd, klokhuis, hanna, jan):
    help_request = put_before(beesd)
    author = help_request.author
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)

    lifecycle.edit(help_request.pk, changes={"minutes": 60}, actor=web(author), now=NOW + HOUR)
    pick_up = PickUp.objects.get()
    lifecycle.call_off(help_request.pk, pick_up_pk=pick_up.pk, actor=web(author), now=NOW + HOUR)

    assert told("group.changed") == told("group.called_off") == {"Hanna"}


def test_a_pick_up_is_of_exactly_one(beesd, klokhuis, jan, bram):
    help_request = put_before(beesd, slots=2)
    for who in ({}, {"helper": bram, "member": jan}):
        with pytest.raises(IntegrityError), transaction.atomic():
            help_request.pick_ups.create(slot=1, version=1, **who)
    help_request.pick_ups.create(slot=1, version=1, member=jan)
    with pytest.raises(IntegrityError), transaction.atomic():
        help_request.pick_ups.create(slot=2, version=1, member=jan)


# -- The bell, and who does not hear it


def test_taken_stops_the_bell_for_the_group(beesd, klokhuis, bram):
    help_request = put_before(beesd)
    sent = Message.objects.get(kind="group.asked", user=bram, channel=Channel.MAIL)
    Message.objects.filter(pk=sent.pk).update(state=State.DUE)
    helper = make.neighbour(beesd)

    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW + 6 * HOUR)

    sent.refresh_from_db()
    assert sent.state == State.DROPPED
    assert told("group.settled") == {"Hanna", "Bram"}
    assert set(Message.objects.filter(kind="group.settled").values_list("channel", flat=True)) == {Channel.IN_APP}


def test_who_is_blocked_with_the_asker_does_not_see_it_and_hears_nothing(beesd, klokhuis, bram, hanna):
    help_request = make.help_request(beesd, audience=Audience.GROUP)
    blocking.block(help_request.author, bram, now=NOW)

    escalation.sweep(NOW)

    assert told("group.asked") == {"Hanna"}
    assert not HelpRequest.objects.visible_to(bram).exists()
    with pytest.raises(NotAllowed):
        offers.say_yes(help_request.pk, helper=bram, actor=web(bram), now=NOW)
    parting.no_more_contact(hanna, help_request.author, call_off=True, actor=web(hanna), now=NOW)
    assert not HelpRequest.objects.visible_to(hanna).exists()


def mails_to(person, kind):
    """In which states the mails of this kind to somebody are."""
    return list(Message.objects.filter(user=person, kind=kind, channel=Channel.MAIL).values_list("state", flat=True))


@pytest.mark.parametrize("host_wishes_it", [True, False])
def test_who_has_no_account_does_not_come_when_the_only_host_may_not_meet_the_asker(
    client, beesd, klokhuis, hanna, jan, english, clock, host_wishes_it
):
    help_request = put_before(beesd)
    riet = help_request.author
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)
    person, other = (hanna, riet) if host_wishes_it else (riet, hanna)
    make.help_request(beesd, author=hanna)  # by which Riet knows Hanna
    as_reader(client, person)
    page = " ".join(client.get(reverse("no_contact", args=[other.pk])).content.decode().split())
    assert "That is off" in page
    assert ("Will you tell Jan?" in page) == host_wishes_it

    parting.no_more_contact(person, other, call_off=False, actor=web(person), now=NOW + HOUR)
    deliver(NOW + 24 * HOUR)

    help_request.refresh_from_db()
    assert (help_request.status, help_request.slots_taken) == (Status.OPEN, 0)
    if host_wishes_it:
        assert PickUp.objects.get().end == PickUp.End.GIVEN_BACK
        assert mails_to(riet, "group.given_back") == [State.SENT]
    else:
        assert PickUp.objects.get().end == PickUp.End.CALLED_OFF
        assert mails_to(hanna, "group.called_off") == [State.SENT]


@pytest.mark.parametrize("mode", [MatchMode.FIRST, MatchMode.CHOOSE])
def test_the_last_host_stays_while_somebody_without_an_account_helps(beesd, klokhuis, hanna, jan, english, mode):
    help_request = put_before(beesd, match_mode=mode)
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)
    piet = Host.objects.create(group=klokhuis, user=make.neighbour(beesd, "Piet"))
    groups.dismiss(piet.pk)

    with pytest.raises(NotAllowed, match="Add another host first"):
        groups.dismiss(klokhuis.hosts.get().pk)
    with transaction.atomic(), pytest.raises(NotAllowed, match="Wait until that is done"):
        groups.check_may_end(klokhuis.pk)

    groups.give_back_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)
    with transaction.atomic():
        groups.check_may_end(klokhuis.pk)
    for _twice in range(2):
        groups.dismiss(klokhuis.hosts.order_by("pk").values_list("pk", flat=True).first() or 0)
    assert not klokhuis.hosts.exists()


def test_team_ends_no_group_and_lets_no_last_host_go_while_somebody_without_an_account_helps(
    beesd, klokhuis, hanna, jan
):
    help_request = put_before(beesd)
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)
    desk = team.at_work(team.superuser())
    host = klokhuis.hosts.get()
    page = f"/beheer/villages/group/{klokhuis.pk}/change/"
    words = {"place": klokhuis.place_id, "name": "de koffiegroep", "categories": ["groceries"]}
    ends = {"ended_at_0": "2026-03-11", "ended_at_1": "10:00"}

    asked = {"action": "dismiss", "_selected_action": [host.pk]}
    said = desk.post("/beheer/villages/host/", asked, follow=True).content.decode()
    refused = desk.post(page, words | ends | NO_HOSTS_BESIDE)

    assert "helpt nu" in said
    assert "helpt nu" in refused.content.decode()
    klokhuis.refresh_from_db()
    assert (klokhuis.ended_at, klokhuis.hosts.count()) == (None, 1)

    groups.give_back_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)
    desk.post(page, words | ends | NO_HOSTS_BESIDE)
    klokhuis.refresh_from_db()
    assert klokhuis.ended_at


@pytest.mark.django_db(transaction=True)
def test_last_host_dismissed_and_a_yes_for_who_has_no_account_at_once_never_leave_nobody_to_tell():
    village = make.village()
    hanna = make.neighbour(village, "Hanna")
    group = make.group(village, host=hanna, members=("Jan",))
    jan = group.members.get()
    help_request = put_before(village)

    at_once(
        lambda: groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR),
        lambda: groups.dismiss(Host.objects.get().pk),
        at=jan,
        refused=NotAllowed,
    )

    assert Host.objects.exists() == PickUp.objects.exists()


def test_yes_please_after_the_host_who_offered_it_was_dismissed_is_told_to_another(beesd, klokhuis, hanna, jan):
    help_request = make.help_request(beesd, audience=Audience.GROUP, match_mode=MatchMode.CHOOSE)
    escalation.sweep(NOW)
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW)
    away, piet = make.neighbour(beesd, "Ot"), make.neighbour(beesd, "Piet")
    blocking.block(away, help_request.author, now=NOW)  # not this one: there is no contact between these two
    for person in (away, piet):
        Host.objects.create(group=klokhuis, user=person)
    groups.dismiss(klokhuis.hosts.get(user=hanna).pk)

    offer = Offer.objects.get()
    accepted = offers.accept(help_request.pk, offer_pk=offer.pk, actor=web(help_request.author), now=NOW + HOUR)

    assert accepted
    assert PickUp.objects.get().member == jan
    assert told("group.accepted") == {"Piet"}


def test_account_of_the_only_host_is_closed_once_the_group_has_another(beesd, klokhuis, hanna):
    boss = team.at_work(team.superuser())
    page = reverse("admin:accounts_user_change", args=[hanna.pk])
    close = {"first_name": "Hanna", "phone": "", "language": "nl"}
    piet = make.neighbour(beesd, "Piet", is_active=False)
    Host.objects.create(group=klokhuis, user=piet)

    refused = boss.post(page, close)
    hanna.refresh_from_db()
    assert hanna.is_active
    assert refused.context["adminform"].form.errors["is_active"] == [
        f"Dit is de enige gastvrouw of gastheer van {klokhuis.name}. Zet er eerst iemand bij."
    ]

    Host.objects.create(group=klokhuis, user=make.neighbour(beesd, "Joke"))
    boss.post(page, close)
    hanna.refresh_from_db()
    assert not hanna.is_active


def test_a_host_who_cannot_log_in_is_no_other_host(beesd, klokhuis, hanna, jan):
    help_request = put_before(beesd)
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)
    Host.objects.create(group=klokhuis, user=make.neighbour(beesd, "Piet", is_active=False))

    with pytest.raises(NotAllowed):
        groups.dismiss(klokhuis.hosts.get(user=hanna).pk)


def test_another_host_keeps_who_has_no_account_and_goes_on_hearing_of_it(beesd, klokhuis, hanna, jan, english):
    piet = make.neighbour(beesd, "Piet")
    Host.objects.create(group=klokhuis, user=piet)
    help_request = put_before(beesd)
    riet = help_request.author
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)

    parting.no_more_contact(hanna, riet, call_off=True, actor=web(hanna), now=NOW + HOUR)
    assert PickUp.objects.get().ended_at is None
    lifecycle.edit(help_request.pk, changes={"text": "Twee tassen"}, actor=web(riet), now=NOW + 2 * HOUR)
    deliver(NOW + 24 * HOUR)
    lifecycle.withdraw(help_request.pk, actor=web(riet), now=NOW + 24 * HOUR)
    deliver(NOW + 25 * HOUR)

    for host in (hanna, piet):
        assert mails_to(host, "group.changed") == [State.SENT]
        assert mails_to(host, "group.called_off") == [State.SENT]


@pytest.mark.parametrize("host_wishes_it", [True, False])
def test_no_more_contact_after_it_has_been_leaves_what_was_done(beesd, klokhuis, hanna, jan, host_wishes_it):
    help_request = put_before(beesd)
    riet = help_request.author
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)
    person, other = (hanna, riet) if host_wishes_it else (riet, hanna)
    after = help_request.needed_by + 30 * HOUR

    parting.no_more_contact(person, other, call_off=True, actor=web(person), now=after)

    assert Block.objects.filter(by=person, other=other).exists()
    assert PickUp.objects.get().ended_at is None


def test_the_offer_of_a_host_ends_when_the_host_wants_no_contact_with_the_asker(beesd, klokhuis, hanna, jan):
    help_request = put_before(beesd, match_mode=MatchMode.CHOOSE)
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)

    parting.no_more_contact(hanna, help_request.author, call_off=True, actor=web(hanna), now=NOW + HOUR)

    assert not Offer.objects.waiting().exists()


def test_a_member_whose_proof_has_ended_is_told_nothing(beesd, klokhuis, bram):
    bram.residencies.update(expires_at=NOW)

    help_request = make.help_request(beesd, audience=Audience.GROUP)
    escalation.sweep(NOW)

    assert told("group.asked") == {"Hanna"}
    assert not HelpRequest.objects.visible_to(bram).filter(pk=help_request.pk).exists()


def test_who_leaves_samsam_leaves_the_group_but_a_host_is_dismissed_first(beesd, klokhuis, hanna, bram, jan):
    help_request, piet = put_before(beesd), make.neighbour(beesd, "Piet")
    noted = Host.objects.create(group=klokhuis, user=piet)
    groups.say_yes_for(help_request.pk, member=jan.pk, host=piet, actor=web(piet), now=NOW + HOUR)
    groups.dismiss(noted.pk)
    for person in (bram, hanna):
        person.residencies.all().delete()
    bram.delete()
    with pytest.raises(ProtectedError):
        hanna.delete()  # Jan comes, and nobody else could tell him anything

    lifecycle.withdraw(help_request.pk, actor=web(help_request.author), now=NOW + HOUR)
    groups.dismiss(klokhuis.hosts.get().pk)
    Message.objects.filter(user=hanna).delete()
    hanna.delete()

    assert not Host.objects.exists()

    assert list(Member.objects.values_list("name", flat=True)) == ["Jan"]
    assert Village.objects.get(pk=beesd.pk).group_categories == []


# -- For the municipality


@pytest.mark.parametrize("without_phone", [True, False])
def test_figures_count_who_came_of_the_group(beesd, klokhuis, bram, hanna, jan, without_phone):
    help_request = put_before(beesd)
    if without_phone:
        groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=NOW + HOUR)
    else:
        offers.say_yes(help_request.pk, helper=bram, actor=web(bram), now=NOW + HOUR)

    (fact,) = facts.facts(beesd.municipality_id, NOW - HOUR, NOW + HOUR)

    assert rates.outcome(fact) == rates.Outcome.GROUP


def test_an_offer_that_waits_does_not_keep_it_from_the_group(beesd, klokhuis):
    help_request, helper = make.help_request(beesd, match_mode=MatchMode.CHOOSE), make.neighbour(beesd)
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)

    escalation.sweep(help_request.next_at)

    assert told("group.asked") == {"Hanna", "Bram"}


@pytest.mark.django_db(transaction=True)
def test_hosts_of_two_groups_added_at_once_are_both_counted():
    village = make.village()
    shops, digs = make.group(village, "A", categories=["groceries"]), make.group(village, "B", categories=["garden"])
    Host.objects.all().delete()
    ann, bea = make.neighbour(village), make.neighbour(village)

    at_once(
        lambda: Host.objects.create(group=shops, user=ann),
        lambda: Host.objects.create(group=digs, user=bea),
        at=village,
    )

    village.refresh_from_db()
    assert village.group_categories == ["garden", "groceries"]
