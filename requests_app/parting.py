"""No more contact between two people: what that ends, and whom one knows well enough to wish it.

``moderation.blocking`` remembers the wish. What runs between the two ends here, in the same transaction; whatever
else two people can have together is ended in ``_end_what_runs``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.actors import Actor
from accounts.models import User
from moderation import blocking
from requests_app import going, groups, lifecycle, moments, places, transitions
from requests_app.models import ACTIVE, HelpRequest, Offer, PickUp, SpareOffer, SparePlace
from villages.models import Host


@dataclass(frozen=True)
class Appointment:
    """Something that brings two people together; ``pick_up`` is the place that is given up if it is called off."""

    help_request: HelpRequest
    pick_up: PickUp
    is_asker: bool  # of the first of the two


@transaction.atomic
def no_more_contact(person: User, other: User, *, call_off: bool, actor: Actor, now: datetime) -> None:
    """``person`` wants no contact with ``other``, from now on, both ways. Doing so twice changes nothing.

    Nobody stays asked for the other, and who has no account does not come where no host could tell them any more.
    With ``call_off`` appointments between them end too; the other hears what
    anybody hears then. The other is never told of the wish itself.
    """
    help_requests = _locked(person, other)
    _lock_spares(person, other, now)
    blocking.block(person, other, now=now)
    for help_request in help_requests:
        _end_what_runs(help_request, person, other, now)
    for pick_up, host in nobody_to_tell(person, other, now):
        if host == person and pick_up.member_id:
            groups.give_back_for(pick_up.help_request_id, member=pick_up.member_id, host=host, actor=actor, now=now)
        else:
            lifecycle.call_off(pick_up.help_request_id, pick_up_pk=pick_up.pk, actor=actor, now=now)
    for place in places_with_each_other(person, other, now):
        going.part(place.spare_id, taker=place.taker, by=person, now=now)
    if not call_off:
        return
    for it in appointments(person, other, now):
        if it.is_asker:
            lifecycle.call_off(it.help_request.pk, pick_up_pk=it.pick_up.pk, actor=actor, now=now)
        else:
            lifecycle.give_back(it.help_request.pk, helper=person, actor=actor, now=now)


def appointments(person: User, other: User, now: datetime) -> list[Appointment]:
    """What is still to come and brings these two together: one helps the other, or both help a third."""
    rows = PickUp.objects.filter(ended_at=None, help_request__status__in=ACTIVE).select_related("help_request__author")
    theirs = rows.filter(helper=other).values("help_request")
    asks = Q(help_request__author=person, helper=other)
    helps = Q(helper=person) & (Q(help_request__author=other) | Q(help_request__in=theirs))
    return [
        Appointment(pick_up.help_request, pick_up, pick_up.help_request.author_id == person.pk)
        for pick_up in rows.filter(asks | helps).order_by("help_request__needed_by", "pk")
        if moments.ask_done_at(pick_up.help_request) > now
    ]


def nobody_to_tell(person: User, other: User, now: datetime) -> list[tuple[PickUp, User]]:
    """Who comes of a group without an account, for one of these two, with the other as the only host to tell them.

    What has been is left as it is.
    """
    found = []
    for author, host in ((person, other), (other, person)):
        others = Host.objects.filter(group=OuterRef("member__group"), user__is_active=True).exclude(user=host)
        others = others.exclude(user__in=blocking.blocked_with(author.pk))
        rows = PickUp.objects.filter(ended_at=None, help_request__status__in=ACTIVE, help_request__author=author)
        rows = rows.filter(~Exists(others), member__group__hosts__user=host).select_related("help_request", "member")
        found += [(pick_up, host) for pick_up in rows.order_by("help_request", "pk")]
    return [(pick_up, host) for pick_up, host in found if not places.has_been(pick_up.help_request, now)]


def acquaintance(viewer: User, pk: int) -> User | None:
    """This person, if ``viewer`` met them here: on the board, in an appointment or an offer, or keeps them away."""
    if pk == viewer.pk:
        return None
    asks = HelpRequest.objects.visible_to(viewer).filter(author=pk).exclude(status=HelpRequest.Status.DRAFT)
    helped = PickUp.objects.filter(
        Q(helper=pk, help_request__author=viewer) | Q(helper=viewer, help_request__author=pk)
    )
    offered = Offer.objects.filter(helper=pk, help_request__author=viewer)
    joins = SpareOffer.objects.filter(author=viewer, held__taker=pk)
    goes = SpareOffer.objects.visible_to(viewer).filter(author=pk)
    met = any(rows.exists() for rows in (asks, helped, offered, joins, goes))
    if met or blocking.knows_by_wish(viewer, pk):
        return User.objects.filter(pk=pk).first()
    return None


def places_with_each_other(person: User, other: User, now: datetime) -> list[SparePlace]:
    """Where one of the two goes along with what the other does anyway, or ``person`` would travel with the other.

    Also if that is called off, for now.
    """
    theirs = Q(taker=person, spare__author=other) | Q(taker=other, spare__author=person)
    along = SparePlace.objects.coming_along([other]).values("spare")
    rows = SparePlace.objects.filter(ended_at=None, spare__leaves_at__gt=now)
    rows = rows.filter(theirs) | rows.coming_along([person]).filter(spare__in=along)
    return list(rows.select_related("spare__author", "taker").order_by("spare"))


def _locked(person: User, other: User) -> list[HelpRequest]:
    """Every request in which the two could meet, held: nobody says yes or is asked between our looking and writing."""
    pair = [person.pk, other.pk]
    helped = PickUp.objects.filter(helper__in=pair, ended_at=None).values("help_request")
    rows = HelpRequest.objects.filter(Q(author__in=pair) | Q(pk__in=helped), status__in=ACTIVE)
    return list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))


def _lock_spares(person: User, other: User, now: datetime) -> None:
    """What either does anyway or joins, held: nobody takes a place between our looking and writing."""
    pair = [person.pk, other.pk]
    joined = SparePlace.objects.filter(taker__in=pair, ended_at=None).values("spare")
    rows = SpareOffer.objects.filter(Q(author__in=pair) | Q(pk__in=joined), leaves_at__gt=now)
    list(rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))


def _end_what_runs(help_request: HelpRequest, person: User, other: User, now: datetime) -> None:
    """Who is asked or offered to help, where the other asks or comes, need not any more."""
    coming = help_request.pick_ups.filter(ended_at=None, helper__isnull=False).values_list("helper", flat=True)
    pair, there = {person.pk, other.pk}, {help_request.author_id, *coming}
    if pair & there:
        transitions.stop_asking(help_request, User.objects.filter(pk__in=pair - there), now)
        transitions.settle_offers(help_request, now, of=pair - there)
