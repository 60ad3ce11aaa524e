"""Days on which a village, or a person, is left in peace: nobody is asked, and who needs help is not forgotten."""

from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.actors import web
from accounts.models import User
from notifications import outbox, preferences
from notifications.delivery import Count, deliver
from notifications.models import Channel, Message, State
from requests_app import escalation, moments, steps_ahead, timeline
from requests_app.models import Audience, Event, HelpRequest, Part, Status
from tests import make, team
from villages.models import Village
from volunteers.models import Ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


def local(month, day, hour, minute=0, *, year=2026):
    return moments.local_moment(date(year, month, day), time(hour, minute)).astimezone(UTC)


# In March 2026: a Saturday evening, a Sunday, and the Monday that follows.
SATURDAY_20, SUNDAY_10, MONDAY_8 = local(3, 14, 20), local(3, 15, 10), local(3, 16, 8)


@pytest.fixture
def beesd():
    """A village that keeps the Sunday, with hours in the night."""
    return with_days(make.village("Beesd"), [SUNDAY])


def with_days(village, days, **more):
    Village.objects.filter(pk=village.pk).update(quiet_days=days, **more)
    village.refresh_from_db()
    return village


def fixed(village, at, *, now, **fields):
    return make.help_request(village, part=Part.FIXED, help_on=at.date(), help_at=at, now=now, **fields)


def walk(help_request, until):
    """The clock looks whenever something is due, up to this moment."""
    help_request.refresh_from_db()
    while help_request.next_at and help_request.next_at <= until and help_request.status == Status.OPEN:
        escalation.sweep(help_request.next_at)
        help_request.refresh_from_db()


def happened(help_request):
    kinds = [Event.Kind.ASKED, Event.Kind.NOBODY_TO_ASK, Event.Kind.TO_GROUP, Event.Kind.TO_CONTACT, Event.Kind.LAPSED]
    return list(help_request.events.filter(kind__in=kinds).order_by("pk").values_list("kind", "at"))


def mail_of(kind):
    return Message.objects.filter(kind=kind, channel=Channel.MAIL)


def quiet_person(volunteer, **quiet):
    nothing = {"mail": preferences.ASKED_ABOUT, "often": None, "now": make.NOW}
    preferences.keep(volunteer.user_id, quiet=preferences.Quiet(**quiet), **nothing)
    volunteer.refresh_from_db()


# -- a village


def test_village_that_keeps_the_sunday_asks_volunteers_on_monday_and_says_why(beesd):
    make.volunteer(beesd)
    help_request = fixed(beesd, local(3, 18, 12), now=SUNDAY_10, audience=Audience.VOLUNTEERS)

    ahead = [line for line in timeline.timeline(help_request, SUNDAY_10) if line.state == "next"]
    walk(help_request, MONDAY_8)

    assert (ahead[0].icon, ahead[0].at, ahead[0].detail) == ("people", MONDAY_8, "On Sunday we ask nobody")
    assert happened(help_request) == [("asked", MONDAY_8)]


@pytest.mark.parametrize(
    ("days", "holidays", "posted", "words"),
    [
        ([SUNDAY], False, SUNDAY_10, "On Sunday we ask nobody"),
        ([SUNDAY], False, SATURDAY_20 + 2 * HOUR, "On Sunday we ask nobody"),  # the night before it
        ([SUNDAY], False, local(3, 16, 3), "We let everybody sleep first"),  # it is over
        ([SUNDAY], False, local(3, 17, 22), "We let everybody sleep first"),
        ([SATURDAY, SUNDAY], False, local(3, 13, 22), "On Saturday and Sunday we ask nobody"),
        ([4, SATURDAY, SUNDAY], False, local(3, 12, 22), "On quiet days of the village we ask nobody"),
        ([], True, local(4, 6, 10), "On a public holiday we ask nobody"),  # Easter Monday
        ([SUNDAY], True, local(4, 5, 10), "On Sunday we ask nobody"),  # Easter too
    ],
)
def test_words_say_what_a_step_waits_for(beesd, days, holidays, posted, words):
    with_days(beesd, days, quiet_on_holidays=holidays)
    help_request = fixed(beesd, posted + 6 * DAY, now=posted, audience=Audience.VOLUNTEERS)

    steps = moments.steps_of(help_request)

    assert steps_ahead._why(steps[0], help_request) == words


