"""The pages of one's own circle, and what nobody but the asker ever reads of it."""

import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from phonenumber_field.phonenumber import PhoneNumber

from accounts.actors import staff, web
from moderation import reports
from moderation.models import Report
from notifications.delivery import deliver
from notifications.digest_sections import Reader
from notifications.models import Message
from requests_app import circle, circle_links, circle_stop, digest, escalation, lifecycle, offers
from requests_app.models import Audience, CircleContact, CircleInvite, HelpRequest, MatchMode, PickUp, Status
from requests_app.models.circle import MOST_CONTACTS
from tests import make
from tests.cast import as_reader
from tests.make import NOW
from tests.team import at_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WHO = {"audience": "circle", "match_mode": "choose"}
NAME, MAIL, OTHER = "Elsbetania", "elsbetania@kring.example", "Hendrikus"
PHONE = PhoneNumber.from_string("+31645454545")


@pytest.fixture
def draft(beesd, client, riet):
    as_reader(client, riet)
    return make.draft(beesd, author=riet, match_mode="choose")


@pytest.fixture
def els(riet):
    return make.in_circle(riet, "Els")


@pytest.fixture
def asked(beesd, riet, els):
    return make.circle_request(beesd, els, author=riet)


def link(asked):
    return circle_links.path(asked.circle_invites.get())


def send(client, draft, **typed):
    return client.post(reverse("ask_who", args=[draft.pk]), WHO | typed)


# Asking


def test_somebody_typed_is_in_the_circle_and_asked_with_one_press_of_next(client, draft, riet):
    step = send(client, draft, name=" Els ", way="Els@Kring.example")

    assert step.headers["Location"] == reverse("ask_check", args=[draft.pk])
    person = CircleContact.objects.get()
    assert (person.owner, person.name, person.email) == (riet, "Els", "els@kring.example")
    assert draft.circle_invites.get().contact == person


def test_adding_stays_on_the_page_and_keeps_every_answer(client, draft):
    step = send(client, draft, name="Henk", way="0612345678", match_mode="first", then="add")

    page = client.get(step.headers["Location"])
    assert page.context["form"]["audience"].value() == "circle"
    assert page.context["form"]["match_mode"].value() == "first"
    assert page.context["form"]["circle"].value() == [str(CircleContact.objects.get().pk)]
    assert "<details" in page.content.decode()


def test_who_was_asked_before_is_remembered_and_ticked_for_next_time(client, draft, riet):
    person = make.in_circle(riet, "Els")

    page = client.get(reverse("ask_who", args=[draft.pk]))

    assert page.context["form"]["circle"].value() == [str(person.pk)]
    assert "Gets an e-mail" in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({}, "circle", "Choose whom we ask first, or add someone"),
        ({"then": "add"}, "name", "Write the first name"),
        ({"name": "Els"}, "way", "Write an e-mail address, or a phone number"),
        ({"name": "Els", "way": "06"}, "way", "Write an e-mail address, or a phone number"),
        ({"name": "Els", "way": "els@"}, "way", "Write an e-mail address, or a phone number"),
        ({"way": "els@kring.example"}, "name", "Write the first name"),
        ({"name": "x" * 41, "way": "els@kring.example"}, "name", "Make the name shorter"),
        ({"circle": "999999"}, "circle", "Choose whom we ask first"),
        ({"circle": "els"}, "circle", "Please choose"),
        ({"name": "Els", "way": "els@", "then": "back"}, "way", "Write an e-mail address"),
    ],
)
def test_what_is_not_right_stands_at_its_field_and_what_was_typed_stays(client, draft, typed, field, words):
    response = send(client, draft, **typed)

    text = response.content.decode()
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert words in text
    assert all(f'value="{value}"' in text for name, value in typed.items() if name in {"name", "way"} and value)
    assert not CircleContact.objects.exists()


def test_somebody_who_is_there_already_is_not_renamed_and_what_was_typed_stays(client, draft, els):
    typed = {"name": "Piet", "way": els.email.upper()}
    as_reader(client, els.owner)

    for page, more in ((reverse("my_circle"), {}), (reverse("ask_who", args=[draft.pk]), WHO | {"then": "add"})):
        response = client.post(page, typed | more)

        text = response.content.decode()
        assert response.status_code == 422
        assert "This person is there already, as Els" in text
        assert all(f'value="{value}"' in text for value in typed.values())
    assert [person.name for person in circle.people_of(els.owner)] == ["Els"]


