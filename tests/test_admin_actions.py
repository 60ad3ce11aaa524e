"""What staff do in the admin goes through the verbs: with their rules, their events and their refusals."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import Road, staff, web
from accounts.models import StaffRole, User
from moderation.models import Decision
from notifications.models import Channel, Message, State
from requests_app import escalation, lifecycle, moderating
from requests_app.models import Event, HelpRequest, Policy, Status
from tests import make, team
from tests.make import NOW
from villages.models import ContactPerson, PostcodeArea, Residency, Village
from volunteers.models import Ask, Volunteer

pytestmark = pytest.mark.django_db
REQUESTS = "/beheer/requests_app/helprequest/"
VILLAGES = "/beheer/villages/village/"
NUMBERS = {
    "circle": "0.25",
    "circle_after": "",
    "first_wave": "0.3",
    "group": "0.12",
    "first_wave_within_a_day": "0.1",
    "between_waves": "0.12",
    "contact": "0.7",
    "goals": "0.6,0.8",
    "caps": "12,24",
    "widen_share": "0.5",
    "office_hours": "4",
    "first_wave_after": "",
    "between_waves_after": "",
    "contact_after": "",
    "category": "",
}


@pytest.fixture
def village():
    return make.village("Beesd")


@pytest.fixture
def colleague(village):
    return team.colleague(village.municipality, kind=StaffRole.Kind.COORDINATOR)


@pytest.fixture
def client(colleague):
    return team.at_work(colleague)


@pytest.fixture
def help_request(village):
    make.volunteer(village)
    return make.help_request(village, title="Heg knippen")


def do(client, url, action, *rows, **more):
    client.cookies.pop("messages", None)  # what was said before
    return client.post(url, {"action": action, "_selected_action": [row.pk for row in rows], **more})


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def last_event(help_request):
    return Event.objects.filter(help_request=help_request).latest("pk")


def test_hiding_asks_for_a_reason_first(client, help_request):
    asked = do(client, REQUESTS, "hide", help_request)
    without = do(client, REQUESTS, "hide", help_request, reason="  ")

    help_request.refresh_from_db()
    assert asked.status_code == without.status_code == 200
    assert "Heg knippen" in asked.content.decode()
    assert without.context["form"].errors["reason"]
    assert not asked.context["form"].errors
    assert help_request.hidden_at is None


def test_hiding_with_a_reason_is_a_decision_with_an_event(client, colleague, help_request):
    answer = do(client, REQUESTS, "hide", help_request, reason="Er staat een adres in.")

    help_request.refresh_from_db()
    event = last_event(help_request)
    assert answer.status_code == 302
    assert said(answer) == ["Gedaan voor 1."]
    assert help_request.hidden_at is not None
    assert (event.kind, event.by, event.road) == (Event.Kind.HIDDEN, colleague, Road.STAFF)
    assert Decision.objects.get().reason == "Er staat een adres in."


def test_refusals_are_told_for_each_row_and_the_others_go_on(client, village, help_request):
    hidden = make.help_request(village, title="Ramen lappen")
    moderating.hide(hidden.pk, reason="Dubbel", actor=staff(village.contact_person.user), now=NOW)

    answer = do(client, REQUESTS, "hide", help_request, hidden, reason="Dubbel")

    refusal, done = sorted(said(answer), reverse=True)
    assert refusal.startswith("Ramen lappen: ")
    assert done == "Gedaan voor 1."
    assert not HelpRequest.objects.filter(hidden_at=None).exists()


def test_hidden_request_is_made_visible_again(client, village, help_request):
    moderating.hide(help_request.pk, reason="Dubbel", actor=staff(village.contact_person.user), now=NOW)

    do(client, REQUESTS, "restore", help_request)

    help_request.refresh_from_db()
    assert help_request.hidden_at is None
    assert last_event(help_request).kind == Event.Kind.RESTORED


def test_staff_hurry_a_request_to_volunteers_and_to_the_contact_person(client, village):
    village.quiet_from = village.quiet_until = NOW.time()
    village.save()
    make.volunteer(village)
    now = make.datetime.now(make.UTC)
    help_request = make.help_request(village, now=now, part="any", help_on=None)

    do(client, REQUESTS, "ask_volunteers_now", help_request)
    asked = Ask.objects.filter(answer=Ask.Answer.OPEN).count()
    answer = do(client, REQUESTS, "hand_to_contact", help_request)
    again = do(client, REQUESTS, "hand_to_contact", help_request)

    help_request.refresh_from_db()
    assert asked == 1
    assert said(answer) == ["Gedaan voor 1."]
    assert help_request.owner == village.contact_person.user
    assert len(said(again)) == 1
    assert said(again) != said(answer)


def test_button_beside_a_request_leads_back_to_it(client, help_request):
    page = client.get(f"{REQUESTS}{help_request.pk}/change/")

    answer = do(client, REQUESTS, "hand_to_contact", help_request, beside=help_request.pk)
    hide = do(client, REQUESTS, "hide", help_request, beside=help_request.pk)

    assert [name for name, _words in page.context["verbs"]] == ["ask_volunteers_now", "hand_to_contact", "hide"]
    assert answer.url == f"{REQUESTS}{help_request.pk}/change/"
    assert f'name="beside" value="{help_request.pk}"' in hide.content.decode()


def test_only_what_can_be_done_has_a_button(client, village, help_request):
    moderating.hide(help_request.pk, reason="Dubbel", actor=staff(village.contact_person.user), now=NOW)
    waiting, known = (Residency.objects.get(user=who(village)) for who in (make.resident, make.neighbour))
    message = Message.objects.filter(municipality=village.municipality).latest("pk")
    policy = Policy.objects.get()
    Policy.objects.filter(pk=policy.pk).update(switched_off_at=NOW)
    off = make.village(of=village.municipality, on=False)
    rows = (help_request, waiting, known, message, policy, village, off)

    offered = {}
    for row in rows:
        url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        offered[row] = [name for name, _words in client.get(url).context["verbs"]]

    assert offered == {
        help_request: ["hand_to_contact", "restore"],
        waiting: ["confirm"],
        **{row: [] for row in (known, message, policy)},
        village: ["switch_off", "renew_letter_code"],
        off: ["switch_on", "renew_letter_code"],
    }


def test_page_of_a_request_shows_its_timeline_and_no_address(client, help_request):
    answer = client.get(f"{REQUESTS}{help_request.pk}/change/")

    lines = answer.context["lines"]
    assert {line.state for line in lines} == {"done", "now", "next"}
    assert [line.what for line in lines if line.what not in html.unescape(answer.content.decode())] == []
    assert make.address_of(help_request) not in answer.content.decode()


def test_status_and_ladder_are_not_fields_of_a_form(client, help_request):
    before = HelpRequest.objects.filter(pk=help_request.pk).values().get()
    boss = team.at_work(team.superuser())

    for browser in (client, boss):
        page = browser.get(f"{REQUESTS}{help_request.pk}/change/")
        answer = browser.post(f"{REQUESTS}{help_request.pk}/change/", {"status": "done", "title": "Anders"})

        assert page.context["adminform"].form.fields == {}
        assert answer.status_code == 403

    assert HelpRequest.objects.filter(pk=help_request.pk).values().get() == before


def test_events_are_never_added_changed_or_deleted(help_request):
    boss = team.at_work(team.superuser())
    event = last_event(help_request)
    before = list(Event.objects.order_by("pk").values())
    url = "/beheer/requests_app/event/"
    data = {"kind": "done", "help_request": help_request.pk, "status": "done", "post": "yes"}

    statuses = [
        boss.post(f"{url}{event.pk}/change/", data).status_code,
        boss.post(f"{url}{event.pk}/change/", {**data, "_saveasnew": "1"}).status_code,
        boss.post(f"{url}{event.pk}/delete/", data).status_code,
        boss.post(f"{url}add/", data).status_code,
    ]
    deleted = do(boss, url, "delete_selected", event, post="yes")

    assert statuses == [403, 403, 403, 403]
    assert deleted.status_code in {200, 302}
    assert list(Event.objects.order_by("pk").values()) == before


def test_staff_read_nowhere_which_volunteer_said_no(client, help_request):
    ask_of = Volunteer.objects.get()
    User.objects.filter(pk=ask_of.user_id).update(first_name="Joriena")
    escalation.ask_volunteers_now(help_request.pk, actor=staff(help_request.village.contact_person.user), now=NOW)
    escalation.decline(Ask.objects.get().pk, actor=web(ask_of.user), now=NOW)
    events = "/beheer/requests_app/event/"

    pages = [f"{REQUESTS}{help_request.pk}/change/", events, f"{events}{last_event(help_request).pk}/change/"]

    for page in pages:
        text = client.get(page).content.decode()
        assert "een vrijwilliger kan deze keer niet" in text.lower()
        assert "Joriena" not in text
    assert "Marieke" in client.get(events).content.decode()  # who asked is told as before


def test_too_many_rows_at_once_are_refused_whole(client, village, help_request, monkeypatch):
    monkeypatch.setattr("accounts.scoping.MOST_AT_ONCE", 1)
    other = make.help_request(village)

    answer = do(client, REQUESTS, "hide", help_request, other, reason="Dubbel")

    assert said(answer) == ["Kies er hoogstens 1 tegelijk. Er is niets veranderd."]
    assert not HelpRequest.objects.exclude(hidden_at=None).exists()


def test_history_keeps_numbers_and_no_names(client, colleague, help_request):
    do(client, REQUESTS, "hide", help_request, reason="Er staat een adres in.")

    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (colleague, str(help_request.pk), "hide")
    assert "Heg" not in entry.object_repr


def test_village_is_switched_on_once_it_has_a_face_and_off_when_nothing_is_open(client, village, help_request):
    off = make.village("Rumpt", of=village.municipality, on=False)
    faceless = make.village("Enspijk", of=village.municipality, on=False)
    Village.objects.filter(pk=faceless.pk).update(contact_person=None)

    switched_on = do(client, VILLAGES, "switch_on", off, faceless)
    switched_off = do(client, VILLAGES, "switch_off", off, village)

    assert "Gedaan voor 1." in said(switched_on)
    assert len(said(switched_on)) == 2
    assert len(said(switched_off)) == 2
    assert set(Village.objects.switched_on()) == {village}


def test_code_on_letters_is_renewed(client, village):
    do(client, VILLAGES, "renew_letter_code", village)

    assert Village.objects.get(pk=village.pk).letter_code != village.letter_code


def test_village_gets_quiet_hours_and_keeps_its_face(client, village):
    url = f"{VILLAGES}{village.pk}/change/"
    face = village.contact_person

    client.post(url, {"contact_person": face.pk, "quiet_from": "22:00", "quiet_until": "07:00", "name": "Anders"})
    refused = client.post(url, {"contact_person": "", "quiet_from": "22:00", "quiet_until": "07:00"})

    village.refresh_from_db()
    assert (village.quiet_from.hour, village.name, village.contact_person) == (22, "Beesd", face)
    assert "contact_person" in refused.context["adminform"].form.errors


def test_saving_writes_only_what_was_changed(client, village):
    data = {"contact_person": village.contact_person_id, "quiet_from": "22:00", "quiet_until": "08:00"}

    with CaptureQueriesContext(connection) as captured:
        client.post(f"{VILLAGES}{village.pk}/change/", data)

    updates = [query["sql"] for query in captured if query["sql"].startswith('UPDATE "villages_village"')]
    assert len(updates) == 1
    assert "switched_on_at" not in updates[0]


def test_district_is_made_of_postcode_areas_of_the_municipality(client, village):
    for pc4 in ("2317", "2318"):
        PostcodeArea.objects.create(municipality=village.municipality, pc4=pc4, place="Leiden", lat=52, lon=4)
    ids = {"municipality": village.municipality_id, "name": "Merenwijk"}

    refused = client.post(f"{VILLAGES}add/", {**ids, "areas": "2317, 9999"})
    made = client.post(f"{VILLAGES}add/", {**ids, "areas": "2318, 2317"})
    again = client.post(f"{VILLAGES}add/", {**ids, "areas": "2317"})

    district = Village.objects.get(name="Merenwijk")
    assert "9999" in refused.content.decode()
    assert refused.context["adminform"].form["areas"].value() == "2317, 9999"
    assert made.status_code == 302
    assert (district.pc4s, district.kind, district.switched_on_at) == (["2317", "2318"], Village.Kind.DISTRICT, None)
    assert again.context["adminform"].form.errors


def test_contact_person_is_somebody_who_works_there(client, village, colleague):
    neighbour = make.neighbour(village)
    data = {"municipality": village.municipality_id, "name": "Samir", "phone": "0612345678", "hours": "Elke dag"}

    refused = client.post("/beheer/villages/contactperson/add/", {**data, "user": neighbour.pk})
    form = client.get("/beheer/villages/contactperson/add/").context["adminform"].form
    made = client.post("/beheer/villages/contactperson/add/", {**data, "user": colleague.pk})
    face = ContactPerson.objects.get(user=colleague)
    moved = client.post(f"/beheer/villages/contactperson/{face.pk}/change/", {**data, "user": neighbour.pk})

    assert form.initial["municipality"] == village.municipality_id
    assert "user" in refused.context["adminform"].form.errors
    assert made.status_code == 302
    assert "user" in moved.context["adminform"].form.errors


def test_neighbour_is_confirmed_by_who_knows_them(client, colleague, village):
    waiting = Residency.objects.get(user=make.resident(village))
    gone = Residency.objects.get(user=make.resident(village))
    Residency.objects.filter(pk=gone.pk).update(ended_at=NOW)

    answer = do(client, "/beheer/villages/residency/", "confirm", waiting, gone)

    waiting.refresh_from_db()
    assert len(said(answer)) == 2
    assert (waiting.proof, waiting.confirmed_by) == (Residency.Proof.CONTACT_PERSON, colleague)


def test_what_a_volunteer_likes_stands_in_words(client, village):
    volunteer = make.volunteer(village, categories=["groceries", "gone"])

    page = client.get(f"/beheer/volunteers/volunteer/{volunteer.pk}/change/").content.decode()

    assert "Boodschappen, gone" in page


def test_volunteers_limits_are_noted_by_staff(client, village):
    volunteer = make.volunteer(village)
    url = f"/beheer/volunteers/volunteer/{volunteer.pk}/change/"
    inline = {f"asks-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    limits = {"week_limit": "1", "month_limit": "2", "certificate_until_on": "2027-01-01", "paused_until_0": ""}

    client.post(url, {**inline, **limits, "paused_until_1": "", "ended_at": "2026-01-01"})
    refused = client.post(url, {**inline, **limits, "month_limit": "99", "paused_until_1": ""})

    after = Volunteer.objects.get(pk=volunteer.pk)
    assert (after.week_limit, after.month_limit, after.ended_at) == (1, 2, None)
    assert after.certificate_until_on.year == 2027
    assert refused.context["adminform"].form.errors


def test_failed_message_is_tried_again_but_a_code_is_not(client, village):
    shared = {"municipality": village.municipality, "channel": Channel.MAIL, "user": make.neighbour(village)}
    failed, sent, code, gone = (
        Message.objects.create(kind=kind, key=f"{kind}-{state}", state=state, attempts=8, failure="No", **shared)
        for kind, state in (
            *(("request.posted", State.FAILED), ("request.posted", State.SENT)),
            *(("account.code", State.FAILED), ("gone.kind", State.FAILED)),
        )
    )

    answer = do(client, "/beheer/notifications/message/?state=all", "try_again", failed, sent, code, gone)
    do(client, "/beheer/notifications/message/?state=all", "try_again", failed)

    states = dict(Message.objects.values_list("key", "state"))
    failed.refresh_from_db()
    assert len(said(answer)) == 4
    assert (failed.state, failed.attempts, failed.failure) == (State.DUE, 0, "")
    assert states[sent.key] == State.SENT
    assert states[code.key] == states[gone.key] == State.FAILED


def test_policy_is_added_as_a_next_version_and_never_changed(client, colleague, village):
    old = make.policy(village.municipality)
    url = "/beheer/requests_app/policy/"
    data = {**NUMBERS, "municipality": village.municipality_id}

    made = team.save_policy(client, data)
    changed = client.post(f"{url}{old.pk}/change/", data)

    new = Policy.objects.exclude(pk=old.pk).get()
    assert made.status_code == 302
    assert (new.version, new.first_wave, new.created_by) == (old.version + 1, 0.3, colleague)
    assert changed.status_code == 403
    assert Policy.objects.get(pk=old.pk).first_wave == old.first_wave


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("goals", "0.8,0.6"), ("goals", "1.2"), ("goals", "x"), ("goals", "")),
        *(("caps", "12"), ("caps", "0,1"), ("first_wave", "1.5"), ("first_wave", "nan"), ("office_hours", "-1")),
    ],
)
def test_policy_with_impossible_numbers_is_refused(client, village, field, value):
    data = {**NUMBERS, "municipality": village.municipality_id, field: value}

    answer = client.post("/beheer/requests_app/policy/add/", data)

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert not Policy.objects.exists()


def test_policy_switched_off_hands_its_open_requests_to_the_contact_person(client, village):
    village.quiet_from = village.quiet_until = NOW.time()
    village.save()
    make.volunteer(village)
    now = make.datetime.now(make.UTC)
    asked, done = (make.help_request(village, now=now, part="any", help_on=None) for _ in range(2))
    escalation.ask_volunteers_now(asked.pk, actor=make.web(asked.author), now=now)
    lifecycle.withdraw(done.pk, actor=make.web(done.author), now=now)
    policy = Policy.objects.get()

    looked = do(client, "/beheer/requests_app/policy/", "switch_off", policy)
    assert looked.context["meanings"]
    assert not Policy.objects.exclude(switched_off_at=None).exists()

    answer = do(client, "/beheer/requests_app/policy/", "switch_off", policy, looked="1")

    asked.refresh_from_db()
    policy.refresh_from_db()
    assert said(answer) == ["Gedaan voor 1."]
    assert policy.switched_off_at is not None
    assert (asked.status, asked.owner) == (Status.OPEN, village.contact_person.user)
    assert asked.owner_deadline_at is not None
    assert not Ask.objects.filter(answer=Ask.Answer.OPEN).exists()
    assert HelpRequest.objects.get(pk=done.pk).owner is None
    assert make.help_request(village, now=now + timedelta(minutes=1), part="any", help_on=None).policy != policy


def test_role_is_given_and_taken_by_a_superuser_only(client, village):
    boss = team.at_work(team.superuser())
    person = make.user(is_staff=True)
    data = {"user": person.pk, "municipality": village.municipality_id, "kind": StaffRole.Kind.SOCIAL_TEAM}
    url = reverse("admin:accounts_staffrole_add")

    by_coordinator = client.post(url, data)
    by_boss = boss.post(url, data)
    role = StaffRole.objects.get(user=person)
    boss.post(reverse("admin:accounts_staffrole_delete", args=[role.pk]), {"post": "yes"})

    assert by_coordinator.status_code == 403
    assert by_boss.status_code == 302
    assert not StaffRole.objects.filter(user=person).exists()
    assert User.objects.filter(pk=person.pk).exists()


def test_hiding_what_a_neighbour_does_anyway_asks_for_a_reason_and_it_can_be_shown_again(client, village):
    spare, address = make.spare_offer(village), "/beheer/requests_app/spareoffer/"

    asked = do(client, address, "hide", spare)
    do(client, address, "hide", spare, reason="Dit is reclame.")
    spare.refresh_from_db()
    hidden_at = spare.hidden_at
    do(client, address, "restore", spare)
    spare.refresh_from_db()

    assert "Reden" in asked.content.decode() or "reason" in asked.content.decode()
    assert hidden_at is not None
    assert spare.hidden_at is None