def test_words_of_a_quiet_day_in_dutch(beesd):

    help_request = fixed(beesd, local(3, 18, 12), now=SUNDAY_10, audience=Audience.VOLUNTEERS)
    with translation.override("nl"):
        assert steps_ahead._why(moments.steps_of(help_request)[0], help_request) == "Op zondag vragen we niemand"


def test_village_that_keeps_holidays_asks_nobody_at_christmas():
    village = with_days(make.village(), [], quiet_on_holidays=True)
    make.volunteer(village)
    christmas = local(12, 25, 10)
    help_request = fixed(village, local(12, 29, 18), now=christmas, audience=Audience.VOLUNTEERS)

    walk(help_request, local(12, 27, 9))

    assert happened(help_request) == [("asked", local(12, 27, 8))]  # a Sunday, which this village does not keep


def test_group_and_circle_are_left_in_peace_on_a_quiet_day(beesd):
    make.group(beesd)
    for_group = fixed(beesd, local(3, 18, 12), now=SUNDAY_10, audience=Audience.GROUP)
    fixed(beesd, local(3, 18, 13), now=SUNDAY_10, audience=Audience.CIRCLE)

    walk(for_group, MONDAY_8)

    assert happened(for_group)[0] == ("to_group", MONDAY_8)
    circle = mail_of("circle.asked").get()
    assert circle.not_before == MONDAY_8


def test_mail_to_the_circle_that_did_not_go_in_time_waits_out_the_quiet_day_too(beesd):
    fixed(beesd, local(3, 18, 13), now=SATURDAY_20, audience=Audience.CIRCLE)
    assert mail_of("circle.asked").get().not_before == SATURDAY_20

    deliver(SUNDAY_10)

    circle = mail_of("circle.asked").get()
    assert (circle.state, circle.not_before) == (State.DUE, MONDAY_8)


def test_needed_on_a_quiet_day_the_contact_person_hears_it_at_once_by_mail_too(beesd):
    make.volunteer(beesd)
    help_request = fixed(beesd, local(3, 15, 18), now=SUNDAY_10)

    walk(help_request, local(3, 15, 18))

    assert happened(help_request) == [("to_contact", SUNDAY_10), ("lapsed", local(3, 15, 18))]
    waiting = mail_of("team.request_waiting").order_by("pk").first()
    assert (waiting.urgent, waiting.not_before) == (True, SUNDAY_10)


def test_needed_before_the_night_is_over_the_contact_person_has_mail_too():
    village = make.village()
    night = local(3, 10, 23)
    help_request = fixed(village, local(3, 11, 7), now=night)

    walk(help_request, night)

    assert mail_of("team.request_waiting").get().not_before == night


def test_with_a_waking_moment_left_the_contact_person_has_the_quiet_day_off(beesd):
    make.policy(beesd.municipality, office_hours=0)
    help_request = fixed(beesd, local(3, 16, 12), now=SUNDAY_10, audience=Audience.CONTACT)

    walk(help_request, MONDAY_8)

    assert happened(help_request) == [("to_contact", MONDAY_8)]


def test_mail_that_may_wait_waits_for_the_end_of_a_quiet_day(beesd):
    riet = make.neighbour(beesd, "Riet")
    make.help_request(beesd, author=riet, now=SATURDAY_20, part="any", help_on=None)

    assert deliver(SUNDAY_10) == Count(late=1)

    assert mail_of("request.posted").get().not_before == MONDAY_8
    with transaction.atomic():
        outbox.enqueue("account.code", riet, "code-1", {"code": "482915"}, now=SUNDAY_10)
    assert deliver(SUNDAY_10) == Count(sent=1)