def test_refusal_stands_at_the_address(client, draft, riet):
    circle_stop.stop(circle_links.fingerprint("els@kring.example"), NOW)

    response = send(client, draft, name="Els", way="els@kring.example")

    assert response.status_code == 422
    assert "does not want to be asked by SamSam" in response.content.decode()


def test_last_look_names_who_is_asked_and_its_moments_are_kept(client, draft):
    send(client, draft, name="Els", way="els@kring.example")
    check = client.get(reverse("ask_check", args=[draft.pk]))
    shown = [step["when"] for step in check.context["steps"] if step["when"]]

    client.post(reverse("ask_check", args=[draft.pk]), {"after_circle": "circle"})
    page = client.get(reverse("help_request", args=[draft.pk]))

    assert "First your own circle: Els" in check.content.decode()
    assert "Nobody yet? Then your request goes to all neighbours" in check.content.decode()
    assert [step["when"] for step in page.context["steps"] if step["state"] == "next"] == shown
    assert HelpRequest.objects.get(pk=draft.pk).audience == Audience.CIRCLE


def test_who_says_no_to_the_neighbours_keeps_it_in_the_circle(client, draft):
    send(client, draft, name="Els", way="els@kring.example")

    client.post(reverse("ask_check", args=[draft.pk]), {"after_circle": "circle_only"})

    assert HelpRequest.objects.get(pk=draft.pk).audience == Audience.CIRCLE_ONLY


@pytest.mark.parametrize("said", [{}, {"after_circle": ""}, {"after_circle": "everybody"}])
def test_no_answer_about_the_time_after_the_circle_is_no_yes(client, draft, said):
    send(client, draft, name="Els", way="els@kring.example")
    page = reverse("ask_check", args=[draft.pk])

    assert 'name="after_circle" value="circle" checked' not in " ".join(client.get(page).content.decode().split())
    refused = client.post(page, said)

    assert refused.status_code == 422
    assert "after_circle" in refused.context["form"].errors
    assert HelpRequest.objects.get(pk=draft.pk).status == Status.DRAFT


def test_without_anybody_to_ask_the_last_look_goes_back_to_the_question(client, draft, riet):
    send(client, draft, name="Els", way="els@kring.example")
    circle.remove(CircleContact.objects.get().pk, owner=riet, now=NOW)

    assert client.get(reverse("ask_check", args=[draft.pk])).headers["Location"] == reverse("ask_who", args=[draft.pk])


def test_who_chooses_all_neighbours_after_all_asks_nobody_of_the_circle(client, draft):
    send(client, draft, name="Els", way="els@kring.example")
    send(client, draft, audience="neighbours", circle=str(CircleContact.objects.get().pk))

    assert not draft.circle_invites.exists()


def test_ready_text_stands_there_to_copy_and_as_a_text_message(client, beesd, riet):
    henk = make.in_circle(riet, "Henk", by_phone=True)
    asked = make.circle_request(beesd, henk, author=riet)
    as_reader(client, riet)

    text = client.get(reverse("help_request", args=[asked.pk])).content.decode()

    assert "<textarea" in text
    assert f'href="sms:{henk.phone.as_e164}?&amp;body=Hi%20Henk' in text
    assert link(asked) in text


def test_landline_is_called_and_gets_no_text_message_and_the_text_stays_to_copy(client, beesd, riet):
    phone = PhoneNumber.from_string("+31345681234")
    henk = circle.add(riet, name="Henk", phone=phone, now=NOW)
    asked = make.circle_request(beesd, henk, author=riet)
    as_reader(client, riet)

    text = client.get(reverse("help_request", args=[asked.pk])).content.decode()
    listed = client.get(reverse("my_circle")).content.decode()

    assert "sms:" not in text
    assert f'href="{phone.as_rfc3966}"' in text
    assert "Hi Henk" in text
    for page in (text, listed):
        assert "You call 0345 681 234" in page
        assert "You send a message" not in page


