"""What messages about requests say, in both languages, by the rules of the copy guide, and when they go unsaid."""

from datetime import timedelta

import pytest
from django.utils import translation

from accounts.actors import staff, web
from notifications.kinds import KINDS, gathered
from notifications.models import Channel, Message
from requests_app import escalation, lifecycle, message_texts, messages, moderating, moments, offers
from requests_app.ladder import Rung
from requests_app.models import Event, HelpRequest
from tests import make
from tests.copy_rules import faults
from tests.make import NOW
from volunteers.models import Ask

pytestmark = pytest.mark.django_db

ABOUT_REQUESTS = sorted(name for name, kind in KINDS.items() if kind.gather is messages.gather)
TO_TEAM = [name for name in ABOUT_REQUESTS if name.startswith("team.")]
LONGEST_SUBJECT = 60
LONG_NAME = "Maria-Magdalena Wilhelmina Antoinette"


@pytest.fixture
def world():
    """A request with everything a message could leak: a long name, an address, a phone, a text, a helper, an ask."""
    village = make.village("Beesd")
    author = make.neighbour(village, LONG_NAME, phone="+31687654321")
    help_request = make.help_request(
        village, author=author, address="Geheimlaan 99", text="Sleutel ligt onder de mat.", slots=3
    )
    helper = make.neighbour(village, "Joris", phone="+31611112222")
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)
    asked = make.volunteer(village, "Samira")
    escalation.ask_volunteers_now(help_request.pk, actor=web(author), now=NOW)
    return HelpRequest.objects.get(pk=help_request.pk), helper, Ask.objects.get(volunteer=asked)


def message(kind, reader, world, **extra):
    help_request, helper, ask = world
    until = (NOW + timedelta(hours=23)).isoformat()
    params = {
        "help_request": help_request.pk,
        "person": helper.pk,
        "ask": ask.pk,
        "until": until,
        "reason": 1,
        **extra,
    }
    return Message.objects.create(
        kind=kind, channel=Channel.MAIL, key=f"{kind}-{reader.pk}", user=reader, params=params, not_before=NOW
    )


def words_of(row, language, now=NOW):
    with translation.override(language):
        return KINDS[row.kind].words(row, gathered([row])[row.pk], now)


def says(kind, world, language="nl", reader=None, **extra):
    words = words_of(message(kind, reader or world[0].author, world, **extra), language)
    return f"{words.subject}. {words.body}"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_words_keep_the_rules_of_the_copy_guide(world, language):
    wrong = {}
    for kind in ABOUT_REQUESTS:
        words = words_of(message(kind, world[0].author, world), language)
        texts = (words.subject, words.body, words.button)
        wrong[kind] = [fault for text in texts for fault in faults(text, dutch=language == "nl")]
        wrong[kind] += ["long subject"] * (len(words.subject) > LONGEST_SUBJECT) + ["no subject"] * (not words.subject)
        wrong[kind] += ["full stop"] * words.subject.endswith(".")
        wrong[kind] += ["no sentence"] * (not words.body.endswith((".", "?"))) + ["hole"] * ("%(" in f"{words}")

    assert {kind: found for kind, found in wrong.items() if found} == {}


def test_words_hold_no_address_no_phone_of_a_neighbour_and_no_text(world):
    secrets = ("Geheimlaan", "99", "Sleutel", "87654321", "11112222", "Voorstraat")

    said = {kind: says(kind, world) for kind in ABOUT_REQUESTS}

    assert {(kind, secret) for kind, words in said.items() for secret in secrets if secret in words} == set()


def test_words_a_moderator_hid_are_not_read_in_old_messages(world):
    row = message("volunteer.asked", world[1], world)
    assert "Boodschappen van de Spar" in words_of(row, "nl").body

    HelpRequest.objects.filter(pk=world[0].pk).update(hidden_at=NOW)

    assert "Boodschappen. " in words_of(row, "nl").body


def test_words_for_the_team_hold_nothing_of_the_request(world):
    help_request, helper, _ask = world
    contents = (help_request.title, help_request.author.first_name, helper.first_name)

    said = [says(kind, world) for kind in TO_TEAM]

    assert said
    assert [content for words in said for content in contents if content in words] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_words_are_there_for_people_without_a_name_and_requests_without_details(world, language):
    help_request, helper, _ask = world
    for person in (helper, help_request.author):
        person.first_name = ""
        person.save(update_fields=["first_name"])
    HelpRequest.objects.update(title="", minutes=None, part="any", help_on=None)
    bare = [message(kind, helper, world) for kind in ABOUT_REQUESTS]
    for row in bare:
        row.params = {"help_request": help_request.pk}

    subjects = {row.kind: words_of(row, language).subject for row in bare}

    assert all(subjects.values())
    assert subjects["request.taken"].startswith("Een buur" if language == "nl" else "A neighbour")