def test_a_late_wave_waits_out_the_quiet_day(beesd):
    """The village chose its day while the request ran: what was to come then comes after it."""
    make.volunteer(beesd)
    with_days(beesd, [])
    help_request = fixed(beesd, local(3, 19, 12), now=local(3, 14, 9), audience=Audience.NEIGHBOURS)
    wave = moments.steps_of(help_request)[0].at
    with_days(beesd, [SUNDAY])

    walk(help_request, MONDAY_8)

    assert wave.astimezone(moments.AMSTERDAM).date() == date(2026, 3, 15)
    assert happened(help_request) == [("asked", MONDAY_8)]


def test_quiet_days_cost_the_sweep_no_query():
    counts = []
    for days in ([], [SUNDAY]):
        village = with_days(make.village(), days)
        make.volunteer(village)
        help_request = fixed(village, local(3, 20, 12), now=local(3, 16, 9), audience=Audience.VOLUNTEERS)
        HelpRequest.objects.filter(pk=help_request.pk).update(next_at=local(3, 16, 9))
        with CaptureQueriesContext(connection) as queries:
            escalation.sweep(local(3, 16, 9))
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("days", [[0, 1, 2, 3, 4, 5, 6], [7], [0, 0, 0, 0, 0, 0, 0]])
def test_database_refuses_a_village_or_a_person_that_sleeps_all_week(beesd, days):
    with pytest.raises(IntegrityError, match="village_keeps_a_day"), transaction.atomic():
        Village.objects.filter(pk=beesd.pk).update(quiet_days=days)
    with pytest.raises(IntegrityError, match="user_keeps_a_day"), transaction.atomic():
        User.objects.filter(pk=make.neighbour(beesd).pk).update(quiet_days=days)


# -- the form of the village


@pytest.fixture
def desk(beesd):
    return team.at_work(team.colleague(beesd.municipality))


def typed(village, **more):
    return {"contact_person": village.contact_person_id, "quiet_from": "21:00", "quiet_until": "08:00", **more}


def test_staff_choose_quiet_days_look_at_what_they_mean_and_save(beesd, desk):
    url = reverse("admin:villages_village_change", args=[beesd.pk])
    chosen = typed(beesd, quiet_days=["5"], quiet_on_holidays="on")

    looked = desk.post(url, chosen | {"_look": "1"})
    beesd.refresh_from_db()
    before = beesd.quiet_days
    saved = desk.post(url, chosen)

    words = looked.content.decode()
    assert looked.status_code == 200
    assert "Ook niet op deze dagen: zaterdag, feestdagen." in words
    assert "Dit heb je gekozen, nog niet bewaard" in words
    assert words.count('<th scope="row">') == 5
    assert "errornote" not in words
    assert (before, saved.status_code) == ([SUNDAY], 302)
    beesd.refresh_from_db()
    assert (beesd.quiet_days, beesd.quiet_on_holidays) == ([SATURDAY], True)
    listed = desk.get(reverse("admin:villages_village_changelist")).content.decode()
    assert "21:00-08:00, zaterdag, feestdagen" in listed


def test_a_week_without_a_day_is_refused_in_the_form_with_the_reason(beesd, desk):
    url = reverse("admin:villages_village_change", args=[beesd.pk])

    for look in ({}, {"_look": "1"}):
        answer = desk.post(url, typed(beesd, quiet_days=list("0123456")) | look)
        reason = "Laat minstens één dag per week over waarop we iemand mogen vragen."
        assert answer.context["adminform"].form.errors == {"quiet_days": [reason]}

    beesd.refresh_from_db()
    assert beesd.quiet_days == [SUNDAY]


# -- a person


def test_somebody_chooses_any_days_but_not_all(beesd, client):
    riet = make.neighbour(beesd, "Riet")
    client.force_login(riet)
    data = {"mail": ["own"], "often": "never", "quiet_from": "", "quiet_until": ""}

    with time_machine.travel(make.NOW, tick=False):
        client.post(reverse("preferences"), data | {"quiet_days": ["6", "2"]})
        refused = client.post(reverse("preferences"), data | {"quiet_days": list("0123456")})
        page = client.get(reverse("preferences")).content.decode()

    riet.refresh_from_db()
    assert riet.quiet_days == [2, SUNDAY]
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["quiet_days"]
    assert page.count('name="quiet_days"') == 7
    assert "De hele dag stil in Beesd: zondag." in page


