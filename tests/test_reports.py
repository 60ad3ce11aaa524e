"""Something is not right: told in two taps, to the team only, with an answer for who told it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.db import IntegrityError
from django.urls import reverse

from accounts.actors import staff, web
from accounts.models import StaffRole
from moderation import reports, subjects
from moderation.models import Decision, Report
from notifications.delivery import deliver
from notifications.models import Channel, Message
from requests_app import escalation, lifecycle, moderating, offers, parting
from requests_app.models import Audience, HelpRequest
from tests import make, team
from tests.cast import as_reader
from tests.copy_rules import faults
from tests.make import NOW
from tests.racing import REFUSED, at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ADMIN = "/beheer/moderation/report/"
SECRET = "Wilhelmina"  # who told it
WORDS = "Vraagt om mijn pincode"


@pytest.fixture
def reporter(beesd):
    return make.neighbour(beesd, SECRET, phone="+31687654321")


@pytest.fixture
def help_request(beesd, riet):
    return make.help_request(beesd, author=riet, title="Heg knippen")


@pytest.fixture
def boss(beesd):
    """A coordinator at work in admin."""
    return team.at_work(team.colleague(beesd.municipality, kind=StaffRole.Kind.COORDINATOR))


def url(help_request):
    return reverse("report", args=["request", help_request.pk])


def tell(client, help_request, **data):
    return client.post(url(help_request), {"reason": "money", "text": WORDS, **data})


def text_of(response):
    return unescape(response.content.decode())


def told(person, channel=Channel.IN_APP):
    return list(Message.objects.filter(user=person, channel=channel).order_by("pk").values_list("kind", flat=True))


def decide(report, outcome, answer="Daarom.", by=None):
    by = by or team.colleague(report.municipality)
    return reports.decide(report.pk, outcome=Report.Outcome(outcome), answer=answer, actor=staff(by), now=NOW)


def do(client, action, *rows, **more):
    return client.post(ADMIN, {"action": action, "_selected_action": [row.pk for row in rows], **more}, follow=True)


# -- telling it


def test_neighbour_tells_us_and_hears_by_when(client, reporter, help_request):
    as_reader(client, reporter)
    link = url(help_request)
    assert link in text_of(client.get(help_request.get_absolute_url()))  # the first tap; the second sends it

    done = client.post(link, {"reason": "money", "text": WORDS}, follow=True)

    report = Report.objects.get()
    assert (report.about, report.reporter, report.text) == (help_request.author, reporter, WORDS)
    assert report.municipality == help_request.municipality
    # Tuesday 9.10, a working day further, on the hour.
    assert report.answer_before.isoformat() == "2026-03-11T09:00:00+00:00"
    assert "Thank you. We are looking into it." in text_of(done)
    assert "You'll hear what we do before 10:00 tomorrow." in text_of(done)
    assert "no-store" in done.headers["Cache-Control"]
    assert told(reporter) == ["report.received"]


@pytest.mark.parametrize(("told_at", "promised"), [
    ("2026-03-13T15:30:00+00:00", "2026-03-16T16:00:00+00:00"),  # Friday 16.30: Monday 17.00, not in the weekend
    ("2026-03-14T22:00:00+00:00", "2026-03-16T16:00:00+00:00"),  # Saturday night
    ("2026-04-02T12:00:00+00:00", "2026-04-07T12:00:00+00:00"),  # before Easter, and over the clock change
])  # fmt: skip
def test_promise_keeps_to_working_hours(beesd, reporter, help_request, told_at, promised):
    at = make.datetime.fromisoformat(told_at)

    report = make.report(help_request, reporter=reporter, now=at)

    assert report.answer_before.isoformat() == promised


def test_unsafe_shows_the_emergency_number_first(client, reporter, help_request):
    as_reader(client, reporter)

    done = client.post(url(help_request), {"reason": "unsafe"}, follow=True)

    main = text_of(done).split("<main")[1].split("</main>")[0]
    assert main.index("tel:112") < main.index("You'll hear")


def test_something_else_asks_for_a_sentence_and_keeps_what_was_typed(client, reporter, help_request):
    as_reader(client, reporter)

    nothing = client.post(url(help_request), {})
    without = client.post(url(help_request), {"reason": "other", "text": " "})
    too_long = client.post(url(help_request), {"reason": "other", "text": "x" * 301})

    assert [answer.status_code for answer in (nothing, without, too_long)] == [422, 422, 422]
    assert "Tell us in 1 sentence what you saw" in text_of(without)
    assert "x" * 301 in text_of(too_long)
    assert not Report.objects.exists()


def test_opening_the_page_tells_nobody_anything(client, reporter, help_request):
    as_reader(client, reporter)

    assert client.get(url(help_request)).status_code == 200

    assert not Report.objects.exists()
    assert "report.received" not in told(reporter)


def test_one_open_report_of_one_person_about_one_thing(client, beesd, reporter, help_request):
    as_reader(client, reporter)
    for _ in range(2):
        tell(client, help_request)
    make.report(help_request)  # somebody else

    assert Report.objects.filter(reporter=reporter).count() == 1
    first = Report.objects.get(reporter=reporter)
    assert client.get(url(help_request)).headers["Location"] == reverse("reported", args=[first.pk])
    assert told(beesd.contact_person.user).count("team.report_new") == 2
    with pytest.raises(IntegrityError, match="report_one_open"):
        Report.objects.create(
            **{name: getattr(first, name) for name in ("subject_kind", "subject", "reporter", "municipality")},
            reason="money",
            answer_before=NOW,
        )


def test_after_the_decision_the_same_may_be_told_again(client, reporter, help_request):
    decide(make.report(help_request, reporter=reporter), "kept")
    as_reader(client, reporter)

    tell(client, help_request)

    assert Report.objects.filter(reporter=reporter).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_reports_at_once_of_one_person_are_one():
    village = make.village()
    help_request, reporter = make.help_request(village), make.neighbour(village)

    pks = set(at_once(*[lambda: make.report(help_request, reporter=reporter).pk] * 4))

    assert pks == {Report.objects.get().pk}


def test_who_tells_very_much_is_slowed_down_and_keeps_the_words(client, clock, beesd, reporter):
    as_reader(client, reporter)
    for _ in range(reports.MOST):
        tell(client, make.help_request(beesd, author=make.neighbour(beesd)))
    one_more = make.help_request(beesd, author=make.neighbour(beesd))

    refused = tell(client, one_more)
    clock.shift(timedelta(minutes=11))
    later = tell(client, one_more)

    assert refused.status_code == 429
    assert "That was a bit fast. Try again in 10 minutes" in text_of(refused)
    assert WORDS in text_of(refused)
    assert later.status_code == 302


# -- what one may not see does not exist


@pytest.mark.parametrize("what", ["elsewhere", "hidden", "draft", "own", "only_contact", "kind", "nothing", "blocked"])
def test_what_one_may_not_see_cannot_be_told_about(client, beesd, reporter, what):
    kind, subject = "request", make.help_request(beesd)
    if what == "elsewhere":
        subject = make.help_request(make.village())
    elif what == "hidden":
        moderating.hide(subject.pk, reason="x", actor=staff(reporter), now=NOW)
    elif what == "draft":
        subject = make.draft(beesd)
    elif what == "own":
        subject = make.help_request(beesd, author=reporter)
    elif what == "only_contact":
        subject = make.help_request(beesd, audience=Audience.CONTACT)
    elif what == "kind":
        kind = "nonsense"
    elif what == "blocked":
        parting.no_more_contact(subject.author, reporter, call_off=True, actor=web(subject.author), now=NOW)
    pk = 10**9 if what == "nothing" else subject.pk
    as_reader(client, reporter)

    address = reverse("report", args=[kind, pk])

    assert client.get(address).status_code == 404
    assert client.post(address, {"reason": "money"}).status_code == 404
    assert not Report.objects.exists()


def test_visitor_is_asked_to_log_in(client, help_request):
    assert client.get(url(help_request)).status_code == 302


def test_only_who_told_it_reads_what_became_of_it(client, beesd, riet, reporter, help_request):
    report = make.report(help_request, reporter=reporter)
    address = reverse("reported", args=[report.pk])

    for person in (riet, make.neighbour(beesd), beesd.contact_person.user):
        client.force_login(person)
        assert client.get(address).status_code == 404
    client.force_login(reporter)
    assert client.get(address).status_code == 200


def test_asker_tells_us_about_a_helper_also_when_it_is_over(client, riet, reporter, help_request):
    offers.say_yes(help_request.pk, helper=reporter, actor=web(reporter), now=NOW)
    as_reader(client, riet)
    link = reverse("report", args=["person", reporter.pk])
    assert link in text_of(client.get(help_request.get_absolute_url()))
    lifecycle.finish(help_request.pk, worked=True, actor=web(riet), now=NOW)
    assert link in text_of(client.get(help_request.get_absolute_url()))

    done = client.post(link, {"reason": "money"}, follow=True)

    report = Report.objects.get()
    assert (report.about, report.subject_kind) == (reporter, "accounts.user")
    assert reverse("no_contact", args=[reporter.pk]) in text_of(done)


def test_volunteer_tells_us_from_the_question(client, beesd, riet):
    volunteer = make.volunteer(beesd, "Samira")
    help_request = make.help_request(beesd, author=riet, audience=Audience.VOLUNTEERS)
    escalation.ask_volunteers_now(help_request.pk, actor=web(riet), now=NOW)
    as_reader(client, volunteer.user)

    assert url(help_request) in text_of(client.get(reverse("volunteer")))
    assert tell(client, help_request).status_code == 302


# -- who hears of it


def test_contact_person_hears_that_there_is_something_and_not_what(beesd, riet, reporter, help_request):
    report = make.report(help_request, reporter=reporter, text=WORDS)

    deliver(NOW)

    contact = beesd.contact_person.user
    letter = next(one for one in mail.outbox if one.to == [contact.email])
    assert letter.subject == "Er is een melding"
    assert reverse("admin:moderation_report_change", args=[report.pk]) in letter.body
    for private in (SECRET, "Riet", WORDS, "Heg knippen", "pinpas"):
        assert private not in f"{letter.subject} {letter.body}"
    assert told(riet) == ["request.posted"]


def test_mail_to_the_team_waits_for_the_morning(reporter):
    village = make.village()  # quiet from 21 to 8
    help_request, night = make.help_request(village), make.datetime(2026, 3, 10, 23, tzinfo=make.UTC)

    make.report(help_request, now=night)

    mails = Message.objects.filter(channel=Channel.MAIL)
    team_mail, own_mail = mails.get(kind="team.report_new"), mails.get(kind="report.received")
    assert team_mail.not_before.isoformat() == "2026-03-11T07:00:00+00:00"
    assert own_mail.not_before == night  # who worries waits for it


def test_report_about_the_contact_person_goes_to_a_colleague(beesd, boss):
    contact = beesd.contact_person.user
    make.Residency.objects.create(user=contact, village=beesd, municipality=beesd.municipality, street="Kerkweg")
    help_request = make.help_request(beesd, author=contact)

    report = make.report(help_request)

    hears = set(Message.objects.filter(kind="team.report_new").values_list("user__first_name", flat=True))
    assert hears == {"Samir"}
    at_desk = team.at_work(contact)
    assert list(at_desk.get(ADMIN).context["cl"].result_list) == []
    assert list(boss.get(ADMIN).context["cl"].result_list) == [report]
    with pytest.raises(reports.NotAllowed):
        decide(report, "kept", by=contact)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("outcome", ["", "kept", "hidden"])
def test_mails_keep_to_the_copy_rules(beesd, reporter, help_request, language, outcome):
    reporter.language = beesd.contact_person.user.language = language
    reporter.save()
    report = make.report(help_request, reporter=reporter)
    if outcome:
        decide(report, outcome)

    deliver(NOW)

    letters = [one for one in mail.outbox if one.to == [reporter.email]]
    assert len(letters) == 1
    assert len(letters[0].subject) <= 60
    first = letters[0].body.split("\n\n")[0]
    assert faults(f"{letters[0].subject}. {first}", dutch=language == "nl") == []


# -- the decision


def test_staff_hide_a_request_and_both_hear_what_is_theirs(client, boss, riet, reporter, help_request):
    report = make.report(help_request, reporter=reporter, text=WORDS)

    asked = do(boss, "hide", report)
    assert "Heg knippen" not in asked.content.decode()
    do(boss, "hide", report, reason="Vraag nooit om geld.")

    report.refresh_from_db()
    help_request.refresh_from_db()
    assert help_request.hidden_at
    assert (report.outcome, report.answer) == ("hidden", "Vraag nooit om geld.")
    assert Decision.objects.get().reason == "Vraag nooit om geld."
    assert told(riet)[-1] == "request.hidden"
    assert told(reporter)[-1] == "report.decided"
    as_reader(client, reporter)
    page = text_of(client.get(reverse("reported", args=[report.pk])))
    assert "We looked and took a step. We may not tell you more." in page
    assert "Vraag nooit om geld." not in page


def test_what_stays_is_told_with_the_reason(client, boss, riet, reporter, help_request):
    report = make.report(help_request, reporter=reporter)

    do(boss, "keep", report, reason="Dit is een gewone vraag.")

    help_request.refresh_from_db()
    assert help_request.hidden_at is None
    as_reader(client, reporter)
    page = text_of(client.get(reverse("reported", args=[report.pk])))
    assert "We looked. We let the text stay. This is the reason." in page
    assert "Dit is een gewone vraag." in page
    assert "A person decided this, not the computer." in page
    assert told(riet) == ["request.posted"]


def test_another_step_is_for_the_team_only(client, boss, reporter, help_request):
    report = make.report(help_request, reporter=reporter)

    do(boss, "other", report, reason="Samen koffie gedronken.")

    as_reader(client, reporter)
    page = text_of(client.get(reverse("reported", args=[report.pk])))
    assert "We looked and took a step." in page
    assert "koffie" not in page


def test_hiding_answers_everybody_who_told_about_it(beesd, reporter, help_request):
    first, second = make.report(help_request, reporter=reporter), make.report(help_request)
    elsewhere = make.report(make.help_request(beesd))

    decide(second, "hidden")

    assert set(Report.objects.open()) == {elsewhere}
    assert told(reporter)[-1] == told(second.reporter)[-1] == "report.decided"
    assert first.pk != second.pk


def test_what_staff_hid_already_is_only_answered(boss, reporter, help_request):
    report = make.report(help_request, reporter=reporter)
    moderating.hide(help_request.pk, reason="Eerder gezien", actor=staff(reporter), now=NOW)

    do(boss, "hide", report, reason="Vraag nooit om geld.")

    assert not Report.objects.open().exists()
    assert Decision.objects.count() == 1


def test_deciding_twice_is_refused(reporter, help_request):
    report = make.report(help_request, reporter=reporter)
    decide(report, "kept")

    with pytest.raises(reports.NotAllowed):
        decide(report, "hidden")

    assert told(reporter).count("report.decided") == 1
    assert HelpRequest.objects.get().hidden_at is None


def test_decision_needs_a_reason(boss, reporter, help_request):
    report = make.report(help_request, reporter=reporter)

    answer = do(boss, "keep", report, reason="  ")

    assert answer.context["form"].errors["reason"]
    with pytest.raises(reports.NotAllowed):
        decide(report, "kept", answer=" ")


def test_person_cannot_be_hidden(boss, riet, reporter, help_request):
    person = subjects.find("person", riet.pk, reporter)
    report = reports.report(person, reporter=reporter, reason="unkind", text="", now=NOW)

    page = boss.get(f"{ADMIN}{report.pk}/change/")
    do(boss, "hide", report, reason="x")

    assert [name for name, _words in page.context["verbs"]] == ["keep", "other"]
    assert Report.objects.open().get() == report


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_decide_at_once_about_two_reports_do_not_wait_for_each_other():
    village = make.village()
    help_request = make.help_request(village)
    rows = [make.report(help_request), make.report(help_request)]
    colleague = team.colleague(village.municipality)

    answers = at_once(
        *(lambda report=report: decide(report, "hidden", by=colleague) for report in rows), refused=reports.NotAllowed
    )

    assert answers.count(REFUSED) == 1
    assert not Report.objects.open().exists()
    assert Decision.objects.count() == 1


# -- who told it stays with the team


def test_author_never_learns_who_told_it(client, beesd, riet, reporter, help_request):
    """Every page and message the asker and the neighbours can see, after each decision."""
    others = [riet, make.neighbour(beesd, "Joris"), make.volunteer(beesd, "Samira").user]
    report = make.report(help_request, reporter=reporter, text=WORDS)
    escalation.ask_volunteers_now(help_request.pk, actor=web(riet), now=NOW)
    steps = [lambda: None, lambda: decide(report, "hidden", answer="Vraag nooit om geld.")]

    for step in steps:
        step()
        deliver(NOW)
        for person in others:
            as_reader(client, person)
            for address in _addresses_of(help_request, report):
                text = text_of(client.get(address))
                assert SECRET not in text, address
                assert WORDS not in text, address
    letters = [f"{one.subject} {one.body}" for one in mail.outbox if one.to != [reporter.email]]
    assert letters
    assert not [letter for letter in letters if SECRET in letter or WORDS in letter]


def _addresses_of(help_request, report):
    yield from map(reverse, ("board", "mine", "inbox", "volunteer", "home", "start", "no_contact_list"))
    yield help_request.get_absolute_url()
    yield reverse("edit", args=[help_request.pk])
    yield reverse("reported", args=[report.pk])
    yield url(help_request)
    yield reverse("report", args=["person", report.reporter_id])
    yield reverse("no_contact", args=[report.reporter_id])
    yield f"{ADMIN}{report.pk}/change/"


def test_team_of_another_municipality_sees_nothing(reporter, help_request):
    report = make.report(help_request, reporter=reporter, text=WORDS)
    elsewhere = team.at_work(team.colleague(make.municipality()))

    listed = elsewhere.get(ADMIN)
    page = elsewhere.get(f"{ADMIN}{report.pk}/change/", follow=True)
    do(elsewhere, "hide", report, reason="x")

    for answer in (listed, page, elsewhere.get("/beheer/")):
        assert SECRET not in answer.content.decode()
        assert WORDS not in answer.content.decode()
    assert Report.objects.open().get() == report


def test_team_sees_who_told_it_in_lists_that_are_filtered_and_cost_the_same(boss, beesd, reporter, help_request):
    first = make.report(help_request, reporter=reporter, text=WORDS, reason="money")
    decided = decide(make.report(make.help_request(beesd)), "kept")

    waiting = boss.get(ADMIN, {"decided": "no"})
    money = boss.get(ADMIN, {"reason__exact": "money"})
    page = boss.get(f"{ADMIN}{first.pk}/change/").content.decode()

    assert list(waiting.context["cl"].result_list) == list(money.context["cl"].result_list) == [first]
    assert list(boss.get(ADMIN, {"decided": "yes"}).context["cl"].result_list) == [decided]
    assert SECRET in page
    assert WORDS in page
    assert reverse("admin:requests_app_helprequest_change", args=[help_request.pk]) in page
    assert not re.search(r'<(input|select|textarea)[^>]*name="(text|reporter|outcome|answer)"', page)
