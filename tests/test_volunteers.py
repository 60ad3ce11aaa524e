"""What volunteers decide about being asked, and drafts before they are posted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from accounts.actors import web
from requests_app import drafts, lifecycle
from requests_app.models import HelpRequest, Status
from tests import make
from tests.make import NOW
from volunteers import verbs
from volunteers.models import Ask, Volunteer, volunteer_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_a_confirmed_neighbour_signs_up_and_twice_changes_what_they_like():
    village = make.village()
    neighbour = make.neighbour(village)

    verbs.sign_up(neighbour, village, ["ride"], NOW)
    verbs.sign_up(neighbour, village, ["ride", "garden"], NOW)

    volunteer = volunteer_of(neighbour.pk)
    assert volunteer.categories == ["ride", "garden"]
    assert (volunteer.week_limit, volunteer.month_limit, volunteer.joined_at) == (2, 4, NOW)


def test_somebody_not_confirmed_cannot_sign_up():
    village = make.village()
    resident = make.resident(village)

    with pytest.raises(verbs.NotAllowed):
        verbs.sign_up(resident, village, ["ride"], NOW)

    assert not Volunteer.objects.exists()


def test_who_stopped_starts_again_by_signing_up():
    volunteer = make.volunteer(make.village(), ended_at=NOW)

    verbs.sign_up(volunteer.user, volunteer.village, ["ride"], NOW)

    assert volunteer_of(volunteer.user_id) == volunteer


def test_limits_are_what_they_say():
    volunteer = make.volunteer(make.village())

    verbs.change_limits(volunteer.pk, week_limit=1, month_limit=2, categories=["pet"], now=NOW)

    volunteer.refresh_from_db()
    assert (volunteer.week_limit, volunteer.month_limit, volunteer.categories) == (1, 2, ["pet"])


def test_a_break_needs_no_reason_and_ends_by_itself_or_by_choice():
    volunteer = make.volunteer(make.village(), resting_until=NOW + timedelta(days=1))

    paused = verbs.pause(volunteer.pk, NOW + timedelta(days=7), NOW)
    resumed = verbs.resume(volunteer.pk)

    assert (paused.paused_until, paused.resting_until) == (NOW + timedelta(days=7), None)
    assert (resumed.paused_until, resumed.resting_until) == (None, None)


def test_a_break_that_is_over_already_is_refused():
    volunteer = make.volunteer(make.village())

    with pytest.raises(verbs.NotAllowed, match="still to come"):
        verbs.pause(volunteer.pk, NOW, NOW)


def test_database_refuses_a_second_open_ask():
    volunteer = make.volunteer(make.village())
    make.ask(volunteer, answer=Ask.Answer.OPEN)

    with pytest.raises(IntegrityError, match="ask_one_open"):
        make.ask(volunteer, answer=Ask.Answer.OPEN)


def test_database_refuses_to_ask_the_same_again_after_an_answer():
    volunteer = make.volunteer(make.village())
    make.ask(volunteer, 7, answer=Ask.Answer.NO)

    with pytest.raises(IntegrityError, match="ask_once"):
        make.ask(volunteer, 7, answer=Ask.Answer.OPEN)


def test_a_draft_is_kept_and_found_again():
    village = make.village()
    author = make.resident(village)

    first = drafts.begin(author, village, NOW, street="Kerkweg")
    drafts.save_draft(first.pk, author=author, changes={"category": "ride", "address": "Kerkweg 3"})
    again = drafts.begin(author, village, NOW)

    assert again == first
    assert (again.category, again.street) == ("ride", "Kerkweg")
    assert make.address_of(again) == "Kerkweg 3"


def test_an_emptied_address_is_no_address():
    draft = make.draft(make.village())

    drafts.save_draft(draft.pk, author=draft.author, changes={"address": ""})

    assert not hasattr(HelpRequest.objects.get(pk=draft.pk), "address")


def test_somebody_elses_draft_is_not_there():
    draft = make.draft(make.village())
    other = make.neighbour(draft.village)

    with pytest.raises(lifecycle.NotAllowed):
        drafts.save_draft(draft.pk, author=other, changes={"title": "Mijn"})


def test_a_posted_draft_is_not_changed_as_a_draft():
    help_request = make.help_request()

    with pytest.raises(lifecycle.NotAllowed):
        drafts.save_draft(help_request.pk, author=help_request.author, changes={"title": "Anders"})


def test_a_draft_thrown_away_is_gone_and_a_posted_one_is_not():
    help_request = make.help_request()
    draft = make.draft(help_request.village, author=help_request.author)

    drafts.throw_away(draft.pk, author=draft.author)
    drafts.throw_away(help_request.pk, author=help_request.author)

    assert list(HelpRequest.objects.values_list("status", flat=True)) == [Status.OPEN]


def test_an_empty_draft_is_not_posted():
    village = make.village()
    draft = drafts.begin(make.neighbour(village), village, NOW)

    with pytest.raises(lifecycle.NotAllowed):
        lifecycle.ask(draft.pk, actor=web(draft.author), now=NOW)


def test_the_title_is_the_category_unless_the_asker_wrote_one():
    draft = make.draft(make.village(), title="")

    help_request = lifecycle.ask(draft.pk, actor=web(draft.author), now=NOW)

    assert help_request.title == "Groceries"
