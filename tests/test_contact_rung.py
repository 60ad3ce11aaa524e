"""The last rung: what is promised of the contact person is true, and kept or said."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from django.utils import translation

from accounts.actors import web
from notifications import delivery
from notifications.models import Channel, Message
from requests_app import contact_hours, escalation, lifecycle, moments, timeline
from requests_app.models import Event, HelpRequest, Part, PickUp, Status
from tests import make, team
from tests.cast import as_reader
from tests.copy_rules import faults
from tests.make import NOW

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
    assert "Het is nacht." in nl and "06 - 12 34 56 78" in nl and "Bel 112." in nl and "belt je voor" not in nl
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
    assert 'href="tel:+31-6-12345678"' in note and 'href="tel:112"' in note


def test_preview_of_a_night_promises_no_call_either(beesd):
    night = local(2026, 3, 10, 21, 54)
    draft = make.draft(beesd, part=Part.FIXED, help_on=night.date(), help_at=local(2026, 3, 10, 22, 4), now=night)

    whats = [line.what for line in timeline.preview(draft, night)]

    assert "We tell Marieke, who may not be there so soon" in whats
    assert not any("call you" in what for what in whats)


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
