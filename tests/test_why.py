""" "Why are you asking me?": exactly three plain reasons, stored with the ask, and true when they are read."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.actors import web
from requests_app import escalation, why
from requests_app.choosing import REASONS, Candidate, Reason, wave
from tests import make
from tests.cast import as_reader
from tests.copy_rules import faults
from tests.make import NOW
from volunteers.models import Ask, Volunteer

candidates = st.builds(
    Candidate,
    pk=st.integers(1, 10_000),
    asked=st.integers(0, 30),
    yes=st.just(0),
    jobs_90=st.integers(0, 9),
    last_asked_at=st.none() | st.integers(0, 300).map(lambda days: NOW - timedelta(days=days)),
    chosen_category=st.booleans(),
    chosen_moment=st.booleans(),
    newcomer_waits=st.booleans(),
)


@given(st.lists(candidates, max_size=12, unique_by=lambda one: one.pk))
def test_each_choice_has_exactly_three_reasons_and_all_different(people):
    for one in wave(people, goal=2, cap=12, now=NOW, seed=1):
        assert len(set(one.reasons)) == len(one.reasons) == REASONS


@pytest.fixture
def samira(beesd):
    return make.volunteer(beesd, "Samira", suits=["3-afternoon"])


def ask_of(beesd, **fields):
    help_request = make.help_request(beesd, **fields)
    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)
    return help_request, Ask.objects.select_related("volunteer").get(subject=help_request.pk)


def said(help_request, ask, now=NOW):
    return why.reasons(ask, help_request, Volunteer.objects.get(pk=ask.volunteer_id), now)


@pytest.mark.django_db
@pytest.mark.usefixtures("clock", "english")
def test_three_reasons_stand_on_both_pages_of_the_ask(client, beesd, samira):
    help_request, ask = ask_of(beesd)
    as_reader(client, samira.user)

    pages = [
        unescape(client.get(url).content.decode()) for url in (reverse("volunteer"), f"/vragen/{help_request.pk}/")
    ]

    assert ask.reasons == [Reason.CATEGORY, Reason.MOMENT, Reason.NEVER_ASKED]
    three = [
        "You chose this yourself: groceries.",
        "You said Thursday afternoon suits you.",
        "We have not asked you before. We share it out fairly.",
    ]
    assert said(help_request, ask) == three
    for page in pages:
        assert all(reason in page for reason in three)
        assert page.partition("Why are you asking me?")[2].partition("</ul>")[0].count("<li>") == 3


@pytest.mark.django_db
@pytest.mark.usefixtures("clock", "english")
def test_reason_that_is_not_so_any_more_makes_room_for_one_that_is(beesd, samira):
    help_request, ask = ask_of(beesd)
    Volunteer.objects.update(categories=["pet"], suits=[])

    assert said(help_request, ask) == [
        "We have not asked you before. We share it out fairly.",
        "You live in Beesd.",
        "You said that we may ask you.",
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("clock", "english")
def test_ask_of_before_with_more_or_no_reasons_shows_three_as_well(beesd, samira):
    help_request, ask = ask_of(beesd)
    for stored in ([], ["room", "gone"], [*Reason]):
        ask.reasons = stored

        assert len(set(said(help_request, ask))) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
def test_reasons_keep_the_rules_of_the_copy_guide(beesd, samira, language):
    help_request, ask = ask_of(beesd)
    with translation.override(language):
        for reason in Reason:
            ask.reasons = [reason]
            for sentence in said(help_request, ask):
                assert faults(sentence, dutch=language == "nl") == []
                assert sentence.endswith(".")