def first_step(help_request, rung):
    return next(step.at for step in moments.steps_of(help_request) if step.rung == rung).isoformat()


def test_asker_reads_the_next_moment_in_their_own_words():
    make.help_request(make.village("Beesd"))

    row = Message.objects.get(kind="request.posted", channel=Channel.MAIL)

    assert words_of(row, "nl").body == (
        "Het gaat om: Boodschappen van de Spar. Buren in Beesd kunnen nu reageren. "
        "Nog niemand morgen om 8.00 uur? Dan vragen we een paar vrijwilligers. Je hoeft niets te doen."
    )
    assert "Nobody by 8:00 tomorrow? Then we ask a few volunteers." in words_of(row, "en").body


def test_asker_reads_who_joins_next_if_that_is_the_contact_person(world):
    until = first_step(world[0], Rung.CONTACT)

    assert "? Dan zoekt Marieke mee." in says("request.posted", world, until=until)


def test_asker_is_not_promised_a_moment_that_has_changed_since(world):
    assert "Nog niemand" not in says("request.posted", world, until=(NOW + timedelta(minutes=1)).isoformat())


def test_asker_hears_when_the_contact_person_joins_if_volunteers_cannot():
    village = make.village(quiet=False)
    make.volunteer(village)
    help_request = make.help_request(village)

    escalation.ask_volunteers_now(help_request.pk, actor=web(help_request.author), now=NOW)

    row = Message.objects.get(kind="request.escalated", channel=Channel.MAIL)
    assert row.params["until"] == first_step(HelpRequest.objects.get(), Rung.CONTACT)
    assert "? Dan zoekt Marieke mee." in words_of(row, "nl").body


@pytest.mark.parametrize(
    ("audience", "said"),
    [("volunteers", "Alleen vrijwilligers kunnen je vraag zien."), ("contact", "Alleen Marieke kan je vraag zien.")],
)
def test_asker_is_not_promised_neighbours_who_cannot_see_it(world, audience, said):
    HelpRequest.objects.update(audience=audience)

    words = says("request.posted", world)

    assert words == f"Je vraag is geplaatst. Het gaat om: Boodschappen van de Spar. {said} Je hoeft niets te doen."


def test_contact_person_calls_before_a_moment(world):
    said = says("request.to_contact", world)

    assert said.endswith("Het is nog niet gelukt om iemand te vinden. Marieke belt je voor morgen 8.10 uur.")


@pytest.mark.parametrize("kind", ["request.posted", "request.escalated", "request.to_contact"])
def test_asker_of_several_requests_reads_which_one_it_is(world, kind):
    assert "Het gaat om: Boodschappen van de Spar." in says(kind, world)


def test_volunteer_reads_first_what_it_is_when_no_day_is_named(world):
    HelpRequest.objects.update(title="Ritje", part="any", help_on=None)

    said = says("volunteer.asked", world)

    assert "Ritje. Het maakt niet uit wanneer, ongeveer 30 minuten." in said


def test_contact_person_who_had_it_reads_that_it_is_looked_for_anew(world):
    contact = world[0].village.contact_person.user
    row = message("team.request_moved", contact, world)

    said = words_of(row, "nl")

    assert (said.subject, said.body) == (
        "Een vraag ligt niet meer bij jou",
        "De dag is veranderd. We zoeken opnieuw iemand. Open het overzicht.",
    )
    assert still_true(row)
    HelpRequest.objects.update(owner=contact, owner_deadline_at=NOW)
    assert not still_true(row)


@pytest.mark.parametrize("kind", ["request.posted", "request.escalated", "request.to_contact", "pickup.given_back"])
def test_moment_that_has_passed_is_not_promised_any_more(world, kind):
    words = words_of(message(kind, world[0].author, world), "nl", now=NOW + timedelta(days=2))

    assert "uur" not in words.body


def test_volunteer_reads_when_how_long_and_what(world):
    assert says("volunteer.asked", world).startswith(
        "Mogen we je iets vragen?. Donderdag, in de middag, ongeveer 30 minuten: Boodschappen van de Spar."
    )


def test_asker_hears_of_the_address_only_if_there_is_one(world):
    with_address = says("request.taken", world)
    world[0].address.delete()

    assert "Joris ziet nu je adres." in with_address
    assert "adres" not in says("request.taken", world, reader=world[1])


def test_names_in_subjects_are_cut_to_leave_room(world):
    said = says("request.changed", world)

    assert said.startswith("Maria-Magdalena Wilhelmina An… veranderde de vraag.")


