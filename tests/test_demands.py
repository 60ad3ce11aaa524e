"""Which work suits whom: light, where, by car, together; and that a wave keeps to it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import blocking
from requests_app import demands, escalation
from requests_app.categories import Category
from requests_app.models import Part, Place
from requests_app.work import work_of
from tests import make
from tests.make import NOW
from volunteers.fits import GO_THERE
from volunteers.models import Ask

WEDNESDAY_8 = NOW.replace(day=11, hour=7, minute=0)  # the first wave of the example, in the morning


@pytest.mark.parametrize(
    ("category", "minutes", "light"),
    [
        ("company", 60, True),
        ("company", 90, False),
        ("company", None, True),
        ("pet", 30, True),
        ("garden", 15, True),  # water the plants
        ("garden", 60, False),
        ("garden", None, False),
        ("groceries", 15, False),  # there is always something to carry
        ("ride", 15, False),
        ("other", 15, True),
        ("unknown", 1, False),
    ],
)
def test_light_is_short_and_nothing_to_carry(category, minutes, light):
    assert demands.is_light(category, minutes) is light


@given(st.sampled_from(Category.values), st.integers(1, 1000), st.integers(0, 1000))
def test_what_is_light_stays_light_when_shorter(category, minutes, less):
    assert demands.is_light(category, max(1, minutes - less)) or not demands.is_light(category, minutes)


def test_every_category_that_is_named_exists():
    named = demands.LIGHT.keys() | demands.LIGHT_AT_ANY_LENGTH | demands.OUTDOORS

    assert named <= set(Category.values)


@pytest.mark.parametrize(
    ("place", "category", "where"),
    [
        ("home", "house", "inside"),
        ("home", "company", "inside"),
        ("home", "garden", "outside"),
        ("home", "groceries", "outside"),  # at the door
        ("village", "company", "place"),
        ("way", "ride", "outside"),
        ("elsewhere", "company", "outside"),
    ],
)
def test_where_the_helper_is(place, category, where):
    assert demands.where(place, category) == where


@given(st.sampled_from(Place.values), st.sampled_from(Category.values))
def test_somebody_goes_wherever_it_is(place, category):
    assert GO_THERE[demands.where(place, category)]


@pytest.mark.django_db
class TestWave:
    """Who is asked by a wave, of several who differ in one choice."""

    @pytest.fixture
    def village(self):
        return make.village()

    def asked(self, village, **fields):
        help_request = make.help_request(village, **fields)
        escalation.sweep(WEDNESDAY_8)
        return {ask.volunteer for ask in Ask.objects.filter(subject=help_request.pk)}

    def test_light_work_is_all_that_somebody_is_asked_who_chose_that(self, village):
        light, strong = make.volunteer(village, light=True), make.volunteer(village)

        assert self.asked(village) == {strong}
        Ask.objects.all().delete()
        assert self.asked(village, category=Category.COMPANY, minutes=30) == {light, strong}

    def test_light_work_is_not_widened(self, village):
        make.volunteer(village, light=True, categories=[Category.COMPANY])
        make.help_request(village, part=Part.ANY, help_on=None)

        for day in range(1, 7):
            escalation.sweep(NOW + timedelta(days=day))

        assert not Ask.objects.exists()

    def test_nobody_goes_into_a_home_who_helps_outdoors_only(self, village):
        anywhere = make.volunteer(village)
        outside = make.volunteer(village, where="outside")
        place = make.volunteer(village, where="place")

        assert self.asked(village, category=Category.HOUSE) == {anywhere}
        Ask.objects.all().delete()
        assert self.asked(village, category=Category.GARDEN) == {anywhere, outside}
        Ask.objects.all().delete()
        fields = {"category": Category.COMPANY, "place": Place.VILLAGE, "place_text": "Het Klokhuis"}
        assert self.asked(village, **fields) == {anywhere, outside, place}

    def test_a_lift_is_asked_of_who_drives_or_said_nothing(self, village):
        make.volunteer(village, transport=["bike", "walk"])
        drives = make.volunteer(village, transport=["bike", "car"])
        roomy = make.volunteer(village, transport=["roomy_car"])
        silent = make.volunteer(village)

        assert self.asked(village, category=Category.RIDE) == {drives, roomy, silent}

    def test_who_would_rather_go_together_is_asked_for_several_people(self, village):
        together, alone = make.volunteer(village, buddy=True), make.volunteer(village)

        assert self.asked(village) == {alone}
        Ask.objects.all().delete()
        assert self.asked(village, slots=2) == {together, alone}

    def test_who_would_rather_go_together_is_asked_too_when_nobody_else_is_found(self, village):
        together = make.volunteer(village, buddy=True)
        make.help_request(village, part=Part.ANY, help_on=None)

        for day in range(1, 7):
            escalation.sweep(NOW + timedelta(days=day))

        assert Ask.objects.get().volunteer == together

    def test_not_before_the_contact_persons_yes_nor_who_is_left_in_peace(self, village):
        make.volunteer(village, approved_at=None)
        make.volunteer(village, retired_at=NOW)
        welcome = make.volunteer(village)

        assert self.asked(village) == {welcome}

    @pytest.mark.parametrize("keep", [blocking.block, blocking.keep_apart])
    def test_never_who_is_kept_apart_from_the_asker_or_the_other_way_round(self, village, keep):
        author = make.neighbour(village)
        wished, other_wished, free = (make.volunteer(village) for _ in range(3))
        keep(wished.user, author, now=NOW)
        keep(author, other_wished.user, now=NOW)

        assert self.asked(village, author=author) == {free}

    def test_newcomer_who_waits_a_week_comes_before_who_did_nothing_either(self, village):
        make.policy(village.municipality, goals=[0.1], caps=[1])
        lately = [make.volunteer(village, approved_at=NOW - timedelta(days=2)) for _ in range(5)]
        waits = make.volunteer(village, approved_at=NOW - timedelta(days=8))
        busy = make.volunteer(village, approved_at=NOW - timedelta(days=80))
        make.ask(busy)
        waits.jobs.create(subject=-1, on=NOW.date(), taken_at=NOW)  # from the board: still never asked

        assert self.asked(village) == {waits}
        assert len(lately) == 5

    def test_newcomer_who_was_asked_takes_turns_like_all(self, village):
        make.policy(village.municipality, goals=[0.1], caps=[1])
        asked_once = make.volunteer(village, approved_at=NOW - timedelta(days=9))
        make.ask(asked_once, asked_at=NOW - timedelta(days=8), answer=Ask.Answer.SILENT)
        never = make.volunteer(village, approved_at=NOW - timedelta(days=2))

        assert self.asked(village) == {never}

    def test_newcomer_whose_only_ask_was_settled_before_an_answer_still_waits_for_the_first(self, village):
        make.policy(village.municipality, goals=[0.1], caps=[1])
        too_late = make.volunteer(village, approved_at=NOW - timedelta(days=9))
        make.ask(too_late, asked_at=NOW - timedelta(days=8), answer=Ask.Answer.WITHDRAWN)
        make.volunteer(village, approved_at=NOW - timedelta(days=2))

        assert self.asked(village) == {too_late}


@pytest.mark.django_db
def test_newcomer_gets_a_first_fitting_ask_within_fourteen_days_if_there_is_one_a_week():
    village = make.village(quiet=False)
    make.policy(village.municipality, goals=[0.1], caps=[1])
    crowd = [make.volunteer(village, approved_at=NOW - timedelta(days=200)) for _ in range(8)]
    for volunteer in crowd:
        make.ask(volunteer, asked_at=NOW - timedelta(days=100))
    newcomer = make.volunteer(village, approved_at=NOW)

    for day in (3, 9):
        now = NOW + timedelta(days=day)
        make.help_request(village, now=now, part=Part.ANY, help_on=None)
        escalation.sweep(now + timedelta(days=2))

    first = newcomer.asks.order_by("pk").first()
    assert first is not None
    assert first.asked_at <= NOW + timedelta(days=14)


@pytest.mark.django_db
def test_work_is_what_the_request_says():
    help_request = make.help_request(category=Category.RIDE, slots=2)

    work = work_of(help_request)

    assert (work.where, work.light, work.car, work.alone) == ("outside", False, True, False)
