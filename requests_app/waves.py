"""Whom to ask, for many requests at once: the fewest for each, fairly chosen, and nobody for two of them.

For the walk, inside its transaction, with the requests locked. The number of queries does not grow with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from accounts import bulk
from accounts.models import User
from notifications import wishes
from requests_app import choosing, ladder, moments
from requests_app.categories import WITH_CERTIFICATE
from requests_app.models import HelpRequest, Offer, PickUp, RequestAsk
from requests_app.work import work_of
from volunteers import asking

Asked = list[tuple[int, User]]  # the key of an ask, and who is asked


class Wanted(NamedTuple):
    """One request that asks, at most ``cap`` people, until the chance of one yes is ``goal``.

    ``already`` is the chance of a yes from those of this wave who think about it; ``until`` the next step.
    """

    help_request: HelpRequest
    numbers: ladder.Numbers
    wave: int
    goal: float
    cap: int
    until: datetime
    already: float = 0.0


def ask(wanted: Sequence[Wanted], now: datetime) -> list[Asked]:
    """Ask for each the fewest who together reach the goal of its wave; answers whom, in the order of the requests.

    The first named chooses first: whoever is asked for one is not asked for the next. Nobody fits: nobody is asked.
    """
    if not wanted:
        return []
    needs = _needs(wanted, now)
    asking.one_at_a_time(*{need.village for need in needs})
    queues = {village: choosing.Queue(people) for village, people in asking.available(needs, now).items()}
    apart = asking.apart(needs) if queues else set()
    waves, people = [], []
    for one, need in zip(wanted, needs, strict=True):
        chosen = _choose(one, need, queues[need.village], apart, now) if need.village in queues else []
        people.append([record.user for record, _ in chosen])
        choices = [choice for _, choice in chosen]
        waves.append(asking.Wave(need.subject, one.help_request.municipality_id, one.wave, choices))
    keys = asking.ask(waves, now)
    links = ((wave.subject, key) for wave, own in zip(waves, keys, strict=True) for key in own)
    bulk.insert(RequestAsk, ("help_request", "ask"), links)
    users = wishes.readers(pk for those in people for pk in those)
    return [[(key, users[pk]) for key, pk in zip(*pair, strict=True)] for pair in zip(keys, people, strict=True)]


def _choose(
    one: Wanted,
    need: asking.Need,
    queue: choosing.Queue[asking.Record],
    apart: set[tuple[int, int]],
    now: datetime,
) -> list[tuple[asking.Record, asking.Choice]]:
    looked_at: list[asking.Record] = []

    def candidates() -> Iterator[choosing.Candidate]:
        for record in queue.in_turn(need.subject):
            if record.may_be_asked(need, apart):
                looked_at.append(record)
                yield _candidate(record, need)

    chosen = choosing.fewest(
        candidates(), goal=one.goal, cap=one.cap, now=now, average=queue.average, already=one.already
    )
    answer = []
    for record, choice in zip(looked_at, chosen, strict=False):
        queue.leave(record)
        answer.append((record, asking.Choice(record.pk, choice.chance, choice.reasons, _figures(choice))))
    return answer


def _candidate(record: asking.Record, need: asking.Need) -> choosing.Candidate:
    return choosing.Candidate(
        record.pk,
        record.asked,
        record.yes,
        record.jobs_90,
        record.last_asked_at,
        need.category in record.categories,
        need.moment in record.suits,
        record.newcomer_waits,
    )


def _figures(chosen: choosing.Chosen) -> dict[str, float]:
    """What the choice was made on, kept with the ask."""
    candidate = chosen.candidate
    return {
        "rank": chosen.rank,
        "chance_so_far": round(chosen.chance_so_far, 4),
        "asked": candidate.asked,
        "yes": candidate.yes,
        "jobs_90": candidate.jobs_90,
    }


def _needs(wanted: Sequence[Wanted], now: datetime) -> list[asking.Need]:
    coming, had = PickUp.objects.who_come_to(one.help_request for one in wanted), _had_their_turn(wanted)
    return [_need(one, coming[one.help_request.pk], had[one.help_request.pk], now) for one in wanted]


def _had_their_turn(wanted: Sequence[Wanted]) -> Mapping[int, set[int]]:
    """By request who offered and waits, who was answered "no, thank you", and who gave back or was called off.

    One query. A yes of theirs is there already, or would be refused; or they said that they cannot.
    """
    requests = [one.help_request.pk for one in wanted]
    offered = Offer.objects.filter(
        bulk.any_of("help_request", requests), answer__in=[Offer.Answer.WAITING, Offer.Answer.DECLINED], member=None
    )
    ended = PickUp.objects.filter(bulk.any_of("help_request", requests), ended_at__isnull=False, helper__isnull=False)
    had: dict[int, set[int]] = defaultdict(set)
    rows = offered.order_by().values_list("help_request", "helper")
    for pk, helper in rows.union(ended.order_by().values_list("help_request", "helper")):
        had[pk].add(helper)
    return had


def _need(one: Wanted, coming: list[int], had: set[int], now: datetime) -> asking.Need:
    help_request = one.help_request
    if help_request.ladder_since is None or help_request.needed_by is None:
        raise ValueError("a draft asks nobody")
    return asking.Need(
        subject=help_request.pk,
        village=help_request.village_id,
        category=help_request.category,
        on=moments.day_of(help_request),
        moment=moments.of_the_week(help_request),
        certificate=help_request.category in WITH_CERTIFICATE,
        people=(help_request.author_id, *coming),
        wide=now >= ladder.widens_at(help_request.ladder_since, help_request.needed_by, one.numbers),
        work=work_of(help_request),
        rests=help_request.village.rests(),
        until=one.until,
        not_them=had,
    )
