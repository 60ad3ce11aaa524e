"""SamSam on a phone: without internet, with push messages, and what is left on it after signing out."""

import json
import re

import pytest
from django.utils import timezone

from accounts.models import User
from notifications.delivery import deliver
from notifications.models import PushSubscription
from requests_app import offers
from tests import make
from tests.make import NOW, web
from tests.push_double import push_service
from tests.running import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = "caches.has('mine')"
CACHES = """async () => Promise.all((await caches.keys()).map(async (name) => [
    name, (await (await caches.open(name)).keys()).map((it) => new URL(it.url).pathname)]))"""
TYPED = "Object.keys(sessionStorage).filter((key) => key.includes('#')).length"


@pytest.fixture
def javascript():
    return True


@pytest.fixture
def service(settings):
    with push_service(settings) as running:
        yield running


def until(visitor, true):
    """Asks the page again and again; what it answers may be a promise."""
    wait_until(lambda: visitor.page.evaluate(true), within=15)


def worker_of(visitor):
    """The worker, once it and the page without internet are there."""
    until(visitor, "navigator.serviceWorker.ready.then((it) => it.active.state === 'activated')")
    until(visitor, "caches.match('/zonder-internet/').then((kept) => !!kept)")
    return visitor.context.service_workers[-1]


def without_internet(visitor, path):
    """Opens a page while there is none; the browser itself complains about that, rightly."""
    visitor.context.set_offline(True)
    visitor.page.goto(visitor.address + path)
    visitor.page.wait_for_load_state("networkidle")
    visitor.complaints[:] = [line for line in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in line]


def appointment(riet, village):
    help_request = make.help_request(village, author=riet, now=timezone.now())
    fatma = make.neighbour(village, "Fatma", email="fatma@samsam.example")
    offers.say_yes(help_request.pk, helper=fatma, actor=web(fatma), now=timezone.now())
    return help_request


def test_without_internet_there_is_a_page_with_whom_to_call(visit, riet):
    phone = visit()
    phone.has_logged_in(riet.email)
    worker_of(phone)

    without_internet(phone, "/berichten/")
    phone.look()

    assert phone.reads("Je hebt nu geen internet")
    assert phone.reads("Bel Marieke")
    assert phone.reads("Op dit toestel bewaar je geen afspraken")
    assert "Riet" not in phone.page.inner_text("body")
    phone.context.set_offline(False)
    phone.page.get_by_role("link", name="Probeer het opnieuw").click()
    phone.settle()
    assert phone.page.title().startswith("Berichten")


def test_no_private_page_is_kept(visit, riet, village):
    help_request = appointment(riet, village)
    phone = visit()
    phone.has_logged_in(riet.email)
    worker_of(phone)
    for path in ("/van-mij/", "/berichten/", "/prikbord/", f"/vragen/{help_request.pk}/"):
        phone.open(path)

    kept = phone.page.evaluate(CACHES)

    assert [name.split("-")[0] for name, _paths in sorted(kept)] == ["looks", "shell"]
    paths = {path for _name, paths in kept for path in paths}
    assert {path for path in paths if not path.startswith("/static/")} == {"/zonder-internet/"}


def test_page_without_internet_speaks_and_looks_like_the_others(visit, riet):
    phone = visit()
    phone.has_logged_in(riet.email)
    phone.open("/letters/")
    phone.page.get_by_label("English").check()
    phone.page.get_by_label("Donker", exact=True).check()
    phone.press("Bewaar")
    worker_of(phone)
    until(
        phone, "caches.match('/zonder-internet/').then((kept) => kept.text()).then((it) => it.includes('lang=\"en\"'))"
    )

    without_internet(phone, "/berichten/")

    assert phone.reads("no internet")
    assert phone.page.locator("html").get_attribute("data-theme") == "dark"


