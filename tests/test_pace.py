"""Very much in a short time: gently slowed down, with everything that was typed kept; what matters always goes."""

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.actors import web
from moderation import reports
from notifications.models import Message
from requests_app import conversation, escalation, going, offers, pace
from requests_app.models import Audience, MatchMode, SpareOffer, What
from tests import make
from tests.cast import as_reader
from tests.make import NOW
from villages import attempts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HTMX = {"HX-Request": "true"}
PATIENCE = "That was a bit fast. Try again in 10 minutes"
LATER = timedelta(minutes=10, seconds=1)


@pytest.fixture
def joris(client, beesd):
    """Logged in, reading English."""
    person = make.neighbour(beesd, "Joris")
    as_reader(client, person)
    return person


@pytest.fixture
def pick_up(beesd, joris):
    help_request = make.help_request(beesd)
    offers.say_yes(help_request.pk, helper=joris, actor=web(joris), now=NOW)
    return help_request.pick_ups.get()


@pytest.fixture
def spare(beesd):
    return make.spare_offer(beesd, author=make.neighbour(beesd, "Wim"), places=2)


def text_of(response):
    return unescape(response.content.decode())


def send(client, pick_up, headers=None, **data):
    return client.post(pick_up.get_absolute_url(), {"key": str(uuid4()), **data}, headers=headers)


def press(client, name, spare, **data):
    return client.post(reverse(name, args=[spare.pk]), data)


def told(person, kind):
    return Message.objects.filter(user=person, channel="in_app", kind=kind).count()


@pytest.mark.parametrize(("mode", "back"), [(MatchMode.FIRST, "give_back"), (MatchMode.CHOOSE, "take_back_offer")])
def test_yes_and_no_again_and_again_floods_no_asker_and_no_is_always_free(client, clock, beesd, joris, mode, back):
    help_request = make.help_request(beesd, match_mode=mode)
    for _ in range(pace.MOST_YES):
        assert press(client, "take", help_request).status_code == 302
        assert press(client, back, help_request).status_code == 302

    refused = press(client, "take", help_request)

    assert refused.status_code == 429
    assert "Try again in 10 minutes" in text_of(refused)
    assert help_request.get_absolute_url() in text_of(refused)
    assert Message.objects.filter(user=help_request.author, channel="mail").count() <= 2 * pace.MOST_YES + 1
    clock.shift(LATER)
    assert press(client, "take", help_request).status_code == 302


@pytest.mark.parametrize("mode", [MatchMode.FIRST, MatchMode.CHOOSE])
def test_host_who_puts_somebody_down_again_and_again_is_slowed_down(client, beesd, joris, mode):
    jan = make.group(beesd, host=joris, members=("Jan",)).members.get()
    help_request = make.help_request(beesd, match_mode=mode, audience=Audience.GROUP)
    escalation.sweep(NOW)
    put_down = reverse("group_yes", args=[jan.group_id, help_request.pk])
    cannot = reverse("group_back", args=[jan.group_id, help_request.pk])
    for _ in range(pace.MOST_YES):
        assert client.post(put_down, {"member": jan.pk, "deed": ""}).status_code == 302
        assert client.post(cannot, {"member": jan.pk}).status_code == 302

    refused = client.post(put_down, {"member": jan.pk, "deed": ""})

    assert refused.status_code == 429
    assert "Try again in 10 minutes" in text_of(refused)
    assert not help_request.pick_ups.filter(ended_at=None).exists()


def test_one_window_and_one_sentence_for_all_that_is_counted():
    assert {reports.WINDOW, attempts.WINDOW, pace.WINDOW} == {timedelta(minutes=10)}
    assert {str(reports.TOO_FAST), str(attempts.TOO_FAST), str(pace.TOO_FAST)} == {str(pace.TOO_FAST)}


@pytest.mark.parametrize("headers", [None, HTMX])
def test_very_many_messages_are_slowed_down_and_what_was_typed_stays(client, clock, pick_up, headers):
    for number in range(pace.MOST_MESSAGES):
        assert send(client, pick_up, text=f"Bericht {number}").status_code == 302

    refused = send(client, pick_up, headers, text="Ik neem ook melk mee.")
    tapped = send(client, pick_up, headers, quick="fine", text="Half af")

    assert refused.status_code == tapped.status_code == 429
    assert PATIENCE in text_of(refused)
    assert "Ik neem ook melk mee.</textarea>" in text_of(refused)
    assert "Half af</textarea>" in text_of(tapped)
    assert "<main" in text_of(refused)  # htmx takes the whole page of it
    assert pick_up.messages.count() == pace.MOST_MESSAGES
    clock.shift(LATER)
    assert send(client, pick_up, text="Ik neem ook melk mee.").status_code == 302


def test_a_form_sent_twice_is_told_it_arrived_also_at_the_limit(client, pick_up):
    key = str(uuid4())
    for number in range(pace.MOST_MESSAGES - 1):
        send(client, pick_up, text=f"Bericht {number}")
    send(client, pick_up, key=key, text="De laatste")

    again = client.post(pick_up.get_absolute_url(), {"key": key, "text": "De laatste"}, follow=True)

    assert again.status_code == 200
    assert "You had sent this already" in text_of(again)


