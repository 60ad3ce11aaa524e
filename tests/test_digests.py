"""Once a day or once a week what is new: only when there is something, told once, never what was seen."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from accounts.actors import staff, web
from accounts.quiet import AMSTERDAM
from moderation import blocking
from notifications import digest_sections, digests, preferences
from notifications.delivery import Count as Sent
from notifications.delivery import deliver
from notifications.digest_sections import News, Section
from notifications.digests import Count, next_moment
from notifications.kinds import KINDS
from notifications.models import Digest, Group, Message, State
from requests_app import escalation, moderating, offers
from requests_app.models import Audience, HelpRequest
from tests import make
from tests.copy_rules import faults
from tests.make import NOW
from tests.racing import at_once
from tests.smtp_sink import sink
from villages.models import Residency

pytestmark = pytest.mark.django_db

DAILY, WEEKLY = Digest.Every.DAILY, Digest.Every.WEEKLY
NINE = datetime(2026, 3, 11, 8, tzinfo=UTC)  # the next morning, by the Dutch clock
MONDAY = datetime(2026, 3, 16, 8, tzinfo=UTC)


@pytest.fixture
def joris(beesd):
    """A neighbour who chose a digest a day, on Tuesday morning."""
    return reader(beesd, "Joris")


def reader(village, name, every=DAILY, now=NOW, **fields):
    person = make.neighbour(village, name, **fields)
    digests.choose(person.pk, every, now=now)
    return person


def posted(village, at=NOW + timedelta(hours=1), **fields):
    return make.help_request(village, now=at, **fields)


def told():
    return Message.objects.filter(kind__startswith="digest.").order_by("pk")


def said(message, now=NINE, language="nl"):
    kind = KINDS[message.kind]
    with translation.override(language):
        return kind.words(message, kind.gather([message])[message.pk], now)


def local(month, day, hour=9, year=2026):
    return datetime(year, month, day, hour, tzinfo=AMSTERDAM).astimezone(UTC)


def test_digest_of_the_next_morning_tells_what_came_since(joris, beesd):
    posted(beesd)
    posted(beesd, title="Gras maaien", minutes=60)

    assert digests.sweep(NINE - timedelta(minutes=1)) == Count()
    assert digests.sweep(NINE) == Count(told=1)

    words = said(told().get())
    assert words.subject == "2 vragen in Beesd"
    assert words.body == "Vandaag op het prikbord. Niets moet."
    assert words.lines == (
        "Boodschappen van de Spar: morgen, in de middag, ongeveer 30 minuten",
        "Gras maaien: morgen, in de middag, ongeveer 1 uur",
    )
    assert words.url == reverse("start")
    assert words.signature.village == "Beesd"


def test_digest_of_a_week_comes_on_monday(beesd):
    reader(beesd, "Joris", WEEKLY)
    posted(beesd, part="any", help_on=None)

    assert digests.sweep(MONDAY - timedelta(minutes=1)) == Count()
    assert digests.sweep(MONDAY) == Count(told=1)

    words = said(told().get(), MONDAY)
    assert (words.subject, words.body) == ("Deze week in Beesd", "1 vraag.")
    assert Digest.objects.get().next_at == MONDAY + timedelta(days=7)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("every", [DAILY, WEEKLY])
def test_words_of_a_digest_keep_the_rules_of_the_copy_guide(joris, language, every):
    home = Residency.objects.get(user=joris).village
    home.name = "Sint Jacobiparochie aan de lange Middelweg"
    home.save(update_fields=["name"])
    Message.objects.create(
        kind=f"digest.{every}",
        channel="mail",
        key="x",
        user=joris,
        params={"since": NOW.isoformat(), "until": NINE.isoformat()},
    )
    for number in range(12):
        posted(home, title=f"Vraag {number}")

    words = said(told().get(), language=language)

    assert len(words.subject) <= 60
    assert [it for text in (words.subject, words.body) for it in faults(text, dutch=language == "nl")] == []
    assert len(words.lines) == 5


def test_command_that_delivers_tells_digests_too(joris, beesd, settings):
    settings.ALLOW_NOW = True
    posted(beesd)

    call_command("deliver", now=NINE.isoformat())

    assert told().get().state == State.SENT


def test_nothing_new_is_no_mail_and_the_next_moment_is_there(joris):
    assert digests.sweep(NINE) == Count(nothing=1)

    assert not told().exists()
    assert Digest.objects.get().next_at == NINE + timedelta(days=1)


def test_nobody_hears_anything_who_did_not_choose_it(beesd):
    make.neighbour(beesd, "Fatma")
    posted(beesd)

    assert digests.sweep(NINE) == Count()


def test_what_was_told_is_not_told_again_and_what_came_after_is(joris, beesd):
    posted(beesd, title="Eerste")
    digests.sweep(NINE)
    posted(beesd, NINE + timedelta(hours=1), title="Tweede", part="any", help_on=None)

    digests.sweep(NINE + timedelta(days=1))

    first, second = told()
    assert [line.partition(":")[0] for line in said(first).lines] == ["Eerste"]
    assert [line.partition(":")[0] for line in said(second, NINE + timedelta(days=1)).lines] == ["Tweede"]


def test_what_somebody_saw_on_the_board_is_not_in_it(client, joris, beesd):
    posted(beesd, title="Gezien")
    client.force_login(joris)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        client.get(reverse("board"))
    posted(beesd, NOW + timedelta(hours=3), title="Nieuw")

    digests.sweep(NINE)

    assert [line.partition(":")[0] for line in said(told().get()).lines] == ["Nieuw"]


def test_who_saw_everything_gets_no_mail(client, joris, beesd):
    posted(beesd)
    client.force_login(joris)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        client.get(reverse("board"))

    assert digests.sweep(NINE) == Count(nothing=1)


@pytest.mark.django_db(transaction=True)
def test_what_is_seen_before_the_mail_goes_out_stops_it(client, settings):
    beesd = make.village("Beesd")
    joris = reader(beesd, "Joris")
    posted(beesd)
    digests.sweep(NINE)
    client.force_login(joris)
    with time_machine.travel(NINE + timedelta(minutes=1), tick=False):
        client.get(reverse("board"))

    with sink(settings) as server:
        deliver(NINE + timedelta(minutes=2))

    assert told().get().state == State.DROPPED
    assert [mail for mail in server.mails if mail["To"] == joris.email] == []


def test_board_that_holds_nothing_new_is_not_marked_again(client, joris, beesd):
    posted(beesd)
    client.force_login(joris)
    for hours in (2, 3):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            client.get(reverse("board"))

    assert Residency.objects.get(user=joris).board_seen_at == NOW + timedelta(hours=2)


@pytest.mark.parametrize("look", [{"minutes": "20"}, {"kind": "pet"}])
def test_part_of_the_board_is_not_the_board(client, joris, beesd, look):
    posted(beesd)
    client.force_login(joris)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        client.get(reverse("board"), look)
        client.head(reverse("board"))

    assert Residency.objects.get(user=joris).board_seen_at is None


@pytest.mark.parametrize(
    "what", ["own", "taken", "hidden", "volunteers only", "past", "another village", "blocked", "helps", "asked"]
)
def test_digest_leaves_out_what_is_not_new_to_this_reader(joris, beesd, what):
    if what == "asked":
        joris = make.volunteer(beesd, "Samira").user
        digests.choose(joris.pk, DAILY, now=NOW)
    village = make.village() if what == "another village" else beesd
    author = joris if what == "own" else make.neighbour(village, "Riet")
    help_request = posted(village, author=author, slots=2 if what == "helps" else 1)
    at = NOW + timedelta(hours=2)
    if what == "taken":
        offers.say_yes(help_request.pk, helper=make.neighbour(beesd), actor=web(joris), now=at)
    elif what == "helps":
        offers.say_yes(help_request.pk, helper=joris, actor=web(joris), now=at)
    elif what == "asked":
        escalation.ask_volunteers_now(help_request.pk, actor=web(author), now=at)
    elif what == "blocked":
        blocking.block(author, joris, now=at)
    elif what == "hidden":
        face = village.contact_person.user
        moderating.hide(help_request.pk, reason="Onduidelijk", actor=staff(face), now=at)
    changes = {"volunteers only": {"audience": Audience.VOLUNTEERS}, "past": {"needed_by": NINE}}.get(what)
    if changes:
        HelpRequest.objects.filter(pk=help_request.pk).update(**changes)

    digests.sweep(NINE)

    assert not told().filter(user=joris).exists()


def test_who_is_no_confirmed_neighbour_hears_nothing(beesd):
    waiting = make.resident(beesd, "Nieuw")
    digests.choose(waiting.pk, DAILY, now=NOW)
    posted(beesd)

    assert digests.sweep(NINE) == Count(nothing=1)


@pytest.mark.django_db(transaction=True)
def test_many_sweeps_at_once_and_again_tell_it_once(settings):
    beesd = make.village("Beesd")
    readers = [reader(beesd, f"Buur{number}") for number in range(5)]
    posted(beesd)

    counts = at_once(*[lambda: digests.sweep(NINE)] * 4)
    digests.sweep(NINE)

    assert sum(count.told for count in counts) == 5
    with sink(settings) as server:
        deliver(NINE)
        deliver(NINE)
    assert sorted(mail["To"] for mail in server.mails if mail["Subject"].endswith("in Beesd")) == sorted(
        person.email for person in readers
    )


def test_day_that_was_told_is_not_told_again_whatever_became_of_its_moment(joris, beesd):
    before = Digest.objects.values("next_at", "told_until").get()
    posted(beesd)
    digests.sweep(NINE)
    Digest.objects.update(**before)

    digests.sweep(NINE)

    assert told().count() == 1


def test_run_that_dies_tells_nothing_and_the_next_tells_it(joris, beesd, monkeypatch):
    posted(beesd)

    def dies(*_args, **_kwargs):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(Digest.objects, "bulk_update", dies)
        with pytest.raises(SystemExit):
            digests.sweep(NINE)

    assert not told().exists()
    assert digests.sweep(NINE) == Count(told=1)


@pytest.mark.parametrize(
    ("late", "next_at"),
    [
        (timedelta(hours=1), NINE + timedelta(days=1)),
        (timedelta(hours=11), NINE + timedelta(days=1)),
        (timedelta(hours=23), NINE + timedelta(days=2)),  # not again after an hour
        (timedelta(days=3), NINE + timedelta(days=4)),
    ],
)
def test_hours_that_were_missed_are_caught_up_once(joris, beesd, late, next_at):
    posted(beesd, part="any", help_on=None)

    assert digests.sweep(NINE + late) == Count(told=1)
    assert digests.sweep(NINE + late) == Count()

    assert Digest.objects.get().next_at == next_at


def test_late_digest_waits_for_the_morning(joris, beesd):
    posted(beesd)

    digests.sweep(NINE + timedelta(hours=14))  # eleven at night

    with_quiet = told().get()
    assert deliver(NINE + timedelta(hours=14)).sent == 0
    with_quiet.refresh_from_db()
    assert with_quiet.not_before == NINE + timedelta(hours=23)  # eight in the morning


def test_nine_in_the_morning_is_by_the_dutch_clock_in_both_changes():
    assert next_moment(DAILY, local(3, 28)) == local(3, 29) == datetime(2026, 3, 29, 7, tzinfo=UTC)
    assert next_moment(DAILY, local(3, 28, 10)) - local(3, 28) == timedelta(hours=23)
    assert next_moment(DAILY, local(10, 24)) == local(10, 25) == datetime(2026, 10, 25, 8, tzinfo=UTC)
    assert next_moment(DAILY, local(10, 24, 10)) - local(10, 24) == timedelta(hours=25)
    assert next_moment(WEEKLY, local(3, 23)) == local(3, 30) == datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert next_moment(WEEKLY, local(3, 29, 23)) == local(3, 30)


@pytest.mark.parametrize(("month", "day"), [(3, 27), (10, 23)])
def test_every_morning_around_a_clock_change_has_its_digest(beesd, month, day):
    start = local(month, day, 10)
    joris = reader(beesd, "Joris", now=start)
    Residency.objects.filter(user=joris).update(confirmed_at=NOW)
    at, days = start, []
    while at < start + timedelta(days=4):
        at += timedelta(minutes=30)
        if at.astimezone(AMSTERDAM).time() == time(20):
            posted(beesd, at, part="any", help_on=None)
        if digests.sweep(at).told:
            days.append(at.astimezone(AMSTERDAM))

    assert [(moment.day - day, moment.hour, moment.minute) for moment in days] == [(n, 9, 0) for n in (1, 2, 3, 4)]


@pytest.mark.parametrize("count", [2, 12])
def test_queries_do_not_grow_with_readers_and_requests(beesd, count, django_assert_num_queries):
    villages = [beesd, make.village("Anloo")]
    for number in range(count):
        reader(villages[number % 2], f"Buur{number}")
        posted(villages[number % 2])

    # Due; homes, requests, asked, offered, helps, apart; homes and what neighbours do anyway; the messages; the next
    # moments; nobody due; four savepoints.
    with django_assert_num_queries(16):
        assert digests.sweep(NINE).told == count


@pytest.mark.parametrize("count", [1, 8])
def test_mail_with_many_requests_takes_the_same_queries(joris, beesd, count, django_assert_num_queries):
    for _ in range(count):
        posted(beesd)
    digests.sweep(NINE)
    message = told().select_related("user").get()

    # Whether it is still wanted; homes, requests, asked, offered, helps, apart; homes and what neighbours do anyway;
    # who signs.
    with django_assert_num_queries(10):
        said(message)


def test_one_that_fails_is_set_aside_and_the_others_hear(joris, beesd, monkeypatch):
    fatma = reader(beesd, "Fatma")
    posted(beesd)

    def broken(readers, now):
        if any(it.user == fatma.pk for it in readers):
            raise ValueError("broken")
        return {}

    section = Section(look=broken, say=lambda _what, _now: News("x"))
    monkeypatch.setitem(digest_sections.SECTIONS, "broken", section)

    assert digests.sweep(NINE) == Count(told=1, nothing=1)

    assert told().get().user == joris
    assert Digest.objects.get(pk=fatma.pk).next_at == NINE + timedelta(hours=1)


def test_two_sections_are_told_in_one_sentence(joris, beesd, monkeypatch):
    posted(beesd)
    section = Section(
        look=lambda readers, _now: dict.fromkeys(readers, 4),
        say=lambda what, _now: News(f"{what} activiteiten", ("Koken",)),
    )
    monkeypatch.setitem(digest_sections.SECTIONS, "test", section)

    digests.sweep(NINE)

    words = said(told().get())
    assert words.subject == "1 vraag en 4 activiteiten in Beesd"
    assert words.lines[-1] == "Koken"


def test_choosing_what_was_chosen_changes_nothing_and_another_rhythm_misses_nothing(joris, beesd):
    before = Digest.objects.values().get()

    digests.choose(joris.pk, DAILY, now=NOW + timedelta(hours=5))
    assert Digest.objects.values().get() == before

    posted(beesd, part="any", help_on=None)
    digests.choose(joris.pk, WEEKLY, now=NOW + timedelta(hours=5))
    assert digests.sweep(MONDAY) == Count(told=1)


def test_who_stopped_hears_nothing_and_who_starts_again_hears_of_what_comes(joris, beesd):
    digests.choose(joris.pk, None, now=NOW)
    posted(beesd)
    assert digests.sweep(NINE) == Count()

    preferences.start(joris.pk, Group.DIGEST, "mail", now=NINE)
    assert digests.sweep(NINE + timedelta(days=1)) == Count(nothing=1)


def test_digest_that_was_stopped_after_it_was_told_does_not_go_out(joris, beesd):
    posted(beesd)
    digests.sweep(NINE)
    digests.choose(joris.pk, None, now=NINE)

    assert deliver(NINE + timedelta(minutes=1)) == Sent(dropped=1) or told().get().state == State.DROPPED


def test_what_is_being_posted_at_that_very_moment_is_for_the_next_time(joris, beesd):
    posted(beesd, NINE - timedelta(seconds=20), part="any", help_on=None)  # perhaps not committed yet

    assert digests.sweep(NINE) == Count(nothing=1)
    assert digests.sweep(NINE + timedelta(days=1)) == Count(told=1)
