"""No more contact: two people do not see, help or get asked for each other, and the other never hears why."""

import itertools
from html import unescape

import pytest
from django.urls import reverse

from accounts.actors import web
from moderation import blocking
from moderation.models import Block
from notifications.delivery import deliver
from notifications.models import Channel, Message, State
from requests_app import escalation, going, going_along, lifecycle, offers, parting
from requests_app.models import Audience, HelpRequest, Offer, PickUp, SparePlace, Status
from requests_app.transitions import NotAllowed, TooLate
from tests import make
from tests.cast import as_reader
from tests.make import NOW
from tests.racing import REFUSED, at_once
from volunteers.models import Ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def bram(beesd):
    return make.neighbour(beesd, "Bram")


@pytest.fixture
def help_request(beesd, riet):
    return make.help_request(beesd, author=riet, title="Heg knippen")


def part(person, other, *, call_off=True):
    parting.no_more_contact(person, other, call_off=call_off, actor=web(person), now=NOW)


def take(help_request, helper):
    return offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)


def told(person):
    return list(
        Message.objects.filter(user=person, channel=Channel.IN_APP).order_by("pk").values_list("kind", flat=True)
    )


def sees(person, help_request):
    return HelpRequest.objects.visible_to(person).filter(pk=help_request.pk).exists()


def text_of(response):
    return unescape(response.content.decode())


# -- the board and the page of a request


@pytest.mark.parametrize("riet_wishes_it", [True, False])
def test_neither_sees_the_requests_of_the_other(client, beesd, riet, bram, help_request, riet_wishes_it):
    others = make.help_request(beesd, author=bram, title="Ramen lappen")
    mine = make.help_request(beesd, author=make.neighbour(beesd), title="Hond uitlaten")
    part(riet, bram) if riet_wishes_it else part(bram, riet)

    for person, hidden in [(riet, others), (bram, help_request)]:
        as_reader(client, person)
        board = [card.title for card in client.get(reverse("board")).context["cards"]]

        assert hidden.title not in board
        assert mine.title in board
        assert client.get(hidden.get_absolute_url()).status_code == 404
        assert not sees(person, hidden)
    assert sees(riet, help_request)
    assert sees(make.neighbour(beesd), help_request)


def test_rather_not_together_again_leaves_the_board_as_it_is(client, beesd, riet, bram, help_request):
    blocking.keep_apart(riet, bram, now=NOW)

    as_reader(client, bram)

    assert [card.title for card in client.get(reverse("board")).context["cards"]] == ["Heg knippen"]
    assert client.get(help_request.get_absolute_url()).status_code == 200


def test_a_past_job_for_somebody_blocked_is_gone_from_the_list(client, riet, bram, help_request):
    take(help_request, bram)
    lifecycle.finish(help_request.pk, worked=True, actor=web(riet), now=NOW)
    as_reader(client, bram)
    assert "Heg knippen" in text_of(client.get(reverse("mine")))

    part(riet, bram)

    assert "Heg knippen" not in text_of(client.get(reverse("mine")))
    assert client.get(help_request.get_absolute_url()).status_code == 404


def test_what_is_left_over_for_volunteers_leaves_them_out_too(client, beesd, riet, help_request):
    volunteer = make.volunteer(beesd, "Samira")
    HelpRequest.objects.filter(pk=help_request.pk).update(rung="volunteers")
    as_reader(client, volunteer.user)
    assert "Heg knippen" in text_of(client.get(reverse("volunteer")))

    part(riet, volunteer.user)

    assert "Heg knippen" not in text_of(client.get(reverse("volunteer")))


@pytest.mark.parametrize("blocks", [0, 1, 7])
def test_board_costs_the_same_however_many_are_blocked(
    client, beesd, riet, bram, help_request, blocks, django_assert_max_num_queries
):
    for _ in range(blocks):
        part(bram, make.help_request(beesd, author=make.neighbour(beesd)).author)
    as_reader(client, bram)

    with django_assert_max_num_queries(6):  # as the board itself
        response = client.get(reverse("board"))

    assert [card.title for card in response.context["cards"]] == ["Heg knippen"]


# -- saying yes