def test_messages_about_many_requests_take_the_same_queries(world, django_assert_num_queries):
    rows = [message("request.taken", world[0].author, world)]
    village = world[0].village
    for _ in range(3):
        other = (make.help_request(village), world[1], world[2])
        rows.append(message("request.taken", other[0].author, other))

    with django_assert_num_queries(6):
        about = gathered(rows)
    with django_assert_num_queries(0):
        for row in rows:
            KINDS[row.kind].words(row, about[row.pk], NOW)


# -- still true? --------------------------------------------------------------------------------------------


def still_true(row):
    about = gathered([row])
    return row.pk in about and KINDS[row.kind].still_true(row, about[row.pk], NOW)


def become(**changes):
    Ask.objects.filter(answer=changes.pop("ask_was", "-")).update(answered_at=NOW, answer=changes.pop("ask_is", "no"))
    HelpRequest.objects.update(**changes) if changes else None


DONE = {"status": "done", "next_at": None}


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("request.posted", {}, DONE),
        ("request.escalated", {}, DONE),
        ("request.changed", {}, DONE),
        ("request.partly_filled", {}, DONE),
        ("pickup.given_back", {}, DONE),
        ("request.hidden", {"hidden_at": NOW}, {"hidden_at": None}),
        ("request.restored", {}, {"hidden_at": NOW}),
        ("request.ask_done", {"status": "taken", "slots": 1}, {"status": "done"}),
        ("request.lapsed", {"status": "lapsed"}, {"status": "done"}),
        ("volunteer.asked", {}, {"ask_was": "open", "ask_is": "withdrawn"}),
        ("volunteer.asked", {}, DONE),
        ("volunteer.asked", {}, {"hidden_at": NOW}),
    ],
)
def test_message_goes_unsaid_once_it_is_not_true_any_more(world, kind, before, after):
    become(**before)
    row = message(kind, world[0].author, world)
    true_before = still_true(row)

    become(**after)

    assert (true_before, still_true(row)) == (True, False)


def test_message_to_the_team_is_true_while_the_contact_person_has_it(world):
    contact = world[0].village.contact_person.user
    row = message("team.request_waiting", contact, world)
    before = still_true(row)

    escalation.hand_to_contact(world[0].pk, actor=staff(contact), now=NOW)

    assert (before, still_true(row)) == (False, True)
    assert still_true(message("request.to_contact", world[0].author, world))


def test_message_about_who_comes_is_true_while_they_come(world):
    help_request, helper, _ask = world
    to_asker = message("request.taken", help_request.author, world)
    to_helper = message("request.taken_helper", helper, world)
    off = message("pickup.called_off", helper, world)
    assert [still_true(row) for row in (to_asker, to_helper, off)] == [True, True, False]

    lifecycle.give_back(help_request.pk, helper=helper, actor=web(helper), now=NOW)

    assert [still_true(row) for row in (to_asker, to_helper, off)] == [False, False, True]


def test_message_about_a_request_that_is_gone_is_not_true(world):
    row = message("request.posted", world[0].author, world)
    row.params["help_request"] = 0

    assert not still_true(row)


# -- the story: every message that the verbs write has words -------------------------------------------------


def test_every_message_of_a_long_story_has_words():
    village = make.village(quiet=False)
    joris, samira = make.neighbour(village, "Joris"), make.volunteer(village, "Samira")
    help_request = make.help_request(village, slots=2)
    author, contact = help_request.author, village.contact_person.user
    pk = help_request.pk
    escalation.ask_volunteers_now(pk, actor=web(author), now=NOW)
    offers.say_yes(pk, helper=samira.user, actor=web(samira.user), now=NOW)
    lifecycle.edit(pk, changes={"minutes": 60}, actor=web(author), now=NOW)
    offers.say_yes(pk, helper=joris, actor=web(joris), now=NOW)
    lifecycle.give_back(pk, helper=joris, actor=web(joris), now=NOW)
    moderating.hide(pk, reason="to look at it", actor=staff(contact), now=NOW)
    moderating.restore(pk, actor=staff(contact), now=NOW)
    escalation.hand_to_contact(pk, actor=staff(contact), now=NOW)
    lifecycle.withdraw(pk, actor=web(author), now=NOW)

    rows = list(Message.objects.all())
    kinds = {row.kind for row in rows}

    assert {"request.posted", "volunteer.asked", "request.taken", "pickup.given_back", "pickup.called_off"} <= kinds
    assert {"request.hidden", "request.restored", "request.to_contact", "team.request_waiting"} <= kinds
    for row in rows:
        assert words_of(row, "nl").subject
        assert "help_request" in row.params
    assert Event.objects.filter(help_request=pk).exists()


def test_every_kind_that_is_told_is_known():
    told = {name for name in KINDS if name in ABOUT_REQUESTS}

    assert len(told) == 38
    assert message_texts.register_kinds() is None