@pytest.mark.parametrize("over", ["taken", "withdrawn"])
def test_once_it_is_settled_a_text_to_say_so_stands_there_for_whom_we_do_not_mail(client, beesd, riet, els, over):
    henk, piet = make.in_circle(riet, "Henk", by_phone=True), make.in_circle(riet, "Piet", by_phone=True)
    asked = make.circle_request(beesd, els, henk, piet, author=riet)
    circle.decline(asked.circle_invites.get(contact=henk).pk, now=NOW)  # of which the page says nothing
    as_reader(client, riet)
    page = reverse("help_request", args=[asked.pk])
    assert "sorted already" not in client.get(page).content.decode()

    if over == "taken":
        circle.accept(asked.circle_invites.get(contact=piet).pk, now=NOW)
    else:
        lifecycle.withdraw(asked.pk, actor=web(riet), now=NOW)
    text = client.get(page).content.decode()

    assert "Hi Henk, it is sorted already: " in text
    assert f'href="sms:{henk.phone.as_e164}?&amp;body=Hi%20Henk%2C%20it%20is%20sorted' in text
    assert ("Hi Piet" in text) is (over == "withdrawn")
    assert "Hi Els" not in text  # hears it by mail
    assert circle_links.path(asked.circle_invites.get(contact=henk)) not in text


def test_text_to_say_so_is_gone_once_its_moment_came(client, beesd, riet, els, clock):
    henk = make.in_circle(riet, "Henk", by_phone=True)
    asked = make.circle_request(beesd, els, henk, author=riet)
    circle.accept(asked.circle_invites.get(contact=els).pk, now=NOW)
    as_reader(client, riet)
    page = reverse("help_request", args=[asked.pk])
    assert "Hi Henk" in client.get(page).content.decode()

    clock.move_to(asked.needed_by)

    assert "Hi Henk" not in client.get(page).content.decode()


def test_asker_takes_the_step_to_the_neighbours_at_once(client, beesd, riet, asked):
    as_reader(client, riet)
    assert "Ask all neighbours now" in client.get(reverse("help_request", args=[asked.pk])).content.decode()

    page = client.post(reverse("ask_neighbours_now", args=[asked.pk]), follow=True).content.decode()

    assert "Ask all neighbours now" not in page
    assert HelpRequest.objects.on_board_of(beesd.pk, NOW).exists()
    as_reader(client, make.neighbour(beesd))
    assert client.post(reverse("ask_neighbours_now", args=[asked.pk])).status_code == 404


# One's own circle


def test_own_circle_is_kept_on_a_page_of_its_own(client, riet):
    as_reader(client, riet)
    client.post(reverse("my_circle"), {"name": "Els", "way": "els@kring.example"})
    person = CircleContact.objects.get()

    client.post(reverse("circle_change", args=[person.pk]), {"name": "Elsje", "way": "els@kring.example"})
    assert "Elsje" in client.get(reverse("my_circle")).content.decode()
    assert client.get(reverse("circle_remove", args=[person.pk])).status_code == 200
    client.post(reverse("circle_remove", args=[person.pk]))

    assert "Elsje" not in client.get(reverse("my_circle")).content.decode()
    assert not circle.people_of(riet).exists()


@pytest.mark.parametrize("page", ["circle_change", "circle_remove"])
def test_somebody_elses_circle_is_not_there(client, beesd, els, page):
    as_reader(client, make.neighbour(beesd))

    assert client.get(reverse(page, args=[els.pk])).status_code == 404


def test_number_of_another_country_is_shown_with_it_and_its_name_can_be_changed(client, riet):
    person = circle.add(riet, name="Jan", phone=PhoneNumber.from_string("+491701234567"), now=NOW)
    as_reader(client, riet)

    page = client.get(reverse("circle_change", args=[person.pk]))
    typed = {"name": "Johann", "way": page.context["form"]["way"].value()}
    saved = client.post(reverse("circle_change", args=[person.pk]), typed)

    assert saved.status_code == 302
    assert CircleContact.objects.get().name == "Johann"
    assert "You send a message to +49 170 1234567" in client.get(reverse("my_circle")).content.decode()