def test_who_is_blocked_cannot_say_yes_and_gets_the_ordinary_answer(client, riet, bram, help_request):
    part(riet, bram)
    as_reader(client, bram)

    refused = client.post(reverse("take", args=[help_request.pk]))
    nothing = client.post(reverse("take", args=[help_request.pk + 1000]))

    assert refused.status_code == nothing.status_code == 404
    assert text_of(refused) == text_of(nothing)
    with pytest.raises(NotAllowed):
        take(help_request, bram)
    assert not PickUp.objects.exists()


def test_who_would_meet_somebody_blocked_in_a_group_cannot_join(beesd, riet, bram):
    group = make.help_request(beesd, slots=3)
    take(group, riet)
    assert sees(bram, group)

    part(bram, riet)

    assert not sees(bram, group)
    with pytest.raises(NotAllowed):
        take(group, bram)
    take(group, make.neighbour(beesd))


@pytest.mark.django_db(transaction=True)
def test_block_and_yes_at_once_never_leave_an_appointment():
    village = make.village()
    riet, bram = make.neighbour(village, "Riet"), make.neighbour(village, "Bram")
    help_request = make.help_request(village, author=riet)

    _taken, parted = at_once(
        lambda: take(help_request, bram), lambda: part(riet, bram), at=help_request, refused=NotAllowed
    )

    assert parted != REFUSED
    assert not PickUp.objects.filter(ended_at=None).exists()
    assert HelpRequest.objects.get().status == Status.OPEN


# -- an appointment that runs


def test_blocking_a_helper_calls_the_appointment_off_with_the_ordinary_words(client, riet, bram, help_request):
    take(help_request, bram)
    as_reader(client, riet)
    asked = text_of(client.get(reverse("no_contact", args=[bram.pk])))

    done = client.post(reverse("no_contact", args=[bram.pk]), {"appointment": "off"}, follow=True)

    assert "No more contact with Bram?" in asked
    assert "You still have an appointment" in asked
    assert "Heg knippen" in asked
    assert "You can always undo it." in text_of(done)
    assert HelpRequest.objects.get().status == Status.OPEN
    assert told(bram) == ["request.taken_helper", "pickup.called_off"]
    deliver(NOW)
    mails = Message.objects.filter(user=bram, channel=Channel.MAIL, kind="pickup.called_off")
    assert mails.get().state == State.SENT


def test_blocking_the_asker_gives_the_job_back_with_the_ordinary_words(client, riet, bram, help_request):
    take(help_request, bram)
    as_reader(client, bram)

    client.post(reverse("no_contact", args=[riet.pk]))  # says nothing: it is called off

    assert PickUp.objects.get().end == PickUp.End.GIVEN_BACK
    assert told(riet)[-1] == "pickup.given_back"
    assert HelpRequest.objects.get().status == Status.OPEN
    assert not sees(bram, help_request)
    deliver(NOW)
    assert Message.objects.get(user=riet, channel=Channel.MAIL, kind="pickup.given_back").state == State.SENT


def test_appointment_may_go_on_and_keeps_its_page_and_its_messages(client, riet, bram, help_request):
    take(help_request, bram)
    as_reader(client, riet)

    client.post(reverse("no_contact", args=[bram.pk]), {"appointment": "on"})

    assert PickUp.objects.get().ended_at is None
    assert "pickup.called_off" not in told(bram)
    as_reader(client, bram)
    assert "Voorstraat 12" in text_of(client.get(help_request.get_absolute_url()))
    deliver(NOW)
    assert Message.objects.get(user=bram, channel=Channel.MAIL, kind="request.taken_helper").state == State.SENT


def test_two_helpers_of_a_third_are_not_left_together(beesd, riet, bram):
    group = make.help_request(beesd, slots=3)
    take(group, riet)
    take(group, bram)

    part(bram, riet)

    assert list(PickUp.objects.filter(ended_at=None).values_list("helper", flat=True)) == [riet.pk]
    assert told(riet) == ["request.taken_helper"]


def test_appointment_that_is_past_is_left_as_it_is(clock, riet, bram, help_request):
    take(help_request, bram)
    late = make.datetime(2026, 3, 12, 20, tzinfo=make.UTC)

    parting.no_more_contact(riet, bram, call_off=True, actor=web(riet), now=late)

    assert PickUp.objects.get().ended_at is None
    assert "pickup.called_off" not in told(bram)