def test_mail_waits_for_the_days_of_village_and_person_together(beesd):
    riet = make.neighbour(beesd, "Riet")
    preferences.keep(
        riet.pk, mail=preferences.ASKED_ABOUT, often=None, quiet=preferences.Quiet(days=(0, 1)), now=make.NOW
    )
    riet.refresh_from_db()

    with transaction.atomic():
        outbox.enqueue("request.posted", riet, "x", {"help_request": 1}, now=SUNDAY_10)

    assert mail_of("request.posted").get().not_before == local(3, 18, 8)  # a Wednesday


def test_who_kept_the_sunday_keeps_it(beesd):
    """The data of the migration: the one box that there was becomes one of the seven."""
    migration = import_module("accounts.migrations.0002_quiet_days_of_a_person")
    riet, joris = make.neighbour(beesd), make.neighbour(beesd)

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_user ADD COLUMN quiet_on_sunday boolean NOT NULL DEFAULT false")
        cursor.execute("UPDATE accounts_user SET quiet_on_sunday = true WHERE id = %s", [riet.pk])
        cursor.execute(migration.KEEP_SUNDAY)

    days = dict(User.objects.values_list("pk", "quiet_days"))
    assert (days[riet.pk], days[joris.pk]) == ([SUNDAY], [])


# -- who is chosen


@pytest.fixture
def tricht():
    """A village whose nights are quiet, and no day."""
    return make.village("Tricht")


def test_who_is_quiet_on_sunday_is_not_asked_on_sunday_and_not_punished(tricht):
    """On Sunday at 10.00 for 20.00: the mail would come on Monday."""
    samira = make.volunteer(tricht, "Samira")
    quiet_person(samira, days=(SUNDAY,))
    help_request = fixed(tricht, local(3, 15, 20), now=SUNDAY_10, audience=Audience.VOLUNTEERS)

    walk(help_request, local(3, 15, 20))

    samira.refresh_from_db()
    assert not Ask.objects.exists()
    assert happened(help_request)[0] == ("nobody_to_ask", SUNDAY_10)
    assert (samira.silences, samira.resting_until) == (0, None)


def test_who_is_quiet_now_leaves_the_place_to_others_and_is_free_for_the_next_wave(tricht):
    make.policy(tricht.municipality, goals=[0.1], caps=[1])
    quiet, awake = make.volunteer(tricht, "Samira"), make.volunteer(tricht, "Joris")
    quiet_person(quiet, days=(SUNDAY,))
    help_request = fixed(tricht, local(3, 18, 12), now=SUNDAY_10, audience=Audience.VOLUNTEERS)

    walk(help_request, SUNDAY_10)
    on_sunday = list(Ask.objects.values_list("volunteer", flat=True))
    walk(help_request, MONDAY_8 + HOUR)

    assert on_sunday == [awake.pk]
    assert set(Ask.objects.values_list("volunteer", flat=True)) == {awake.pk, quiet.pk}


@pytest.mark.parametrize(("until", "is_asked"), [(time(11), True), (time(15, 59), True), (time(17), False)])
def test_who_wakes_before_the_next_step_is_asked_all_the_same(tricht, until, is_asked):
    """Somebody who works in the daytime hears of it after work, when that is soon enough."""
    make.policy(tricht.municipality, between_waves_after=timedelta(hours=6))
    samira = make.volunteer(tricht, "Samira")
    quiet_person(samira, from_=time(9), until=until)
    help_request = fixed(tricht, local(3, 20, 12), now=local(3, 16, 10), audience=Audience.VOLUNTEERS)

    walk(help_request, local(3, 16, 10))

    assert Ask.objects.exists() == is_asked


