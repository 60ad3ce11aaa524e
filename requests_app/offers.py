""" "I'll help" and "Yes please": who says yes where the asker chooses.

Each verb is one transaction, with the request locked first. ``hold`` and ``expire`` are for the clock, in its own.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actors import CLOCK, Actor
from accounts.models import User
from moderation import blocking
from requests_app import group_notices, notices, pace, places, stand_by, transitions
from requests_app.models import Event, GroupAsk, HelpRequest, MatchMode, Offer, RequestAsk, Reserve
from requests_app.record import record
from requests_app.texts import GONE
from requests_app.transitions import NotAllowed
from villages.models import Host
from volunteers import asking
from volunteers.models import Ask


@transaction.atomic
def say_yes(pk: int, *, helper: User, deed: str = "", actor: Actor, now: datetime) -> HelpRequest:
    """``helper`` would like to help: an offer for the asker to answer, or a place at once.

    A place at once where whoever can first is fine, and for a volunteer who was asked when the asker said that yes
    beforehand. Of two at once for the last place exactly one gets it. Saying yes twice changes nothing; who was
    answered "no, thank you" is not asked again: ``NotAllowed``. Again and again in a short time, with "I can't after
    all" between: TooFast. ``deed``: the part that they take of it.
    """
    help_request = transitions.lock(pk)
    own = Offer.objects.filter(help_request=help_request, helper=helper, member=None)
    if places.comes(help_request, helper) or own.waiting().exists():
        return help_request
    places.check_may_help(help_request, helper, now)
    if own.filter(answer=Offer.Answer.DECLINED).exists():
        raise NotAllowed(GONE)
    pace.check_yes(help_request, helper, now)
    if is_settled_by_a_yes(help_request, helper, now):
        event = places.give_place(help_request, helper, actor, now, deed=deed)
        notices.taken(event, help_request, helper)
        return help_request
    stand_by.end(help_request, helper.pk, Reserve.End.YES, now)
    offer = Offer.objects.create(help_request=help_request, helper=helper, deed=deed, made_at=now)
    asking.answer_yes(helper.pk, help_request.pk, now)
    transitions.count_offers(help_request)
    notices.offered(record(help_request, Event.Kind.OFFERED, actor, now, offer=offer.pk), help_request, offer)
    return help_request


@transaction.atomic
def accept(pk: int, *, offer_pk: int, actor: Actor, now: datetime) -> bool:
    """The asker says "Yes please": the helper has a place, and only now sees the address. Twice: a no-op.

    Answers whether it is so: not when the offer ended meanwhile, or its helper may not help any more (moved away,
    say). Such an offer ends here.
    """
    help_request, offer = _locked(pk, offer_pk)
    if offer.answer != Offer.Answer.WAITING:
        return offer.answer == Offer.Answer.ACCEPTED
    speaks = _speaks_for(offer, help_request.author_id)
    try:
        places.check_may_help(help_request, speaks, now)
    except NotAllowed:
        transitions.settle_offers(help_request, now, of=[offer.helper_id])
        return False
    _answer(offer, Offer.Answer.ACCEPTED, now)
    transitions.count_offers(help_request)
    event = places.give_place(help_request, offer.member or offer.helper, actor, now, deed=offer.deed)
    if offer.member:
        group_notices.accepted(event, help_request, speaks)
    else:
        notices.accepted(event, help_request, offer.helper)
    return True


@transaction.atomic
def decline(pk: int, *, offer_pk: int, actor: Actor, now: datetime) -> HelpRequest:
    """The asker says "No, thank you": the helper is told gently, and the ladder goes on. Twice, or ended: a no-op."""
    help_request, offer = _locked(pk, offer_pk)
    if offer.answer == Offer.Answer.WAITING:
        _answer(offer, Offer.Answer.DECLINED, now)
        transitions.offers_ended(help_request, now)
        record(help_request, Event.Kind.OFFER_DECLINED, actor, now, offer=offer.pk)
        notices.offers_settled([offer], help_request, now)
    return help_request


@transaction.atomic
def take_back(pk: int, *, helper: User, actor: Actor, now: datetime) -> HelpRequest:
    """The helper can't make it after all, before the asker answered. That's fine. Twice, or answered: a no-op."""
    help_request = transitions.lock(pk)
    offer = Offer.objects.waiting().filter(help_request=help_request, helper=helper, member=None).first()
    if offer:
        _answer(offer, Offer.Answer.TAKEN_BACK, now)
        transitions.offers_ended(help_request, now)
        event = record(help_request, Event.Kind.OFFER_TAKEN_BACK, actor, now, offer=offer.pk)
        notices.offer_taken_back(event, help_request, helper)
    return help_request


def hold(help_request: HelpRequest, now: datetime) -> bool:
    """Whether the ladder waits this step for the asker's answer. For the clock, row locked.

    An offer holds it one step at most: those that did so before end here, and the step is taken.
    """
    if not help_request.offers_waiting:
        return False
    waiting = Offer.objects.waiting().filter(help_request=help_request)
    waited = expire(help_request, now)
    fresh = waiting.filter(held_at=None).update(held_at=now)
    if waited or not fresh:
        return False
    record(help_request, Event.Kind.HELD, CLOCK, now)
    return True


def expire(help_request: HelpRequest, now: datetime) -> int:
    """End the offers that the ladder waited for already, with a word to both; answers how many. Row locked."""
    if not help_request.offers_waiting:
        return 0
    waited = Offer.objects.waiting().filter(help_request=help_request).exclude(held_at=None)
    offers = list(waited.select_related("helper"))
    for offer in offers:
        _answer(offer, Offer.Answer.EXPIRED, now)
        event = record(help_request, Event.Kind.OFFER_EXPIRED, CLOCK, now, offer=offer.pk)
        notices.offer_expired(event, help_request, offer)
    if offers:
        transitions.count_offers(help_request)
    return len(offers)


def is_settled_by_a_yes(help_request: HelpRequest, helper: User, now: datetime) -> bool:
    """Whether this person's yes is enough: whoever can first is fine, or the asker said so of who is asked."""
    return help_request.match_mode == MatchMode.FIRST or _said_beforehand(help_request, helper, now)