def test_page_asks_nothing_about_an_appointment_where_there_is_none(client, riet, bram, help_request):
    as_reader(client, bram)

    text = text_of(client.get(reverse("no_contact", args=[riet.pk])))

    assert "Riet is not told." in text
    assert "appointment" not in text
    assert not Block.objects.exists()


# -- messages


def test_message_about_somebody_blocked_is_dropped_when_it_would_go_out(beesd, riet):
    volunteer = make.volunteer(beesd, "Samira")
    help_request = make.help_request(beesd, author=riet)
    escalation.ask_volunteers_now(help_request.pk, actor=web(riet), now=NOW)
    lifecycle.edit(help_request.pk, changes={"minutes": 60}, actor=web(riet), now=NOW)

    blocking.block(volunteer.user, riet, now=NOW)
    deliver(NOW)

    mails = Message.objects.filter(user=volunteer.user, channel=Channel.MAIL)
    assert dict(mails.values_list("kind", "state")) == {
        "volunteer.asked": State.DROPPED,
        "request.changed": State.DROPPED,
    }


def test_contact_person_hears_of_a_request_also_of_somebody_blocked(beesd, riet, help_request):
    contact = beesd.contact_person.user
    blocking.block(contact, riet, now=NOW)
    escalation.hand_to_contact(help_request.pk, actor=web(riet), now=NOW)

    deliver(NOW)

    assert Message.objects.get(user=contact, channel=Channel.MAIL).state == State.SENT


# -- waves


def test_open_ask_between_them_is_withdrawn_and_the_others_stay(client, beesd, riet):
    samira, joris = make.volunteer(beesd, "Samira"), make.volunteer(beesd, "Joris")
    help_request = make.help_request(beesd, author=riet)
    escalation.ask_volunteers_now(help_request.pk, actor=web(riet), now=NOW)

    part(samira.user, riet)

    answers = dict(Ask.objects.values_list("volunteer", "answer"))
    assert answers == {samira.pk: Ask.Answer.WITHDRAWN, joris.pk: Ask.Answer.OPEN}
    assert told(riet) == ["request.posted", "request.escalated"]
    as_reader(client, samira.user)
    assert "We are not asking you anything now." in text_of(client.get(reverse("volunteer")))
    deliver(NOW)
    asked = Message.objects.filter(kind="volunteer.asked", channel=Channel.MAIL)
    assert dict(asked.values_list("user", "state")) == {samira.user_id: State.DROPPED, joris.user_id: State.SENT}


def test_who_comes_ends_the_ask_of_somebody_they_are_kept_apart_from(beesd, riet, bram):
    samira = make.volunteer(beesd, "Samira")
    group = make.help_request(beesd, slots=3)
    blocking.keep_apart(samira.user, bram, now=NOW)
    escalation.ask_volunteers_now(group.pk, actor=web(group.author), now=NOW)
    assert Ask.objects.open().count() == 1

    take(group, bram)

    assert not Ask.objects.open().exists()


@pytest.mark.parametrize(("kind", "wishes", "audience"), [*itertools.product(Block.Kind, range(2), Audience)])
def test_no_wave_ever_brings_two_together_who_are_kept_apart(beesd, riet, kind, wishes, audience):
    volunteers = [make.volunteer(beesd) for _ in range(4)]
    apart = volunteers[1].user
    pair = (riet, apart) if wishes else (apart, riet)
    {Block.Kind.BLOCK: blocking.block, Block.Kind.APART: blocking.keep_apart}[kind](*pair, now=NOW)
    help_request = make.help_request(beesd, author=riet, audience=audience)

    for _ in range(20):  # every wave, the replacements and the end
        for ask in Ask.objects.open():
            escalation.decline(ask.pk, actor=web(ask.volunteer.user), now=NOW)
        help_request.refresh_from_db()
        if help_request.next_at is None:
            break
        escalation.sweep(help_request.next_at)

    asked = set(Ask.objects.values_list("volunteer__user", flat=True))
    assert apart.pk not in asked
    asks_nobody = audience in {Audience.CONTACT, Audience.CIRCLE_ONLY}
    assert asked == (set() if asks_nobody else {it.user_id for it in volunteers} - {apart.pk})


