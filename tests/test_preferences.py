"""What somebody wants to hear and when not: the page, and what the outbox makes of it."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actors import web
from accounts.models import User
from accounts.quiet import AMSTERDAM, Days, Quiet, awake
from notifications import digests, outbox, preferences, wishes
from notifications.delivery import Count, deliver
from notifications.models import Channel, Digest, Group, Message, State
from notifications.preferences import ASKED_ABOUT
from requests_app import escalation, lifecycle, moments, offers
from requests_app.models import HelpRequest
from tests import make
from tests.make import NOW
from volunteers.models import Ask

pytestmark = pytest.mark.django_db

SUNDAY = frozenset([6])
EVERYTHING = [group.value for group in ASKED_ABOUT]
NIGHT = datetime(2026, 3, 10, 22, tzinfo=UTC)  # eleven at night in the village


@pytest.fixture
def riet(client, beesd):
    person = make.neighbour(beesd, "Riet")
    client.force_login(person)
    return person


def save(client, **changes):
    data = {"mail": EVERYTHING, "often": "never", "quiet_from": "", "quiet_until": "", **changes}
    with time_machine.travel(NOW, tick=False):
        return client.post(reverse("preferences"), data)


def keep(user, *, mail=ASKED_ABOUT, often=None, **quiet):
    preferences.keep(user.pk, mail=mail, often=often, quiet=preferences.Quiet(**quiet), now=NOW)
    user.refresh_from_db()


def tell(user, kind="request.posted", *, urgent=False, not_before=None, now=NOW):
    with transaction.atomic():
        outbox.enqueue(kind, user, f"{kind}-{now}", {"help_request": 1}, urgent=urgent, not_before=not_before, now=now)
    return Message.objects.filter(channel=Channel.MAIL, user=user).last()


def clock(day, hour, minute=0, month=3):
    return datetime(2026, month, day, hour, minute, tzinfo=AMSTERDAM).astimezone(UTC)


# -- the page


def test_page_shows_what_is_so_for_who_never_chose(client, riet):
    page = client.get(reverse("preferences")).content.decode()

    assert page.count("checked") == len(ASKED_ABOUT) + 1  # all mail, and no digest
    assert client.get(reverse("preferences")).context["form"].initial["often"] == "never"
    assert riet.email in page
    assert "In Beesd is het stil van 21.00 uur tot 8.00 uur" in page


def test_page_keeps_what_is_chosen_and_shows_it_again(client, riet):
    answer = save(client, mail=["own"], often="daily", quiet_from="19:00", quiet_until="10:00", quiet_days=["5", "6"])

    assert answer.url == reverse("preferences")
    riet.refresh_from_db()
    assert riet.muted == ["mail:appointments", "mail:asked"]
    assert (riet.quiet_from, riet.quiet_until, riet.quiet_days) == (time(19), time(10), [5, 6])
    assert Digest.objects.get(pk=riet.pk).every == "daily"
    page = client.get(reverse("preferences")).content.decode()
    assert "Bewaard" in page
    assert page.count("checked") == 4  # one group, once a day, Saturday and Sunday
    assert '<option value="19:00" selected>19.00 uur</option>' in page
    assert '<option value="10:00" selected>10.00 uur</option>' in page


def test_page_takes_everything_back(client, riet):
    save(client, mail=[], often="weekly", quiet_from="19:00", quiet_until="10:00", quiet_days=["5", "6"])
    save(client)

    riet.refresh_from_db()
    assert (riet.muted, riet.quiet_from, riet.quiet_until, riet.quiet_days) == ([], None, None, [])
    assert digests.often(riet.pk) is None


def test_page_leaves_what_is_muted_elsewhere(client, riet):
    User.objects.filter(pk=riet.pk).update(muted=["push:own", "mail:own"])

    save(client)

    riet.refresh_from_db()
    assert riet.muted == ["push:own"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quiet_from": "19:00"}, "quiet_until"),
        ({"quiet_until": "10:00"}, "quiet_from"),
        ({"quiet_from": "10:00", "quiet_until": "10:00"}, "quiet_until"),
        ({"quiet_from": "19:30", "quiet_until": "10:00"}, "quiet_from"),
        ({"often": ""}, "often"),
        ({"mail": ["code"]}, "mail"),
    ],
)
def test_page_says_what_is_not_right_and_keeps_the_rest(client, riet, wrong, field):
    answer = save(client, **wrong)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    riet.refresh_from_db()
    assert (riet.muted, riet.quiet_from) == ([], None)


def test_page_is_found_from_the_messages_and_from_what_is_mine(client, riet):
    for name in ("inbox", "mine"):
        assert f'href="{reverse("preferences")}"' in client.get(reverse(name)).content.decode()


def test_page_is_for_who_is_logged_in(client):
    assert client.get(reverse("preferences")).status_code == 302


def test_database_keeps_quiet_hours_whole(riet):
    with pytest.raises(IntegrityError, match="user_quiet_has_both_ends"):
        User.objects.filter(pk=riet.pk).update(quiet_from=time(20))


# -- what is not wanted


def test_mail_that_is_not_wanted_is_not_written_and_the_site_still_tells(riet):
    keep(riet, mail=[Group.OWN])

    tell(riet, "request.posted")
    tell(riet, "volunteer.asked")

    written = set(Message.objects.values_list("kind", "channel"))
    assert written == {
        ("request.posted", Channel.IN_APP),
        ("request.posted", Channel.MAIL),
        ("volunteer.asked", Channel.IN_APP),
    }


def test_mute_of_another_channel_is_no_mute_of_mail(riet):
    User.objects.filter(pk=riet.pk).update(muted=["push:own"])
    riet.refresh_from_db()

    assert wishes.wants(riet, Group.OWN, Channel.MAIL)
    assert not wishes.wants(riet, Group.OWN, "push")


@pytest.mark.parametrize("kind", ["account.code", "team.request_waiting"])
def test_mail_that_always_goes_goes_to_who_wants_none(riet, kind):
    keep(riet, mail=[])

    assert tell(riet, kind).state == State.DUE


def test_what_is_urgent_goes_to_who_wants_none_and_in_quiet_hours(riet):
    keep(riet, mail=[], from_=time(8), until=time(20))

    message = tell(riet, "pickup.called_off", urgent=True)

    assert (message.urgent, message.not_before) == (True, NOW)
    assert deliver(NOW) == Count(dropped=1)  # looked at and not held back: there is no such request


def test_cancellation_for_today_wakes_and_one_for_later_waits(beesd):
    waits = {}
    for on in (NOW.date(), make.THURSDAY):
        help_request = make.help_request(beesd, help_on=on)
        helper = make.neighbour(beesd, "Joris")
        keep(helper, from_=time(8), until=time(18))
        offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)
        lifecycle.withdraw(help_request.pk, actor=web(help_request.author), now=NOW)
        waits[on] = Message.objects.get(kind="pickup.called_off", channel=Channel.MAIL, user=helper).not_before

    assert waits == {NOW.date(): NOW, make.THURSDAY: clock(10, 18)}


# -- quiet hours of one's own


@pytest.mark.parametrize(
    ("own", "not_before", "waits_until"),
    [
        ({"from_": time(8), "until": time(10)}, NOW, clock(10, 10)),
        ({"from_": time(22), "until": time(10)}, clock(11, 8), clock(11, 10)),
        # Own hours end in the night of the village.
        ({"from_": time(20), "until": time(22)}, clock(10, 20, 30), clock(11, 8)),
        ({"from_": time(6), "until": time(12)}, clock(10, 23), clock(11, 12)),
        ({"days": (6,)}, clock(15, 12), clock(16, 8)),
        ({"from_": time(22), "until": time(10), "days": (6,)}, clock(14, 23), clock(16, 10)),
        # Awake at night only: then the village goes first.
        ({"from_": time(8), "until": time(21)}, NOW, NOW),
        # The nights on which the clock changes.
        ({"from_": time(22), "until": time(9)}, clock(28, 23), clock(29, 9)),
        ({"from_": time(22), "until": time(9)}, clock(24, 23, month=10), clock(25, 9, month=10)),
    ],
)
def test_mail_waits_for_the_first_moment_that_suits_village_and_person(riet, own, not_before, waits_until):
    keep(riet, **own)

    assert tell(riet, not_before=not_before).not_before == waits_until


def test_mail_waits_too_when_hours_were_chosen_after_it_was_told(riet, beesd):
    make.help_request(beesd, author=riet)
    keep(riet, from_=time(9), until=time(11))

    assert deliver(NOW) == Count(late=1)

    message = Message.objects.get(kind="request.posted", channel=Channel.MAIL)
    assert (message.state, message.not_before, message.attempts) == (State.DUE, clock(10, 11), 0)
    assert deliver(clock(10, 11)) == Count(sent=1)


def test_mail_that_was_held_up_until_the_night_waits_for_the_morning(riet, beesd):
    make.help_request(beesd, author=riet)

    assert deliver(NIGHT) == Count(late=1)

    assert Message.objects.get(kind="request.posted", channel=Channel.MAIL).not_before == clock(11, 8)


def test_code_comes_at_night(riet):
    keep(riet, from_=time(20), until=time(12), days=(6,))
    with transaction.atomic():
        outbox.enqueue("account.code", riet, "code-1", {"code": "482915"}, now=NIGHT)

    assert deliver(NIGHT) == Count(sent=1)


def test_wave_asks_at_its_own_moment_and_only_the_mail_waits(beesd):
    help_request = make.help_request(beesd)
    volunteer = make.volunteer(beesd, "Samira")
    wave = moments.steps_of(help_request)[0].at
    local = wave.astimezone(AMSTERDAM)
    keep(volunteer.user, from_=time(local.hour), until=time(local.hour + 2))

    escalation.sweep(wave)

    ask = Ask.objects.get(volunteer=volunteer)
    assert ask.asked_at == wave
    assert HelpRequest.objects.get(pk=help_request.pk).waves_walked == 1
    mail = Message.objects.get(kind="volunteer.asked", channel=Channel.MAIL)
    assert mail.not_before == wave.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    assert Message.objects.get(kind="volunteer.asked", channel=Channel.IN_APP).sent_at == wave


@pytest.mark.parametrize("count", [2, 12])
def test_telling_people_with_hours_of_their_own_takes_one_query_more(beesd, count, django_assert_num_queries):
    people = [make.neighbour(beesd, f"Buur{number}") for number in range(count)]
    for person in people[1:]:
        keep(person, from_=time(20), until=time(10))
    facts = [outbox.Fact("request.posted", person, f"x-{person.pk}", {"help_request": 1}) for person in people]

    with django_assert_num_queries(2):
        outbox.enqueue_many(facts, now=NOW)

    waits = dict(Message.objects.filter(channel=Channel.MAIL).values_list("user", "not_before"))
    assert waits == {people[0].pk: NOW} | dict.fromkeys([person.pk for person in people[1:]], clock(10, 10))


def test_sunday_is_quiet_from_midnight_to_midnight_also_when_the_clock_changes():
    for sunday, hours in ((clock(15, 0), 24), (clock(29, 0), 23), (clock(25, 0, month=10), 25)):
        monday = sunday + timedelta(hours=hours)
        assert awake(sunday - timedelta(seconds=1), Days(SUNDAY)) == sunday - timedelta(seconds=1)
        assert awake(sunday, Days(SUNDAY)) == awake(monday - timedelta(seconds=1), Days(SUNDAY)) == monday


def test_sunday_and_the_narrowest_day_always_leave_a_moment():
    one_minute = Quiet(time(20, 1), time(20))

    assert awake(clock(14, 20, 1), one_minute, Days(SUNDAY)) == clock(16, 20)
    assert awake(clock(24, 20, 1, month=10), one_minute, Days(SUNDAY)) == clock(26, 20, month=10)
