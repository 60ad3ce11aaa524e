"""A group picks up a request together: a host says who does it, for those without a phone or an account.

Each verb is one transaction. Lock order: requests by pk, the group, members by pk. Who has an account says yes as
any neighbour (``offers.say_yes``).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from requests_app import group_notices, offers, pace, places, transitions
from requests_app.models import ACTIVE, Event, HelpRequest, Offer, PickUp
from requests_app.record import record
from requests_app.texts import GONE, HAS_BEEN
from requests_app.transitions import NotAllowed
from villages.groups import erase
from villages.models import Group, Host, Member


@transaction.atomic
def say_yes_for(pk: int, *, member: int, host: User, deed: str = "", actor: Actor, now: datetime) -> HelpRequest:
    """The host says who of the group does it: a place at once, or an offer for the asker to answer, as for anybody.

    Of two at once for the last place exactly one gets it. Twice for the same person: a no-op.
    Again and again in a short time: TooFast.
    """
    help_request = transitions.lock(pk)
    person = _member(member, host)
    has_place = help_request.pick_ups.filter(member=person, ended_at=None).exists()
    own = Offer.objects.filter(help_request=help_request, member=person)
    if has_place or own.waiting().exists():
        return help_request
    if not help_request.group_asks.filter(group=person.group_id).exists():
        raise NotAllowed(GONE)
    places.check_may_help(help_request, host, now)
    if own.filter(answer=Offer.Answer.DECLINED).exists():
        raise NotAllowed(GONE)
    pace.check_yes(help_request, person, now)
    if offers.is_settled_by_a_yes(help_request, host, now):
        event = places.give_place(help_request, person, actor, now, deed=deed)
        group_notices.taken(event, help_request)
        return help_request
    offer = Offer.objects.create(help_request=help_request, helper=host, member=person, deed=deed, made_at=now)
    transitions.count_offers(help_request)
    event = record(help_request, Event.Kind.OFFERED, actor, now, offer=offer.pk)
    group_notices.offered(event, help_request, offer)
    return help_request


@transaction.atomic
def give_back_for(pk: int, *, member: int, host: User, actor: Actor, now: datetime) -> HelpRequest:
    """They can't make it after all, says the host: the place is free, or the offer is taken back. Twice: a no-op."""
    help_request = transitions.lock(pk)
    person = _member(member, host)
    if help_request.status not in ACTIVE:
        raise NotAllowed(GONE)
    offer = Offer.objects.waiting().filter(help_request=help_request, member=person).first()
    if offer:
        offer.answer, offer.answered_at = Offer.Answer.TAKEN_BACK, now
        offer.save(update_fields=["answer", "answered_at"])
        transitions.offers_ended(help_request, now)
        event = record(help_request, Event.Kind.OFFER_TAKEN_BACK, actor, now, offer=offer.pk)
        group_notices.given_back(event, help_request)
    pick_up = help_request.pick_ups.filter(member=person, ended_at=None).first()
    if pick_up:
        if places.has_been(help_request, now):
            raise NotAllowed(HAS_BEEN)
        places.free_place(help_request, pick_up, PickUp.End.GIVEN_BACK, now)
        event = record(help_request, Event.Kind.GIVEN_BACK, actor, now, pick_up=pick_up.pk)
        group_notices.given_back(event, help_request)
    return help_request


@transaction.atomic
def remove(member: int, *, host: User, now: datetime) -> None:
    """Out of the group, and the first name is erased. Refused for who comes to help, or was offered for it."""
    person = _member(member, host)
    if _helps(Member.objects.filter(pk=person.pk)):
        raise NotAllowed(_("%(name)s helps somebody now. Cancel that first") % {"name": person.name})
    erase(person, now)


@transaction.atomic
def dismiss(host_pk: int) -> None:
    """Not a host any more; without any, nothing is put before the group. Twice: a no-op.

    Refused for the last one while somebody without an account helps: only a host can tell them, or cancel for them.
    """
    host = Host.objects.filter(pk=host_pk).first()
    if host is None:
        return
    others = Host.objects.filter(group=host.group_id, user__is_active=True).exclude(pk=host_pk)
    if _held_and_helping(host.group_id) and not others.exists():
        raise NotAllowed(_("Somebody of this group without a phone helps now. Add another host first"))
    host.delete()


def check_may_end(group_pk: int) -> None:
    """Whether this group may end now; raises ``NotAllowed`` as for its last host. For use in a transaction."""
    if _held_and_helping(group_pk):
        raise NotAllowed(_("Somebody of this group without a phone helps now. Wait until that is done"))


def _held_and_helping(group_pk: int) -> bool:
    """Somebody of this group without an account helps; the group and those people are held, so that it stays so."""
    Group.objects.select_for_update(of=("self",), no_key=True).get(pk=group_pk)
    people = Member.objects.without_account().filter(group=group_pk).order_by("pk")
    list(people.select_for_update(of=("self",), no_key=True).values_list("pk"))
    return _helps(people)


def _helps(people: QuerySet[Member]) -> bool:
    """One of these comes to help, or is offered for it. Offers first: one that is accepted meanwhile is a pick-up."""
    them = people.order_by().values("pk")
    if Offer.objects.waiting().filter(member__in=them).exists():
        return True
    return PickUp.objects.filter(member__in=them, ended_at=None, help_request__status__in=ACTIVE).exists()


def _member(pk: int, host: User) -> Member:
    """Somebody without an account, of a group that this person receives; held."""
    rows = Member.objects.without_account().select_for_update(of=("self",), no_key=True)
    person = rows.filter(pk=pk).first()
    # Looked at once it is held: meanwhile the host may have been dismissed, or the group ended.
    if person is None or not Group.objects.hosted_by(host).filter(pk=person.group_id).exists():
        raise NotAllowed(GONE)
    return person