def test_what_one_writes_does_not_slow_down_the_other(client, pick_up):
    for number in range(pace.MOST_MESSAGES):
        send(client, pick_up, text=f"Bericht {number}")

    author = pick_up.help_request.author
    conversation.say(pick_up.pk, by=author, kind="words", text="Rustig maar", key=uuid4(), now=NOW)

    assert pick_up.messages.filter(author=author).exists()


def test_the_limit_costs_the_same_however_long_the_conversation(client, joris, pick_up, django_assert_max_num_queries):
    for number in range(pace.MOST_MESSAGES):
        at = NOW - timedelta(days=1, minutes=number)
        conversation.say(pick_up.pk, by=joris, kind="words", text=f"Toen {number}", key=uuid4(), now=at)

    with django_assert_max_num_queries(12):
        conversation.say(pick_up.pk, by=joris, kind="words", text="Nu", key=uuid4(), now=NOW)


def test_asking_another_time_again_and_again_is_slowed_down_with_the_answers_kept(client, pick_up):
    path = reverse("propose_time", args=[pick_up.pk])
    for hour in range(pace.MOST_TIMES_ASKED):
        assert client.post(path, {"day": "13-3-2026", "time": f"{hour + 9}.00"}).status_code == 302

    refused = client.post(path, {"day": "13-3-2026", "time": "20.00"})

    assert refused.status_code == 429
    assert PATIENCE in text_of(refused)
    assert 'value="20.00"' in text_of(refused)


def test_joining_and_leaving_again_and_again_is_slowed_down_and_leaving_never(client, clock, joris, spare):
    for _ in range(pace.MOST_TAKEN):
        press(client, "spare_take", spare, what="groceries")
        press(client, "spare_give_back", spare)

    refused = press(client, "spare_take", spare, what="groceries")

    assert refused.status_code == 429
    assert "Try again in 10 minutes" in text_of(refused)
    assert f'href="{spare.get_absolute_url()}"' in text_of(refused)
    assert told(spare.author, "spare.taken") == told(spare.author, "spare.given_back") == pace.MOST_TAKEN
    clock.shift(LATER)
    assert press(client, "spare_take", spare, what="groceries").status_code == 302
    assert spare.held.filter(taker=joris, ended_at=None).exists()


def test_a_word_that_changes_all_the_time_is_slowed_down_and_kept(client, clock, spare, joris):
    press(client, "spare_take", spare, what="groceries")
    for number in range(pace.MOST_TOLD):
        clock.shift(timedelta(seconds=61))
        assert press(client, "spare_wish", spare, wish=f"{number} broden").status_code == 302

    refused = press(client, "spare_wish", spare, wish="toch geen brood")

    assert refused.status_code == 429
    assert PATIENCE in text_of(refused)
    assert 'value="toch geen brood"' in text_of(refused)
    assert spare.held.get().wish == f"{pace.MOST_TOLD - 1} broden"


def test_posting_and_calling_off_again_and_again_is_slowed_down_with_the_answers_kept(client, joris):
    answers = {"day": "other", "date": "12-3-2026", "time": "14.00", "what": ["groceries"], "places": "1", "note": ""}
    for number in range(pace.MOST_POSTED):
        client.post(reverse("going"), {**answers, "title": f"winkel {number}"})
        press(client, "spare_call_off", SpareOffer.objects.latest("pk"))

    refused = client.post(reverse("going"), {**answers, "title": "de markt"})

    assert refused.status_code == 429
    assert PATIENCE in text_of(refused)
    assert 'value="de markt"' in text_of(refused)
    assert SpareOffer.objects.count() == pace.MOST_POSTED


def test_who_joins_is_not_flooded_with_changes_and_always_hears_that_it_is_off(client, clock, beesd, joris):
    spare = make.spare_offer(beesd, author=joris, what=[What.GROCERIES])
    taker = make.neighbour(beesd, "Bram")
    going.take(spare.pk, taker=taker, what=What.GROCERIES, now=NOW)
    for number in range(pace.MOST_TOLD // 2):
        press(client, "spare_call_off", spare)
        press(client, "spare_put_back", spare)
        assert told(taker, "spare.on_again") == number + 1

    off = press(client, "spare_call_off", spare)
    back = press(client, "spare_put_back", spare)

    assert (off.status_code, back.status_code) == (302, 429)
    assert told(taker, "spare.called_off") == pace.MOST_TOLD // 2 + 1
    clock.shift(LATER)
    assert press(client, "spare_put_back", spare).status_code == 302
    answers = {"title": "de Jumbo", "day": "other", "date": "12-3-2026", "time": "14.00", "places": "1", "note": ""}
    for number in range(pace.MOST_TOLD - 1):
        client.post(reverse("spare_change", args=[spare.pk]), {**answers, "note": f"Bij de kerk, {number}"})
    refused = client.post(reverse("spare_change", args=[spare.pk]), {**answers, "note": "Bij de molen"})
    assert refused.status_code == 429
    assert PATIENCE in text_of(refused)
    assert 'value="Bij de molen"' in text_of(refused)


def test_nobody_joins_so_changing_is_not_counted(client, beesd, joris):
    spare = make.spare_offer(beesd, author=joris)

    for number in range(pace.MOST_TOLD + 2):
        going.change(spare.pk, changes={"note": f"Bij de kerk, {number}"}, now=NOW)

    assert not Message.objects.filter(key__startswith=f"spare-{spare.pk}:").exists()
