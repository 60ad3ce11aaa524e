"""A welcome first, then care: rest after silence, the words of the clock, the yearly question, and one tap back."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts import due_rows
from accounts.actors import web
from notifications.delivery import deliver
from notifications.kinds import KINDS, gathered
from notifications.models import Channel, Message
from requests_app import escalation, lifecycle, offers
from requests_app.models import HelpRequest
from tests import make, team
from tests.cast import as_reader
from tests.copy_rules import faults
from tests.make import NOW, THURSDAY
from tests.racing import at_once
from volunteers import asking, care, notices, rest, verbs
from volunteers.models import Ask, Volunteer
from volunteers.rest import CHECK_EVERY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

OURS = sorted(name for name, kind in KINDS.items() if kind.gather is notices.gather)
MORNING = datetime.fromisoformat


def told(person):
    return list(Message.objects.filter(user=person, channel="in_app").order_by("pk").values_list("kind", flat=True))


def fresh(volunteer):
    return Volunteer.objects.get(pk=volunteer.pk)


def press(client, name, *args, **data):
    return client.post(reverse(name, args=args), data, follow=True)


def words_of(row, language="en", now=NOW):
    with translation.override(language):
        return KINDS[row.kind].words(row, gathered([row])[row.pk], now)


def still_true(row, now=NOW):
    return KINDS[row.kind].still_true(row, gathered([row])[row.pk], now)


# -- a welcome


def test_who_signs_up_is_asked_after_the_contact_persons_yes(client, beesd):
    joris = make.neighbour(beesd, "Joris")
    as_reader(client, joris)

    answer = press(client, "volunteer_sign_up", categories=["groceries"], week_limit="1")
    waiting = Volunteer.objects.get()
    escalation.ask_volunteers_now(make.help_request(beesd).pk, actor=web(joris), now=NOW)
    before = Ask.objects.count()
    verbs.welcome(waiting.pk, now=NOW)
    escalation.ask_volunteers_now(make.help_request(beesd).pk, actor=web(joris), now=NOW)

    assert "Marieke hears it now" in answer.content.decode()
    assert told(beesd.contact_person.user) == ["team.volunteer"]
    assert (before, Ask.objects.count()) == (0, 1)
    assert told(joris) == ["volunteer.welcomed", "volunteer.asked"]
    assert fresh(waiting).check_at == NOW + CHECK_EVERY
    assert fresh(waiting).week_limit == 1


def test_who_waits_reads_so_and_can_help_from_the_board_meanwhile(client, beesd):
    volunteer = make.volunteer(beesd, approved_at=None)
    as_reader(client, volunteer.user)

    first = client.get(reverse("volunteer")).content.decode()
    verbs.talk_first(volunteer.pk, now=NOW)
    verbs.talk_first(volunteer.pk, now=NOW)
    then = client.get(reverse("volunteer")).content.decode()
    help_request = offers.say_yes(
        make.help_request(beesd).pk, helper=volunteer.user, actor=web(volunteer.user), now=NOW
    )

    assert "Marieke knows, and has a look." in first
    assert "Marieke would like to talk with you first" in then
    assert told(volunteer.user)[:1] == ["volunteer.talk_first"]
    assert help_request.slots_taken == 1


def test_staff_say_yes_or_a_talk_first_beside_the_volunteer(beesd):
    volunteer = make.volunteer(beesd, "Joris", approved_at=None)
    desk = team.at_work(team.colleague(beesd.municipality))
    page = reverse("admin:volunteers_volunteer_change", args=[volunteer.pk])
    listed = reverse("admin:volunteers_volunteer_changelist")
    before = desk.get(page).content.decode()
    assert "Joris" in desk.get(reverse("admin:index")).content.decode()

    for action in ("talk_first", "welcome"):
        desk.post(listed, {"action": action, "_selected_action": volunteer.pk, "beside": volunteer.pk})

    assert 'value="welcome"' in before
    assert 'value="welcome"' not in desk.get(page).content.decode()
    assert fresh(volunteer).approved_at
    assert told(volunteer.user) == ["volunteer.talk_first", "volunteer.welcomed"]
    assert "Joris" not in desk.get(reverse("admin:index")).content.decode()


def test_staff_elsewhere_cannot_say_yes(beesd):
    volunteer = make.volunteer(beesd, approved_at=None)
    desk = team.at_work(team.colleague(make.municipality()))

    desk.post(
        reverse("admin:volunteers_volunteer_changelist"), {"action": "welcome", "_selected_action": volunteer.pk}
    )

    assert fresh(volunteer).approved_at is None


def test_who_signs_up_again_stays_welcome_but_not_in_another_village(beesd):
    volunteer = make.volunteer(beesd, ended_at=NOW)
    verbs.sign_up(volunteer.user, beesd, ["ride"], NOW)
    again = fresh(volunteer)
    other = make.village("Tricht", of=beesd.municipality)
    volunteer.user.residencies.update(village=other)

    verbs.sign_up(volunteer.user, other, ["ride"], NOW)
    verbs.sign_up(volunteer.user, other, ["pet"], NOW)

    assert again.approved_at
    assert (fresh(volunteer).approved_at, fresh(volunteer).check_at) == (None, None)
    assert told(other.contact_person.user) == ["team.volunteer"]


def test_who_stopped_cannot_be_welcomed(beesd):
    volunteer = make.volunteer(beesd, approved_at=None, ended_at=NOW)

    with pytest.raises(verbs.NotAllowed):
        verbs.welcome(volunteer.pk, now=NOW)


def test_newcomer_who_was_never_asked_in_fourteen_days_is_shown_to_staff(beesd):
    desk = team.at_work(team.colleague(beesd.municipality))
    make.volunteer(beesd, "Wacht", approved_at=NOW - timedelta(days=15))
    make.volunteer(beesd, "Pas", approved_at=NOW - timedelta(days=13))
    make.ask(make.volunteer(beesd, "Gevraagd", approved_at=NOW - timedelta(days=15)))
    make.volunteer(beesd, "Rust", approved_at=NOW - timedelta(days=15), week_limit=0)
    late = make.volunteer(beesd, "Telaat", approved_at=NOW - timedelta(days=15))
    make.ask(late, answer=Ask.Answer.WITHDRAWN)  # settled before the answer: that was no ask

    page = desk.get(reverse("admin:index")).content.decode()

    assert [name for name in ("Wacht", "Pas", "Gevraagd", "Rust", "Telaat") if name in page] == ["Wacht", "Telaat"]


# -- what they say about themselves


def test_sign_up_takes_what_and_how_often_and_the_rest_may_stay_folded(client, beesd):
    as_reader(client, make.neighbour(beesd))
    page = client.get(reverse("volunteer")).content.decode()
    about = {"light": "on", "where": "outside", "transport": ["bike", "car"], "languages": ["tr"], "buddy": "on"}

    press(client, "volunteer_sign_up", categories=["garden"], week_limit="1", suits=["4-morning"], **about)

    volunteer = Volunteer.objects.get()
    assert '<details class="more"><summary>' in page
    assert (volunteer.light, volunteer.where, volunteer.buddy) == (True, "outside", True)
    assert (volunteer.transport, volunteer.languages) == (["bike", "car"], ["tr"])
    assert (volunteer.suits, volunteer.week_limit) == (["4-morning"], 1)
    assert told(beesd.contact_person.user) == ["team.volunteer", "team.buddy"]


@pytest.mark.parametrize("wrong", [{"where": "mars"}, {"transport": ["rocket"]}, {"languages": ["\0"]}])
def test_what_makes_no_sense_is_said_and_nothing_is_kept(client, beesd, wrong):
    volunteer = make.volunteer(beesd)
    as_reader(client, volunteer.user)

    answer = client.post(reverse("volunteer_about"), {"where": "place", **wrong})

    assert answer.status_code == 422
    assert "open" in answer.content.decode()
    assert fresh(volunteer).where == "anywhere"


def test_about_you_is_kept_and_stands_in_the_form(client, beesd):
    volunteer = make.volunteer(beesd)
    as_reader(client, volunteer.user)

    page = press(client, "volunteer_about", where="place", light="on", transport=["walk"])

    assert page.context["about"].initial["where"] == "place"
    assert (fresh(volunteer).light, fresh(volunteer).transport) == (True, ["walk"])


def test_buddy_is_looked_for_by_the_contact_person_once(client, beesd):
    volunteer = make.volunteer(beesd)
    as_reader(client, volunteer.user)

    page = press(client, "volunteer_buddy")
    press(client, "volunteer_buddy")

    assert "Marieke looks for a buddy with you." in page.content.decode()
    assert fresh(volunteer).buddy
    assert told(beesd.contact_person.user) == ["team.buddy"]


def test_contact_person_stands_on_the_page_with_name_and_number(client, beesd):
    as_reader(client, make.volunteer(beesd).user)

    page = client.get(reverse("volunteer")).content.decode()

    assert "Contact person of Beesd" in page
    assert 'href="tel:+31-6-12345678"' in page
    assert "06 - 12 34 56 78" in page


def test_database_refuses_a_place_that_nobody_knows(beesd):
    with pytest.raises(IntegrityError, match="volunteer_where"):
        make.volunteer(beesd, where="mars")


# -- silence and sound


def lapse(volunteer, now=NOW):
    """Something was asked, and nothing said until it was too late."""
    ask = make.ask(volunteer, answer=Ask.Answer.OPEN, asked_at=now)
    asking.end_in_silence(ask.subject, [], now)
    return fresh(volunteer)


@pytest.mark.parametrize(("silences", "days"), [(1, 3), (2, 7), (3, 14), (4, 28), (5, 28), (40, 28)])
def test_rest_grows_with_each_silence_in_a_row(silences, days):
    assert rest.length(silences) == timedelta(days=days)


def test_silence_in_a_row_lengthens_the_rest_and_any_answer_ends_the_row(beesd):
    volunteer = make.volunteer(beesd)
    rests = [lapse(volunteer).resting_until - NOW for _ in range(5)]
    assert [one.days for one in rests] == [3, 7, 14, 28, 28]

    later = NOW + timedelta(days=30)
    help_request = make.help_request(beesd, now=later, part="any", help_on=None)
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=later)
    escalation.decline(volunteer.asks.get(answer="open").pk, actor=web(volunteer.user), now=later)

    assert fresh(volunteer).silences == 0
    assert lapse(volunteer).resting_until == NOW + timedelta(days=3)


def test_yes_ends_the_row_of_silences_too(beesd):
    volunteer = make.volunteer(beesd, silences=3)
    help_request = make.help_request(beesd)

    offers.say_yes(help_request.pk, helper=volunteer.user, actor=web(volunteer.user), now=NOW)

    assert fresh(volunteer).silences == 0


def test_no_is_free(beesd):
    """It changes neither rest nor limits, and the turn afterwards is that of who said yes as little."""
    make.policy(beesd.municipality, goals=[0.1], caps=[1])
    says_no = make.volunteer(beesd)
    before = fresh(says_no)
    help_request = make.help_request(beesd)
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)

    escalation.decline(says_no.asks.get().pk, actor=web(says_no.user), now=NOW)

    after = fresh(says_no)
    columns = [field.attname for field in Volunteer._meta.concrete_fields]
    assert {name for name in columns if getattr(before, name) != getattr(after, name)} == set()


def test_long_silence_brings_the_question_forward_once(beesd):
    volunteer = make.volunteer(beesd, check_at=NOW + timedelta(days=200), silences=rest.LONG_SILENT - 2)

    early = lapse(volunteer).check_at
    due = lapse(volunteer).check_at
    care.sweep(NOW)
    lapse(volunteer)

    assert early > NOW
    assert due == NOW
    assert fresh(volunteer).check_at is None
    assert told(volunteer.user) == ["volunteer.still_right"]


# -- the clock


def test_once_a_year_we_ask_and_one_tap_is_enough(client, beesd, clock):
    volunteer = make.volunteer(beesd, check_at=NOW)
    as_reader(client, volunteer.user)

    care.sweep(NOW)
    care.sweep(NOW)
    page = client.get(reverse("volunteer")).content.decode()
    press(client, "volunteer_still_right")

    assert told(volunteer.user) == ["volunteer.still_right"]
    assert "Is this still right?" in page
    assert "Is this still right?" not in client.get(reverse("volunteer")).content.decode()
    assert (fresh(volunteer).check_at, fresh(volunteer).retire_at) == (NOW + CHECK_EVERY, None)


@pytest.mark.parametrize("answer", ["limits", "moments", "about", "yes", "no"])
def test_any_sign_of_life_answers_the_question(beesd, answer):
    volunteer = make.volunteer(beesd, check_at=NOW)
    care.sweep(NOW)
    help_request = make.help_request(beesd)
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)

    match answer:
        case "limits":
            verbs.change_limits(volunteer.pk, week_limit=1, month_limit=2, categories=["pet"], now=NOW)
        case "moments":
            verbs.change_moments(volunteer.pk, suits=[], now=NOW)
        case "about":
            verbs.change_about(volunteer.pk, said={"light": True}, now=NOW)
        case "yes":
            offers.say_yes(help_request.pk, helper=volunteer.user, actor=web(volunteer.user), now=NOW)
        case "no":
            escalation.decline(volunteer.asks.get().pk, actor=web(volunteer.user), now=NOW)

    assert (fresh(volunteer).check_at, fresh(volunteer).retire_at) == (NOW + CHECK_EVERY, None)


def test_silent_ones_are_left_in_peace_and_come_back_with_one_tap(client, beesd):
    volunteer = make.volunteer(beesd, check_at=NOW, silences=6, resting_until=NOW + timedelta(days=60))
    as_reader(client, volunteer.user)
    care.sweep(NOW)

    care.sweep(NOW + care.ANSWERS_WITHIN - timedelta(seconds=1))
    early = fresh(volunteer).retired_at
    care.sweep(NOW + care.ANSWERS_WITHIN)
    page = client.get(reverse("volunteer")).content.decode()
    press(client, "volunteer_still_right")

    assert early is None
    assert told(volunteer.user) == ["volunteer.still_right", "volunteer.left_in_peace"]
    assert "You may ask me again" in page
    back = fresh(volunteer)
    assert (back.retired_at, back.resting_until, back.silences) == (None, None, 0)
    assert back.check_at == NOW + CHECK_EVERY


def test_break_is_a_break_for_the_yearly_question_too(beesd):
    until = NOW + timedelta(days=40)
    paused = make.volunteer(beesd, check_at=NOW, paused_until=until)
    asked = make.volunteer(beesd, retire_at=NOW, paused_until=until)

    care.sweep(NOW)

    assert (fresh(paused).check_at, told(paused.user)) == (until, [])
    assert (fresh(asked).retired_at, told(asked.user)) == (None, [])
    assert fresh(asked).retire_at > until


def test_break_ends_with_a_word_the_morning_before(beesd):
    volunteer = make.volunteer(beesd)
    until = MORNING("2026-03-20T00:00:00+01:00")
    verbs.pause(volunteer.pk, until, NOW)

    care.sweep(MORNING("2026-03-19T09:59:00+01:00"))
    early = told(volunteer.user)
    care.sweep(MORNING("2026-03-19T10:00:00+01:00"))

    row = Message.objects.get(kind="volunteer.pause_ending", channel=Channel.MAIL)
    at = MORNING("2026-03-19T10:05:00+01:00")
    assert early == []
    assert words_of(row, now=at).subject == "Your break ends tomorrow"
    assert still_true(row, at)
    assert not still_true(row, at + timedelta(days=1))
    verbs.pause(volunteer.pk, until + timedelta(days=7), at)
    assert not still_true(row, at)


def test_break_of_a_day_or_one_that_is_ended_needs_no_word(beesd):
    volunteer = make.volunteer(beesd)

    verbs.pause(volunteer.pk, NOW + timedelta(hours=10), NOW)
    short = fresh(volunteer).pause_word_at
    verbs.pause(volunteer.pk, NOW + timedelta(days=20), NOW)
    verbs.resume(volunteer.pk)

    assert (short, fresh(volunteer).pause_word_at) == (None, None)


def test_certificate_is_renewed_in_time_by_a_word_eight_weeks_before(beesd):
    volunteer = make.volunteer(beesd)
    verbs.note_certificate(volunteer.pk, seen_on=NOW.date(), until_on=date(2026, 6, 1), now=NOW)

    care.sweep(MORNING("2026-04-06T09:59:00+02:00"))
    early = told(volunteer.user)
    care.sweep(MORNING("2026-04-06T10:00:00+02:00"))

    row = Message.objects.get(kind="volunteer.certificate_ending", channel=Channel.MAIL)
    assert early == []
    assert "1 June" in words_of(row).subject
    assert "Marieke can help you with it." in words_of(row).body
    assert still_true(row)
    verbs.note_certificate(volunteer.pk, seen_on=NOW.date(), until_on=date(2029, 6, 1), now=NOW)
    assert not still_true(row)


def test_certificate_that_has_ended_gives_no_word(beesd):
    volunteer = make.volunteer(beesd)

    verbs.note_certificate(volunteer.pk, seen_on=date(2023, 1, 1), until_on=date(2026, 1, 1), now=NOW)

    assert fresh(volunteer).certificate_word_at is None


def test_staff_note_certificate_and_break_and_the_clock_knows(beesd):
    volunteer = make.volunteer(beesd, certificate_until_on=THURSDAY)
    desk = team.at_work(team.colleague(beesd.municipality))
    page = reverse("admin:volunteers_volunteer_change", args=[volunteer.pk])
    form = desk.get(page).context["adminform"].form
    typed = {name: "" if value is None else value for name, value in form.initial.items() if name in form.fields}
    typed |= {f"asks-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    typed |= {"certificate_seen_on": "2026-03-10", "certificate_until_on": "2029-03-10"}
    typed |= {"paused_until_0": "2026-04-01", "paused_until_1": "00:00:00"}

    answer = desk.post(page, typed)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row = fresh(volunteer)
    assert row.certificate_word_at == MORNING("2029-01-13T10:00:00+01:00")
    assert row.pause_word_at == MORNING("2026-03-31T10:00:00+02:00")


def test_who_stopped_hears_nothing_more(beesd):
    volunteer = make.volunteer(beesd, check_at=NOW, pause_word_at=NOW, paused_until=NOW + timedelta(days=1))

    verbs.stop(volunteer.pk, now=NOW)
    care.sweep(NOW)

    assert told(volunteer.user) == []
    assert not Volunteer.objects.overdue(NOW + timedelta(days=900)).exists()


def test_clock_costs_what_is_due(beesd):
    for _ in range(20):
        make.volunteer(beesd, check_at=NOW + timedelta(days=100))

    with CaptureQueriesContext(
        connection,
    ) as idle:
        assert care.sweep(NOW) == 0
    assert len([one for one in idle if one["sql"].startswith("SELECT")]) == len(care.WORDS)


def test_one_bad_row_does_not_hold_up_the_others(beesd, monkeypatch):
    bad, good = make.volunteer(beesd, check_at=NOW), make.volunteer(beesd, check_at=NOW)

    def say(volunteer, now):
        if volunteer == bad:
            raise RuntimeError
        volunteer.retire_at = now + timedelta(days=1)

    monkeypatch.setitem(care.WORDS, "check_at", say)
    care.sweep(NOW)

    assert fresh(good).retire_at == NOW + timedelta(days=1)
    assert fresh(bad).check_at == NOW + due_rows.SET_ASIDE


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_say_each_word_once():
    village = make.village(quiet=False)
    volunteers = [make.volunteer(village, check_at=NOW) for _ in range(4)]

    at_once(lambda: care.sweep(NOW), lambda: care.sweep(NOW))

    assert Message.objects.filter(kind="volunteer.still_right", channel="in_app").count() == len(volunteers)


def test_database_refuses_two_questions_at_once(beesd):
    with pytest.raises(IntegrityError, match="volunteer_one_question"):
        make.volunteer(beesd, check_at=NOW, retire_at=NOW)


# -- the words


@pytest.mark.parametrize("language", ["nl", "en"])
def test_words_keep_the_rules_of_the_copy_guide(beesd, language):
    until = NOW + timedelta(days=1)
    volunteer = make.volunteer(beesd, "Samira", certificate_until_on=THURSDAY, paused_until=until)
    wrong = {}
    for kind in OURS:
        row = Message.objects.create(
            kind=kind, channel=Channel.MAIL, key=kind, user=volunteer.user, params={"volunteer": volunteer.pk},
            not_before=NOW,
        )  # fmt: skip
        said = words_of(row, language)
        wrong[kind] = [
            fault for text in (said.subject, said.body, said.button) for fault in faults(text, dutch=language == "nl")
        ]
        wrong[kind] += ["long subject"] * (len(said.subject) > 60) + ["full stop"] * said.subject.endswith(".")
        wrong[kind] += ["hole"] * ("%(" in f"{said}") + ["no phone"] * (said.signature is None)
        if kind.startswith("team."):
            wrong[kind] += ["name"] * ("Samira" in f"{said.subject} {said.body}")

    assert len(OURS) == 10
    assert {kind: found for kind, found in wrong.items() if found} == {}


def test_lapse_of_a_request_is_silence_for_who_said_nothing_only(beesd):
    silent, says_no = make.volunteer(beesd), make.volunteer(beesd)
    help_request = make.help_request(beesd)
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)
    escalation.decline(says_no.asks.get().pk, actor=web(says_no.user), now=NOW)
    deliver(NOW)

    lifecycle.lapse(HelpRequest.objects.select_related("village__contact_person").get(pk=help_request.pk), NOW)

    assert (fresh(silent).silences, fresh(says_no).silences) == (1, 0)
    assert fresh(says_no).resting_until is None
