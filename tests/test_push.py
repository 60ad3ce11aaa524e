"""Push messages: who gets them, what a locked screen shows, and what a push service answers."""

import json
import re
import socket
from datetime import time, timedelta

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from notifications import outbox, push, push_service
from notifications.delivery import BACK_OFF, Count, deliver
from notifications.kinds import KINDS
from notifications.models import Channel, Message, PushSubscription, State
from notifications.preferences import ASKED_ABOUT
from requests_app import going, lifecycle, offers
from requests_app.categories import Category
from requests_app.models import MatchMode, What
from requests_app.push_texts import PUSH
from tests import make
from tests.make import NOW, web
from tests.push_double import push_service as double

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

KIND = "request.taken"
SAVED = {"mail": [group.value for group in ASKED_ABOUT], "often": "never", "quiet_from": "", "quiet_until": ""}


@pytest.fixture
def service(settings):
    with double(settings) as running:
        yield running


def says_yes(client, user, device):
    client.force_login(user)
    body = json.dumps(device.subscription)
    agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 14)"}
    response = client.post(reverse("push_on"), body, content_type="application/json", headers=agent)
    assert response.status_code == 204, response.content
    return PushSubscription.objects.get(endpoint=device.subscription["endpoint"])


def pushes(user):
    return Message.objects.filter(user=user, channel=Channel.PUSH)


def taken(riet):
    help_request = make.help_request(author=riet, of=riet.residencies.get().village)
    fatma = make.neighbour(help_request.village, "Fatma")
    offers.say_yes(help_request.pk, helper=fatma, actor=web(fatma), now=NOW)
    return help_request


def test_who_said_yes_hears_on_the_phone_what_happened_and_nothing_else(client, service, riet):
    subscription = says_yes(client, riet, service.device())

    help_request = taken(riet)
    deliver(NOW)

    assert service.said == ["Er komt iemand helpen"]
    ((_name, payload, headers),) = service.got
    assert payload["url"] == help_request.get_absolute_url()
    assert payload["lang"] == "nl"
    assert (headers["Content-Encoding"], headers["TTL"], headers["Urgency"]) == ("aes128gcm", "43200", "normal")
    assert re.fullmatch(r"[\w-]{32}", headers["Topic"])
    assert pushes(riet).get(kind=KIND).state == State.SENT
    subscription.refresh_from_db()
    assert (subscription.device, subscription.last_ok_at) == ("Android", NOW)


def test_who_did_not_say_yes_has_no_row_and_no_push_costs_no_query(service, riet, settings, django_assert_num_queries):
    taken(riet)

    assert not pushes(riet).exists()
    settings.VAPID_PRIVATE_KEY = ""
    with django_assert_num_queries(0):
        assert push.who_said_yes({riet}) == frozenset()


def test_push_speaks_the_language_of_its_reader_and_goes_to_all_devices(client, service, riet):
    User.objects.filter(pk=riet.pk).update(language="en")
    says_yes(client, riet, service.device("phone"))
    says_yes(client, riet, service.device("tablet"))

    taken(riet)
    deliver(NOW)

    assert service.said == ["Someone is coming to help"] * 2


def test_all_messages_are_equally_long(client, service, riet):
    says_yes(client, riet, service.device())

    taken(riet)
    lifecycle.withdraw(taken(riet).pk, actor=web(riet), now=NOW)
    with transaction.atomic():
        outbox.enqueue("request.hidden", riet, "x", {"help_request": taken(riet).pk}, now=NOW)
    deliver(NOW)

    assert len({headers["length"] for _name, _payload, headers in service.got}) == 1


def test_what_was_read_on_the_site_is_not_pushed_any_more(client, service, riet):
    says_yes(client, riet, service.device())
    taken(riet)

    client.get(reverse("inbox"))
    deliver(NOW)

    assert service.got == []
    assert pushes(riet).get(kind=KIND).state == State.DROPPED


def test_what_is_no_longer_true_is_not_pushed(client, service, riet):
    says_yes(client, riet, service.device())
    help_request = taken(riet)
    lifecycle.withdraw(help_request.pk, actor=web(riet), now=NOW)

    deliver(NOW)

    assert service.said == []


@pytest.mark.parametrize("status", [404, 410])
def test_device_that_is_gone_is_forgotten_and_the_others_hear_it(client, service, riet, status):
    says_yes(client, riet, service.device("old"))
    says_yes(client, riet, service.device("new"))
    service.answers["old"] = status

    taken(riet)
    deliver(NOW)

    assert [name for name, *_ in service.got] == ["new"]
    assert [it.endpoint.rsplit("/", 1)[1] for it in riet.push_subscriptions.all()] == ["new"]


def test_message_for_nobody_left_is_dropped(client, service, riet):
    says_yes(client, riet, service.device())
    service.answers["device"] = 410

    taken(riet)
    deliver(NOW)

    assert pushes(riet).get(kind=KIND).state == State.DROPPED