def test_no_wave_asks_who_is_kept_apart_from_a_helper_who_comes(beesd, bram):
    samira = make.volunteer(beesd, "Samira")
    group = make.help_request(beesd, slots=3)
    take(group, bram)
    blocking.keep_apart(bram, samira.user, now=NOW)

    escalation.ask_volunteers_now(group.pk, actor=web(group.author), now=NOW)

    assert not Ask.objects.exists()


# -- whom one may block, and undoing it


@pytest.mark.parametrize("who", ["stranger", "elsewhere", "self", "asks_only_contact", "nobody"])
def test_whom_one_never_met_does_not_exist(client, beesd, riet, who):
    other = {
        "stranger": lambda: make.neighbour(beesd).pk,
        "elsewhere": lambda: make.help_request(make.village()).author_id,
        "self": lambda: make.help_request(beesd, author=riet).author_id,
        "asks_only_contact": lambda: make.help_request(beesd, audience=Audience.CONTACT).author_id,
        "nobody": lambda: 10**9,
    }[who]()
    as_reader(client, riet)

    for name in ("no_contact", "in_touch_again", "together_again"):
        assert client.post(reverse(name, args=[other])).status_code == 404
    assert client.get(reverse("no_contact", args=[other])).status_code == 404
    assert client.get(reverse("report", args=["person", other])).status_code == 404
    assert not Block.objects.exists()


def test_the_other_cannot_see_from_their_own_pages_that_they_are_blocked(client, riet, bram, help_request):
    take(help_request, bram)
    part(riet, bram)
    as_reader(client, bram)

    for name in ("no_contact_list", "mine", "inbox", "board"):
        text = text_of(client.get(reverse(name)))
        assert "blocked" not in text
        assert "no contact with" not in text
    assert "You are in touch with everybody." in text_of(client.get(reverse("no_contact_list")))


def test_in_touch_again_from_the_list(client, beesd, riet, bram, help_request):
    as_reader(client, bram)
    client.post(reverse("no_contact", args=[riet.pk]))
    listed = text_of(client.get(reverse("no_contact_list")))
    assert "Riet" in listed
    assert client.get(reverse("no_contact", args=[riet.pk])).headers["Location"] == reverse("no_contact_list")

    client.get(reverse("in_touch_again", args=[riet.pk]))
    assert not sees(bram, help_request)
    client.post(reverse("in_touch_again", args=[riet.pk]))

    assert sees(bram, help_request)
    assert "You are in touch with everybody." in text_of(client.get(reverse("no_contact_list")))


def test_undoing_does_not_undo_the_wish_of_the_other(client, riet, bram, help_request):
    part(bram, riet)
    part(riet, bram)
    as_reader(client, bram)

    client.post(reverse("in_touch_again", args=[riet.pk]))

    assert not sees(bram, help_request)


def test_rather_not_together_again_can_be_taken_back_by_who_said_it_and_the_other_hears_nothing(
    client, beesd, riet, bram, help_request
):
    take(help_request, bram)
    lifecycle.finish(help_request.pk, worked=True, actor=web(riet), now=NOW)
    pick_up = help_request.pick_ups.get()
    as_reader(client, riet)
    client.post(reverse("keep_apart", args=[pick_up.pk]))
    before, path = told(bram), reverse("together_again", args=[bram.pk])
    assert reverse("no_contact_list") in text_of(client.get(reverse("afterwards", args=[pick_up.pk])))
    listed = text_of(client.get(reverse("no_contact_list")))
    assert path in listed
    assert "Bram" in listed

    client.get(path)
    assert list(blocking.apart_from(riet.pk)) == [bram]
    for _ in range(2):
        client.post(path)

    assert not blocking.apart_from(riet.pk).exists()
    assert "Bram" not in text_of(client.get(reverse("no_contact_list")))
    assert reverse("keep_apart", args=[pick_up.pk]) in text_of(client.get(reverse("afterwards", args=[pick_up.pk])))
    assert told(bram) == before


