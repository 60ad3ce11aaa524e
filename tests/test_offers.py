""" "I'll help" and "Yes please": the asker chooses, and the ladder waits one step at most."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import web
from accounts.models import User
from notifications.models import Channel, Message
from requests_app import escalation, invariants, lifecycle, moderating, offers, timeline
from requests_app.models import Audience, Event, HelpRequest, MatchMode, Offer, PickUp, Status
from requests_app.models.help_request import Rung
from requests_app.transitions import NotAllowed
from tests import make
from tests.make import NOW
from tests.racing import at_once
from tests.test_request_page import HTMX, same
from villages.models import Village
from volunteers.models import Ask, Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def village():
    return make.village("Beesd")


@pytest.fixture
def help_request(village):
    return make.help_request(village, match_mode=MatchMode.CHOOSE)


def say_yes(help_request, helper, now=NOW):
    return offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=now)


def offer_of(help_request, helper):
    say_yes(help_request, helper)
    return Offer.objects.waiting().get(help_request=help_request, helper=helper)


def accept(help_request, offer, now=NOW):
    return offers.accept(help_request.pk, offer_pk=offer.pk, actor=web(help_request.author), now=now)


def told(person):
    return list(Message.objects.in_app_of(person).values_list("kind", flat=True))


def next_step(help_request):
    help_request.refresh_from_db()
    escalation.sweep(help_request.next_at)
    help_request.refresh_from_db()


def test_offer_waits_for_the_asker_and_shows_nobody_an_address(help_request, village):
    joris = make.neighbour(village, "Joris")

    for _ in range(2):
        say_yes(help_request, joris)

    help_request.refresh_from_db()
    assert (help_request.status, help_request.offers_waiting) == (Status.OPEN, 1)
    assert not PickUp.objects.exists()
    assert not Event.objects.filter(kind=Event.Kind.ADDRESS_SHOWN).exists()
    assert told(help_request.author).count("offer.received") == 1


def test_asker_chooses_and_the_others_are_told_gently(help_request, village):
    joris, fatma = make.neighbour(village, "Joris"), make.neighbour(village, "Fatma")
    first, _second = offer_of(help_request, joris), offer_of(help_request, fatma)

    for _ in range(2):
        accept(help_request, first)

    help_request.refresh_from_db()
    assert (help_request.status, help_request.slots_taken, help_request.offers_waiting) == (Status.TAKEN, 1, 0)
    assert PickUp.objects.get().helper == joris
    assert told(joris) == ["offer.accepted"]
    assert told(fatma) == ["offer.declined"]
    assert "request.taken" not in told(help_request.author)  # the asker said so
    assert set(invariants.count(NOW).values()) == {0}


def test_group_keeps_the_other_offers_until_it_is_complete(village):
    help_request = make.help_request(village, match_mode=MatchMode.CHOOSE, slots=2)
    made = [offer_of(help_request, make.neighbour(village)) for _ in range(3)]

    accept(help_request, made[0])
    help_request.refresh_from_db()
    assert (help_request.status, help_request.offers_waiting) == (Status.OPEN, 2)

    accept(help_request, made[1])
    help_request.refresh_from_db()
    assert (help_request.status, help_request.offers_waiting) == (Status.TAKEN, 0)
    assert told(made[2].helper) == ["offer.declined"]


def test_who_was_thanked_does_not_offer_again_and_the_board_is_as_before(help_request, village):
    joris = make.neighbour(village, "Joris")
    offer = offer_of(help_request, joris)

    for _ in range(2):
        offers.decline(help_request.pk, offer_pk=offer.pk, actor=web(help_request.author), now=NOW)

    help_request.refresh_from_db()
    assert (help_request.status, help_request.offers_waiting) == (Status.OPEN, 0)
    assert told(joris) == ["offer.declined"]
    with pytest.raises(NotAllowed):
        say_yes(help_request, joris)


def test_offer_taken_back_is_fine_and_may_be_made_again(help_request, village):
    joris = make.neighbour(village, "Joris")
    offer = offer_of(help_request, joris)

    for _ in range(2):
        offers.take_back(help_request.pk, helper=joris, actor=web(joris), now=NOW)

    assert told(help_request.author)[0] == "offer.taken_back"
    assert not accept(help_request, offer)
    say_yes(help_request, joris)
    help_request.refresh_from_db()
    assert help_request.offers_waiting == 1


def test_ladder_waits_one_step_for_an_answer_and_then_goes_on(help_request, village):
    joris, samira = make.neighbour(village, "Joris"), make.volunteer(village, "Samira")
    offer_of(help_request, joris)

    next_step(help_request)
    assert (help_request.rung, help_request.offers_waiting) == (Rung.NEIGHBOURS, 1)
    assert not Ask.objects.exists()

    next_step(help_request)
    assert (help_request.rung, help_request.offers_waiting) == (Rung.VOLUNTEERS, 0)
    assert Ask.objects.get().volunteer == samira
    assert told(joris) == ["offer.expired_helper"]
    assert "offer.expired" in told(help_request.author)


def test_second_offer_does_not_hold_the_ladder_again_while_the_first_waits(help_request, village):
    make.volunteer(village)
    offer_of(help_request, make.neighbour(village))
    next_step(help_request)
    later = make.neighbour(village)
    say_yes(help_request, later, help_request.next_at - timedelta(minutes=1))

    next_step(help_request)

    assert help_request.rung == Rung.VOLUNTEERS
    assert Offer.objects.waiting().get().helper == later


def test_contact_person_is_never_waited_with(help_request, village):
    offer_of(help_request, make.neighbour(village))
    while help_request.owner is None:
        next_step(help_request)

    assert help_request.rung == Rung.CONTACT
    assert help_request.offers_waiting == 0


def test_timeline_leaves_out_the_step_that_waits(help_request, village):
    for _ in range(20):
        make.volunteer(village)
    before = [line.at for line in timeline.timeline(help_request, NOW) if line.state == "next"]
    offer_of(help_request, make.neighbour(village))
    help_request.refresh_from_db()

    shown = [line.at for line in timeline.timeline(help_request, NOW) if line.state == "next"]
    next_step(help_request)

    assert shown[0] > before[0]
    assert help_request.next_at == shown[0]


def test_asker_who_wants_volunteers_now_does_not_wait_for_an_offer(help_request, village):
    make.volunteer(village)
    offer_of(help_request, make.neighbour(village))

    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)

    assert Ask.objects.count() == 1


@pytest.mark.parametrize("at_once", [True, False])
def test_volunteer_comes_at_once_only_when_the_asker_said_so_beforehand(village, at_once):
    help_request = make.help_request(village, match_mode=MatchMode.CHOOSE, volunteer_at_once=at_once)
    samira, joris = make.volunteer(village, "Samira"), make.neighbour(village, "Joris")
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)

    say_yes(help_request, joris)
    assert not PickUp.objects.exists()
    say_yes(help_request, samira.user)

    assert PickUp.objects.filter(helper=samira.user).exists() is at_once
    assert Ask.objects.get().answer == Ask.Answer.YES
    assert Job.objects.exists() is at_once


@pytest.mark.parametrize("wanted", [Audience.VOLUNTEERS, Audience.NEIGHBOURS])
def test_asker_says_yes_please_to_a_volunteer_for_what_is_on_no_board(client, wanted):
    """Their yes answered the ask that let them in; it lets them in still. Also where a village has no board."""
    village = make.village("Beesd", quiet=False)
    Village.objects.filter(pk=village.pk).update(skips_neighbours=wanted == Audience.NEIGHBOURS)
    village.refresh_from_db()
    joke = make.volunteer(village, "Joke").user
    help_request = make.help_request(village, match_mode=MatchMode.CHOOSE, audience=wanted)
    escalation.sweep(NOW)
    offer = offer_of(help_request, joke)

    client.force_login(joke)
    page = client.get(help_request.get_absolute_url())

    assert page.status_code == 200
    assert accept(help_request, offer)
    assert help_request.pick_ups.get().helper == joke


def test_offer_for_what_is_on_no_board_ends_when_its_helper_moved_away(village):
    joke = make.volunteer(village, "Joke").user
    help_request = make.help_request(village, match_mode=MatchMode.CHOOSE, audience=Audience.VOLUNTEERS)
    escalation.sweep(NOW)
    offer = offer_of(help_request, joke)

    joke.residencies.update(expires_at=NOW - timedelta(days=1))

    assert not accept(help_request, offer)
    assert not Offer.objects.waiting().exists()


def test_volunteer_gets_the_job_once_the_asker_says_yes_please(village):
    help_request = make.help_request(village, match_mode=MatchMode.CHOOSE)
    samira = make.volunteer(village, "Samira")
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)
    offer = offer_of(help_request, samira.user)

    accept(help_request, offer)

    assert Job.objects.get().volunteer == samira


@pytest.mark.parametrize("verb", [lifecycle.withdraw, lifecycle.finish])
def test_request_that_ends_leaves_no_offer_waiting(help_request, village, verb):
    joris = make.neighbour(village, "Joris")
    offer = offer_of(help_request, joris)
    extra = {"worked": True} if verb is lifecycle.finish else {}

    verb(help_request.pk, actor=web(help_request.author), now=NOW, **extra)

    assert told(joris) == ["offer.declined"]
    assert not Offer.objects.waiting().exists()
    assert not accept(help_request, offer)
    assert set(invariants.count(NOW).values()) == {0}


def test_offer_ends_with_the_moment_itself(help_request, village):
    joris = make.neighbour(village, "Joris")
    offer_of(help_request, joris)
    while help_request.status == Status.OPEN:
        next_step(help_request)

    assert help_request.status == Status.LAPSED
    assert not Offer.objects.waiting().exists()
    assert Message.objects.filter(user=joris, channel=Channel.IN_APP, kind__startswith="offer.").count() == 1


def test_who_moved_away_meanwhile_is_not_accepted(client, help_request, village):
    joris = make.neighbour(village, "Joris")
    offer = offer_of(help_request, joris)
    joris.residencies.update(expires_at=NOW - timedelta(days=1))
    client.force_login(help_request.author)

    answer = client.post(reverse("accept_offer", args=[help_request.pk, offer.pk]))

    assert answer.status_code == 409
    assert "voorstel is voorbij" in answer.content.decode()
    assert not PickUp.objects.exists()
    assert not Offer.objects.waiting().exists()  # the asker is not asked about it again


def test_whose_account_was_closed_meanwhile_is_not_accepted(help_request, village):
    joris = make.neighbour(village, "Joris")
    offer = offer_of(help_request, joris)
    User.objects.filter(pk=joris.pk).update(is_active=False)

    assert not accept(help_request, offer)
    assert not PickUp.objects.exists()


def test_changed_request_is_told_to_who_offered(help_request, village):
    joris = make.neighbour(village, "Joris")
    offer_of(help_request, joris)

    lifecycle.edit(help_request.pk, changes={"minutes": 60}, actor=web(help_request.author), now=NOW)

    assert told(joris) == ["request.changed"]


def test_hidden_request_keeps_its_offers_but_nobody_answers_them(help_request, village):
    offer = offer_of(help_request, make.neighbour(village))
    moderating.hide(help_request.pk, reason="Adres", actor=web(village.contact_person.user), now=NOW)

    with pytest.raises(NotAllowed):
        accept(help_request, offer)


@pytest.mark.parametrize("name", ["accept_offer", "decline_offer"])
def test_only_the_asker_answers_and_a_link_changes_nothing(client, help_request, village, name):
    joris = make.neighbour(village, "Joris")
    offer = offer_of(help_request, joris)
    path = reverse(name, args=[help_request.pk, offer.pk])

    client.force_login(joris)
    assert client.post(path).status_code == 404
    client.force_login(help_request.author)
    assert client.get(path).status_code == 302

    offer.refresh_from_db()
    assert offer.answer == Offer.Answer.WAITING


@pytest.mark.parametrize("number", [0, 10**30])
def test_taking_back_what_is_not_there_is_a_page_that_says_so(client, village, number):
    client.force_login(make.neighbour(village))

    assert client.post(reverse("take_back_offer", args=[number])).status_code == 404


def test_offer_of_another_request_is_not_answered_here(client, help_request, village):
    other = make.help_request(village, match_mode=MatchMode.CHOOSE, author=help_request.author)
    offer = offer_of(other, make.neighbour(village))
    client.force_login(help_request.author)

    client.post(reverse("accept_offer", args=[help_request.pk, offer.pk]))

    assert not PickUp.objects.exists()


def test_page_after_a_swap_is_that_of_a_fresh_look(client, help_request, village):
    offer = offer_of(help_request, make.neighbour(village, "Joris"))
    client.force_login(help_request.author)
    path = reverse("accept_offer", args=[help_request.pk, offer.pk])

    swapped = client.post(path, headers=HTMX, follow=True).content.decode()
    fresh = client.get(reverse("help_request", args=[help_request.pk])).content.decode()

    assert "Joris" in swapped
    assert same(swapped, fresh)


@pytest.mark.parametrize("offers_made", [1, 6])
def test_queries_of_the_askers_page_do_not_grow_with_offers(client, help_request, village, offers_made):
    for _ in range(offers_made):
        offer_of(help_request, make.neighbour(village))
    client.force_login(help_request.author)

    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("help_request", args=[help_request.pk])).content.decode()

    assert page.count("would like to help</h2>") + page.count("wil je helpen</h2>") == offers_made
    assert len(queries) <= 18


@pytest.mark.django_db(transaction=True)
def test_of_two_yeses_at_once_for_one_place_one_wins():
    help_request = make.help_request(match_mode=MatchMode.CHOOSE)
    made = [offer_of(help_request, make.neighbour(help_request.village)) for _ in range(2)]

    came = at_once(*(lambda offer=offer: accept(help_request, offer) for offer in made), at=help_request)

    assert sorted(came) == [False, True]
    assert HelpRequest.objects.get().slots_taken == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_while_the_helper_takes_it_back_leaves_one_truth():
    help_request = make.help_request(match_mode=MatchMode.CHOOSE)
    joris = make.neighbour(help_request.village, "Joris")
    offer = offer_of(help_request, joris)

    accepted, _taken_back = at_once(
        lambda: accept(help_request, offer),
        lambda: offers.take_back(help_request.pk, helper=joris, actor=web(joris), now=NOW),
        at=help_request,
    )

    offer.refresh_from_db()
    assert PickUp.objects.exists() is (offer.answer == Offer.Answer.ACCEPTED) is accepted
    assert set(invariants.count(NOW).values()) == {0}


@pytest.mark.parametrize("answer", ["waits", "no, thank you", "called off", "given back"])
def test_volunteer_who_had_a_turn_is_not_asked_for_the_same_thing(answer):
    village = make.village("Beesd", quiet=False)
    joke = make.volunteer(village, "Joke").user
    mode = MatchMode.CHOOSE if answer in {"waits", "no, thank you"} else MatchMode.FIRST
    help_request = make.help_request(village, match_mode=mode)
    riet = web(help_request.author)
    say_yes(help_request, joke)
    if answer == "no, thank you":
        offers.decline(help_request.pk, offer_pk=Offer.objects.get().pk, actor=riet, now=NOW)
    elif answer == "called off":
        lifecycle.call_off(help_request.pk, pick_up_pk=PickUp.objects.get().pk, actor=riet, now=NOW)
    elif answer == "given back":
        lifecycle.give_back(help_request.pk, helper=joke, actor=web(joke), now=NOW)

    escalation.ask_volunteers_now(help_request.pk, actor=riet, now=NOW + timedelta(hours=1))

    assert not Ask.objects.exists()