def test_appointments_are_there_without_internet_only_after_a_yes_and_gone_after_signing_out(visit, riet, village):
    appointment(riet, village)
    phone = visit()
    phone.has_logged_in(riet.email)
    worker_of(phone)
    phone.open("/van-mij/")
    assert not phone.page.evaluate(KEPT)

    phone.page.get_by_label("Mijn afspraken op dit toestel bewaren").check()
    until(phone, "caches.match('/mijn-afspraken/').then((kept) => !!kept)")
    without_internet(phone, "/van-mij/")
    phone.page.get_by_text("Boodschappen van de Spar").wait_for()
    phone.look()
    assert phone.reads("Met Fatma")
    assert not phone.sees("Voorstraat")

    phone.context.set_offline(False)
    phone.open("/inloggen/uitloggen/")
    phone.press("Uitloggen")
    assert not phone.page.evaluate(KEPT)
    worker_of(phone)
    without_internet(phone, "/")
    assert not phone.sees("Spar")


def test_yes_can_be_taken_back(visit, riet, village):
    phone = visit()
    phone.has_logged_in(riet.email)
    worker_of(phone)
    phone.open("/van-mij/")
    box = phone.page.get_by_label("Mijn afspraken op dit toestel bewaren")
    box.check()
    until(phone, "caches.match('/mijn-afspraken/').then((kept) => !!kept)")

    phone.open("/van-mij/")
    until(phone, "document.querySelector('[data-keep]').checked")
    box.uncheck()

    until(phone, f"{KEPT}.then((kept) => !kept)")


def test_who_signs_in_next_finds_nothing_of_who_was_there_before(visit, riet, village):
    joris = make.neighbour(village, "Joris", email="joris@samsam.example")
    phone = visit()
    phone.has_logged_in(riet.email)
    worker_of(phone)
    phone.open("/van-mij/")
    phone.page.get_by_label("Mijn afspraken op dit toestel bewaren").check()
    until(phone, "caches.match('/mijn-afspraken/').then((kept) => !!kept)")
    phone.page.evaluate("sessionStorage['/vraag/#text'] = 'Geheim'")

    phone.context.clear_cookies()  # the login ran out, nobody signed out
    phone.log_in(joris.email)

    until(phone, f"{KEPT}.then((kept) => !kept)")
    assert phone.page.evaluate("sessionStorage['/vraag/#text'] || ''") == ""


def test_typed_text_survives_a_lost_connection_and_leaves_once_it_is_sent(visit, riet):
    phone = visit()
    phone.has_logged_in(riet.email)
    worker_of(phone)
    phone.open("/vraag/")
    phone.choose("Boodschappen")
    text = phone.page.get_by_label("Vertel kort wat er moet gebeuren")
    text.fill("Kan iemand mijn boodschappen halen?")

    phone.context.set_offline(True)
    phone.page.get_by_role("button", name="Verder", exact=True).click()
    phone.page.get_by_role("heading", name="Je hebt nu geen internet").wait_for()
    phone.page.get_by_text("Je tekst staat nog op dit toestel. Verstuur hem").wait_for()
    phone.complaints.clear()
    phone.context.set_offline(False)
    phone.page.get_by_role("link", name="Probeer het opnieuw").click()
    phone.settle()

    phone.page.get_by_text("Je tekst staat nog op dit toestel").wait_for()
    assert text.input_value() == "Kan iemand mijn boodschappen halen?"
    phone.choose("Boodschappen")
    phone.press("Verder")
    assert phone.page.evaluate(TYPED) == 0


def test_code_to_sign_in_with_is_never_kept(visit, riet):
    phone = visit()
    phone.open("/inloggen/")
    phone.page.get_by_label("E-mailadres").fill(riet.email)
    phone.press("Stuur mij een code")
    phone.page.get_by_label("Code").fill("123456")

    assert phone.page.evaluate(TYPED) == 0


SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
    .map((it) => [it.title, it.body, it.lang, it.data])"""
FAKE = """Object.defineProperty(PushManager.prototype, "subscribe", { value: async (options) => {
    window.asked = options; return { toJSON: () => (SUBSCRIPTION) }; } });"""


def ready_for_push(visitor, device):
    """A browser that may and can: Chromium has no push service behind it, so this one's answer is ours."""
    visitor.context.grant_permissions(["notifications"], origin=visitor.address)
    visitor.context.add_init_script(FAKE.replace("SUBSCRIPTION", json.dumps(device.subscription)))


def test_push_from_request_to_click(visit, riet, village, service):
    device, phone = service.device(), visit()
    ready_for_push(phone, device)
    phone.has_logged_in(riet.email)
    worker_of(phone)
    help_request = make.help_request(village, author=riet, now=timezone.now())

    phone.open(f"/vragen/{help_request.pk}/")
    assert phone.reads("Er komt iemand helpen")  # the very words
    assert phone.reads("Nooit een naam")
    phone.press("Zet meldingen aan")
    phone.page.get_by_text("De meldingen staan aan").wait_for()
    assert PushSubscription.objects.get().user == riet
    assert phone.page.evaluate("asked.userVisibleOnly")

    fatma = make.neighbour(village, "Fatma")
    offers.say_yes(help_request.pk, helper=fatma, actor=web(fatma), now=timezone.now())
    deliver(timezone.now())
    ((_name, payload, _headers),) = service.got

    push_to(phone, payload)
    shown = phone.page.evaluate(SHOWN)
    assert shown == [["Er komt iemand helpen", "", "nl", f"/vragen/{help_request.pk}/"]]

    opened = worker_of(phone).evaluate(
        """async () => {
          const [notification] = await registration.getNotifications(), done = [];
          clients.openWindow = async (url) => { self.opened = url; };
          clients.matchAll = async () => [];
          const event = new NotificationEvent("notificationclick", { notification });
          event.waitUntil = (work) => done.push(work);
          self.dispatchEvent(event);
          await Promise.all(done);
          return [self.opened, (await registration.getNotifications()).length];
        }"""
    )
    assert opened == [f"{phone.address}/vragen/{help_request.pk}/", 0]
    phone.page.goto(opened[0])
    assert phone.reads("Fatma")


def test_push_offer_is_asked_once_and_not_after_a_no(visit, riet, village, service):
    phone = visit()
    ready_for_push(phone, service.device())
    phone.has_logged_in(riet.email)
    help_request = make.help_request(village, author=riet, now=timezone.now())
    phone.open(f"/vragen/{help_request.pk}/")

    phone.page.get_by_role("button", name="Toch niet").click()

    phone.open(f"/vragen/{help_request.pk}/")
    assert not phone.sees("Zet meldingen aan")
    phone.open("/berichten/")
    assert phone.reads("Zet meldingen aan")


def test_who_refused_is_told_where_to_change_it_and_not_asked(visit, riet, village, service):
    phone = visit()
    phone.context.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    phone.has_logged_in(riet.email)
    help_request = make.help_request(village, author=riet, now=timezone.now())

    phone.open(f"/vragen/{help_request.pk}/")
    assert not phone.sees("Meldingen op dit apparaat")
    phone.open("/berichten/")
    assert phone.reads("Kijk dan bij de instellingen")
    assert not phone.sees("Zet meldingen aan")


def test_iphone_hears_of_the_home_screen_first(visit, riet, service):
    phone = visit()
    phone.context.add_init_script("delete window.PushManager; navigator.standalone = false;")
    phone.has_logged_in(riet.email)

    phone.open("/berichten/")

    assert phone.reads("Kies: Zet op beginscherm")
    assert not phone.page.get_by_role("button", name="Zet meldingen aan").is_visible()


def test_browser_that_cannot_is_offered_nothing(visit, riet, service):
    phone = visit()
    phone.context.add_init_script("delete window.PushManager;")
    phone.has_logged_in(riet.email)

    phone.open("/berichten/")

    assert not phone.sees("Meldingen op dit apparaat")