@pytest.mark.parametrize("status", [429, 500, 503])
def test_service_that_is_busy_is_tried_again_later(client, service, riet, status):
    says_yes(client, riet, service.device())
    service.answers["device"] = status
    taken(riet)

    deliver(NOW)
    message = pushes(riet).get(kind=KIND)
    assert (message.state, message.failure) == (State.DUE, f"push {status}")
    assert message.not_before >= NOW + BACK_OFF[0]

    service.answers.clear()
    assert deliver(NOW + BACK_OFF[0] + timedelta(seconds=30)) == Count(sent=1)
    assert service.said == ["Er komt iemand helpen"]


def test_service_that_refuses_for_good_is_for_staff_to_see(client, service, riet):
    says_yes(client, riet, service.device())
    service.answers["device"] = 403
    taken(riet)

    deliver(NOW)

    message = pushes(riet).get(kind=KIND)
    assert (message.state, message.failure) == (State.FAILED, "push 403")


def test_service_that_cannot_be_reached_holds_no_mail_up(client, service, riet, mailoutbox):
    says_yes(client, riet, service.device())
    PushSubscription.objects.update(endpoint="http://127.0.0.1:9/away")
    taken(riet)

    deliver(NOW)

    assert pushes(riet).get(kind=KIND).state == State.DUE
    assert riet.email in [address for mail in mailoutbox for address in mail.to]


def test_push_waits_for_the_morning_as_mail_does(client, service, riet):
    says_yes(client, riet, service.device())
    with transaction.atomic():
        params = {"help_request": taken(riet).pk}
        outbox.enqueue("request.restored", riet, "x", params, not_before=NOW + timedelta(hours=8), now=NOW)

    deliver(NOW)
    assert "Bekijk je vraag" not in service.said
    deliver(NOW + timedelta(hours=8))
    assert "Bekijk je vraag" in service.said


def test_what_somebody_does_not_want_on_a_phone_still_comes_by_mail(client, service, riet):
    says_yes(client, riet, service.device())
    User.objects.filter(pk=riet.pk).update(muted=["push:own"])
    riet.refresh_from_db()

    help_request = taken(riet)

    assert set(Message.objects.filter(user=riet, kind=KIND).values_list("channel", flat=True)) == {"in_app", "mail"}
    assert "request.posted" not in pushes(riet).values_list("kind", flat=True)
    with transaction.atomic():
        outbox.enqueue("message.new", riet, "x", {"pick_up": help_request.pick_ups.get().pk}, now=NOW)
    assert pushes(riet).get().kind == "message.new"  # of another group


def test_what_was_muted_since_it_was_told_is_not_sent(client, service, riet):
    says_yes(client, riet, service.device())
    taken(riet)

    User.objects.filter(pk=riet.pk).update(muted=["push:own"])
    deliver(NOW)

    assert service.said == []
    assert pushes(riet).get(kind=KIND).state == State.DROPPED
    assert Message.objects.get(user=riet, kind=KIND, channel=Channel.MAIL).state == State.SENT


def test_own_quiet_hours_hold_on_the_phone_too(client, service, riet):
    says_yes(client, riet, service.device())
    User.objects.filter(pk=riet.pk).update(quiet_from=time(8), quiet_until=time(10))
    riet.refresh_from_db()

    taken(riet)
    until = pushes(riet).get(kind=KIND).not_before
    assert until == NOW.replace(hour=9, minute=0)  # ten o'clock in the village

    deliver(NOW)
    assert service.got == []
    deliver(until)
    assert service.said == ["Er komt iemand helpen"]


def test_quiet_hours_chosen_since_it_was_told_hold_too(client, service, riet):
    says_yes(client, riet, service.device())
    taken(riet)

    User.objects.filter(pk=riet.pk).update(quiet_from=time(8), quiet_until=time(10))
    deliver(NOW)

    assert service.got == []
    assert pushes(riet).get(kind=KIND).not_before == NOW.replace(hour=9, minute=0)


@pytest.mark.parametrize("what", ["a request", "a trip"])
def test_cancellation_for_today_goes_to_who_muted_it_and_rests(client, service, riet, what):
    joris = make.neighbour(riet.residencies.get().village, "Joris")
    says_yes(client, joris, service.device())
    User.objects.filter(pk=joris.pk).update(
        muted=["push:appointments", "mail:appointments"], quiet_from=time(8), quiet_until=time(20)
    )
    joris.refresh_from_db()
    if what == "a request":
        help_request = make.help_request(joris.residencies.get().village, author=riet, help_on=NOW.date())
        offers.say_yes(help_request.pk, helper=joris, actor=web(joris), now=NOW)
        lifecycle.withdraw(help_request.pk, actor=web(riet), now=NOW)
    else:
        spare = make.spare_offer(riet.residencies.get().village, author=riet, leaves_at=NOW + timedelta(hours=4))
        going.take(spare.pk, taker=joris, what=What.GROCERIES, now=NOW)
        going.call_off(spare.pk, now=NOW)

    deliver(NOW)

    ((_name, payload, headers),) = service.got
    assert payload["title"] in {"Je afspraak gaat niet door", "Iets waaraan je meedoet gaat niet door"}
    assert headers["Urgency"] == "high"
    assert Message.objects.filter(user=joris, channel=Channel.MAIL, state=State.SENT).count() == 1


