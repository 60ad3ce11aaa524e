"""A plan is worked out anew each time; how far a request came is stored, so that nothing is lost or doubled."""

from datetime import time, timedelta

import pytest

from accounts.actors import staff, web
from notifications.models import Message
from requests_app import escalation, groups, moderating, moments, offers, policies, timeline
from requests_app.ladder import Rung as Step
from requests_app.models import Event, GroupAsk, HelpRequest, MatchMode, Offer, Status
from requests_app.models.help_request import Rung
from tests import make
from tests.make import NOW
from villages.models import Host, Village
from volunteers.models import Ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOUR = timedelta(hours=1)


@pytest.fixture
def village(beesd):
    """Beesd never sleeps, and has volunteers for each wave."""
    beesd.quiet_from = beesd.quiet_until = time(0)
    beesd.save()
    for _ in range(40):
        make.volunteer(beesd)
    return beesd


def fresh(help_request):
    return HelpRequest.objects.select_related("village__contact_person", "policy", "author").get(pk=help_request.pk)


def walk(help_request, to=None, steps=20):
    """The clock looks at each next moment: so many steps, or up to this rung."""
    for _ in range(steps):
        help_request = fresh(help_request)
        if help_request.rung == to or help_request.next_at is None or help_request.status != Status.OPEN:
            return help_request
        escalation.sweep(help_request.next_at)
    return fresh(help_request)


def switch_off(help_request):
    contact = help_request.village.contact_person
    policies.switch_off(help_request.policy_id, actor=staff(contact.user), now=help_request.next_at - HOUR)


def leave_volunteers_out(help_request):
    Village.objects.filter(pk=help_request.village_id).update(skips_volunteers=True)


def sleep_longer(help_request):
    Village.objects.filter(pk=help_request.village_id).update(quiet_from=time(17), quiet_until=time(9))


@pytest.mark.parametrize("shorten", [switch_off, leave_volunteers_out, sleep_longer])
def test_a_request_of_the_contact_person_ends_though_its_plan_got_shorter(village, shorten):
    help_request = walk(make.help_request(village), Rung.CONTACT)
    assert help_request.waves_walked > 1

    shorten(help_request)

    help_request = walk(help_request)
    assert help_request.status == Status.LAPSED
    assert not Ask.objects.open().exists()


@pytest.mark.parametrize("shorten", [switch_off, leave_volunteers_out])
def test_a_request_after_two_waves_goes_to_the_contact_person_when_there_are_no_waves_any_more(village, shorten):
    help_request = walk(make.help_request(village), steps=2)
    assert (help_request.rung, help_request.waves_walked) == (Rung.VOLUNTEERS, 2)

    shorten(help_request)

    assert walk(help_request, Rung.CONTACT).owner == village.contact_person.user
    assert walk(help_request).status == Status.LAPSED


def test_a_group_that_goes_takes_no_wave_along(village):
    make.group(village)
    help_request = walk(make.help_request(village), Rung.GROUP)
    wave = next(step for step in moments.steps_of(help_request) if step.rung == Step.VOLUNTEERS)

    Host.objects.all().delete()
    escalation.sweep(wave.at)

    assert Ask.objects.exists()


def test_a_group_that_comes_after_a_wave_repeats_nothing(village):
    help_request = walk(make.help_request(village), Rung.VOLUNTEERS)
    asked = Ask.objects.count()

    make.group(village)
    now = help_request.next_at - HOUR
    HelpRequest.objects.filter(pk=help_request.pk).update(next_at=now)
    escalation.sweep(now)

    assert (Ask.objects.count(), GroupAsk.objects.count()) == (asked, 0)


def test_nobody_is_asked_while_it_is_hidden_and_who_was_missed_is_asked_after_that(village, english):
    hanna = make.neighbour(village, "Hanna")
    make.group(village, host=hanna)
    help_request = fresh(make.help_request(village))
    marieke = staff(village.contact_person.user)
    wave = next(step for step in moments.steps_of(help_request) if step.rung == Step.VOLUNTEERS)
    moderating.hide(help_request.pk, reason="Dubbel", actor=marieke, now=NOW)

    escalation.sweep(wave.at)

    said = [line.what for line in timeline.timeline(fresh(help_request), wave.at)]
    assert not [words for words in said if "No volunteer was free" in words]
    assert not Message.objects.filter(kind="group.asked").exists()
    assert not Ask.objects.exists()

    moderating.restore(help_request.pk, actor=marieke, now=wave.at)
    for _ in range(2):
        escalation.sweep(wave.at)

    assert Message.objects.filter(kind="group.asked", user=hanna).exists()
    assert Ask.objects.exists()


def test_a_group_hears_it_again_when_it_is_visible_again(village):
    make.group(village, host=make.neighbour(village, "Hanna"))
    help_request = walk(make.help_request(village), Rung.GROUP)
    marieke, now = staff(village.contact_person.user), help_request.next_at - HOUR

    moderating.hide(help_request.pk, reason="Dubbel", actor=marieke, now=now)
    moderating.restore(help_request.pk, actor=marieke, now=now)
    escalation.sweep(now)

    assert Event.objects.filter(kind=Event.Kind.TO_GROUP).count() == 2
    assert GroupAsk.objects.count() == 1


def decline(help_request, now):
    author = help_request.author
    offers.decline(help_request.pk, offer_pk=Offer.objects.get().pk, actor=web(author), now=now)


def take_back(help_request, now):
    helper = Offer.objects.get().helper
    offers.take_back(help_request.pk, helper=helper, actor=web(helper), now=now)


@pytest.mark.parametrize("ends", [decline, take_back])
def test_an_offer_that_ends_does_not_cost_the_only_wave_that_waited_for_it(village, ends):
    make.policy(village.municipality, first_wave=0.5, between_waves=0.3, contact=0.7, office_hours=0)
    bram = make.neighbour(village, "Bram")
    help_request = fresh(make.help_request(village, match_mode=MatchMode.CHOOSE))
    wave = help_request.next_at
    offers.say_yes(help_request.pk, helper=bram, actor=web(bram), now=wave - HOUR)
    escalation.sweep(wave)
    assert not Ask.objects.exists()

    ends(help_request, wave + timedelta(minutes=5))
    escalation.sweep(wave + timedelta(minutes=6))

    assert Ask.objects.exists()
    assert walk(help_request, Rung.CONTACT).waves_asked == 1


def test_an_offer_of_a_host_that_ends_does_not_cost_it_either(village):
    make.policy(village.municipality, group=0.1, first_wave=0.5, between_waves=0.3, contact=0.7, office_hours=0)
    hanna = make.neighbour(village, "Hanna")
    jan = make.group(village, host=hanna, members=("Jan",)).members.get()
    help_request = walk(make.help_request(village, match_mode=MatchMode.CHOOSE), Rung.GROUP)
    wave = help_request.next_at
    groups.say_yes_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=wave - HOUR)
    escalation.sweep(wave)
    assert not Ask.objects.exists()

    groups.give_back_for(help_request.pk, member=jan.pk, host=hanna, actor=web(hanna), now=wave + HOUR / 12)
    escalation.sweep(wave + HOUR / 6)

    assert Ask.objects.exists()
