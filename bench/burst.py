"""20,000 due in one minute after an outage, from the first sweep until morning: whose turn, and who is disturbed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F
from django.utils import timezone

from bench import seed
from bench.crowd import Crowd, gather
from bench.figure import Figure, at_least, dosed, exactly
from notifications.models import Channel, Message
from requests_app import due, escalation
from requests_app.models import Event, HelpRequest
from villages.models import Village
from volunteers.models import Ask, Volunteer

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SMALL = 50  # due in each municipality but one
LONGER = timedelta(hours=34)  # ago: then the contact person's moment is past too
LOOKS = 4  # sweeps in the night
OUT = (Channel.MAIL, Channel.PUSH)  # what stands on the site wakes nobody
HERE = ZoneInfo("Europe/Amsterdam")


def burst() -> Iterator[Figure]:
    """Half of it in one municipality. A fifth of the others sleeps; there each second one is for the contact person.

    Messages are counted, of all kinds: no constraint keeps a volunteer from two of those.
    """
    seed.clear()
    now = timezone.now()
    half = dosed(10_000, least=1_000)
    (crowded,) = gather(Crowd(1, due=half, volunteers=200), now, overdue=MINUTE)
    others = gather(Crowd(half // SMALL, due=SMALL, volunteers=12), now, overdue=MINUTE)
    sleeping = others[::5]
    morning = _asleep(sleeping, now)
    _longer_overdue(sleeping)
    asleep = {place.municipality_id for place in sleeping}
    moments = dict(HelpRequest.objects.due(now).values_list("pk", "next_at"))

    walked = escalation.sweep(now)
    yield exactly(2 * half, "burst: due in one minute, walked", walked, "steps")
    yield from _in_turn({place.municipality_id for place in [crowded, *others]} - asleep, moments)
    yield from _night(asleep, now, morning)
    yield from _disturbed()


def _in_turn(awake: set[int], moments: Mapping[int, datetime]) -> Iterator[Figure]:
    steps = Event.objects.exclude(kind=Event.Kind.POSTED).filter(municipality__in=awake).order_by("pk")
    order = [
        (place, moments[pk], kind) for place, pk, kind in steps.values_list("municipality", "help_request", "kind")
    ]
    late = overtaken((place, moment) for place, moment, _ in order)
    yield exactly(0, "burst: walked after a younger one of its municipality", late, "requests")
    unlucky = passed_over((place, moment, kind == Event.Kind.ASKED) for place, moment, kind in order)
    yield exactly(0, "burst: without a volunteer where a younger one got one", unlucky, "requests")
    places = [place for place, *_ in order]
    everywhere = HelpRequest.objects.filter(pk__in=moments).values("municipality").distinct().count()
    late = waited(places, Counter(places), turn=max(due.BATCH // everywhere, due.TURN))
    yield exactly(0, "burst: municipalities without a turn when others had their next", late, "municipalities")


def overtaken(order: Iterable[tuple[int, datetime]]) -> int:
    """How many come after one of the same municipality whose moment is later."""
    last: dict[int, datetime] = {}
    late = 0
    for place, moment in order:
        late += moment < last.get(place, moment)
        last[place] = max(moment, last.get(place, moment))
    return late


def passed_over(steps: Iterable[tuple[int, datetime, bool]]) -> int:
    """How many got nobody, while one of the same municipality whose moment is later got somebody."""
    steps = list(steps)
    last = {place: moment for place, moment, found in sorted(steps, key=lambda step: step[1]) if found}
    return sum(not found and moment < last.get(place, moment) for place, moment, found in steps)


def waited(order: Iterable[int], wanted: Mapping[int, int], *, turn: int) -> int:
    """How many municipalities saw another one begin a turn more than they had had, with requests that wait."""
    had: Counter[int] = Counter()
    late = set()
    for place in order:
        if had[place] and had[place] % turn == 0:
            late |= {other for other, count in wanted.items() if had[other] < min(had[place], count)}
        had[place] += 1
    return len(late)


def _night(asleep: set[int], now: datetime, morning: datetime) -> Iterator[Figure]:
    """More sweeps until the morning, and what a worker might send at each of them."""
    asks = Ask.objects.filter(asked_at__gte=now, municipality__in=asleep)
    handed = Event.objects.filter(kind=Event.Kind.TO_CONTACT, municipality__in=asleep).count()
    yield at_least(1, "burst: given to the contact person where it is night", handed, "requests")
    theirs = Message.objects.filter(municipality__in=asleep, channel__in=OUT)
    sent: set[int] = set()
    for look in range(LOOKS):
        moment = now + look * (morning - now) / LOOKS
        escalation.sweep(moment)
        sent.update(theirs.due(moment).values_list("pk", flat=True))
    sent.update(theirs.due(morning - timedelta(seconds=1)).values_list("pk", flat=True))
    yield exactly(0, "burst: volunteers asked where it is night", asks.count(), "volunteers")
    yield exactly(0, "burst: messages that a worker would send there in the night", len(sent), "messages")
    waiting = theirs.due(morning).count() - len(sent)
    yield at_least(1, "burst: messages that wait for the morning", waiting, "messages")
    escalation.sweep(morning)
    yield at_least(1, "burst: volunteers asked there in the morning", asks.count(), "volunteers")
    yield exactly(0, "burst: messages that may go in quiet hours", _in_quiet_hours(), "messages")


def _disturbed() -> Iterator[Figure]:
    told = Message.objects.filter(user__in=Volunteer.objects.values("user")).values("user", "channel")
    yield Figure("burst: volunteers told, until the morning", told.values("user").distinct().count(), "volunteers")
    more = told.annotate(n=Count("pk")).filter(n__gt=1).values("user").distinct().count()
    yield exactly(0, "burst: volunteers with two messages, of any kind", more, "volunteers")


def _in_quiet_hours() -> int:
    """By a clock of our own: not-before moments within the hours of their village, urgent or not."""
    hours = {
        place: (_minutes(start), _minutes(end))
        for place, start, end in Village.objects.values_list("municipality", "quiet_from", "quiet_until")
    }
    early = 0
    for place, moment in Message.objects.filter(channel__in=OUT).values_list("municipality", "not_before"):
        start, end = hours[place]
        early += (_minutes(moment.astimezone(HERE)) - start) % (24 * 60) < (end - start) % (24 * 60)
    return early


def _asleep(places: list[Village], now: datetime) -> datetime:
    """They sleep since an hour; answers when they wake."""
    since, until = ((now + hours * HOUR).replace(second=0, microsecond=0) for hours in (-1, 1))
    hours = {"quiet_from": since.astimezone(HERE).time(), "quiet_until": until.astimezone(HERE).time()}
    Village.objects.filter(pk__in=[place.pk for place in places]).update(**hours)
    return until


def _longer_overdue(places: list[Village]) -> None:
    """Each second request there; due in the same minute all the same."""
    words = {name: F(name) - LONGER for name in ("created_at", "posted_at", "ladder_since", "needed_by")}
    pks = HelpRequest.objects.filter(village__in=places).order_by("pk").values_list("pk", flat=True)
    HelpRequest.objects.filter(pk__in=list(pks)[::2]).update(**words)


def _minutes(at: datetime | time) -> int:
    return at.hour * 60 + at.minute