def test_preferences_ask_about_the_phone_of_who_has_one(client, service, riet, settings):
    client.force_login(riet)
    assert 'name="push"' not in client.get(reverse("preferences")).content.decode()
    says_yes(client, riet, service.device())

    page = client.get(reverse("preferences")).content.decode()
    assert page.count('name="push"') == len(ASKED_ABOUT)
    assert "Op dit toestel" in page
    client.post(reverse("preferences"), SAVED | {"asked_push": "1", "push": ["own"]})

    riet.refresh_from_db()
    assert riet.muted == ["push:appointments", "push:asked"]
    assert client.get(reverse("preferences")).context["form"].initial["push"] == ["own"]
    settings.VAPID_PRIVATE_KEY = ""
    assert 'name="push"' not in client.get(reverse("preferences")).content.decode()


def test_page_that_did_not_ask_about_the_phone_silences_nothing_on_it(client, service, riet):
    client.force_login(riet)
    client.get(reverse("preferences"))
    says_yes(client, riet, service.device())  # on that very page

    client.post(reverse("preferences"), SAVED)

    riet.refresh_from_db()
    assert riet.muted == []


def test_next_message_about_a_request_takes_the_place_of_the_one_before(client, service, riet):
    says_yes(client, riet, service.device())
    help_request, other = taken(riet), taken(riet)
    with transaction.atomic():
        outbox.enqueue("request.restored", riet, "x", {"help_request": help_request.pk}, now=NOW)

    deliver(NOW)

    topics = {(payload["url"], headers["Topic"]) for _name, payload, headers in service.got}
    assert len(service.got) == 3
    assert {url for url, _topic in topics} == {help_request.get_absolute_url(), other.get_absolute_url()}
    assert len(topics) == 2


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.push])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_locked_screen_shows_no_name_street_category_or_reason(kind, language):
    with translation.override(language):
        words = str(KINDS[kind].push)
        categories = {str(label).lower() for label in Category.labels}

    assert 0 < len(words) <= 60
    assert "%" not in words
    assert "{" not in words
    assert not any(category in words.lower() for category in categories)
    assert not re.search(r"\b(straat|street|adres|address|ziek|ill|dokter|doctor|omdat|because)\b", words.lower())


def test_every_kind_that_residents_hear_of_is_on_the_list_or_silent_on_purpose():
    silent = {"account.code", "account.welcome", "request.posted", "report.received", "digest.daily", "digest.weekly"}
    # The clock's kind words to volunteers, and the thanks for telling us: no phone buzzes for those.
    silent |= {f"volunteer.{name}" for name in ("welcomed", "talk_first", "pause_ending", "certificate_ending")}
    silent |= {"volunteer.still_right", "volunteer.left_in_peace", "volunteer.heard", "talk.heard", "reserve.settled"}
    silent |= {"group.settled"}  # on the site only: nobody has to do anything

    # The team reads these at its desk; the question about a far day can wait.
    silent |= {"team.alarm", "team.clock_was_silent", "request.still_needed"}

    # What is private goes to who has no account, and so no device here.
    assert {name for name, kind in KINDS.items() if not kind.push and not kind.private} == silent
    assert {name: KINDS[name].push for name in PUSH} == PUSH


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://10.0.0.8/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[2002:7f00:1::]/x",
        "https://0x7f000001/x",
        "https://224.0.0.1/x",
        "http://93.184.216.34/x",
        "https://93.184.216.34:8443/x",
        "https://user@93.184.216.34/x",
        "file:///etc/passwd",
        "https://[/x",
        "",
    ],
)
def test_address_that_no_push_service_has_is_refused(client, riet, service, settings, endpoint):
    settings.PUSH_LOCALLY = False
    client.force_login(riet)
    body = json.dumps(service.device().subscription | {"endpoint": endpoint})

    response = client.post(reverse("push_on"), body, content_type="application/json")

    assert response.status_code == 422
    assert not PushSubscription.objects.exists()