def test_signing_out_ends_push_on_this_device(visit, riet, service):
    phone = visit()
    ready_for_push(phone, service.device())
    phone.has_logged_in(riet.email)
    phone.open("/berichten/")
    phone.press("Zet meldingen aan")
    phone.page.get_by_text("De meldingen staan aan").wait_for()

    phone.open("/inloggen/uitloggen/")
    phone.press("Uitloggen")

    assert not PushSubscription.objects.exists()


def test_messages_and_menu_follow_by_themselves(visit, riet, village):
    phone, tablet = visit(), visit()
    for visitor in (phone, tablet):
        visitor.has_logged_in(riet.email)
    phone.open("/berichten/")
    tablet.open("/van-mij/")
    assert phone.reads("Er zijn geen berichten voor jou")

    appointment(User.objects.get(pk=riet.pk), village)
    for visitor in (tablet, phone):
        visitor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        visitor.settle()

    assert phone.reads("Fatma komt je helpen")
    assert re.search(r"\d", tablet.page.locator("#menu-inbox .nav__count").inner_text())


def test_invitation_appears_by_itself(visit, village, clock):
    samira = make.volunteer(village, "Samira").user
    phone = visit()
    phone.has_logged_in(samira.email)
    phone.open("/vrijwilliger/")
    assert phone.reads("We vragen je nu niets")

    help_request = make.help_request(village, now=NOW)
    clock.goes_to(help_request.next_at)
    phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    phone.settle()

    assert phone.reads("Ja, dit doe ik")


def test_timeline_follows_by_itself(visit, riet, village, clock):
    help_request = make.help_request(village, author=User.objects.get(pk=riet.pk), match_mode="choose", now=NOW)
    phone = visit()
    phone.log_in(riet.email)
    phone.open(f"/vragen/{help_request.pk}/")
    assert not phone.sees("Fatma wil je helpen")

    fatma = make.neighbour(village, "Fatma")
    offers.say_yes(help_request.pk, helper=fatma, actor=web(fatma), now=timezone.now())
    phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    phone.settle()

    assert phone.reads("Fatma wil je helpen")


@pytest.mark.parametrize("path", ["/berichten/", "/vrijwilliger/", "/vragen/", "/gesprekken/"])
def test_page_that_nobody_sees_asks_for_nothing(visit, riet, village, path):
    help_request = appointment(User.objects.get(pk=riet.pk), village)
    make.volunteer(village, "Samira")
    reader = {"/vrijwilliger/": "samira"}.get(path, "riet")
    number = {"/vragen/": help_request.pk, "/gesprekken/": help_request.pick_ups.get().pk}.get(path)
    phone = visit()
    phone.log_in(User.objects.get(email__startswith=reader).email)
    phone.page.clock.install()
    phone.open(f"{path}{number}/" if number else path)
    asked = []
    phone.page.on("request", lambda it: asked.append(it.url))

    phone.page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})")
    phone.page.clock.run_for(180_000)
    while_hidden = list(asked)
    phone.page.evaluate("delete document.hidden")
    phone.page.clock.run_for(180_000)
    phone.page.wait_for_load_state("networkidle")

    assert while_hidden == []
    assert asked


def push_to(visitor, payload):
    """As the browser's own push service would hand it to the worker."""
    found = {}
    session = visitor.context.new_cdp_session(visitor.page)
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.update({it["scopeURL"]: it["registrationId"] for it in event["registrations"]}),
    )
    session.send("ServiceWorker.enable")
    worker_of(visitor)
    until(visitor, "new Promise((done) => setTimeout(done, 200, true))")
    session.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": visitor.address,
            "registrationId": found[f"{visitor.address}/"],
            "data": json.dumps(payload),
        },
    )
    until(visitor, f"({SHOWN})().then((shown) => shown.length > 0)")
