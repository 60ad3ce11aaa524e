"""The numbers of the ladder: seen before they count, refused where they make no sense, switched off to the end."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.actors import staff, web
from accounts.models import StaffRole
from notifications.kinds import KINDS, gathered
from notifications.models import Channel, Message, State
from requests_app import escalation, lifecycle, offers, policies, policy_preview, sensible, tasks
from requests_app.ladder import MOST_WAVES, Numbers
from requests_app.models import Audience, Event, HelpRequest, Policy, Status
from requests_app.models.help_request import Rung
from requests_app.sensible import Fault
from requests_app.timeline import timeline
from requests_app.timeline_others import for_staff
from tests import make, team
from tests.make import NOW
from tests.racing import at_once
from villages.models import Village
from volunteers.models import Ask

pytestmark = pytest.mark.django_db
ADD = reverse("admin:requests_app_policy_add")
HOUR = timedelta(hours=1)
NUMBERS = {
    "circle": "0,25",
    "circle_after": "",
    "group": "0,12",
    "group_after": "",
    "first_wave": "0,3",
    "first_wave_within_a_day": "0,1",
    "between_waves": "0,12",
    "contact": "0,7",
    "goals": "0,6 0,8",
    "caps": "12 24",
    "widen_share": "0,5",
    "office_hours": "4",
    "first_wave_after": "",
    "between_waves_after": "",
    "contact_after": "",
    "category": "",
}


@pytest.fixture
def coordinator(beesd):
    return team.colleague(beesd.municipality, kind=StaffRole.Kind.COORDINATOR)


@pytest.fixture
def desk(coordinator):
    return team.at_work(coordinator)


@pytest.fixture
def numbers(beesd):
    return {**NUMBERS, "municipality": beesd.municipality_id}


def text_of(answer):
    return " ".join(answer.content.decode().split())


# -- Seen before it counts


@pytest.mark.usefixtures("clock")
def test_numbers_are_shown_in_words_and_real_moments_before_they_are_a_version(desk, numbers):
    looked = desk.post(ADD, {**numbers, "_look": "1"})

    text = text_of(looked)
    assert not Policy.objects.exists()
    assert "Dit betekent versie 1" in text
    assert "De eerste vrijwilligers vragen we na 30 % van de tijd die er is." in text
    assert "Ten hoogste zoveel per ronde, voor die kans op een ja: 12 (60 %), 24 (80 %)." in text
    assert "Vijf vragen in Beesd, als niemand reageert" in text
    titles = [example.title for example in looked.context["examples"]]
    assert titles == [
        "Boodschappen, morgenochtend",
        "Een bezoekje, over een week",
        "Een verhuizing, over drie weken",
        "In de nacht gevraagd, voor de middag erna",
        "Een lift over een week, eerst van de eigen kring",
    ]
    assert "Ronde 1: ten hoogste 12 vrijwilligers, voor 60 % kans dat iemand ja zegt" in text
    assert "het eigen moment viel in de stille uren of op een stille dag, dus is het als die voorbij zijn" in text


@pytest.mark.usefixtures("clock")
def test_moments_of_the_preview_are_those_of_the_ladder(beesd):
    policy = Policy(municipality=beesd.municipality)

    shown = policy_preview.examples(policy, beesd, NOW)

    tomorrow = make.draft(beesd, part="fixed", help_on=NOW.date() + timedelta(days=1), help_at=shown[0].needed_by)
    posted = lifecycle.ask(tomorrow.pk, actor=web(tomorrow.author), now=NOW)
    from requests_app import moments

    assert [step.at for step in shown[0].steps] == [step.at for step in moments.steps_of(posted)]


def test_half_a_minute_and_half_a_percent_are_written_with_a_comma_in_dutch():
    with translation.override("nl"):
        assert policy_preview.after(timedelta(seconds=30), 0) == "0,5 min"
        assert policy_preview.after(None, 0.125) == "12,5 % van de tijd die er is"


def test_without_a_municipality_numbers_are_still_refused_in_words(desk, numbers):
    typed = {**numbers, "municipality": "", "first_wave": "1,5", "circle": "2", "contact": "veel", "_look": "1"}

    answer = desk.post(ADD, typed)

    assert set(answer.context["adminform"].form.errors) == {"municipality", "first_wave", "circle", "contact"}
    assert "policy_" not in " ".join(map(str, answer.context["adminform"].form.errors.values()))


def test_time_of_the_own_circle_stands_in_the_preview_in_words_and_with_its_moment(beesd, english):
    policy = Policy(municipality=beesd.municipality)
    words = "Is the own circle asked first? Then only they see it, for 25 % of the time there is, a day at most."
    assert words in policy_preview.in_words(policy)

    policy = Policy(municipality=beesd.municipality, circle_after=5 * HOUR)
    assert "Is the own circle asked first? Then only they see it, for 5 h." in policy_preview.in_words(policy)
    circle = policy_preview.examples(policy, beesd, NOW)[-1]
    assert circle.title == "A lift in a week, of the own circle first"
    assert circle.steps[0].what == "The time of the own circle is over"
    assert circle.steps[0].at - NOW == 5 * HOUR


def test_what_was_looked_at_is_what_is_saved(desk, numbers, coordinator):
    mark = desk.post(ADD, {**numbers, "_look": "1"}).context["mark"]

    other = desk.post(ADD, {**numbers, "contact": "0,8", "_save": "1", "seen": mark})
    unseen = desk.post(ADD, {**numbers, "_save": "1"})
    again = desk.post(ADD, {**numbers, "_look": "1", "seen": mark})
    before = Policy.objects.count()
    saved = desk.post(ADD, {**numbers, "_save": "1", "seen": mark})

    assert {answer.status_code for answer in (other, unseen, again)} == {200}
    assert (before, saved.status_code) == (0, 302)
    policy = Policy.objects.get()
    assert (policy.first_wave, policy.goals, policy.caps) == (0.3, [0.6, 0.8], [12, 24])
    assert policy.created_by == coordinator


@pytest.mark.parametrize("typed", ["0,6 0,8", "0,6; 0,8", "0.6,0.8", "0.6 0.8"])
def test_chances_are_typed_with_a_comma_or_with_a_point(desk, numbers, typed):
    team.save_policy(desk, {**numbers, "goals": typed})

    assert Policy.objects.get().goals == [0.6, 0.8]


def test_a_next_version_begins_with_the_numbers_of_the_one_before_it(desk, beesd):
    old = make.policy(beesd.municipality, contact=0.85, goals=[0.5, 0.75], caps=[3, 6])

    beside = desk.get(reverse("admin:requests_app_policy_change", args=[old.pk]))
    form = text_of(desk.get(ADD, {"like": old.pk}))

    assert f'href="{ADD}?like={old.pk}"' in text_of(beside)
    assert "Wat deze versie betekent" in text_of(beside)
    assert 'name="contact" value="0,85"' in form
    assert 'name="goals" value="0,5 0,75"' in form


def test_numbers_of_another_municipality_are_not_shown(desk):
    elsewhere = make.policy(make.municipality(), contact=0.85)

    assert "0,85" not in text_of(desk.get(ADD, {"like": elsewhere.pk}))


# -- What makes no sense


REFUSED = [
    ({"first_wave": "1,5"}, "first_wave", "Schrijf een deel van 0 tot en met 1: 0,25 is een kwart."),
    ({"between_waves": "0"}, "between_waves", "Met zo weinig tijd ertussen houdt het nooit op. Schrijf 0,01 of meer."),
    (
        {"contact": "0,2", "circle": "0,1"},
        "contact",
        "De contactpersoon zou eerder komen dan de vrijwilligers. Schrijf een later moment.",
    ),
    *(
        ({name: "90000000:00:00"}, name, "Zo lang wacht niemand. Schrijf ten hoogste 60 dagen.")
        for name in ("circle_after", "group_after", "first_wave_after", "between_waves_after", "contact_after")
    ),
    ({"circle": "0"}, "circle", "Bij 0 heeft de eigen kring geen tijd om te antwoorden. Schrijf meer."),
    ({"circle": "1"}, "circle", "De eigen kring zou het houden tot de contactpersoon komt. Schrijf minder."),
    ({"circle": "0,9"}, "circle", "De eigen kring zou het houden tot de contactpersoon komt. Schrijf minder."),
    (
        {"circle_after": "-1:00:00"},
        "circle_after",
        "In die tijd kan niemand antwoorden. Schrijf vijf minuten of meer.",
    ),
    ({"circle_after": "0:00:01"}, "circle_after", "In die tijd kan niemand antwoorden. Schrijf vijf minuten of meer."),
    (
        {"circle_after": "5:00:00", "first_wave_after": "1:00:00", "contact_after": "4:00:00"},
        "circle_after",
        "De eigen kring zou het houden tot de contactpersoon komt. Schrijf minder.",
    ),
    ({"contact": "1"}, "contact", "Bij 1 is de hulp op datzelfde moment al nodig. Schrijf minder."),
    (
        {"first_wave_after": "5:00:00", "contact_after": "4:00:00"},
        "contact_after",
        "De contactpersoon zou eerder komen dan de vrijwilligers. Schrijf een later moment.",
    ),
    (
        {"contact_after": "4:00:00"},
        "contact_after",
        "Geef de eerste vrijwilligers ook een vaste tijd. Een deel van een lange tijd komt later.",
    ),
    (
        {"between_waves_after": "0:00:30"},
        "between_waves_after",
        "In die tijd kan niemand antwoorden. Schrijf vijf minuten of meer.",
    ),
    (
        {"group": "0,3"},
        "group",
        "Groepen zouden later komen dan wie daarna aan de beurt is. Schrijf een eerder moment.",
    ),
    (
        {"group_after": "2:00:00", "first_wave_after": "1:00:00"},
        "group_after",
        "Groepen zouden later komen dan wie daarna aan de beurt is. Schrijf een eerder moment.",
    ),
    (
        {"skips_neighbours": "on", "skips_groups": "on", "skips_volunteers": "on"},
        "skips_neighbours",
        "Dan blijft alleen de contactpersoon over. Houd buren, groepen of vrijwilligers erin.",
    ),
    ({"goals": " ; "}, "goals", "Schrijf minstens één kans, zoals 0,6."),
    ({"goals": "0,6 1"}, "goals", "Een kans ligt tussen 0 en 1, zoals 0,6."),
    ({"goals": "0,8 0,6"}, "goals", "Elke ronde wil minstens zo zeker zijn als de ronde ervoor, zoals 0,6 0,8 0,9."),
    ({"caps": "0 5"}, "caps", "Elke ronde vraagt minstens 1 vrijwilliger, en ten hoogste 200."),
    ({"caps": "5"}, "caps", "Schrijf evenveel getallen als er kansen zijn."),
    ({"office_hours": "400"}, "office_hours", "Schrijf 0 tot 40 werkuren. Meer dan een week is geen regel."),
]


@pytest.mark.parametrize(("typed", "field", "reason"), REFUSED)
def test_numbers_without_sense_are_refused_with_the_reason_beside_the_field(desk, numbers, typed, field, reason):
    answer = desk.post(ADD, {**numbers, **typed, "_look": "1"})

    assert answer.context["adminform"].form.errors == {field: [reason]}
    assert reason in text_of(answer)
    assert "mark" not in answer.context
    assert not Policy.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "faults"),
    [
        ({"contact": float("nan")}, [("contact", Fault.SHARE)]),
        ({"goals": ()}, [("goals", Fault.NO_GOAL)]),
        ({"goals": (0.5,) * 13, "caps": (1,) * 13}, [("goals", Fault.MANY_WAVES)]),
        ({"contact": 0.05, "circle": 0.04, "volunteers": False}, []),
        ({"contact_after": 4 * HOUR, "volunteers": False}, []),
        (
            {"contact": 0.25, "circle": 0.1},
            [("contact", Fault.CONTACT_FIRST)],
        ),  # with the first volunteers is too early as well
        ({"first_wave_after": HOUR, "contact_after": HOUR}, [("contact_after", Fault.CONTACT_FIRST)]),
        ({}, []),
    ],
)
def test_faults_name_the_field(wrong, faults):
    assert sensible.faults(replace(Numbers(), **wrong)) == faults


@pytest.mark.parametrize(
    ("numbers", "constraint"),
    [
        ({"first_wave": 1.5}, "policy_shares"),
        ({"between_waves": 0}, "policy_shares"),
        ({"contact": 0.2}, "policy_volunteers_first"),
        ({"contact": 0.3, "first_wave_within_a_day": 0.4}, "policy_volunteers_first"),
        ({"contact": 1.0}, "policy_volunteers_first"),
        ({"contact_after": HOUR}, "policy_volunteers_first"),
        ({"contact_after": HOUR, "first_wave_after": HOUR}, "policy_volunteers_first"),
        ({"between_waves_after": timedelta()}, "policy_times_go_on"),
        ({"first_wave_after": -HOUR}, "policy_times_go_on"),
        ({"goals": []}, "policy_has_waves"),
        ({"goals": [0.6, 1.0]}, "policy_goals_rise"),
        ({"goals": [0.0, 0.6]}, "policy_goals_rise"),
        ({"goals": [0.8, 0.6]}, "policy_goals_rise"),
        ({"goals": [0.5] * (MOST_WAVES - 1) + [0.6, 0.7]}, "policy_goals_rise"),
        ({"goals": [0.6] * (MOST_WAVES - 1) + [0.5]}, "policy_goals_rise"),
        ({"caps": [5, 0]}, "policy_caps_ask_somebody"),
        ({"caps": [500]}, "policy_caps_ask_somebody"),
        ({"office_hours": 41}, "policy_office_hours"),
        ({"group": 1.5}, "policy_group_share"),
        ({"skips_neighbours": True, "skips_groups": True, "skips_volunteers": True}, "policy_asks_somebody"),
        ({"group_after": -HOUR}, "policy_times_go_on"),
        ({"circle": 0}, "policy_circle_share"),
        ({"circle": 1}, "policy_circle_share"),
        ({"circle_after": -HOUR}, "policy_times_go_on"),
        *(
            ({name: timedelta(days=61)}, "policy_times_go_on")
            for name in ("circle_after", "group_after", "first_wave_after", "between_waves_after")
        ),
        ({"first_wave_after": HOUR, "contact_after": timedelta(days=61)}, "policy_times_go_on"),
    ],
)
def test_database_refuses_numbers_without_sense(numbers, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make.policy(make.municipality(), **numbers)


def test_longest_time_that_is_kept_can_be_shown_and_posted_under(beesd, desk, numbers):
    longest = {"group_after": "59 00:00:00", "first_wave_after": "59 10:00:00", "contact_after": "60 00:00:00"}

    looked = desk.post(ADD, {**numbers, **longest, "between_waves_after": "60 00:00:00", "_look": "1"})
    team.save_policy(desk, {**numbers, **longest, "circle_after": "1:00:00"})

    assert looked.context["mark"]
    assert make.help_request(beesd).policy.contact_after == sensible.LONGEST


def test_database_keeps_twelve_rising_chances():
    policy = make.policy(make.municipality(), goals=[0.4 + n / 100 for n in range(MOST_WAVES)], caps=[1])

    assert len(policy.goals) == MOST_WAVES


@pytest.mark.parametrize(
    ("from_", "until", "is_kept"),
    [
        (time(0), time(23, 59), False),  # all day but a minute
        (time(8), time(7, 59), False),  # the same over midnight
        (time(17), time(9, 1), False),
        (time(17), time(9), True),  # eight hours are left
        (time(6), time(22), True),
        (time(9), time(9), True),  # two equal times: never quiet
    ],
)
def test_village_has_eight_hours_a_day_in_which_somebody_can_be_asked(beesd, from_, until, is_kept):
    rows = Village.objects.filter(pk=beesd.pk)
    if is_kept:
        assert rows.update(quiet_from=from_, quiet_until=until) == 1
        return
    with pytest.raises(IntegrityError, match="village_is_awake"), transaction.atomic():
        rows.update(quiet_from=from_, quiet_until=until)


def test_quiet_hours_of_a_whole_day_are_refused_in_the_form_with_the_reason(desk, beesd):
    url = reverse("admin:villages_village_change", args=[beesd.pk])

    answer = desk.post(url, {"contact_person": beesd.contact_person_id, "quiet_from": "08:00", "quiet_until": "07:59"})

    reason = "Laat minstens acht uur per dag over waarin we iemand mogen vragen."
    assert answer.context["adminform"].form.errors == {"quiet_until": [reason]}


# -- A rung left out


def test_village_keeps_somebody_beside_the_contact_person(desk, beesd):
    url = reverse("admin:villages_village_change", args=[beesd.pk])
    typed = {"contact_person": beesd.contact_person_id, "quiet_from": "21:00", "quiet_until": "08:00"}
    typed |= {"skips_neighbours": "on", "skips_groups": "on", "skips_volunteers": "on"}

    answer = desk.post(url, typed)

    assert list(answer.context["adminform"].form.errors) == ["skips_neighbours"]


def test_rungs_that_are_left_out_stand_in_the_preview(beesd, english):
    policy = Policy(municipality=beesd.municipality, skips_neighbours=True, skips_groups=True)
    assert policy_preview.in_words(policy)[:3:2] == ["It is not on the board.", "Groups are not asked."]

    policy = Policy(municipality=beesd.municipality)
    words = "A group in the village, where there is one, sees it after 12 % of the time there is."
    assert policy_preview.in_words(policy)[2] == words
    make.group(beesd)
    whats = [step.what for step in policy_preview.examples(policy, beesd, NOW)[0].steps]
    assert whats[0] == "It is put before the groups of the village"


def test_village_without_the_rung_of_volunteers_goes_to_the_contact_person_and_says_so(beesd, english):
    Village.objects.filter(pk=beesd.pk).update(skips_volunteers=True)
    make.volunteer(beesd)
    help_request = make.help_request(beesd)

    while help_request.rung == Rung.NEIGHBOURS:
        escalation.sweep(help_request.next_at)
        help_request.refresh_from_db()

    assert not Ask.objects.exists()
    assert (help_request.rung, help_request.owner) == (Rung.CONTACT, beesd.contact_person.user)


def test_category_can_leave_the_volunteers_out_by_its_policy(beesd):
    make.policy(beesd.municipality)
    make.policy(beesd.municipality, category="paperwork", skips_volunteers=True)
    make.volunteer(beesd)

    paperwork, groceries = make.help_request(beesd, category="paperwork"), make.help_request(beesd)
    for _ in range(4):
        for row in HelpRequest.objects.filter(status=Status.OPEN, next_at__isnull=False):
            escalation.sweep(row.next_at)

    asked = set(Ask.objects.values_list("subject", flat=True))
    assert asked == {groceries.pk}
    assert paperwork.pk not in asked


def test_asker_cannot_hurry_a_rung_that_is_not_there(beesd, client):
    Village.objects.filter(pk=beesd.pk).update(skips_volunteers=True)
    help_request = make.help_request(beesd, now=make.datetime.now(make.UTC), part="any", help_on=None)

    client.force_login(help_request.author)
    page = client.get(help_request.get_absolute_url()).content.decode()

    assert "Vraag nu vrijwilligers" not in page
    with pytest.raises(escalation.NotAllowed):
        escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)


def test_nobody_is_asked_instead_once_the_village_leaves_volunteers_out(beesd):
    beesd.quiet_from = beesd.quiet_until = time(0)
    beesd.save()
    for _ in range(9):
        make.volunteer(beesd)
    help_request = make.help_request(beesd)
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)
    ask = Ask.objects.first()
    Village.objects.filter(pk=beesd.pk).update(skips_volunteers=True)

    before = Ask.objects.count()
    escalation.decline(ask.pk, actor=web(ask.volunteer.user), now=NOW)

    assert Ask.objects.count() == before


def test_who_wanted_volunteers_only_gets_the_contact_person_where_there_are_none(beesd):
    Village.objects.filter(pk=beesd.pk).update(skips_volunteers=True)

    help_request = make.help_request(beesd, audience=Audience.VOLUNTEERS)

    assert help_request.next_at == NOW


def test_given_back_in_a_village_without_volunteers_does_not_wait_for_one(beesd):
    Village.objects.filter(pk=beesd.pk).update(skips_volunteers=True)
    help_request, helper = make.help_request(beesd), make.neighbour(beesd)
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)

    given_back = lifecycle.give_back(help_request.pk, helper=helper, actor=web(helper), now=NOW + HOUR)

    assert given_back.rung == Rung.NEIGHBOURS


# -- Switched off


@pytest.fixture
def boss(coordinator):
    return staff(coordinator)


def test_switched_off_everybody_concerned_is_told_and_nothing_goes_out_any_more(beesd, boss):
    beesd.quiet_from = beesd.quiet_until = time(0)
    beesd.save()
    volunteer = make.volunteer(beesd)
    help_request = make.help_request(beesd)
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)

    handed = policies.switch_off(help_request.policy_id, actor=boss, now=NOW)

    help_request.refresh_from_db()
    assert handed == 1
    assert (help_request.owner, help_request.status) == (beesd.contact_person.user, Status.OPEN)
    assert help_request.owner_deadline_at > NOW
    assert Ask.objects.get().answer == Ask.Answer.WITHDRAWN
    mails = Message.objects.filter(user=volunteer.user, kind="volunteer.asked", channel=Channel.MAIL)
    assert {mail.state for mail in mails} == {State.DROPPED}
    told = set(Message.objects.filter(channel=Channel.IN_APP).values_list("user__first_name", "kind"))
    assert {
        (volunteer.user.first_name, "volunteer.taken"),
        (help_request.author.first_name, "request.to_contact"),
        ("Marieke", "team.request_waiting"),
    } <= told
    assert escalation.sweep(help_request.next_at - timedelta(seconds=1)) == 0


def test_given_back_under_a_policy_that_is_off_it_goes_to_the_contact_person_at_once(beesd, boss):
    make.volunteer(beesd)
    help_request, helper = make.help_request(beesd), make.neighbour(beesd)
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)
    policies.switch_off(help_request.policy_id, actor=boss, now=NOW)

    lifecycle.give_back(help_request.pk, helper=helper, actor=web(helper), now=NOW + HOUR)
    escalation.sweep(NOW + HOUR)

    help_request.refresh_from_db()
    assert (help_request.rung, help_request.owner) == (Rung.CONTACT, beesd.contact_person.user)
    assert not Ask.objects.exists()


POLICIES = reverse("admin:requests_app_policy_changelist")


def press_off(desk, *versions, **more):
    chosen = [version.pk for version in versions]
    return desk.post(POLICIES, {"action": "switch_off", "_selected_action": chosen, **more})


def test_before_a_version_is_off_staff_read_what_it_means(desk, beesd, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    older = make.policy(beesd.municipality, first_wave=0.2)
    newest = make.policy(beesd.municipality, first_wave=0.3)
    beesd.quiet_from = beesd.quiet_until = time(0)
    beesd.save()
    make.volunteer(beesd)
    asked, _waits, with_marieke, taken = (make.help_request(beesd) for _ in range(4))
    escalation.ask_volunteers_now(asked.pk, actor=web(asked.author), now=NOW)
    escalation.hand_to_contact(with_marieke.pk, actor=web(with_marieke.author), now=NOW)
    helper = make.neighbour(beesd)
    offers.say_yes(taken.pk, helper=helper, actor=web(helper), now=NOW)

    looked = press_off(desk, newest)

    text = text_of(looked)
    assert not Policy.objects.exclude(switched_off_at=None).exists()
    (meaning,) = looked.context["meanings"]
    assert meaning.sentences == [
        "Er lopen 3 open vragen onder.",
        "1 vrijwilliger is gevraagd en gaf nog geen antwoord: dat stopt.",
        "Voor nog 1 komt er iemand: die gaat door.",
        "Marieke (Beesd) krijgt er 2, om te bellen vóór 10 mrt 13:10, of vóór de hulp zelf.",
        "1 ligt al bij de contactpersoon, en blijft daar.",
    ]
    assert "Nieuwe vragen krijgen versie 1 (alle categorieën):" in text
    assert "De eerste vrijwilligers vragen we na 20 % van de tijd die er is." in text

    press_off(desk, newest, looked="1")

    assert Policy.objects.newest(beesd.municipality, "") == older
    assert Policy.objects.get(pk=newest.pk).switched_off_at == NOW
    assert set(HelpRequest.objects.filter(status=Status.OPEN).values_list("owner", flat=True)) == {
        beesd.contact_person.user_id
    }


def test_when_the_last_version_goes_off_staff_read_that_the_defaults_come_back(desk, beesd):
    older, newest = (make.policy(beesd.municipality, first_wave=share) for share in (0.2, 0.3))

    text = text_of(press_off(desk, older, newest))

    assert text.count("Er loopt geen open vraag onder.") == 2
    assert text.count("Er is geen andere versie meer. Nieuwe vragen krijgen de getallen waar SamSam mee begint") == 2
    assert "De eerste vrijwilligers vragen we na 25 % van de tijd die er is." in text


def test_version_of_another_municipality_cannot_be_switched_off_nor_looked_at(desk, beesd):
    elsewhere = make.policy(make.municipality("Buren"))

    answers = [press_off(desk, elsewhere, **more) for more in ({}, {"looked": "1"})]

    assert all("Buren" not in text_of(answer) for answer in answers)
    assert Policy.objects.get().switched_off_at is None


def walk_to_the_contact_person(beesd):
    """Two waves were asked, nobody answered, and Marieke has it."""
    beesd.quiet_from = beesd.quiet_until = time(0)
    beesd.save()
    for _ in range(30):
        make.volunteer(beesd)
    help_request = make.help_request(beesd)
    while help_request.rung != Rung.CONTACT:
        escalation.sweep(help_request.next_at)
        help_request.refresh_from_db()
    assert Ask.objects.open().exists()
    return help_request


def test_asks_end_too_of_a_request_that_the_contact_person_has_already(beesd, boss):
    help_request = walk_to_the_contact_person(beesd)
    before = Event.objects.filter(kind=Event.Kind.TO_CONTACT).count()

    handed = [policies.switch_off(help_request.policy_id, actor=boss, now=help_request.needed_by - HOUR) for _ in "ab"]

    assert handed == [0, 0]
    assert not Ask.objects.open().exists()
    assert Event.objects.filter(kind=Event.Kind.TO_CONTACT).count() == before
    assert Event.objects.filter(kind=Event.Kind.POLICY_OFF, by=boss.user).count() == 1
    help_request.refresh_from_db()
    assert help_request.owner == beesd.contact_person.user


def test_switching_off_that_was_killed_halfway_is_finished_by_the_clock(beesd):
    beesd.quiet_from = beesd.quiet_until = time(0)
    beesd.save()
    make.volunteer(beesd)
    asked, waits = make.help_request(beesd), make.help_request(beesd)
    other = make.help_request(make.village("Rhenoy"))
    escalation.ask_volunteers_now(asked.pk, actor=web(asked.author), now=NOW)
    Policy.objects.filter(pk=asked.policy_id).update(switched_off_at=NOW)  # and there it was killed

    with time_machine.travel(NOW + HOUR, tick=False):
        tasks.finish_switching_off()
        messages = Message.objects.count()
        tasks.finish_switching_off()

    owners = dict(HelpRequest.objects.values_list("pk", "owner"))
    marieke = beesd.contact_person.user_id
    assert owners == {asked.pk: marieke, waits.pk: marieke, other.pk: None}
    assert not Ask.objects.open().exists()
    assert Message.objects.count() == messages


def test_asker_and_staff_read_why_the_contact_person_has_it(beesd, boss, english):
    for_board, with_marieke = make.help_request(beesd), walk_to_the_contact_person(beesd)

    policies.switch_off(for_board.policy_id, actor=boss, now=NOW)

    for one in (for_board, with_marieke):
        one.refresh_from_db()
        told = [[line.what for line in timeline(one, NOW, for_staff=staff_too)] for staff_too in (False, True)]
        words = "The municipality stopped this way of looking. Marieke helps to look"
        assert [lines.count(words) for lines in told] == [1, 1]
    assert "Contact person helps to look" in [line.what for line in for_staff(for_board, NOW)]
    assert "This way of looking stopped" in [line.what for line in for_staff(with_marieke, NOW)]


def test_mail_to_the_asker_says_that_the_municipality_stopped_it(beesd, boss, english):
    help_request, helped = make.help_request(beesd), make.help_request(beesd)
    helper = make.neighbour(beesd)
    offers.say_yes(helped.pk, helper=helper, actor=web(helper), now=NOW)

    policies.switch_off(help_request.policy_id, actor=boss, now=NOW)
    lifecycle.give_back(helped.pk, helper=helper, actor=web(helper), now=NOW + HOUR)
    escalation.sweep(NOW + HOUR)

    for one in (help_request, helped):
        (told,) = Message.objects.filter(user=one.author, kind="request.to_contact", channel=Channel.MAIL)
        text = KINDS[told.kind].words(told, gathered([told])[told.pk], NOW).body
        assert "The municipality stopped this way of looking." in text
        assert "We haven't found anyone yet." not in text


def test_posted_while_it_was_being_switched_off_asks_no_volunteer(beesd):
    make.volunteer(beesd)
    help_request = make.help_request(beesd)
    Policy.objects.update(switched_off_at=NOW)  # nobody handed this one over: it was not there yet

    escalation.sweep(help_request.next_at)

    help_request.refresh_from_db()
    assert help_request.rung == Rung.CONTACT
    assert not Ask.objects.exists()


def test_running_requests_keep_their_version(beesd):
    before = make.help_request(beesd)

    make.policy(beesd.municipality, contact=0.9)
    after = make.help_request(beesd)

    before.refresh_from_db()
    assert (before.policy.version, after.policy.version) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_two_who_save_numbers_at_once_make_two_versions():
    village = make.village()
    coordinator = staff(village.contact_person.user)

    def save(contact):
        numbers = Policy(municipality=village.municipality, contact=contact)
        return lambda: policies.add_version(numbers, actor=coordinator, now=NOW)

    at_once(save(0.8), save(0.9), at=village.municipality)

    versions = Policy.objects.filter(municipality=village.municipality).order_by("version")
    assert list(versions.values_list("version", flat=True)) == [1, 2]
    assert set(versions.values_list("contact", flat=True)) == {0.8, 0.9}