def test_name_that_leads_inside_is_refused_when_it_is_called_too(client, riet, service, settings, monkeypatch):
    says_yes(client, riet, service.device())
    taken(riet)
    settings.PUSH_LOCALLY = False
    PushSubscription.objects.update(endpoint="https://push.example/x")
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_words, **_more: inside)
    monkeypatch.setattr(socket, "create_connection", lambda *_words: pytest.fail("it was called"))

    with pytest.raises(push_service.Gone):
        push_service.post("https://push.example/x", b"", topic="x", urgent=False)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"endpoint": 1, "keys": {}}', b'{"endpoint": "x", "keys": 3}'])
def test_what_no_browser_says_is_refused(client, riet, service, body):
    client.force_login(riet)

    response = client.post(reverse("push_on"), body, content_type="application/json")

    assert response.status_code == 422


def test_yes_needs_our_own_page(riet, service):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(riet)

    response = client.post(reverse("push_on"), json.dumps(service.device().subscription), "application/json")

    assert response.status_code == 403
    assert not PushSubscription.objects.exists()


def test_signing_out_ends_it_on_this_device_only(client, riet, service):
    says_yes(client, riet, service.device("elsewhere"))
    client.logout()
    here = says_yes(client, riet, service.device("here"))

    response = client.post(reverse("account_logout"))

    assert response["Clear-Site-Data"] == '"storage"'
    assert not PushSubscription.objects.filter(pk=here.pk).exists()
    assert riet.push_subscriptions.count() == 1


def test_device_goes_to_who_says_yes_on_it(client, riet, service):
    device = service.device()
    says_yes(client, riet, device)
    joris = make.neighbour(riet.residencies.get().village, "Joris")

    says_yes(client, joris, device)

    assert PushSubscription.objects.get().user == joris


def test_sixth_device_makes_the_first_one_room(client, riet, service):
    made = []
    for number in range(6):
        with time_machine.travel(NOW + timedelta(minutes=number), tick=False):
            made.append(says_yes(client, riet, service.device(f"device-{number}")).pk)

    assert set(riet.push_subscriptions.values_list("pk", flat=True)) == set(made[1:])


def test_device_of_somebody_else_cannot_be_turned_off(client, riet, service):
    subscription = says_yes(client, riet, service.device())
    client.force_login(make.neighbour(riet.residencies.get().village))

    assert client.post(reverse("push_off", args=[subscription.pk])).status_code == 404
    assert PushSubscription.objects.exists()


def test_messages_page_offers_it_and_turns_it_off_per_device(client, riet, service, settings):
    client.force_login(riet)
    assert f'data-push="{push_service.public_key()}"' in client.get(reverse("inbox")).content.decode()
    subscription = says_yes(client, riet, service.device())

    page = client.get(reverse("inbox")).content.decode()
    assert "data-push=" not in page
    assert "Op dit toestel" in page

    client.post(reverse("push_off", args=[subscription.pk]))
    page = client.get(reverse("inbox")).content.decode()
    assert "data-push=" in page
    assert "Op dit toestel" not in page

    settings.VAPID_PRIVATE_KEY = ""
    assert "data-push=" not in client.get(reverse("inbox")).content.decode()
    assert client.post(reverse("push_on"), "{}", "application/json").status_code == 404


def test_request_page_offers_it_right_after_placing_and_not_later(client, riet, service):
    help_request = make.help_request(author=riet, of=riet.residencies.get().village)
    client.force_login(riet)

    assert "data-push=" in client.get(help_request.get_absolute_url()).content.decode()
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        assert "data-push=" not in client.get(help_request.get_absolute_url()).content.decode()


def test_who_takes_the_request_away_again_is_not_offered_it(client, riet, service):
    help_request = make.help_request(author=riet, of=riet.residencies.get().village)
    lifecycle.withdraw(help_request.pk, actor=web(riet), now=timezone.now())
    client.force_login(riet)

    assert "data-push=" not in client.get(help_request.get_absolute_url()).content.decode()


def test_helper_is_offered_it_right_after_the_yes(client, riet, service):
    help_request = make.help_request(author=riet, of=riet.residencies.get().village)
    fatma = make.neighbour(help_request.village, "Fatma")
    client.force_login(fatma)
    assert "data-push=" not in client.get(help_request.get_absolute_url()).content.decode()

    offers.say_yes(help_request.pk, helper=fatma, actor=web(fatma), now=timezone.now())

    assert "data-push=" in client.get(help_request.get_absolute_url()).content.decode()


def test_who_offers_to_help_is_offered_it_before_the_answer(client, riet, service):
    help_request = make.help_request(author=riet, of=riet.residencies.get().village, match_mode=MatchMode.CHOOSE)
    fatma = make.neighbour(help_request.village, "Fatma")
    client.force_login(fatma)

    offers.say_yes(help_request.pk, helper=fatma, actor=web(fatma), now=timezone.now())

    page = client.get(help_request.get_absolute_url()).content.decode()
    assert "data-push=" in page
    assert "<strong>Je buur zegt ja</strong>" in page