@pytest.mark.parametrize("number", ["0800 1351", "0900 8844", "0909 1234"])
def test_number_of_a_company_cannot_be_sent_a_message(client, riet, number):
    as_reader(client, riet)

    page = client.post(reverse("my_circle"), {"name": "Els", "way": number})

    assert page.status_code == 422
    assert "To this number you cannot send a message" in page.content.decode()
    assert not CircleContact.objects.exists()


def test_nobody_is_in_their_own_circle(client, riet, els):
    riet.phone = PHONE
    riet.save()
    as_reader(client, riet)

    for way, said in ((riet.email.upper(), "your own address"), ("06 45 45 45 45", "your own number")):
        for page in (reverse("my_circle"), reverse("circle_change", args=[els.pk])):
            refused = client.post(page, {"name": "Ik", "way": way})
            assert refused.status_code == 422
            assert said in refused.content.decode()
    assert CircleContact.objects.get().name == "Els"


def test_very_many_in_a_short_time_ask_for_patience(client, riet):
    as_reader(client, riet)
    for n in range(12):
        circle.remove(make.in_circle(riet, f"Els{n}").pk, owner=riet, now=NOW)

    assert client.post(reverse("my_circle"), {"name": "Els", "way": "els@kring.example"}).status_code == 429


# Behind the link


def test_page_behind_the_link_shows_one_request_and_changes_nothing(client, riet, asked):
    for _ in range(2):
        page = client.get(link(asked))

    text = page.content.decode()
    assert page.status_code == 200
    assert "Riet vraagt jou als eerste" in text  # in the asker's language, as the mail
    assert "Voorstraat" not in text
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert not PickUp.objects.exists()
    assert CircleInvite.objects.get().answer == ""


def test_yes_shows_the_address_until_it_is_given_back(client, asked):
    client.post(link(asked), {"answer": "yes"})
    assert "Voorstraat 12" in client.get(link(asked)).content.decode()

    client.post(link(asked), {"answer": "back"})
    assert "Voorstraat" not in client.get(link(asked)).content.decode()
    client.post(link(asked), {"answer": "yes"})
    assert "Voorstraat 12" in client.get(link(asked)).content.decode()

    assert asked.events.filter(kind="address_shown").count() == 2


def test_yes_and_back_again_and_again_asks_for_patience(client, asked):
    for _ in range(3):
        client.post(link(asked), {"answer": "yes"})
        client.post(link(asked), {"answer": "back"})

    assert client.post(link(asked), {"answer": "yes"}).status_code == 429


def test_no_is_thanked_and_a_yes_stays_possible(client, asked):
    page = client.post(link(asked), {"answer": "no"}, follow=True).content.decode()

    assert "Dank je wel dat je het laat weten" in page
    assert "Ja, ik help Riet" in page


@pytest.mark.parametrize("why", ["taken", "withdrawn", "past its time"])
def test_dead_link_says_kindly_the_same_whatever_happened(client, beesd, riet, asked, why):
    """Nobody is told which of these it is, so what it says is true of each: also where nobody was found."""
    path = link(asked)
    if why == "taken":
        HelpRequest.objects.update(audience=Audience.NEIGHBOURS, match_mode=MatchMode.FIRST)
        joris = make.neighbour(beesd, "Joris")
        offers.say_yes(asked.pk, helper=joris, actor=web(joris), now=NOW)
    elif why == "withdrawn":
        lifecycle.withdraw(asked.pk, actor=web(riet), now=NOW)
    else:
        lifecycle.lapse(asked, NOW)

    looked, pressed = client.get(path), client.post(path, {"answer": "yes"})

    assert (looked.status_code, pressed.status_code) == (200, 409)
    for page in (looked, pressed):
        assert "<h1>Deze vraag staat niet meer voor je open</h1>" in page.content.decode()
        assert "Fijn dat je keek. Je hoeft niets te doen." in page.content.decode()
        assert "geregeld" not in page.content.decode()
        assert "Riet" not in page.content.decode()
        assert "Boodschappen" not in page.content.decode()
    circle.remove(CircleContact.objects.get().pk, owner=riet, now=NOW)
    assert "Deze vraag staat niet meer voor je open" in client.get(path).content.decode()
    assert client.post(path, {"answer": "yes"}).status_code == 409


