"""What neighbours do with something that one of them does anyway, and what the database never lets happen."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import translation

from accounts.actors import staff
from moderation.blocking import block, unblock
from moderation.models import Decision
from notifications.kinds import KINDS, gathered
from notifications.models import Channel, Message
from requests_app import going, going_along, going_texts, offers
from requests_app.models import SpareOffer, SparePlace, What
from requests_app.transitions import NotAllowed, TooLate
from tests import make
from tests.copy_rules import faults
from tests.make import NOW, web
from tests.racing import REFUSED, at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SUNDAY_SOUP = {"kind": "sharing", "title": "drie porties soep", "what": [What.PORTION], "places": 3}
HOUR = timedelta(hours=1)


def told(person):
    """What this person was told on the site, oldest first."""
    return list(Message.objects.filter(user=person, channel="in_app").order_by("pk").values_list("kind", flat=True))


def take(spare, taker, what=What.GROCERIES, now=NOW):
    return going.take(spare.pk, taker=taker, what=what, now=now)


def board_of(spare, viewer, now=NOW):
    return list(SpareOffer.objects.on_board_of(spare.village_id, now).cards_for(viewer))


def test_posted_it_stands_on_the_board_until_its_moment_and_comes_off_by_itself(beesd):
    neighbour = make.neighbour(beesd)

    spare = make.spare_offer(beesd)

    assert board_of(spare, neighbour) == [spare]
    assert board_of(spare, neighbour, spare.leaves_at - timedelta(seconds=1)) == [spare]
    assert board_of(spare, neighbour, spare.leaves_at) == []
    assert told(spare.author) == []


def test_posting_the_same_twice_is_posting_once(beesd):
    joris = make.neighbour(beesd)

    first, second = make.spare_offer(beesd, author=joris), make.spare_offer(beesd, author=joris)

    assert first == second
    assert SpareOffer.objects.count() == 1


def test_a_fourth_at_a_time_is_refused_and_one_that_passed_makes_room(beesd):
    joris = make.neighbour(beesd)
    for hours in range(going.MOST_OPEN):
        make.spare_offer(beesd, author=joris, leaves_at=NOW + (hours + 1) * HOUR)

    with pytest.raises(NotAllowed, match="enough for now"):
        make.spare_offer(beesd, author=joris)

    make.spare_offer(beesd, author=joris, now=NOW + HOUR)


@pytest.mark.parametrize("away", [timedelta(), going.FURTHEST + timedelta(minutes=1), -HOUR])
def test_a_moment_that_has_begun_or_is_far_away_is_refused(beesd, away):
    with pytest.raises(NotAllowed):
        make.spare_offer(beesd, leaves_at=NOW + away)


@pytest.mark.parametrize("who", ["resident", "stranger", "of a village that is off"])
def test_only_a_confirmed_neighbour_posts_and_takes(beesd, who):
    place = make.village(on=False) if who == "of a village that is off" else beesd
    person = make.resident(beesd) if who == "resident" else make.neighbour(make.village())
    person = make.neighbour(place) if who == "of a village that is off" else person

    with pytest.raises(NotAllowed):
        make.spare_offer(place, author=person)
    with pytest.raises(NotAllowed):
        take(make.spare_offer(beesd), person)


def test_taking_a_part_takes_a_place_and_tells_the_author(beesd):
    spare, riet = make.spare_offer(beesd, places=2), make.neighbour(beesd, "Riet")

    take(spare, riet)
    take(spare, riet)

    spare.refresh_from_db()
    assert spare.places_taken == 1
    assert [(place.taker, place.slot, place.what) for place in spare.held.all()] == [(riet, 1, "groceries")]
    assert told(spare.author) == ["spare.taken"]


@pytest.mark.parametrize("why", ["own", "full", "past", "called off", "hidden", "does not fit"])
def test_what_cannot_be_taken_is_refused(beesd, why):
    spare, riet, what, now = make.spare_offer(beesd), make.neighbour(beesd, "Riet"), What.GROCERIES, NOW
    if why == "own":
        riet = spare.author
    elif why == "full":
        take(spare, make.neighbour(beesd))
    elif why == "past":
        now = spare.leaves_at
    elif why == "called off":
        going.call_off(spare.pk, now=NOW)
    elif why == "hidden":
        going.hide(spare.pk, reason="x", actor=staff(beesd.contact_person.user), now=NOW)
    else:
        what = What.PERSON

    with pytest.raises(TooLate if why in {"full", "past", "called off", "hidden"} else NotAllowed):
        take(spare, riet, what, now)

    assert not SparePlace.objects.filter(taker=riet).exists()


def test_who_changes_their_mind_frees_the_place_for_another(beesd):
    spare, riet, wim = make.spare_offer(beesd), make.neighbour(beesd, "Riet"), make.neighbour(beesd, "Wim")
    take(spare, riet)

    going.give_back(spare.pk, taker=riet, now=NOW)
    going.give_back(spare.pk, taker=riet, now=NOW)
    take(spare, wim)

    spare.refresh_from_db()
    assert spare.places_taken == 1
    assert told(spare.author) == ["spare.taken", "spare.given_back", "spare.taken"]


def test_who_joins_hears_each_change_and_that_it_is_off_or_on_again(beesd):
    spare, riet = make.spare_offer(beesd), make.neighbour(beesd, "Riet")
    take(spare, riet)

    going.change(spare.pk, changes={"leaves_at": NOW + HOUR}, now=NOW)
    going.change(spare.pk, changes={"leaves_at": NOW + HOUR}, now=NOW)  # nothing new
    going.change(spare.pk, changes={"places": 2}, now=NOW)  # no news to who has a place
    going.change(spare.pk, changes={"note": "Bij de kerk"}, now=NOW)
    going.call_off(spare.pk, now=NOW)
    going.call_off(spare.pk, now=NOW)
    going.put_back(spare.pk, now=NOW)

    assert told(riet) == ["spare.changed", "spare.changed", "spare.called_off", "spare.on_again"]
    assert board_of(spare, riet) == [spare]


def test_fewer_places_than_are_taken_is_refused_and_a_higher_place_stays_good(beesd):
    spare, people = make.spare_offer(beesd, places=3), [make.neighbour(beesd) for _ in range(4)]
    for person in people[:3]:
        take(spare, person)

    with pytest.raises(NotAllowed, match="Choose 3 or more"):
        going.change(spare.pk, changes={"places": 2}, now=NOW)
    going.give_back(spare.pk, taker=people[0], now=NOW)
    going.change(spare.pk, changes={"places": 2}, now=NOW)
    going.give_back(spare.pk, taker=people[1], now=NOW)
    take(spare, people[3])

    assert sorted(spare.held.filter(ended_at=None).values_list("slot", flat=True)) == [1, 3]


@pytest.mark.parametrize("verb", ["change", "call_off", "give_back", "wish", "put_back"])
def test_nothing_changes_any_more_once_it_has_begun(beesd, verb):
    spare, riet = make.spare_offer(beesd), make.neighbour(beesd, "Riet")
    take(spare, riet)
    if verb == "put_back":
        going.call_off(spare.pk, now=NOW)
    late = {"now": spare.leaves_at}
    given = {"change": {"changes": {"title": "Assen"}}, "give_back": {"taker": riet}}
    given["wish"] = {"taker": riet, "words": "Brood"}

    with pytest.raises(NotAllowed):
        getattr(going, verb)(spare.pk, **given.get(verb, {}), **late)


def test_a_word_goes_to_the_author_and_only_from_who_joins(beesd):
    spare, riet = make.spare_offer(beesd), make.neighbour(beesd, "Riet")
    take(spare, riet)

    going.wish(spare.pk, taker=riet, words="Een halfje bruin", now=NOW)
    with pytest.raises(NotAllowed):
        going.wish(spare.pk, taker=make.neighbour(beesd), words="Kaas", now=NOW)

    assert spare.held.get().wish == "Een halfje bruin"
    assert told(spare.author) == ["spare.taken", "spare.wished"]


def test_people_kept_apart_never_see_or_take_each_others(beesd):
    spare, riet = make.spare_offer(beesd), make.neighbour(beesd, "Riet")
    own = make.spare_offer(beesd, author=riet)
    assert board_of(spare, riet) == [spare, own]
    block(spare.author, riet, now=NOW)

    for viewer, mine in ((riet, own), (spare.author, spare)):
        assert board_of(spare, viewer) == [mine]
        assert list(SpareOffer.objects.visible_to(viewer)) == [mine]
    with pytest.raises(NotAllowed):
        take(spare, riet)

    unblock(spare.author, riet)
    take(spare, riet)


def test_full_ones_leave_the_board_except_for_who_joins_and_whose_it_is(beesd):
    spare, riet = make.spare_offer(beesd), make.neighbour(beesd, "Riet")
    take(spare, riet)

    assert board_of(spare, make.neighbour(beesd)) == []
    assert board_of(spare, riet) == board_of(spare, spare.author) == [spare]


def test_staff_hide_and_restore_with_a_reason_and_the_author_hears_it(beesd):
    spare, marieke = make.spare_offer(beesd), staff(beesd.contact_person.user)

    going.hide(spare.pk, reason="Reclame", actor=marieke, now=NOW)
    with pytest.raises(NotAllowed):
        going.hide(spare.pk, reason="Reclame", actor=marieke, now=NOW)
    assert board_of(spare, make.neighbour(beesd)) == []
    assert going.reason_of(spare) == "Reclame"
    going.restore(spare.pk, actor=marieke, now=NOW)

    assert board_of(spare, make.neighbour(beesd)) == [spare]
    assert told(spare.author) == ["spare.hidden", "spare.restored"]
    assert list(Decision.objects.order_by("pk").values_list("kind", "subject")) == [
        ("hide", spare.pk),
        ("restore", spare.pk),
    ]


def test_offers_and_requests_that_go_along_find_each_other(beesd):
    help_request = make.help_request(beesd)  # groceries, Thursday afternoon
    make.help_request(beesd, author=make.neighbour(beesd), part="morning")
    make.help_request(make.village())
    spare = make.spare_offer(beesd)
    make.spare_offer(beesd, author=make.neighbour(beesd), what=[What.PERSON])

    assert going_along.requests_along(spare, NOW) == [help_request]
    assert going_along.offers_along(help_request, NOW) == [spare]
    assert going_along.offers_along(help_request, spare.leaves_at) == []
    assert going_along.own_requests_along(spare, help_request.author) == [help_request]


def test_what_does_not_go_along_is_not_shown(beesd):
    help_request, spare = make.help_request(beesd), make.spare_offer(beesd)
    helper = spare.author
    offers.say_yes(help_request.pk, helper=helper, actor=web(helper), now=NOW)
    help_request.refresh_from_db()

    assert going_along.requests_along(spare, NOW) == []
    assert going_along.offers_along(help_request, NOW) == []


def test_people_kept_apart_are_not_brought_together(beesd):
    help_request, spare = make.help_request(beesd), make.spare_offer(beesd)
    block(help_request.author, spare.author, now=NOW)

    assert going_along.requests_along(spare, NOW) == []
    assert going_along.offers_along(help_request, NOW) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("places", [1, 3])
def test_places_go_to_exactly_as_many_neighbours_as_there_are(places):
    spare = make.spare_offer(places=places)
    neighbours = [make.neighbour(spare.village) for _ in range(places + 2)]

    came = at_once(*(lambda person=person: take(spare, person) for person in neighbours), at=spare, refused=TooLate)

    assert came.count(REFUSED) == 2
    assert spare.held.count() == places


@pytest.mark.django_db(transaction=True)
def test_one_who_taps_twice_at_once_has_one_place():
    spare = make.spare_offer(places=3)
    riet = make.neighbour(spare.village)

    at_once(*[lambda: take(spare, riet)] * 2, at=spare)

    assert spare.held.count() == 1


@pytest.mark.django_db(transaction=True)
def test_taking_and_calling_off_at_once_leaves_one_truth():
    spare = make.spare_offer()
    riet = make.neighbour(spare.village)

    taking, _calling_off = at_once(
        lambda: take(spare, riet), lambda: going.call_off(spare.pk, now=NOW), at=spare, refused=TooLate
    )

    assert told(riet) == ([] if taking == REFUSED else ["spare.called_off"])


@pytest.mark.django_db(transaction=True)
def test_two_posts_of_one_person_at_once_do_not_pass_the_limit_together():
    village = make.village()
    joris = make.neighbour(village)
    for hours in range(going.MOST_OPEN - 1):
        make.spare_offer(village, author=joris, leaves_at=NOW + (hours + 1) * HOUR)

    posts = at_once(
        *(lambda title=title: make.spare_offer(village, author=joris, title=title) for title in ("Assen", "Tiel")),
        refused=NotAllowed,
    )

    assert posts.count(REFUSED) == 1


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("spare_offer_places_taken", {"places_taken": 2}),
        ("spare_offer_places_taken", {"places": 7}),
        ("spare_offer_what_fits", {"what": []}),
        ("spare_offer_what_fits", {"what": ["portion"]}),
        ("spare_offer_what_fits", {"kind": "sharing"}),
    ],
)
def test_database_refuses_what_can_never_be_true(rule, changes):
    spare = make.spare_offer()

    with pytest.raises(IntegrityError, match=rule):
        SpareOffer.objects.filter(pk=spare.pk).update(**changes)


@pytest.mark.parametrize(("rule", "same"), [("spare_place_one_slot", "slot"), ("spare_place_one_taker", "taker")])
def test_database_refuses_two_people_in_one_place_and_one_in_two(rule, same):
    spare = make.spare_offer(places=2)
    riet, wim = make.neighbour(spare.village), make.neighbour(spare.village)
    take(spare, riet)
    other = {"slot": 1, "taker": wim} if same == "slot" else {"slot": 2, "taker": riet}

    with pytest.raises(IntegrityError, match=rule):
        spare.held.create(what="groceries", **other)


def test_database_keeps_it_in_the_municipality_of_its_village():
    spare, other = make.spare_offer(), make.municipality()

    with pytest.raises(IntegrityError, match="spare_offer_village_municipality"):
        SpareOffer.objects.filter(pk=spare.pk).update(municipality=other)


# -- What is said


ABOUT_SPARE = sorted(name for name in KINDS if name.startswith("spare."))


@pytest.fixture
def world(beesd):
    """Everything a message could leak: long names, a phone, a note, a wish."""
    joris = make.neighbour(beesd, "Maria-Magdalena Wilhelmina Antoinette", phone="+31687654321", street="Molendijk")
    spare = make.spare_offer(beesd, author=joris, note="Bij de kerk", title="x" * 60)
    riet = make.neighbour(beesd, "Riet", phone="+31611112222")
    take(spare, riet)
    going.wish(spare.pk, taker=riet, words="Een halfje bruin", now=NOW)
    return SpareOffer.objects.get(), spare.held.get()


def words_of(kind, reader, world, language, now=NOW):
    spare, place = world
    row = Message.objects.create(
        kind=kind,
        channel=Channel.MAIL,
        key=f"{kind}-{language}",
        user=reader,
        params={"spare": spare.pk, "place": place.pk, "person": place.taker_id},
        not_before=NOW,
    )
    with translation.override(language):
        about = gathered([row])[row.pk]
        return KINDS[kind].words(row, about, now), KINDS[kind].still_true(row, about, now)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_words_keep_the_rules_of_the_copy_guide_and_leak_nothing(world, language):
    secrets = ("kerk", "halfje", "Molendijk", "Voorstraat", "87654321", "11112222")
    wrong = {}
    for kind in ABOUT_SPARE:
        words, _ = words_of(kind, world[0].author, world, language)
        texts = (words.subject, words.body, words.button)
        wrong[kind] = [fault for text in texts for fault in faults(text, dutch=language == "nl")]
        wrong[kind] += ["long subject"] * (len(words.subject) > 60) + ["full stop"] * words.subject.endswith(".")
        wrong[kind] += ["no sentence"] * (not words.body.endswith(".")) + ["hole"] * ("%(" in f"{words}")
        wrong[kind] += [secret for secret in secrets if secret in f"{texts}"]

    assert {kind: found for kind, found in wrong.items() if found} == {}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_words_for_a_locked_screen_are_there_for_each_kind_and_keep_the_rules(language):
    with translation.override(language):
        said = {kind: str(words) for kind, words in going_texts.PUSH.items()}

    assert sorted(said) == ABOUT_SPARE
    assert [fault for words in said.values() for fault in faults(words, dutch=language == "nl")] == []


@pytest.mark.parametrize(
    ("kind", "turns", "before"),
    [
        ("spare.taken", "given back", True),
        ("spare.given_back", "given back", False),
        ("spare.changed", "called off", True),
        ("spare.called_off", "called off", False),
        ("spare.taken", "blocked", True),
        ("spare.changed", "blocked", True),
        ("spare.hidden", "hidden", False),
        ("spare.restored", "hidden", True),
    ],
)
def test_a_message_that_is_not_true_any_more_goes_unsaid(world, kind, turns, before):
    spare, place = world
    reader = place.taker if kind in {"spare.changed", "spare.called_off"} else spare.author
    assert words_of(kind, reader, world, "en")[1] is before

    if turns == "given back":
        going.give_back(spare.pk, taker=place.taker, now=NOW)
    elif turns == "called off":
        going.call_off(spare.pk, now=NOW)
    elif turns == "blocked":
        block(place.taker, spare.author, now=NOW)
    else:
        going.hide(spare.pk, reason="x", actor=staff(spare.village.contact_person.user), now=NOW)

    assert words_of(kind, reader, world, "nl")[1] is not before


def test_mail_waits_for_the_morning_unless_it_is_for_today(beesd):
    night = datetime(2026, 3, 10, 22, tzinfo=UTC)  # 23.00
    spare = make.spare_offer(beesd, places=2)
    today = make.spare_offer(beesd, author=spare.author, leaves_at=night + HOUR / 2)

    take(spare, make.neighbour(beesd), now=night)
    take(today, make.neighbour(beesd), now=night)

    mails = Message.objects.filter(user=spare.author, channel="mail").order_by("pk")
    assert [mail.not_before for mail in mails] == [datetime(2026, 3, 11, 7, tzinfo=UTC), night]