def test_who_declines_is_not_replaced_by_somebody_who_is_quiet(tricht):
    make.policy(tricht.municipality, goals=[0.1], caps=[1])
    says_no = make.volunteer(tricht)
    help_request = fixed(tricht, local(3, 18, 12), now=SUNDAY_10, audience=Audience.VOLUNTEERS)
    walk(help_request, SUNDAY_10)
    quiet_person(make.volunteer(tricht), days=(SUNDAY,))

    escalation.decline(says_no.asks.get().pk, actor=web(says_no.user), now=SUNDAY_10 + HOUR)

    assert Ask.objects.count() == 1


def test_own_rest_of_many_volunteers_costs_no_query():
    counts = []
    for count in (2, 9):
        village = make.village()
        for _ in range(count):
            quiet_person(make.volunteer(village), from_=time(9), until=time(11), days=(SUNDAY,))
        fixed(village, local(3, 20, 12), now=local(3, 16, 10), audience=Audience.VOLUNTEERS)
        with CaptureQueriesContext(connection) as queries:
            escalation.sweep(local(3, 16, 10))
        counts.append(len(queries))

    assert Ask.objects.exists()
    assert counts[0] == counts[1]


# -- silence is of who heard of it


@pytest.fixture
def asked(tricht):
    """Somebody who was asked this morning, for tonight."""
    make.policy(tricht.municipality, goals=[0.1], caps=[1], office_hours=0)
    volunteer = make.volunteer(tricht, "Samira")
    help_request = fixed(tricht, local(3, 16, 20), now=local(3, 16, 10), audience=Audience.VOLUNTEERS)
    walk(help_request, local(3, 16, 10))
    return volunteer, help_request


def until_the_end(volunteer, help_request):
    walk(help_request, local(3, 16, 20))
    volunteer.refresh_from_db()
    assert help_request.status == Status.LAPSED
    return Ask.objects.get().answer, volunteer.silences, volunteer.resting_until is not None


def test_who_had_the_mail_and_said_nothing_rests(asked):
    deliver(local(3, 16, 10))

    assert until_the_end(*asked) == (Ask.Answer.SILENT, 1, True)


@pytest.mark.parametrize("state", [State.DUE, State.FAILED, State.DROPPED])
def test_who_never_had_the_mail_did_not_keep_silent_whatever_the_cause(asked, state):
    mail_of("volunteer.asked").update(state=state)

    assert until_the_end(*asked) == (Ask.Answer.WITHDRAWN, 0, False)
    assert not Ask.objects.counting().exists()  # of nobody's week


def test_who_read_it_on_the_site_heard_of_it(asked):
    volunteer, _help_request = asked
    key = mail_of("volunteer.asked").get().key
    with transaction.atomic():
        outbox.seen(volunteer.user, key, local(3, 16, 11))

    assert mail_of("volunteer.asked").get().state == State.DROPPED
    assert until_the_end(*asked) == (Ask.Answer.SILENT, 1, True)


def test_who_wants_it_on_the_site_only_heard_of_it_there(tricht):
    volunteer = make.volunteer(tricht, "Samira")
    User.objects.filter(pk=volunteer.user_id).update(muted=["mail:asked"])
    help_request = fixed(tricht, local(3, 16, 20), now=local(3, 16, 10), audience=Audience.VOLUNTEERS)
    walk(help_request, local(3, 16, 10))

    assert until_the_end(volunteer, help_request)[0] == Ask.Answer.SILENT


def test_mail_of_another_request_is_no_mail_of_this_one(asked, tricht):
    deliver(datetime(2026, 3, 1, tzinfo=UTC))  # nothing was due then
    _volunteer, help_request = asked
    other = Message.objects.filter(kind="volunteer.asked", channel=Channel.MAIL).get()
    Message.objects.create(
        kind=other.kind, channel=Channel.MAIL, key=other.key.replace(f"request-{help_request.pk}:", "request-0:"),
        user=other.user, params={}, state=State.SENT,
    )  # fmt: skip

    assert until_the_end(*asked)[0] == Ask.Answer.WITHDRAWN