@pytest.mark.parametrize("token", ["1", "1.x", "x", "9" * 40])
def test_made_up_links_are_not_there(client, asked, token):
    assert client.get(reverse("circle_asked", args=[token])).status_code == 404
    assert client.get(reverse("circle_stop", args=[token])).status_code == 404


def test_nonsense_behind_the_link_changes_nothing(client, asked):
    response = client.post(link(asked), {"answer": "free beer"})

    assert response.headers["Location"] == link(asked)
    assert not PickUp.objects.exists()


def test_mail_has_one_link_and_one_step_to_stop_all_such_mail(client, asked, els, mailoutbox, settings):
    settings.SITE_URL = "https://samsam.example"
    deliver(NOW)
    letter = next(mail for mail in mailoutbox if mail.to == [els.email])
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("https://samsam.example")

    assert letter.subject == "Riet vraagt jou als eerste"
    assert link(asked) in letter.body
    assert "Voorstraat" not in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert client.get(stop).status_code == 200
    assert circle.people_of(asked.author).exists()  # looking changes nothing
    path = link(asked)
    Client(enforce_csrf_checks=True).post(stop)  # as a mail program does
    assert not circle.people_of(asked.author).exists()
    assert client.get(path).headers["Location"] == stop


def test_what_a_mail_program_pressed_is_turned_back_by_the_same_link_for_a_day(client, asked, riet, els, clock):
    path, stop = link(asked), circle_links.stop_path(els.fingerprint)
    Client(enforce_csrf_checks=True).post(stop, {"List-Unsubscribe": "One-Click"})
    as_reader(client, riet)
    assert "Els" not in client.get(reverse("help_request", args=[asked.pk])).content.decode()
    person = Client(headers={"accept-language": "nl"})

    page = person.get(path, follow=True).content.decode()
    assert 'value="back"' in page
    assert "Je kunt dat terugdraaien tot morgen om" in page
    assert not circle.people_of(riet).exists()  # looking changes nothing
    back = person.post(stop, {"answer": "back"}).content.decode()

    assert "Je mag weer gevraagd worden" in back
    assert "Ja, ik help Riet" in person.get(path).content.decode()
    assert "Els" in client.get(reverse("help_request", args=[asked.pk])).content.decode()


def test_after_that_day_the_page_offers_nothing_to_turn_back(client, els, clock):
    stop = circle_links.stop_path(els.fingerprint)
    client.post(stop)
    clock.move_to(NOW + timedelta(days=1))

    for page in (client.get(stop), client.post(stop, {"answer": "back"})):
        assert 'value="back"' not in page.content.decode()
        assert circle_stop.is_stopped(els.fingerprint)


def test_take_me_out_of_the_circle_is_a_button_on_the_page_too(client, asked, riet):
    page = client.post(link(asked), {"answer": "stop"}, follow=True)

    assert page.status_code == 200
    assert not circle.people_of(riet).exists()


def test_who_does_not_know_the_asker_tells_the_team_without_an_account_and_unnamed(client, beesd, asked, els):
    stop = circle_links.stop_path(els.fingerprint)
    page = client.get(stop).content.decode()
    assert "Ik ken Riet niet" in page
    assert not Report.objects.exists()

    for _twice in range(2):
        page = client.post(stop, {"stranger": asked.circle_invites.get().pk}).content.decode()

    assert "Het dorpsteam kijkt ernaar" in page
    told = Report.objects.get()
    assert (told.about, told.subject, told.reporter) == (asked.author, asked.pk, None)
    assert Message.objects.filter(kind="team.report_new", user=beesd.contact_person.user).exists()
    assert not circle_stop.is_stopped(els.fingerprint)  # that is another button
    team = at_work(beesd.contact_person.user)
    for name, args in (("change", [told.pk]), ("changelist", [])):
        page = team.get(reverse(f"admin:moderation_report_{name}", args=args)).content.decode()
        assert "weet niet wie dat vraagt" in page or name == "changelist"
        assert els.email not in page
    reports.decide(told.pk, outcome=Report.Outcome.HIDDEN, answer="Onbekend", actor=staff_of(beesd), now=NOW)
    assert HelpRequest.objects.get(pk=asked.pk).hidden_at
    deliver(NOW + timedelta(hours=1))
    assert not Message.objects.filter(kind="report.decided").exists()