def _said_beforehand(help_request: HelpRequest, helper: User, now: datetime) -> bool:
    if not help_request.volunteer_at_once:
        return False
    if HelpRequest.objects.filter(GroupAsk.before(helper, now), pk=help_request.pk).exists():
        return True
    asked = RequestAsk.objects.filter(help_request=help_request, ask__volunteer__user=helper)
    second = Reserve.objects.asked().filter(help_request=help_request, helper=helper, was_asked=True)
    return asked.filter(ask__answer=Ask.Answer.OPEN).exists() or second.exists()


def _locked(pk: int, offer_pk: int) -> tuple[HelpRequest, Offer]:
    help_request = transitions.lock(pk)
    offer = Offer.objects.select_related("helper", "member").filter(pk=offer_pk, help_request=help_request).first()
    if offer is None or help_request.hidden_at:
        raise NotAllowed(GONE)
    return help_request, offer


def _speaks_for(offer: Offer, author: int) -> User:
    """Who offered it; where that host of somebody without an account is no host any more, another who may."""
    if offer.member is None:
        return offer.helper
    hosts = Host.objects.filter(group=offer.member.group_id, user__is_active=True).select_related("user")
    may_speak = hosts.exclude(user__in=blocking.blocked_with(author)).order_by("pk")
    people = [host.user for host in may_speak]
    return offer.helper if offer.helper in people or not people else people[0]


def _answer(offer: Offer, answer: Offer.Answer, now: datetime) -> None:
    offer.answer, offer.answered_at = answer, now
    offer.save(update_fields=["answer", "answered_at"])