def test_taking_it_back_leaves_what_the_other_wished_and_says_nothing_of_it(client, riet, bram, help_request):
    take(help_request, bram)
    blocking.keep_apart(riet, bram, now=NOW)
    as_reader(client, riet)
    alone = text_of(client.post(reverse("together_again", args=[bram.pk]), follow=True))
    blocking.keep_apart(riet, bram, now=NOW)
    blocking.keep_apart(bram, riet, now=NOW)

    as_well = text_of(client.post(reverse("together_again", args=[bram.pk]), follow=True))

    assert list(blocking.apart_from(riet.pk)) == [bram]
    assert as_well.split("<main")[1] == alone.split("<main")[1]
    as_reader(client, bram)
    assert "Riet" in text_of(client.get(reverse("no_contact_list")))


def test_each_wish_is_taken_back_by_itself(client, riet, bram, help_request):
    take(help_request, bram)
    blocking.keep_apart(riet, bram, now=NOW)
    part(riet, bram)
    as_reader(client, riet)

    client.post(reverse("in_touch_again", args=[bram.pk]))

    assert not blocking.is_blocked(riet.pk, bram.pk)
    assert list(blocking.apart_from(riet.pk)) == [bram]
    assert "Rather not together again" in text_of(client.get(reverse("no_contact_list")))


# -- what a neighbour does anyway


def test_place_with_each_other_comes_free_with_the_contact(beesd, riet, bram):
    spare = make.spare_offer(beesd, author=riet)
    going.take(spare.pk, taker=bram, what="groceries", now=NOW)

    part(riet, bram)

    spare.refresh_from_db()
    assert spare.places_taken == 0
    assert not spare.held.filter(ended_at=None).exists()


@pytest.mark.parametrize("author_wishes_it", [True, False])
def test_the_other_hears_that_it_is_off_and_nothing_else_and_who_wished_it_nothing(
    client, beesd, riet, bram, author_wishes_it
):
    spare = make.spare_offer(beesd, author=riet)
    going.take(spare.pk, taker=bram, what="groceries", now=NOW)
    wishes, hears = (riet, bram) if author_wishes_it else (bram, riet)
    before, as_before = told(wishes), told(hears)
    as_reader(client, wishes)
    page = text_of(client.get(reverse("no_contact", args=[hears.pk])))
    assert "Riet is going to de Spar anyway. Together that is off." in page
    assert f"{hears.first_name} hears only that." in page

    part(wishes, hears)
    deliver(NOW)

    kind = "spare.place_ended" if author_wishes_it else "spare.given_back"
    assert told(hears) == [*as_before, kind]
    assert told(wishes) == before
    assert Message.objects.get(user=hears, kind=kind, channel=Channel.MAIL).state == State.SENT
    as_reader(client, hears)
    said = text_of(client.get(reverse("inbox")))
    assert ("It won't work out with Riet" if author_wishes_it else "Bram won't join after all") in said


def test_place_in_what_is_called_off_comes_free_too_so_putting_it_back_brings_nobody_together(beesd, riet, bram):
    spare = make.spare_offer(beesd, author=riet)
    going.take(spare.pk, taker=bram, what="groceries", now=NOW)
    going.call_off(spare.pk, now=NOW)
    before = told(bram)

    part(riet, bram)
    going.put_back(spare.pk, now=NOW)

    assert not spare.held.filter(ended_at=None).exists()
    assert told(bram) == before


def test_two_who_travel_along_with_a_third_do_not_travel_together(beesd, riet, bram):
    car = make.spare_offer(beesd, places=4, what=["person", "groceries"])
    asked = make.help_request(beesd, author=bram)  # where they met
    for who in (riet, bram):
        going.take(car.pk, taker=who, what="person", now=NOW)
    before = told(bram)

    part(riet, bram)

    assert list(car.held.filter(ended_at=None).values_list("taker", flat=True)) == [bram.pk]
    assert told(bram) == before
    assert not sees(riet, asked)
    with pytest.raises(TooLate):  # as if it were full
        going.take(car.pk, taker=riet, what="person", now=NOW)
    going.take(car.pk, taker=riet, what="groceries", now=NOW)