def test_who_stopped_can_tell_it_too_and_nobody_tells_it_of_a_stranger(client, beesd, asked, els):
    other = make.neighbour(beesd, "Fatma")
    elsewhere = make.circle_request(beesd, make.in_circle(other, "Piet"), author=other)
    stop = circle_links.stop_path(els.fingerprint)

    for wrong in (elsewhere.circle_invites.get().pk, "x", ""):
        client.post(stop, {"stranger": wrong})
    assert not circle_stop.is_stopped(els.fingerprint)
    client.post(stop)
    assert not Report.objects.exists()
    assert "Fatma" not in client.get(stop).content.decode()

    client.post(stop, {"stranger": asked.circle_invites.get().pk})
    assert Report.objects.get().about == asked.author


def staff_of(village):
    return staff(village.contact_person.user)


# Nobody else learns who is in a circle


@pytest.fixture
def planted(beesd, riet):
    """Elsbetania comes by mail, Hendrikus was asked by text; two places are still free."""
    comes = circle.add(riet, name=NAME, email=MAIL, now=NOW)
    other = circle.add(riet, name=OTHER, phone=PHONE, now=NOW)
    group = make.circle_request(beesd, comes, other, author=riet, slots=3, match_mode="first")
    circle.accept(CircleInvite.objects.get(contact=comes).pk, now=NOW)
    deliver(NOW)
    return group


def holds_a_name(text):
    return [word for word in (NAME, OTHER, MAIL, "45454545", "45 45 45") if word.lower() in text.lower()]


PAGES = [
    "home",
    "board",
    "mine",
    "inbox",
    "conversations",
    "appointments",
    "no_contact_list",
    "my_circle",
    "volunteer",
]


def test_no_neighbour_helper_or_visitor_reads_a_name_anywhere(client, beesd, planted):
    escalation.sweep(planted.next_at)
    joris, other = make.neighbour(beesd, "Joris"), make.neighbour(beesd, "Fatma")
    for person in (joris, other):
        as_reader(client, person)
        if person == joris:
            client.post(reverse("take", args=[planted.pk]))
        pages = [reverse(page) for page in PAGES] + [reverse("help_request", args=[planted.pk])]
        pages += [reverse("conversation", args=[pk]) for pk in PickUp.objects.values_list("pk", flat=True)]
        pages += [reverse("report", args=["request", planted.pk])]
        for page in pages:
            assert holds_a_name(client.get(page).content.decode()) == [], page
    visitor = Client()
    for page in (reverse("home"), reverse("village", args=[beesd.slug])):
        assert holds_a_name(visitor.get(page).content.decode()) == []
    found = digest.look([Reader(other.pk, NOW, planted.next_at)], planted.next_at)
    assert found
    assert holds_a_name(str(found)) == []


def test_the_others_link_shows_nobody_else(client, planted):
    other = CircleInvite.objects.get(contact__name=OTHER)

    text = client.get(circle_links.path(other)).content.decode()

    assert "Riet" in text
    assert holds_a_name(text) == []


def test_staff_read_that_somebody_of_the_circle_comes_and_not_who(beesd, planted):
    client = at_work(beesd.contact_person.user)
    message = Message.objects.get(kind="circle.asked")

    pages = [
        reverse("admin:requests_app_helprequest_change", args=[planted.pk]),
        reverse("admin:requests_app_helprequest_changelist"),
        reverse("admin:requests_app_event_changelist"),
        reverse("admin:notifications_message_changelist") + "?state=all",
        reverse("admin:notifications_message_change", args=[message.pk]),
    ]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        assert holds_a_name(response.content.decode()) == [], page
    text = client.get(pages[0]).content.decode()
    assert "kring" in text.lower() or "circle" in text.lower()


def test_no_log_holds_a_name(beesd, riet, planted, caplog):
    caplog.set_level(logging.DEBUG)

    client = Client()
    for answer in ("back", "yes", "no"):
        client.post(link_of(MAIL), {"answer": answer})
    lifecycle.edit(planted.pk, changes={"minutes": 60}, actor=web(riet), now=NOW)
    escalation.sweep(planted.needed_by)
    deliver(planted.needed_by)

    assert holds_a_name(caplog.text) == []


