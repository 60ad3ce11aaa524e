"""The page of one request: what a neighbour, the helper and the asker see there, and do."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.actors import staff, web
from notifications.models import Message
from requests_app import escalation, lifecycle, moderating, offers
from requests_app.models import Audience, Event, HelpRequest, MatchMode, Offer, PickUp, Status
from tests import make
from tests.cast import as_reader
from tests.make import NOW
from volunteers.models import Ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

OF_THE_ASKER = ("finish", "done_already", "withdraw", "put_back", "ask_volunteers_now", "ask_again", "edit")
VERBS = ("take", "give_back", *OF_THE_ASKER)
HTMX = {"HX-Request": "true", "HX-Target": "page"}


@pytest.fixture
def riet(beesd):
    return make.neighbour(beesd, "Riet", phone="+31687654321", email="riet.jansen@samsam.example")


@pytest.fixture
def joris(client, beesd):
    """A neighbour, logged in, reading English."""
    person = make.neighbour(beesd, "Joris", street="Achterstraat")
    as_reader(client, person)
    return person


@pytest.fixture
def help_request(beesd, riet):
    return make.help_request(beesd, author=riet, address="Voorstraat 12")


def url(name, help_request):
    return reverse(name, args=[help_request.pk])


def page(client, help_request, **extra):
    return client.get(url("help_request", help_request), **extra)


def press(client, verb, help_request, **data):
    """Press a button and look at the page it leads to."""
    return client.post(url(verb, help_request), data, follow=True)


def text_of(response):
    return unescape(response.content.decode())


def as_asker(client, riet):
    client.force_login(riet)
    return riet


def take(help_request, helper):
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=timezone.now())


# -- a neighbour


def test_neighbour_reads_the_facts_and_nothing_private(client, joris, help_request):
    text = text_of(page(client, help_request))

    assert "Kan iemand mijn boodschappen halen?" in text
    assert "Thursday 12 March, in the afternoon" in text
    assert "Voorstraat, in the village" in text
    assert "Posted: </span>Today at 9:10" in text
    assert "Yes, I'll help Riet" in text
    for hidden in ("Voorstraat 12", "87654321", "jansen", "This is what happens with your request"):
        assert hidden not in text


def test_neighbour_who_says_yes_gets_the_address_at_once(client, joris, help_request):
    response = press(client, "take", help_request)

    text = text_of(response)
    assert response.redirect_chain == [(url("help_request", help_request), 302)]
    assert "You are helping Riet" in text
    assert "Voorstraat 12" in text
    assert "87654321" not in text
    assert "no-store" in response.headers["Cache-Control"]
    assert help_request.events.filter(kind=Event.Kind.ADDRESS_SHOWN, by=joris).count() == 1


def test_helper_reads_the_moment_of_the_appointment_once_and_no_other(client, joris, help_request):
    press(client, "take", help_request)

    text = text_of(page(client, help_request))

    assert text.count("Thursday 12 March, in the afternoon") == 1
    assert "9:10" not in text


def section_of(client, address):
    """The item of the main menu that this page is in."""
    page = client.get(address)
    return re.findall(r'href="([^"]+)" aria-current="true"', page.content.decode())


def test_menu_says_where_a_page_of_a_request_is(client, joris, riet, help_request):
    seen = section_of(client, url("help_request", help_request))
    take(help_request, joris)
    helps = [section_of(client, url(name, help_request)) for name in ("help_request", "give_back")]
    as_asker(client, riet)
    asks = [section_of(client, url(name, help_request)) for name in ("help_request", "edit", "withdraw")]

    assert seen == [reverse("board")]
    assert helps + asks == [[reverse("mine")]] * 5


def test_saying_yes_twice_changes_nothing(client, joris, help_request):
    press(client, "take", help_request)
    response = press(client, "take", help_request)

    assert response.status_code == 200
    assert help_request.pick_ups.count() == 1


def test_neighbour_who_is_just_too_late_reads_so_kindly(client, joris, beesd, help_request):
    take(help_request, make.neighbour(beesd))

    response = client.post(url("take", help_request))
    swapped = client.post(url("take", help_request), headers=HTMX)

    assert response.status_code == swapped.status_code == 409
    for answer in (response, swapped):
        text = text_of(answer)
        assert "Another neighbour was just before you" in text
        assert "Thank you for offering." in text
        assert reverse("board") in text
        assert "<html" in text
        assert "Voorstraat 12" not in text


def test_neighbour_too_late_for_a_group_reads_that_it_is_complete(client, joris, beesd, riet):
    help_request = make.help_request(beesd, author=riet, slots=2)
    for _ in range(2):
        take(help_request, make.neighbour(beesd))

    assert "The group is just complete" in text_of(client.post(url("take", help_request)))


def test_page_of_a_found_request_says_so_without_a_button(client, joris, beesd, help_request):
    take(help_request, make.neighbour(beesd, "Els"))

    text = text_of(page(client, help_request))

    assert "Someone found" in text
    assert url("take", help_request) not in text
    assert "Els" not in text


@pytest.mark.parametrize("why", ["another village", "hidden", "withdrawn", "draft", "volunteers", "not there", "huge"])
def test_request_that_is_not_for_this_neighbour_is_not_there(client, joris, beesd, riet, why):
    help_request = make.draft(beesd, author=riet) if why == "draft" else make.help_request(beesd, author=riet)
    if why == "another village":
        help_request = make.help_request()
    elif why == "hidden":
        HelpRequest.objects.filter(pk=help_request.pk).update(hidden_at=NOW)
    elif why == "withdrawn":
        lifecycle.withdraw(help_request.pk, actor=web(riet), now=NOW)
    elif why == "volunteers":
        HelpRequest.objects.filter(pk=help_request.pk).update(audience=Audience.VOLUNTEERS)
    pk = {"not there": 0, "huge": 2**80}.get(why, help_request.pk)

    assert client.get(reverse("help_request", args=[pk])).status_code == 404
    for verb in VERBS:
        assert client.post(reverse(verb, args=[pk]), {"worked": "yes"}).status_code == 404
    assert not help_request.events.exclude(kind__in=[Event.Kind.POSTED, Event.Kind.WITHDRAWN]).exists()


@pytest.mark.parametrize("verb", OF_THE_ASKER)
def test_neighbour_cannot_do_what_is_the_askers(client, joris, help_request, verb):
    assert client.post(url(verb, help_request), {"worked": "yes"}).status_code == 404
    help_request.refresh_from_db()
    assert help_request.status == Status.OPEN
    assert help_request.events.count() == 1


def test_resident_who_waits_cannot_read_along_or_help(client, beesd, help_request):
    client.force_login(make.resident(beesd))

    assert page(client, help_request).status_code == 404
    assert client.post(url("take", help_request)).status_code == 404


def test_opening_the_address_of_a_button_changes_nothing_and_shows_the_request(client, joris, help_request):
    for verb in ("take", "put_back", "ask_volunteers_now"):
        assert client.get(url(verb, help_request)).headers["Location"] == url("help_request", help_request)

    assert help_request.events.count() == 1


def test_login_that_ran_out_comes_back_here(client, help_request):
    plain = client.get(url("help_request", help_request))
    button = client.post(url("take", help_request))
    swap = client.post(
        url("take", help_request),
        headers={**HTMX, "HX-Current-URL": f"http://testserver{url('help_request', help_request)}"},
    )

    login = reverse("account_login")
    assert plain.headers["Location"] == f"{login}?next={url('help_request', help_request)}"
    assert button.headers["Location"] == f"{login}?next={url('take', help_request)}"
    assert swap.headers["HX-Redirect"].startswith(f"{login}?next=")
    assert "ik-help" not in swap.headers["HX-Redirect"]


# -- who helps


def test_helper_says_no_after_all_on_a_page_of_its_own(client, joris, help_request):
    take(help_request, joris)

    asked = text_of(client.get(url("give_back", help_request)))
    response = press(client, "give_back", help_request)

    assert "Can't make it after all?" in asked
    assert "We let Riet know and keep looking" in text_of(response)
    assert "Voorstraat 12" not in text_of(response)
    help_request.refresh_from_db()
    assert help_request.status == Status.OPEN


def test_helper_cannot_give_back_twice(client, joris, help_request):
    take(help_request, joris)
    press(client, "give_back", help_request)

    assert press(client, "give_back", help_request).status_code == 200
    assert help_request.events.filter(kind=Event.Kind.GIVEN_BACK).count() == 1


def test_address_is_gone_once_the_appointment_is_over(client, joris, riet, help_request):
    take(help_request, joris)
    assert "Voorstraat 12" in text_of(page(client, help_request))

    lifecycle.finish(help_request.pk, worked=True, actor=web(riet), now=NOW)

    assert "Voorstraat 12" not in text_of(page(client, help_request))


# -- who asked


def test_asker_sees_what_happened_happens_and_will_happen_at_real_moments(client, joris, riet, help_request):
    as_asker(client, riet)

    response = page(client, help_request)

    states = [(step["state"], bool(step["when"])) for step in response.context["steps"]]
    assert states[:3] == [("done", True), ("now", False), ("next", True)]
    assert states[-1][0] == "last"
    text = text_of(response)
    assert "Today at 9:10" in text
    assert "Your request is posted" in text
    assert "At your home" in text
    assert "Posted:" not in text
    assert 'aria-current="step"' in text


def test_asker_sees_who_is_coming_by_first_name(client, joris, riet, help_request):
    take(help_request, joris)
    as_asker(client, riet)

    text = text_of(page(client, help_request))

    assert "Who is coming" in text
    assert "Joris" in text
    assert "Achterstraat" not in text
    assert joris.email not in text
    assert "Is something else the matter? Marieke thinks along with you." in text
    assert "Not sure if you can ask something?" not in text


def test_asker_of_a_group_reads_once_how_many_are_still_needed(client, joris, beesd, riet):
    help_request = make.help_request(beesd, author=riet, slots=3)
    take(help_request, joris)
    as_asker(client, riet)

    assert text_of(page(client, help_request)).count("2 more people needed") == 1


def test_asker_cancels_with_who_would_come_on_a_page_of_its_own(client, joris, riet, help_request):
    take(help_request, joris)
    as_asker(client, riet)
    address = reverse("call_off", args=[help_request.pk, help_request.pick_ups.get().pk])
    assert address in text_of(page(client, help_request))
    assert "Don't you need Joris after all?" in text_of(client.get(address))

    text = text_of(client.post(address, follow=True))
    again = client.post(address, follow=True)

    assert '<h2 class="big">Joris hears it from us</h2><p>We keep looking.' in text
    assert "You cancelled with Joris. We keep looking" in text
    assert again.status_code == 200
    assert help_request.events.filter(kind=Event.Kind.CALLED_OFF).count() == 1
    help_request.refresh_from_db()
    assert (help_request.status, help_request.slots_taken) == (Status.OPEN, 0)


def test_after_it_has_been_the_asker_is_asked_how_it_went_instead(client, joris, riet, help_request):
    take(help_request, joris)
    as_reader(client, riet)
    pick_up = help_request.pick_ups.get()
    address = reverse("call_off", args=[help_request.pk, pick_up.pk])

    with time_machine.travel(help_request.needed_by + timedelta(hours=30), tick=False):
        asked = client.get(address, follow=True)
        pressed = text_of(client.post(address, follow=True))
        talk = text_of(client.get(pick_up.get_absolute_url()))

    assert asked.redirect_chain == [(reverse("finish", args=[help_request.pk]), 302)]
    assert "Did it work out?" in text_of(asked)
    assert "This has been already" in pressed
    assert "Did it work out?" in pressed
    assert address not in pressed + talk
    assert PickUp.objects.get().ended_at is None


def test_nobody_else_cancels_for_the_asker(client, joris, beesd, help_request):
    take(help_request, make.neighbour(beesd))
    address = reverse("call_off", args=[help_request.pk, help_request.pick_ups.get().pk])

    assert client.get(address).status_code == client.post(address).status_code == 404
    assert help_request.pick_ups.filter(ended_at=None).count() == 1


def test_asker_skips_ahead_to_the_volunteers(client, joris, beesd, riet, help_request):
    volunteer = make.volunteer(beesd)
    as_asker(client, riet)

    text = text_of(press(client, "ask_volunteers_now", help_request))
    press(client, "ask_volunteers_now", help_request)

    assert Ask.objects.get().volunteer == volunteer
    assert "We asked 1 volunteer" in text
    assert "Rather not wait?" not in text


def test_asker_removes_it_on_a_page_of_its_own_and_puts_it_back_within_a_day(client, joris, riet, help_request, clock):
    as_asker(client, riet)
    assert "Remove your request?" in text_of(client.get(url("withdraw", help_request)))

    removed = press(client, "withdraw", help_request)
    again = press(client, "withdraw", help_request)
    clock.move_to(NOW + timedelta(hours=20))
    back = press(client, "put_back", help_request)

    assert '<h2 class="big">Removed</h2><p>You can put it back for one day.' in text_of(removed)
    assert "Put it back" in text_of(removed)
    assert again.status_code == 200
    assert "Your request is back on the board" in text_of(back)
    help_request.refresh_from_db()
    assert help_request.status == Status.OPEN
    assert help_request.events.filter(kind=Event.Kind.WITHDRAWN).count() == 1


def test_putting_back_after_a_day_is_too_late_and_asking_again_is_not(client, joris, riet, help_request, clock):
    as_asker(client, riet)
    press(client, "withdraw", help_request)
    clock.move_to(NOW + timedelta(hours=25))

    text = text_of(page(client, help_request))
    refused = text_of(press(client, "put_back", help_request))

    assert "Put it back" not in text
    assert "Post it again" in text
    assert "You could put it back until yesterday" in refused


@pytest.mark.parametrize(
    ("worked", "kind"),
    [
        ("yes", Event.Kind.FINISHED),
        ("partly", Event.Kind.PARTLY_DONE),
        ("no", Event.Kind.NOT_DONE),
    ],
)
def test_asker_says_afterwards_whether_it_worked_out(client, joris, riet, help_request, clock, worked, kind):
    take(help_request, joris)
    as_asker(client, riet)
    assert "Did it work out?" not in text_of(page(client, help_request)).split("<aside")[0].split("time card")[0]
    assert "It's done already" in text_of(page(client, help_request))
    clock.move_to(NOW + timedelta(days=3))
    assert "Did it work out?" in text_of(page(client, help_request))
    assert "It's done already" not in text_of(page(client, help_request))

    press(client, "finish", help_request, worked=worked)
    press(client, "finish", help_request, worked=worked)

    help_request.refresh_from_db()
    assert help_request.status == Status.DONE
    assert help_request.events.filter(kind=kind).count() == 1


def test_done_before_the_day_is_asked_once_and_told_to_who_would_come(client, joris, riet, help_request):
    take(help_request, joris)
    as_asker(client, riet)

    asked = press(client, "finish", help_request, worked="yes")  # from a page of before, or by mistake

    help_request.refresh_from_db()
    assert help_request.status == Status.TAKEN
    assert "Joris still has an appointment with you" in text_of(asked)
    press(client, "finish", help_request, worked="yes", early="1")
    help_request.refresh_from_db()
    assert help_request.status == Status.DONE
    assert help_request.pick_ups.get().end == PickUp.End.DONE
    assert Message.objects.filter(kind="pickup.done_early", user=joris, urgent=False).exists()


def test_done_in_another_way_calls_off_who_would_come_and_can_be_undone(client, joris, riet, help_request):
    take(help_request, joris)
    as_asker(client, riet)
    assert url("done_already", help_request) in text_of(page(client, help_request))
    assert "In another way? Then the appointment is off." in text_of(client.get(url("done_already", help_request)))

    told = press(client, "done_already", help_request, how="otherwise")

    assert "You can put your request back for one day." in text_of(told)
    assert "It worked out in another way" in text_of(told)
    assert help_request.pick_ups.get().end == PickUp.End.CALLED_OFF
    assert Message.objects.filter(kind="pickup.called_off", user=joris).exists()
    press(client, "put_back", help_request)
    help_request.refresh_from_db()
    assert help_request.status == Status.OPEN
    assert press(client, "done_already", help_request).status_code == 200


def test_done_on_the_day_itself_tells_nobody_that_it_is_off(client, joris, riet, help_request, clock):
    take(help_request, joris)
    clock.move_to(help_request.needed_by)
    as_asker(client, riet)

    press(client, "finish", help_request, worked="yes")

    assert help_request.pick_ups.get().end == PickUp.End.DONE
    assert not Message.objects.filter(kind="pickup.done_early").exists()


def test_asker_reads_whose_yes_it_was(client, joris, riet, beesd):
    chosen = make.help_request(beesd, author=riet, match_mode=MatchMode.CHOOSE)
    take(chosen, joris)
    offers.accept(chosen.pk, offer_pk=Offer.objects.get().pk, actor=web(riet), now=NOW)
    as_asker(client, riet)

    assert "You said to Joris: yes please" in text_of(page(client, chosen))


def test_answer_that_is_neither_yes_nor_no_changes_nothing(client, joris, riet, help_request):
    as_asker(client, riet)

    for worked in ("", "maybe", "\0"):
        assert press(client, "finish", help_request, worked=worked).status_code == 200

    help_request.refresh_from_db()
    assert help_request.status == Status.OPEN


def test_hidden_request_tells_its_asker_why_and_offers_no_button(client, joris, riet, beesd, help_request):
    moderating.hide(help_request.pk, reason="Er staat een adres in.", actor=staff(beesd.contact_person.user), now=NOW)
    as_asker(client, riet)

    text = text_of(page(client, help_request))

    assert "Your request is hidden for now" in text
    assert "Er staat een adres in." in text
    assert "Ask volunteers now" not in text


def test_helper_of_a_hidden_request_still_has_the_appointment_and_the_way_out(client, joris, beesd, help_request):
    take(help_request, joris)
    moderating.hide(help_request.pk, reason="Er staat een adres in.", actor=staff(beesd.contact_person.user), now=NOW)

    assert "Voorstraat 12" in text_of(page(client, help_request))
    press(client, "give_back", help_request)

    assert not help_request.pick_ups.filter(ended_at=None).exists()
    assert page(client, help_request).status_code == 404


def test_asker_who_presses_the_helpers_button_is_told_it_is_their_own(client, joris, riet, help_request):
    as_asker(client, riet)

    assert "This is your own request" in text_of(press(client, "take", help_request))


# -- changing


CHANGED = {
    "text": "Kan iemand mijn boodschappen halen? Het zijn 2 tassen.",
    "title": "De Spar",
    "slots": "1",
    "day": "other",
    "date": "13-3-2026",
    "part": "morning",
    "minutes": "60",
    "place": "home",
    "address": "Voorstraat 12",
    "version": "1",
}


def test_asker_changes_it_on_one_page(client, joris, riet, help_request):
    as_asker(client, riet)
    assert 'value="12-3-2026"' in text_of(client.get(url("edit", help_request)))

    response = press(client, "edit", help_request, **CHANGED)

    assert "Your request is changed" in text_of(response)
    assert "Friday 13 March, in the morning" in text_of(response)
    help_request.refresh_from_db()
    assert (help_request.title, help_request.minutes, help_request.version) == ("De Spar", 60, 2)


def test_change_that_was_overtaken_keeps_the_words_and_asks_which_stay(client, joris, riet, help_request):
    as_asker(client, riet)
    press(client, "edit", help_request, **CHANGED)

    late = client.post(url("edit", help_request), CHANGED | {"title": "Uit het andere raam"})
    kept = client.post(url("edit", help_request), CHANGED | {"title": "Uit het andere raam", "version": "2"})

    assert late.status_code == 409
    assert "You just changed this somewhere else too" in text_of(late)
    assert 'value="Uit het andere raam"' in text_of(late)
    assert late.context["form"]["version"].value() == "2"
    assert kept.status_code == 302
    help_request.refresh_from_db()
    assert help_request.title == "Uit het andere raam"


def test_change_to_fewer_people_than_come_is_said_at_the_field(client, joris, beesd, riet):
    help_request = make.help_request(beesd, author=riet, slots=3)
    for _ in range(2):
        take(help_request, make.neighbour(beesd))
    as_asker(client, riet)

    response = client.post(url("edit", help_request), CHANGED | {"slots": "1"})

    assert response.status_code == 422
    assert "2 people are already coming. Choose 2 or more" in response.context["form"].errors["slots"][0]


def test_change_with_an_error_keeps_what_was_typed(client, joris, riet, help_request):
    as_asker(client, riet)

    response = client.post(url("edit", help_request), CHANGED | {"date": "1-3-2026", "version": "9" * 30})

    assert response.status_code == 422
    assert "Choose a day that is still to come" in text_of(response)
    assert "Het zijn 2 tassen." in text_of(response)


def test_change_after_the_moment_is_too_late(client, joris, riet, help_request, clock):
    as_asker(client, riet)
    clock.move_to(NOW + timedelta(days=3))

    assert press(client, "edit", help_request, **CHANGED).redirect_chain[0][0] == url("help_request", help_request)
    help_request.refresh_from_db()
    assert help_request.version == 1


# -- a volunteer who was asked


@pytest.fixture
def asked(client, beesd, riet):
    """A volunteer, logged in, asked for a request that is not on the board."""
    volunteer = make.volunteer(beesd, "Samira")
    help_request = make.help_request(beesd, author=riet, audience=Audience.VOLUNTEERS, address="Voorstraat 12")
    escalation.sweep(NOW)
    as_reader(client, volunteer.user)
    return help_request


def test_volunteer_who_was_asked_may_look_say_yes_and_see_the_address(client, asked):
    before = text_of(page(client, asked))
    after = text_of(press(client, "take", asked))

    assert "Yes, I'll do it" in before
    assert "Not this time" in before
    assert "Voorstraat 12" not in before
    assert "Voorstraat 12" in after


def test_volunteer_for_whom_it_is_not_needed_reads_that_it_does_not_count(client, asked, riet):
    lifecycle.withdraw(asked.pk, actor=web(riet), now=NOW)

    response = client.post(url("take", asked))

    assert response.status_code == 409
    assert "This is not needed any more" in text_of(response)
    assert "count for your week" in text_of(response)


# -- a swap by htmx


def swap(client, verb, help_request, **data):
    """What htmx puts in place: it follows the redirect with its own headers."""
    return client.post(url(verb, help_request), data, headers=HTMX, follow=True)


def same(swapped, fresh):
    """The swapped part, the message above it apart, stands word for word in a fresh page."""
    part = without_tokens(swapped[swapped.index('<div class="split">') :]).strip()
    return part in without_tokens(fresh) and "<html" not in swapped


def without_tokens(text):
    """Django masks the token of a form anew each time."""
    head, *tails = text.split('name="csrfmiddlewaretoken" value="')
    return head + "".join(tail.partition('"')[2] for tail in tails)


@pytest.mark.parametrize(
    ("verb", "data"),
    [("ask_volunteers_now", {}), ("finish", {"worked": "yes"}), ("withdraw", {}), ("put_back", {})],
)
def test_page_after_a_swap_is_that_of_a_fresh_page_for_the_asker(client, joris, riet, help_request, verb, data):
    as_asker(client, riet)
    if verb == "put_back":
        lifecycle.withdraw(help_request.pk, actor=web(riet), now=NOW)

    swapped = text_of(swap(client, verb, help_request, **data))

    assert 'id="messages"' in swapped
    assert same(swapped, text_of(page(client, help_request)))


@pytest.mark.parametrize("verb", ["take", "give_back"])
def test_page_after_a_swap_is_that_of_a_fresh_page_for_the_helper(client, joris, help_request, verb):
    if verb == "give_back":
        take(help_request, joris)

    swapped = text_of(swap(client, verb, help_request))

    assert same(swapped, text_of(page(client, help_request)))


def test_timeline_that_looks_again_gets_the_same_part(client, joris, riet, help_request):
    as_asker(client, riet)

    again = page(client, help_request, headers=HTMX)

    assert "data-looks-again" in text_of(again)
    assert same(text_of(again), text_of(page(client, help_request)))
    assert "HX-Request" in again.headers["Vary"]


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "edit"])
def test_broken_encoding_is_no_fault_of_ours(client, joris, riet, help_request, verb):
    for person in (joris, riet):
        client.force_login(person)
        response = client.generic(
            "POST", url(verb, help_request), b"worked=%ff%00", content_type="application/x-www-form-urlencoded"
        )
        assert response.status_code < 500
