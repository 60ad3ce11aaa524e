"""The volunteer's page: what is asked, why, what is left over, and how often may we ask."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actors import web
from requests_app import escalation, offers
from requests_app.models import Audience, Event, HelpRequest
from tests import make
from tests.cast import as_reader
from tests.make import NOW
from villages.models import Residency
from volunteers.models import Ask, Job, Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

THURSDAY_AT_TEN = NOW.replace(day=NOW.day + 2, hour=9)  # 10:00 in the village
LIMITS = {"week_limit": "1", "month_limit": "2", "categories": ["ride", "pet"]}


@pytest.fixture
def samira(client, beesd):
    """A volunteer, logged in, reading English."""
    volunteer = make.volunteer(beesd, "Samira", categories=["ride", "garden"])
    as_reader(client, volunteer.user)
    return volunteer


@pytest.fixture
def help_request(beesd):
    return make.help_request(
        beesd,
        author=make.neighbour(beesd, "Joop", street="Veerweg", phone="+31687654321"),
        street="Veerweg",
        category="ride",
        title="Ritje naar de dokter",
        address="Veerweg 8",
    )


def page(client):
    return client.get(reverse("volunteer"))


def text_of(response):
    return unescape(response.content.decode())


def ask_for(help_request):
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)


def press(client, name, *args, **data):
    return client.post(reverse(name, args=args), data, follow=True)


def test_ask_shows_the_facts_and_why_this_volunteer_and_nothing_private(client, beesd, samira, help_request):
    make.volunteer(beesd, "Els", categories=["ride"])
    ask_for(help_request)

    text = text_of(page(client))

    assert "Ritje naar de dokter" in text
    assert "Joop, Veerweg" in text
    assert "Thursday 12 March, in the afternoon" in text
    assert "We asked 1 other volunteer." in text
    assert "Joop said yes beforehand: whoever can first is fine." in text
    assert "You chose this yourself: a lift." in text
    assert "We have not asked you before. We share it out fairly." in text
    assert "You still have room this week: 1 of 2 asks." in text
    for hidden in ("Veerweg 8", "87654321", "Els"):
        assert hidden not in text


def test_yes_leads_to_the_request_with_the_address(client, samira, help_request):
    ask_for(help_request)

    response = press(client, "take", help_request.pk)

    assert response.redirect_chain == [(reverse("help_request", args=[help_request.pk]), 302)]
    assert "Veerweg 8" in text_of(response)
    assert Ask.objects.get().answer == Ask.Answer.YES


def test_no_costs_nothing_and_is_asked_once(client, samira, help_request):
    ask_for(help_request)
    ask = Ask.objects.get()

    first = press(client, "decline", ask.pk)
    second = press(client, "decline", ask.pk)

    assert "Your turn simply comes again later." in text_of(first)
    assert "We are not asking you anything now." in text_of(first)
    assert second.status_code == 200
    ask.refresh_from_db()
    assert ask.answer == Ask.Answer.NO
    assert help_request.events.filter(kind=Event.Kind.DECLINED).count() == 1


def test_ask_of_somebody_else_cannot_be_declined(client, beesd, samira, help_request):
    other = make.volunteer(beesd, categories=["ride"])
    ask = make.ask(other, subject=help_request.pk, answer=Ask.Answer.OPEN)

    assert client.post(reverse("decline", args=[ask.pk])).status_code == 404
    assert client.post(reverse("decline", args=[2**80])).status_code == 404
    ask.refresh_from_db()
    assert ask.answer == Ask.Answer.OPEN


def test_ask_that_is_settled_meanwhile_is_off_the_page(client, beesd, samira, help_request):
    ask_for(help_request)
    helper = make.neighbour(beesd)
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)

    assert "We are not asking you anything now." in text_of(page(client))


def test_swap_after_a_no_is_that_of_a_fresh_page(client, samira, help_request):
    ask_for(help_request)
    headers = {"HX-Request": "true", "HX-Target": "asked"}

    swapped = client.post(reverse("decline", args=[Ask.objects.get().pk]), headers=headers, follow=True)

    part = text_of(swapped).partition("</div></div>")[2].partition("<h2")
    part = "".join(part[1:]).strip()
    assert part in text_of(page(client))
    assert 'hx-swap-oob="true"' in text_of(swapped)
    assert "<html" not in text_of(swapped)


def test_left_over_shows_what_waits_for_a_volunteer_in_this_village(client, beesd, samira, help_request):
    ask_for(help_request)
    escalation.decline(Ask.objects.get().pk, actor=web(samira.user), now=NOW)
    make.help_request(beesd, title="Nog bij de buren")
    own = make.help_request(beesd, author=samira.user, title="Van mijzelf")
    elsewhere = make.help_request(title="Elders")
    quiet = make.help_request(
        beesd, author=make.neighbour(beesd), title="Niet op het prikbord", audience=Audience.VOLUNTEERS
    )
    HelpRequest.objects.filter(pk__in=[own.pk, elsewhere.pk, quiet.pk]).update(rung="volunteers")

    response = page(client)

    assert [card.title for card in response.context["left_over"]] == ["Ritje naar de dokter"]


def test_what_is_asked_does_not_stand_among_what_is_left_over_too(client, samira, help_request):
    ask_for(help_request)

    assert page(client).context["left_over"] == []


def test_month_meter_counts_the_jobs_of_this_month(client, samira):
    for days, given_back in ((3, None), (5, None), (4, NOW), (40, None)):
        Job.objects.create(
            volunteer=samira,
            subject=days,
            on=date(2026, 3, 20),
            taken_at=NOW - timedelta(days=days),
            given_back_at=given_back,
        )

    text = text_of(page(client))

    assert "This month: 2 of the 4 jobs" in text
    assert '<progress class="meter" value="2" max="4"' in text
    assert "we won't ask again until 1 April" in text


def test_week_that_is_full_is_said_so(client, samira):
    for hours in (1, 2):
        make.ask(samira, asked_at=NOW - timedelta(hours=hours))
    make.ask(samira, asked_at=NOW, answer=Ask.Answer.WITHDRAWN)

    assert "We asked you 2 times this week. We won't ask again before Monday." in text_of(page(client))


def test_limits_are_kept(client, samira):
    response = press(client, "volunteer_limits", **LIMITS)

    assert "We keep to it from now on." in text_of(response)
    samira.refresh_from_db()
    assert (samira.week_limit, samira.month_limit, samira.categories) == (1, 2, ["ride", "pet"])


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"week_limit": "3"}, "week_limit", "Please choose one of these"),
        ({"week_limit": ""}, "week_limit", "Choose how often we may ask you"),
        ({"month_limit": "9" * 30}, "month_limit", "Please choose one of these"),
        ({"categories": []}, "categories", "Choose at least one"),
        ({"categories": ["\0"]}, "categories", "Please choose from these"),
    ],
)
def test_limits_that_make_no_sense_are_said_at_the_field_and_above(client, samira, changes, field, words):
    response = client.post(reverse("volunteer_limits"), LIMITS | changes)

    assert response.status_code == 422
    assert list(response.context["limits"].errors) == [field]
    assert text_of(response).count(words) >= 2
    samira.refresh_from_db()
    assert samira.week_limit == 2


@pytest.mark.parametrize(
    ("suits", "when", "is_asked"),
    [
        ([], {}, True),
        (["3-afternoon"], {}, True),
        (["3-morning", "4-afternoon"], {}, False),
        (["3-morning"], {"part": "fixed", "help_at": THURSDAY_AT_TEN}, True),
        (["3-afternoon"], {"part": "fixed", "help_at": THURSDAY_AT_TEN}, False),
        (["3-morning"], {"part": "any", "help_on": None}, True),
    ],
)
def test_volunteer_is_asked_for_the_moments_of_the_week_that_suit(client, beesd, samira, suits, when, is_asked):
    press(client, "volunteer_moments", suits=suits)
    ask_for(make.help_request(beesd, category="ride", **when))

    assert (page(client).context["asked"] is not None) == is_asked


def test_volunteer_reads_that_the_moment_is_of_their_own_choosing(client, samira, help_request):
    press(client, "volunteer_moments", suits=["3-afternoon", "0-evening"])
    ask_for(help_request)

    assert "You said Thursday afternoon suits you." in text_of(page(client))

    press(client, "volunteer_moments", suits=["0-evening"])
    assert "suits you" not in text_of(page(client))


def test_moments_of_the_week_are_kept_and_stand_ticked_in_their_table(client, samira):
    response = press(client, "volunteer_moments", suits=["4-morning"])

    assert "We keep to it from now on." in text_of(response)
    ticked = [
        box.choice_label for _day, row in response.context["moments"].rows() for box in row if box.data["selected"]
    ]
    assert ticked == ["Friday morning"]


def test_moment_that_no_week_has_is_refused(client, samira):
    response = client.post(reverse("volunteer_moments"), {"suits": ["7-night"]})

    assert response.status_code == 422
    samira.refresh_from_db()
    assert samira.suits == []


def test_break_has_an_end_and_can_be_ended_sooner(client, samira):
    paused = press(client, "volunteer_pause", until="1 april")
    samira.refresh_from_db()
    until = samira.paused_until
    resumed = press(client, "volunteer_resume")

    assert "We won't ask you anything until Wednesday 1 April." in text_of(paused)
    assert timezone.localtime(until).isoformat() == "2026-04-01T00:00:00+02:00"
    assert "We may ask you again." in text_of(resumed)
    samira.refresh_from_db()
    assert samira.paused_until is None


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("", "Write the day like this: 12-3-2026"),
        ("ooit", "Write the day like this: 12-3-2026"),
        ("vandaag", "Choose a day that is still to come"),
        ("1-1-2030", "Choose a day within a year"),
        ("nul\0", "There is a sign in your text that we cannot keep"),
    ],
)
def test_break_that_makes_no_sense_is_said_at_the_field_and_above(client, samira, until, words):
    response = client.post(reverse("volunteer_pause"), {"until": until})

    assert response.status_code == 422
    assert text_of(response).count(words) >= 2
    assert "<title>Error:" in text_of(response)


def test_neighbour_signs_up_on_the_same_page(client, beesd):
    joris = make.neighbour(beesd, "Joris")
    as_reader(client, joris)
    assert "Help as a volunteer" in text_of(client.get(reverse("mine")))
    assert "I'll help as a volunteer" in text_of(page(client))
    assert client.post(reverse("volunteer_sign_up"), {}).status_code == 422

    response = press(client, "volunteer_sign_up", categories=["garden"])

    assert "Hi Joris, nice that you are here" in text_of(response)
    assert "Help as a volunteer" not in text_of(client.get(reverse("mine")))
    assert Volunteer.objects.get(user=joris).categories == ["garden"]


def test_volunteer_who_moved_signs_up_in_the_new_village_and_keeps_the_limits(client, samira):
    Volunteer.objects.filter(pk=samira.pk).update(week_limit=1)
    tricht = make.village("Tricht")
    Residency.objects.filter(user=samira.user).update(village=tricht, municipality=tricht.municipality)
    assert "I'll help as a volunteer" in text_of(page(client))

    response = press(client, "volunteer_sign_up", categories=["ride"])

    assert "nice that you are here" in text_of(response)
    assert Volunteer.objects.values_list("village", "week_limit").get(user=samira.user) == (tricht.pk, 1)


def test_who_is_not_known_to_live_there_cannot_sign_up(client, beesd):
    waiting = make.resident(beesd)
    as_reader(client, waiting)

    response = press(client, "volunteer_sign_up", categories=["garden"])

    assert "You are almost there" in text_of(response)
    assert not Volunteer.objects.exists()


@pytest.mark.parametrize("name", ["volunteer_limits", "volunteer_moments", "volunteer_pause", "volunteer_resume"])
def test_who_is_no_volunteer_has_no_limits_to_change(client, beesd, name):
    client.force_login(make.neighbour(beesd))

    assert client.post(reverse(name), LIMITS).status_code == 404


@pytest.mark.parametrize("name", ["volunteer_sign_up", "volunteer_limits", "volunteer_pause", "volunteer_resume"])
def test_opening_the_address_of_a_button_changes_nothing(client, samira, name):
    assert client.get(reverse(name)).headers["Location"] == reverse("volunteer")


@pytest.mark.parametrize("count", [1, 9])
def test_page_takes_as_many_queries_however_much_is_left_over(
    client, beesd, samira, help_request, count, django_assert_max_num_queries
):
    for _ in range(count):
        waiting = make.help_request(beesd, author=make.neighbour(beesd))
        HelpRequest.objects.filter(pk=waiting.pk).update(rung="volunteers")
    ask_for(help_request)

    with django_assert_max_num_queries(12):
        response = page(client)

    assert len(response.context["left_over"]) == count