def link_of(address):
    return circle_links.path(CircleInvite.objects.get(contact__email=address))


def test_asker_reads_who_comes_and_how_to_reach_them_and_has_no_conversation(client, riet, planted):
    as_reader(client, riet)
    pick_up = PickUp.objects.get()

    text = client.get(reverse("help_request", args=[planted.pk])).content.decode()

    assert NAME in text
    assert f"mailto:{MAIL}" in text
    for page in ("conversation", "afterwards", "share_phone", "propose_time", "appointment_file"):
        assert client.get(reverse(page, args=[pick_up.pk])).status_code == 404, page
    assert client.get(reverse("conversations")).status_code == 200
    assert NAME in client.get(reverse("appointments")).content.decode()
    assert NAME in client.get(reverse("inbox")).content.decode()


def test_asker_cancels_with_somebody_of_the_circle_and_finishes_without_a_page_of_thanks(client, riet, asked, els):
    as_reader(client, riet)
    circle.accept(asked.circle_invites.get().pk, now=NOW)
    page = reverse("call_off", args=[asked.pk, PickUp.objects.get().pk])
    assert "Els hears it from us" in client.get(page).content.decode()
    client.post(page)
    circle.accept(asked.circle_invites.get().pk, now=NOW)

    done = client.post(reverse("finish", args=[asked.pk]), {"worked": "yes", "early": "1"}, follow=True)

    assert HelpRequest.objects.get(pk=asked.pk).status == Status.DONE
    assert "Els" in done.content.decode()


def test_who_comes_by_phone_is_called_by_the_asker(client, beesd, riet):
    henk = make.in_circle(riet, "Henk", by_phone=True)
    asked = make.circle_request(beesd, henk, author=riet)
    circle.accept(asked.circle_invites.get().pk, now=NOW)
    as_reader(client, riet)

    text = client.get(reverse("call_off", args=[asked.pk, PickUp.objects.get().pk])).content.decode()

    assert "Call Henk yourself" in text


def test_who_helped_and_is_erased_stays_somebody_of_the_circle(client, riet, asked, els):
    circle.accept(asked.circle_invites.get().pk, now=NOW)
    lifecycle.finish(asked.pk, worked=True, actor=web(riet), now=NOW)
    circle.remove(els.pk, owner=riet, now=NOW)
    as_reader(client, riet)

    assert "Somebody from your circle" in client.get(reverse("help_request", args=[asked.pk])).content.decode()


def test_asking_again_begins_with_the_same_circle(client, riet, asked):
    as_reader(client, riet)
    escalation.sweep(asked.next_at)
    lifecycle.withdraw(asked.pk, actor=web(riet), now=NOW)

    client.post(reverse("ask_again", args=[asked.pk]))

    again = HelpRequest.objects.get(status=Status.DRAFT)
    assert again.audience == Audience.CIRCLE
    assert again.circle_invites.get().contact.name == "Els"


# Odd input


def test_long_name_is_refused_in_words_and_not_cut_by_the_browser(client, riet):
    """With ``maxlength`` a browser stops typing, or cuts what is pasted, and nobody is told."""
    as_reader(client, riet)

    page = client.get(reverse("my_circle")).content.decode()
    refused = client.post(reverse("my_circle"), {"name": "x" * 41, "way": MAIL})

    assert "maxlength" not in page
    assert "Make the name shorter" in refused.content.decode()


def test_place_of_who_left_is_not_offered_before_it_is_free(client, riet):
    """Who left may come back for a day: until then the form would only be refused, with a number that is not so."""
    people = [make.in_circle(riet, f"Els{n}") for n in range(MOST_CONTACTS)]
    circle_stop.stop(people[0].fingerprint, NOW)
    as_reader(client, riet)

    page = client.get(reverse("my_circle")).content.decode()
    refused = client.post(reverse("my_circle"), {"name": "Elf", "way": "elf@kring.example"}).content.decode()

    for text in (page, refused):
        assert "Somebody left your circle. There is room again in a day or so" in text
        assert "10 people" not in text
    assert 'name="way"' not in page
