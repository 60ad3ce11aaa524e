"""The policy lab as staff use it: ask, follow, decide; and the job that works it out, killed or run twice."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from accounts.actors import staff
from requests_app import tasks, trial_worlds, trials
from requests_app.forms.policy import LEFT_OUT
from requests_app.lab.measures import Measures
from requests_app.models import HelpRequest, Part, Policy, PolicyTrial, Status
from samsam.demo.people import fast_policy
from tests import make, team
from tests.make import NOW

pytestmark = pytest.mark.django_db

State = PolicyTrial.State
ADD = "admin:requests_app_policytrial_add"


@pytest.fixture
def village():
    return make.village("Beesd")


@pytest.fixture
def coordinator(village):
    return team.colleague(village.municipality, kind="coordinator")


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """A year of a small village is enough for a story."""
    monkeypatch.setattr(trial_worlds, "MOST_YEARS", 2)


def a_trial(village, *alternatives, **fields):
    asked = {"inhabitants": 800, "actor": staff(make.user(is_staff=True)), "now": NOW, "seed": 7, **fields}
    return trials.begin(
        village.municipality, asked.pop("category", ""), alternatives or [{"goals": [0.5], "caps": [3]}], **asked
    )


def page_of(trial):
    return reverse("admin:requests_app_policytrial_change", args=[trial.pk])


FIXED = {"first_wave_after": timedelta(hours=20), "contact_after": timedelta(hours=30)}


def words_of(village, **numbers):
    return {"municipality": village.municipality_id, "category": "", "inhabitants": 800, **numbers}


# -- Working it out -----------------------------------------------------------------------------------------


def test_task_works_out_what_waits_and_a_second_run_changes_nothing(village):
    trial = a_trial(village)

    tasks.try_policies()
    trial.refresh_from_db()
    first = (trial.results, trial.finished_at)
    tasks.try_policies()

    trial.refresh_from_db()
    assert (trial.state, trial.progress, trial.attempts, trial.lease_until) == (State.DONE, 100, 1, None)
    assert (trial.results, trial.finished_at) == first
    today, other = (Measures.from_json(stored) for stored in trial.results)
    assert today.requests == other.requests > 10
    assert other.asks_per_request < today.asks_per_request


def test_same_seed_gives_the_same_results(village):
    for seed in (7, 7, 8):
        a_trial(village, seed=seed)

    tasks.try_policies()

    one, two, three = PolicyTrial.objects.order_by("pk").values_list("results", flat=True)
    assert one == two != three


def test_trial_of_a_killed_worker_is_taken_up_when_its_lease_is_over(village, monkeypatch):
    trial = a_trial(village)

    class Killed(BaseException):
        pass

    def dies(*_villages, told, **_words):
        told(1)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(trials, "simulate", dies)
        with pytest.raises(Killed):
            trials.run_next()
    trial.refresh_from_db()
    assert (trial.state, trial.progress) == (State.RUNNING, 25)

    assert not trials.run_next()  # somebody may still be at it
    assert trials.run_next(lambda: timezone.now() + trials.LEASE + timedelta(seconds=1))

    trial.refresh_from_db()
    assert (trial.state, trial.attempts) == (State.DONE, 2)


def test_trial_that_kills_its_worker_three_times_has_failed(village):
    trial = a_trial(village)
    gone = {"state": State.RUNNING, "attempts": trials.MOST_ATTEMPTS, "lease_until": NOW}
    PolicyTrial.objects.filter(pk=trial.pk).update(**gone)

    assert not trials.run_next()

    trial.refresh_from_db()
    assert (trial.state, trial.lease_until) == (State.FAILED, None)


def test_worker_that_lost_its_lease_leaves_the_trial_to_the_next(village, monkeypatch):
    trial = a_trial(village)
    simulate = trials.simulate

    def overtaken(*villages, **words):
        PolicyTrial.objects.filter(pk=trial.pk).update(attempts=2)  # another began anew
        return simulate(*villages, **words)

    monkeypatch.setattr(trials, "simulate", overtaken)
    trials.run_next()

    trial.refresh_from_db()
    assert (trial.state, trial.progress, trial.results) == (State.RUNNING, 0, [])


def test_trial_that_cannot_be_worked_out_says_so_and_the_next_goes_on(village):
    bad, good = a_trial(village), a_trial(village)
    PolicyTrial.objects.filter(pk=bad.pk).update(world={})

    tasks.try_policies()

    assert [PolicyTrial.objects.get(pk=one.pk).state for one in (bad, good)] == [State.FAILED, State.DONE]


def test_one_trial_at_a_time_so_that_the_lab_never_holds_two_workers(village):
    running, waiting = a_trial(village), a_trial(village)
    until = timezone.now() + trials.LEASE
    PolicyTrial.objects.filter(pk=running.pk).update(state=State.RUNNING, attempts=1, lease_until=until)

    assert not trials.run_next()

    waiting.refresh_from_db()
    assert waiting.state == State.WAITING


def test_database_refuses_a_running_trial_without_a_lease(village):
    trial = a_trial(village)

    with pytest.raises(IntegrityError, match="trial_running_has_lease"):
        PolicyTrial.objects.filter(pk=trial.pk).update(state=State.RUNNING)


# -- Whose history ------------------------------------------------------------------------------------------


def closed_requests(village, count, *, at=NOW - timedelta(days=60)):
    author, policy = make.neighbour(village), Policy.objects.current(village.municipality, "pet")
    HelpRequest.objects.bulk_create(
        HelpRequest(
            municipality=village.municipality,
            village=village,
            author=author,
            category="pet",
            title="Hond uitlaten bij Riet",
            text="Belt u even aan bij nummer 12",
            part=Part.MORNING,
            help_on=(at + timedelta(hours=30)).date(),
            policy=policy,
            ladder_since=at,
            status=Status.DONE,
            posted_at=at,
            needed_by=at + timedelta(hours=30),
            closed_at=at + timedelta(hours=31),
        )
        for _ in range(count)
    )


def test_thick_history_of_the_municipality_is_used_without_persons_or_words(village):
    closed_requests(village, trial_worlds.ENOUGH)
    make.volunteer(village)
    make.volunteer(village, ended_at=NOW)
    make.volunteer(village, approved_at=None)  # these three are not asked either
    make.volunteer(village, retired_at=NOW, check_at=None)
    make.volunteer(village, week_limit=0)
    closed_requests(make.village(), 5)  # of another municipality

    trial = a_trial(village)

    assert trial.source == PolicyTrial.Source.OWN
    (stored,) = trial.world["villages"]
    assert stored["volunteers"] == 1
    assert stored["requests_a_year"] == pytest.approx(trial_worlds.ENOUGH * 365 / 90)
    at = (NOW - timedelta(days=60)).astimezone(trial_worlds.AMSTERDAM)
    minute = (at.weekday() * 24 + at.hour) * 60
    assert stored["past"] == [[minute, 1800, "pet", False]] * trial_worlds.ENOUGH
    assert not {"Riet", "Hond", "nummer"} & set(str(trial.world).split())


def test_thin_or_old_history_is_not_used(village):
    closed_requests(village, trial_worlds.ENOUGH - 1)
    closed_requests(village, 50, at=NOW - timedelta(days=800))

    trial = a_trial(village, inhabitants=12_000)

    assert trial.source == PolicyTrial.Source.PUBLISHED
    assert [(one["volunteers"], one["requests_a_year"]) for one in trial.world["villages"]] == [(96, 360)]


def test_own_history_and_its_quiet_hours_can_be_worked_out(village):
    village.quiet_from, village.quiet_until = time(19), time(10)
    village.save()
    closed_requests(village, trial_worlds.ENOUGH)
    for _ in range(12):
        make.volunteer(village)
    trial = a_trial(village)

    tasks.try_policies()

    trial.refresh_from_db()
    assert (trial.state, trial.world["villages"][0]["quiet_from"]) == (State.DONE, "19:00:00")
    assert trial.results[0]["requests"] > trial_worlds.ENOUGH


def test_policies_of_categories_stay_as_they_are_in_every_alternative(village):
    make.policy(village.municipality, category="ride", caps=[1, 1, 1, 1])
    trial = a_trial(village, {"contact": 0.5})

    today, other = trial.policies
    assert other["ride"] == today["ride"]
    assert (today[""]["contact"], other[""]["contact"]) == (0.7, 0.5)


# -- Staff --------------------------------------------------------------------------------------------------


def test_coordinator_asks_for_a_trial_and_comes_to_its_page(village, coordinator):
    client = team.at_work(coordinator)

    fixed = {"first_wave_after_2": "1:00:00", "contact_after_2": "5:00:00"}
    typed = words_of(village, first_wave_1="0.4", caps_2="5,6,7,8", **fixed)
    response = client.post(reverse(ADD), typed)

    trial = PolicyTrial.objects.get()
    assert response.url == page_of(trial)
    assert (trial.state, trial.created_by, len(trial.policies)) == (State.WAITING, coordinator, 3)
    assert trials.differences(trial, 1) == {"first_wave": (0.25, 0.4)}
    assert trials.differences(trial, 2) == {
        "caps": ([12, 24, 36, 36], [5, 6, 7, 8]),
        "first_wave_after": (None, timedelta(hours=1)),
        "contact_after": (None, timedelta(hours=5)),
    }


def test_typed_share_counts_where_today_has_a_fixed_time(village, coordinator):
    make.policy(village.municipality, first_wave_after=timedelta(hours=24))

    team.at_work(coordinator).post(reverse(ADD), words_of(village, first_wave_1="0.4"))

    numbers = trials.numbers_of(PolicyTrial.objects.get(), 1)
    assert (numbers["first_wave"], numbers["first_wave_after"]) == (0.4, None)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, None),
        ({"goals_1": "0.9,0.5"}, "goals_1"),
        ({"caps_3": "1,2"}, "caps_3"),
        ({"first_wave_2": "veel"}, "first_wave_2"),
        ({"first_wave_1": "0.3", "inhabitants": "99999999"}, "inhabitants"),
    ],
)
def test_trial_that_makes_no_sense_is_refused_with_the_reason(village, coordinator, typed, field):
    response = team.at_work(coordinator).post(reverse(ADD), words_of(village, **typed))

    assert response.status_code == 200
    assert response.context["adminform"].form.errors[field or "__all__"]
    assert not PolicyTrial.objects.exists()


def test_unreadable_number_hides_no_fault_of_the_other_alternatives(village, coordinator):
    typed = words_of(
        village, first_wave_1="veel", goals_2="0.9,0.5", caps_2="5,8", caps_3="1,2", inhabitants="99999999"
    )

    response = team.at_work(coordinator).post(reverse(ADD), typed)

    form = response.context["adminform"].form
    assert set(form.errors) == {"inhabitants", "first_wave_1", "goals_2", "caps_3"}
    assert not PolicyTrial.objects.exists()


@pytest.mark.parametrize("share", ["0", "0,05", "0,12", "0.1"])
def test_volunteers_may_come_sooner_than_groups_in_a_village_that_has_none(village, coordinator, share):
    client = team.at_work(coordinator)

    answer = client.post(reverse(ADD), words_of(village, first_wave_1=share))

    assert answer.status_code == 302
    assert trials.numbers_of(PolicyTrial.objects.get(), 1)["first_wave"] == float(share.replace(",", "."))


def test_fixed_time_of_todays_groups_does_not_stand_in_the_way_of_a_trial(village, coordinator):
    today = {"group_after": timedelta(hours=2), "first_wave_after": timedelta(hours=5)}
    make.policy(village.municipality, **today)

    answer = team.at_work(coordinator).post(reverse(ADD), words_of(village, first_wave_after_1="1:00:00"))

    assert answer.status_code == 302


def test_hurried_times_of_a_demo_do_not_stand_in_the_way_of_a_trial(village, coordinator):
    fast_policy(village.municipality)

    answer = team.at_work(coordinator).post(reverse(ADD), words_of(village, caps_1="5 8 12 12"))

    assert answer.status_code == 302
    numbers = trials.numbers_of(PolicyTrial.objects.get(), 1)
    assert {numbers[name] for name in ("first_wave_after", "between_waves_after", "contact_after")} == {None}
    assert numbers["caps"] == [5, 8, 12, 12]


def test_lab_says_whom_its_village_does_not_have_and_asks_no_number_of_them(village, coordinator):
    page = team.at_work(coordinator).get(reverse(ADD))

    assert "Het nagebootste dorp heeft geen groepen en geen eigen kringen" in page.content.decode()
    assert not {"circle_1", "circle_after_1", "group_1", "group_after_1"} & set(page.context["adminform"].form.fields)


def test_todays_policy_without_volunteers_is_judged_without_them(village, coordinator):
    make.policy(village.municipality, skips_volunteers=True, contact=0.3, first_wave=0.4)

    answer = team.at_work(coordinator).post(reverse(ADD), words_of(village, office_hours_1="2"))

    assert answer.status_code == 302


def test_trial_of_another_municipality_does_not_exist(village):
    trial = a_trial(village)
    others = team.at_work(team.colleague(make.municipality(), kind="coordinator"))

    assert others.get(page_of(trial)).status_code == 404
    assert str(trial) not in others.get(reverse("admin:requests_app_policytrial_changelist")).content.decode()
    refused = others.post(reverse(ADD), words_of(village, first_wave_1="0.4"))
    assert "municipality" in refused.context["adminform"].form.errors
    assert PolicyTrial.objects.count() == 1


def test_who_may_not_see_policies_may_not_see_the_lab(village):
    client = team.at_work(team.colleague(village.municipality, kind="social_team"))

    assert client.get(page_of(a_trial(village))).status_code == 403
    assert client.get(reverse(ADD)).status_code == 403


def test_page_follows_the_work_until_it_is_done_without_javascript(village, coordinator):
    trial = a_trial(village)
    PolicyTrial.objects.filter(pk=trial.pk).update(
        state=State.RUNNING, progress=40, attempts=1, lease_until=timezone.now()
    )
    client = team.at_work(coordinator)

    running = client.get(page_of(trial)).content.decode()
    still = client.get(page_of(trial) + "?still").content.decode()
    PolicyTrial.objects.filter(pk=trial.pk).update(state=State.WAITING)
    tasks.try_policies()
    done = client.get(page_of(trial)).content.decode()

    assert '<progress class="trial-progress" id="trial-progress" max="100" value="40">' in running
    assert 'http-equiv="refresh"' in running
    assert 'http-equiv="refresh"' not in still + done
    assert "<progress" not in done
    assert done.count('class="chart__svg"') == done.count('class="chart__table"') == 5
    assert "gepubliceerde cijfers" in done


def test_failed_trial_says_what_to_do(village, coordinator):
    trial = a_trial(village)
    PolicyTrial.objects.filter(pk=trial.pk).update(state=State.FAILED)

    assert "Vraag die nog een keer aan." in team.at_work(coordinator).get(page_of(trial)).content.decode()


def test_version_made_because_of_a_trial_is_kept_with_it(village, coordinator):
    trial = a_trial(village, {"first_wave": 0.4, **FIXED, "goals": [0.5, 0.7], "caps": [3, 9]})
    tasks.try_policies()
    client = team.at_work(coordinator)

    (other,) = client.get(page_of(trial)).context["others"]
    form = client.get(other["url"]).context["adminform"].form
    typed = {name: _typed(form[name].value()) for name in form.fields if name not in {"seen", "skips_volunteers"}}
    response = team.save_policy(client, typed, url=other["url"])

    policy = Policy.objects.get()
    trial.refresh_from_db()
    assert response.status_code == 302
    assert (trial.became, trial.chosen, trials.is_as_tried(trial)) == (policy, 1, True)
    assert (policy.first_wave, policy.contact_after, policy.goals) == (0.4, timedelta(hours=30), [0.5, 0.7])
    shown = client.get(reverse("admin:requests_app_policy_change", args=[policy.pk])).content.decode()
    assert page_of(trial) in shown
    assert "ja, met deze getallen" in shown
    (other,) = client.get(page_of(trial)).context["others"]
    assert (other["url"], other["became"]) == ("", policy)


def test_version_because_of_a_trial_in_a_hurried_demo_is_accepted_as_its_form_opens(village, coordinator):
    fast_policy(village.municipality)
    client = team.at_work(coordinator)
    client.post(reverse(ADD), words_of(village, caps_1="5 8 12 12"))
    tasks.try_policies()
    trial = PolicyTrial.objects.get()

    (other,) = client.get(page_of(trial)).context["others"]
    form = client.get(other["url"]).context["adminform"].form
    typed = {name: _typed(form[name].value()) for name in form.fields if name not in {"seen", *LEFT_OUT}}
    response = team.save_policy(client, typed, url=other["url"])

    policy = Policy.objects.newest(village.municipality, "")
    trial.refresh_from_db()
    assert response.status_code == 302
    assert (trial.became, trials.is_as_tried(trial)) == (policy, True)
    assert {getattr(policy, name) for name in form.fields if name.endswith("_after")} == {None}
    assert policy.caps == [5, 8, 12, 12]


def _typed(value):
    return ",".join(map(str, value)) if isinstance(value, list) else "" if value is None else value


def test_version_with_other_numbers_than_tried_says_so(village):
    trial = a_trial(village, {"first_wave": 0.4})
    tasks.try_policies()

    assert trials.decided(trial.pk, make.policy(village.municipality, first_wave=0.3), 1)
    trial.refresh_from_db()
    assert not trials.is_as_tried(trial)


@pytest.mark.parametrize("wrong", ["elsewhere", "category", "number", "not done", "again"])
def test_decision_that_does_not_fit_its_trial_is_not_kept_with_it(village, wrong):
    trial = a_trial(village)
    if wrong != "not done":
        tasks.try_policies()
    if wrong == "again":
        assert trials.decided(trial.pk, make.policy(village.municipality), 1)
    of = make.municipality() if wrong == "elsewhere" else village.municipality
    policy = make.policy(of, category="ride" if wrong == "category" else "")

    assert not trials.decided(trial.pk, policy, 5 if wrong == "number" else 1)

    assert not PolicyTrial.objects.filter(became=policy).exists()


def test_moment_of_asking_names_a_trial(village):
    trial = a_trial(village, now=datetime(2026, 3, 10, 8, 10, tzinfo=UTC))

    assert str(trial).endswith("10-03-2026 09:10")
