"""The last rung: what is promised of the contact person is true, and kept or said."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.actors import CLOCK, staff, web
from accounts.models import StaffRole
from notifications import delivery
from notifications.models import Channel, Message
from requests_app import (
    contact_hours,
    contact_rung,
    escalation,
    lifecycle,
    moments,
    offers,
    owner_late,
    timeline,
    timeline_others,
)
from requests_app.models import Part, PickUp, Status
from tests import make, team
from tests.cast import as_reader
from tests.make import NOW
from tests.racing import at_once
from villages import switching

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def local(*numbers):
    return moments.local_moment(date(*numbers[:3]), time(*numbers[3:]))


def asked_for(village, at, *, now):
    """Geesje asks something for a fixed time, and the clock looks at once."""
    geesje = make.neighbour(village, "Geesje")
    help_request = make.help_request(village, part=Part.FIXED, help_on=at.date(), help_at=at, now=now, author=geesje)
    escalation.sweep(now)
    help_request.refresh_from_db()
    return help_request


def rows(person, kind):
    return {(row.channel, row.not_before, row.urgent) for row in Message.objects.filter(user=person, kind=kind)}


def now_line(help_request, at):
    return next(line for line in timeline.timeline(help_request, at) if line.state == "now")


# -- At night


def test_asked_in_the_night_for_the_same_night_the_contact_person_is_told_at_once(beesd, mailoutbox):
    night, at = local(2026, 3, 10, 21, 54), local(2026, 3, 10, 22, 4)
    make.volunteer(beesd)

    help_request = asked_for(beesd, at, now=night)

    at_once = {(Channel.IN_APP, night, True), (Channel.MAIL, night, True)}
    assert rows(beesd.contact_person.user, "team.request_waiting") == at_once
    assert rows(help_request.author, "request.to_contact") == at_once
    assert not Message.objects.filter(kind="volunteer.asked").exists()
    delivery.deliver(night)
    bodies = {mail.subject: mail.body for mail in mailoutbox}
    assert len(bodies) == 2
    nl = bodies["We hebben Marieke meteen bericht gestuurd"]
    assert "Het is nacht." in nl
    assert "06 - 12 34 56 78" in nl
    assert "Bel 112." in nl
    assert "belt je voor" not in nl
    assert "niet wachten tot de ochtend" in bodies["Er wacht een vraag op je"]


def test_in_the_night_the_page_promises_no_call_and_gives_the_numbers(beesd, client):
    night, at = local(2026, 3, 10, 21, 54), local(2026, 3, 10, 22, 4)
    help_request = asked_for(beesd, at, now=night)
    as_reader(client, help_request.author)

    with time_machine.travel(night + timedelta(minutes=1), tick=False):
        page = client.get(help_request.get_absolute_url()).content.decode()

    assert "It is night. We told Marieke at once, but Marieke may be asleep" in page
    assert "will call you before" not in page
    note = page[page.index("Can it not wait?") :][:600]
    assert 'href="tel:+31-6-12345678"' in note
    assert 'href="tel:112"' in note


def test_preview_of_a_night_promises_no_call_either(beesd):
    night = local(2026, 3, 10, 21, 54)
    draft = make.draft(beesd, part=Part.FIXED, help_on=night.date(), help_at=local(2026, 3, 10, 22, 4), now=night)

    whats = [line.what for line in timeline.preview(draft, night)]

    assert "We tell Marieke, who may be asleep or not at work" in whats
    assert not any("call you" in what for what in whats)


def test_who_is_asked_and_the_asker_read_the_same_of_a_night_as_the_page(beesd, mailoutbox):
    """Asked at six in the evening for half past nine, without a rule of working hours: then Marieke is not at work."""
    evening, at = local(2026, 3, 10, 18), local(2026, 3, 10, 21, 30)
    make.policy(beesd.municipality, office_hours=0)
    samira = make.volunteer(beesd)
    help_request = make.help_request(beesd, part=Part.FIXED, help_on=at.date(), help_at=at, now=evening)
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=evening)
    help_request.refresh_from_db()
    told = "We tell Marieke, who may be asleep or not at work"

    page = [line.what for line in timeline.timeline(help_request, evening)]
    theirs = [line.what for line in timeline_others.for_asked(help_request, samira.asks.get(), evening)]
    delivery.deliver(evening)

    assert told in page
    assert told in theirs
    assert not any("will help to look" in what for what in page + theirs)
    (mail,) = [mail for mail in mailoutbox if mail.subject == "We zoeken verder voor je"]
    assert "We sturen Marieke bericht. Dan is het nacht, of buiten werktijd." in mail.body
    assert "zoekt Marieke mee" not in mail.body


def test_asked_in_the_evening_for_just_after_the_night_the_contact_person_hears_it_that_evening(beesd):
    evening = local(2026, 3, 10, 21, 30)

    help_request = asked_for(beesd, local(2026, 3, 11, 8, 5), now=evening)

    assert help_request.owner == beesd.contact_person.user
    assert help_request.events.get(kind="to_contact").params == {"night": 1}
    assert {row[1] for row in rows(beesd.contact_person.user, "team.request_waiting")} == {evening}


def test_with_more_than_an_hour_of_the_morning_left_everybody_sleeps(beesd):
    evening = local(2026, 3, 10, 21, 30)

    help_request = asked_for(beesd, local(2026, 3, 11, 9, 5), now=evening)

    assert (help_request.owner, help_request.next_at) == (None, local(2026, 3, 11, 8))


def test_on_a_sunday_afternoon_nobody_promises_a_call_but_nobody_is_woken(beesd):
    sunday = local(2026, 3, 15, 14)

    help_request = asked_for(beesd, local(2026, 3, 15, 16), now=sunday)

    assert help_request.events.get(kind="to_contact").params == {"off_hours": 1}
    assert now_line(help_request, sunday).what == "We told Marieke at once, but Marieke may not be at work"
    assert rows(beesd.contact_person.user, "team.request_waiting") == {
        (Channel.IN_APP, sunday, False),
        (Channel.MAIL, sunday, False),
    }


# -- I called, I found somebody, I found nobody


@pytest.fixture
def theirs(beesd, clock):
    """Groceries on Thursday afternoon, which lie with Marieke since now."""
    help_request = make.help_request(beesd)
    escalation.hand_to_contact(help_request.pk, actor=CLOCK, now=NOW)
    help_request.refresh_from_db()
    return help_request


@pytest.fixture
def marieke(beesd):
    return beesd.contact_person.user


@pytest.fixture
def desk(marieke):
    browser = team.at_work(marieke)
    browser.cookies["django_language"] = "en"
    return browser


def press(desk, help_request, action, **answers):
    url = reverse("admin:requests_app_helprequest_changelist")
    noted = {"noted": "1"} if answers else {}
    words = {"action": action, "_selected_action": help_request.pk, "beside": help_request.pk, **noted, **answers}
    return desk.post(url, words, follow=True)


@pytest.mark.parametrize(("day", "choices"), [(12, ["thursday", "friday", "monday"]), (13, ["friday", "monday"])])
def test_no_moment_until_which_somebody_looks_on_is_offered_twice(beesd, day, choices):
    now = local(2026, 3, day, 10)
    help_request = make.help_request(beesd, part=Part.AFTERNOON, help_on=date(2026, 3, 20))

    ends = contact_hours.look_on(help_request, now)

    assert [f"{at:%A}".lower() for at in ends.values()] == choices


def kinds(help_request):
    return list(help_request.events.values_list("kind", flat=True))


def test_marieke_called_and_looks_on_until_a_new_moment(theirs, desk):
    page = desk.get(reverse("admin:requests_app_helprequest_change", args=[theirs.pk])).content.decode()
    assert all(words in page for words in ("I called", "Somebody found", "Nobody found"))
    assert "until" in press(desk, theirs, "called").content.decode()

    press(desk, theirs, "called", until="tomorrow")
    press(desk, theirs, "called", until="tomorrow")

    theirs.refresh_from_db()
    assert theirs.owner_deadline_at == theirs.owner_word_at == local(2026, 3, 11, 17)
    assert kinds(theirs).count("called") == 1
    assert now_line(theirs, NOW).what == "Marieke spoke with you and is still looking, until tomorrow at 17:00"


def test_marieke_found_somebody_without_an_account(theirs, desk, marieke, riet):
    waits = make.volunteer(theirs.village)
    make.ask(waits, theirs.pk, answer="open")

    press(desk, theirs, "found", name="Els")
    press(desk, theirs, "found", name="Els")

    theirs.refresh_from_db()
    pick_up = PickUp.objects.get(help_request=theirs)
    assert (theirs.status, theirs.owner, pick_up.noted_name, pick_up.helper) == (Status.TAKEN, None, "Els", None)
    assert kinds(theirs).count("picked_up") == 1
    assert "address_shown" not in kinds(theirs)
    assert Message.objects.filter(user=theirs.author, kind="contact.found").count() == 2
    done = [line.what for line in timeline.timeline(theirs, NOW)]
    assert "Marieke found somebody: Els" in done
    assert not waits.asks.filter(answer="open").exists()

    lifecycle.call_off(theirs.pk, pick_up_pk=pick_up.pk, actor=web(theirs.author), now=NOW)
    assert Message.objects.filter(user=marieke, kind="team.tell_on", channel=Channel.IN_APP).count() == 1


def test_page_to_cancel_says_that_marieke_tells_who_has_no_account(theirs, desk, client):
    press(desk, theirs, "found", name="Els")
    page = reverse("call_off", args=[theirs.pk, PickUp.objects.get(help_request=theirs).pk])
    as_reader(client, theirs.author)

    asked = client.get(page).content.decode()
    done = client.post(page, follow=True).content.decode()

    assert "Els hears it from Marieke." in asked
    assert "Els hears it from Marieke" in done
    assert "from us" not in asked + done


def test_nobody_found_is_said_on_the_card_too(theirs, desk, client):
    press(desk, theirs, "nobody_found", reason="2")
    as_reader(client, theirs.author)

    mine = client.get(reverse("mine")).content.decode()
    page = client.get(theirs.get_absolute_url()).content.decode()

    assert "Nobody found" in mine
    assert "Post it again" in mine
    assert "Date passed" not in mine + page
    assert "We did not manage to find someone" in page


def test_marieke_found_a_neighbour_with_an_account_who_hears_it(theirs, desk):
    joris = make.neighbour(theirs.village, "Joris")
    elsewhere = make.neighbour(make.village(), "Joris")

    asked = press(desk, theirs, "found", name="joris").content.decode()
    assert joris.email in asked
    assert elsewhere.email not in asked
    press(desk, theirs, "found", name="joris", who=str(joris.pk))

    assert PickUp.objects.get(help_request=theirs).helper == joris
    assert Message.objects.filter(user=joris, kind="contact.found_helper", channel=Channel.IN_APP).exists()


def test_nobody_found_closes_it_gently_and_is_turned_back_for_a_day(theirs, desk, mailoutbox):
    press(desk, theirs, "nobody_found", reason="2")
    press(desk, theirs, "nobody_found", reason="2")

    theirs.refresh_from_db()
    assert (theirs.status, kinds(theirs).count("nobody_found")) == (Status.LAPSED, 1)
    delivery.deliver(NOW)
    (mail,) = [mail for mail in mailoutbox if "iemand te vinden" in mail.subject]
    assert "Er is niemand in de buurt die dit kan." in mail.body

    press(desk, theirs, "turn_back")
    press(desk, theirs, "turn_back")
    theirs.refresh_from_db()
    assert (theirs.status, theirs.owner) == (Status.OPEN, theirs.village.contact_person.user)
    assert kinds(theirs).count("to_contact") == 2


def test_nobody_found_is_not_turned_back_in_a_village_that_went_off(theirs, desk):
    press(desk, theirs, "nobody_found", reason="2")
    switching.switch_off(theirs.village_id, actor=CLOCK, now=NOW)

    press(desk, theirs, "turn_back")

    theirs.refresh_from_db()
    assert theirs.status == Status.LAPSED


@pytest.mark.parametrize("name", ["06 12 34 56 78", "els@example.nl", "www.els.example"])
def test_name_of_who_was_found_is_no_number_or_address(theirs, desk, name):
    page = press(desk, theirs, "found", name=name).content.decode()

    assert "Write a first name only" in page
    assert not PickUp.objects.exists()


def test_somebody_found_by_mistake_is_turned_back_to_the_contact_person(theirs, desk):
    press(desk, theirs, "found", name="Els")

    press(desk, theirs, "turn_back")
    press(desk, theirs, "turn_back")

    theirs.refresh_from_db()
    assert (theirs.status, theirs.slots_taken, theirs.owner is None) == (Status.OPEN, 0, False)
    assert kinds(theirs).count("given_back") == 1


def test_a_neighbour_was_just_before_the_contact_person_and_nothing_breaks(theirs, desk):
    joris = make.neighbour(theirs.village, "Joris")
    offers.say_yes(theirs.pk, helper=joris, actor=web(joris), now=NOW)

    page = press(desk, theirs, "found", name="Els").content.decode()

    assert "Somebody said yes just before you" in page
    assert PickUp.objects.get(help_request=theirs).helper == joris


# -- A deadline that passed


def test_missed_deadline_reminds_the_owner_once_and_then_tells_the_coordinator_once(theirs, marieke, clock):
    boss = team.colleague(theirs.municipality, kind=StaffRole.Kind.COORDINATOR)
    deadline = theirs.owner_deadline_at
    assert deadline == local(2026, 3, 10, 13, 10)

    assert owner_late.sweep(deadline - timedelta(seconds=1)) == 0
    assert (owner_late.sweep(deadline), owner_late.sweep(deadline)) == (1, 0)
    reminded = timeline.timeline(theirs, deadline + HOUR)
    assert (owner_late.sweep(local(2026, 3, 11, 9, 9)), owner_late.sweep(local(2026, 3, 11, 9, 10))) == (0, 1)
    assert owner_late.sweep(local(2026, 3, 12, 9)) == 0

    count = Message.objects.filter(channel=Channel.IN_APP)
    assert count.filter(user=marieke, kind="team.owner_reminded").count() == 1
    assert count.filter(user=boss, kind="team.owner_late").count() == 1
    (late,) = [line.detail for line in reminded if line.state == "now"]
    assert late == "It should have happened today at 13:10 at the latest. We reminded Marieke"
    assert now_line(theirs, local(2026, 3, 11, 9, 30)).detail == (
        "It should have happened yesterday at 13:10 at the latest. The coordinator knows it now too"
    )


def test_who_called_in_time_is_not_reminded_of_the_old_deadline(theirs, marieke, clock):
    deadline = theirs.owner_deadline_at
    contact_rung.called(theirs.pk, until="tomorrow", actor=staff(marieke), now=NOW)

    assert owner_late.sweep(deadline + HOUR) == 0
    assert owner_late.sweep(local(2026, 3, 11, 17)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_remind_once(theirs):
    at = theirs.owner_deadline_at

    at_once(lambda: owner_late.sweep(at), lambda: owner_late.sweep(at))

    assert kinds(theirs).count("owner_reminded") == 1