def test_groceries_of_both_may_come_along_with_a_third(beesd, riet, bram):
    car = make.spare_offer(beesd, places=4, what=["person", "groceries"])
    going.take(car.pk, taker=riet, what="groceries", now=NOW)
    going.take(car.pk, taker=bram, what="person", now=NOW)

    part(riet, bram)

    assert car.held.filter(ended_at=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_block_and_a_place_taken_at_once_never_leave_them_together():
    village = make.village()
    riet, bram = make.neighbour(village, "Riet"), make.neighbour(village, "Bram")
    spare = make.spare_offer(village, author=riet)

    _taken, parted = at_once(
        lambda: bool(going.take(spare.pk, taker=bram, what="groceries", now=NOW)),
        lambda: part(riet, bram) or True,
        at=spare,
        refused=NotAllowed,
    )

    assert parted is True
    assert not spare.held.filter(ended_at=None).exists()


def test_what_goes_along_never_leads_to_somebody_blocked_or_where_they_come(beesd, riet, bram):
    spare = make.spare_offer(beesd, author=riet)
    own = make.help_request(beesd, author=bram, slots=2)
    group = make.help_request(beesd, slots=3)
    assert set(going_along.requests_along(spare, NOW)) == {own, group}
    take(group, bram)

    part(riet, bram)

    assert going_along.requests_along(spare, NOW) == []
    assert going_along.offers_along(HelpRequest.objects.get(pk=own.pk), NOW) == []


@pytest.mark.parametrize("riet_wishes_it", [True, False])
def test_a_block_takes_effect_everywhere_at_once(client, beesd, riet, riet_wishes_it):
    """Board, list, page, conversation, offers, waves, messages, and what they do anyway; for both of them."""
    volunteer = make.volunteer(beesd, "Bram")
    bram = volunteer.user
    helped = make.help_request(beesd, author=riet, title="Heg knippen")
    take(helped, bram)
    pick_up = PickUp.objects.get()
    offered = make.help_request(beesd, author=riet, match_mode="choose", title="Ramen lappen", slots=2)
    take(offered, bram)
    asked = make.help_request(beesd, author=riet, audience=Audience.VOLUNTEERS, title="Gras maaien")
    theirs = make.help_request(beesd, author=bram, title="Hond uitlaten")
    going_riet = make.spare_offer(beesd, author=riet, title="de markt")
    going_bram = make.spare_offer(beesd, author=bram, title="de bakker")
    going.take(going_riet.pk, taker=bram, what="groceries", now=NOW)
    going.take(going_bram.pk, taker=riet, what="groceries", now=NOW)

    part(riet, bram) if riet_wishes_it else part(bram, riet)
    deliver(NOW)
    escalation.ask_volunteers_now(asked.pk, actor=web(riet), now=NOW)

    assert not PickUp.objects.filter(ended_at=None).exists()
    assert not Offer.objects.waiting().exists()
    assert not Ask.objects.open().exists()
    assert not SparePlace.objects.filter(ended_at=None).exists()
    news = Message.objects.filter(user__in=[riet, bram], channel=Channel.MAIL, state=State.SENT)
    ends = {"pickup.called_off", "pickup.given_back", "spare.place_ended", "spare.given_back"}
    assert set(news.exclude(kind="request.posted").values_list("kind", flat=True)) <= ends
    for person, requests, spare in ((bram, [helped, offered, asked], going_riet), (riet, [theirs], going_bram)):
        as_reader(client, person)
        pages = {name: text_of(client.get(reverse(name))) for name in ("board", "spare_offers", "mine", "volunteer")}
        for hidden in (*requests, spare):
            assert client.get(hidden.get_absolute_url()).status_code == 404
            assert [name for name, text in pages.items() if hidden.title in text] == []
        assert client.post(reverse("take", args=[requests[0].pk])).status_code == 404
        assert client.post(reverse("spare_take", args=[spare.pk]), {"what": "groceries"}).status_code == 404
        written = client.post(pick_up.get_absolute_url(), {"text": "Hoi", "key": ""})
        assert "You can't write to each other here any more" in text_of(written)
    assert not pick_up.messages.exists()


def test_offer_to_who_nobody_met_otherwise_can_be_told_about(client, beesd, bram):
    spare = make.spare_offer(beesd)
    as_reader(client, bram)
    page = text_of(client.get(spare.get_absolute_url()))
    person = reverse("report", args=["person", spare.author_id])

    assert reverse("report", args=["spare", spare.pk]) in page
    assert client.get(person).status_code == 200
