"""What neighbours do with something that one of them does anyway: "Ik ga toch".

Each verb is one transaction: lock the row, look, write the change with its messages. Nothing here is ever asked of
anybody, so there is no ladder and no clock: when its moment has come it is off the board.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from moderation.blocking import blocked_with
from moderation.models import Decision
from requests_app import going_notices, pace
from requests_app.models import SpareOffer, SpareOfferQuerySet, SparePlace, What
from requests_app.texts import FURTHEST_SPARE, GONE, LEFT_ALREADY, PLACE_GONE
from requests_app.transitions import NotAllowed, TooLate
from villages.models import Residency, Village

MOST_OPEN = 3  # of one person at a time: the board is for everybody
FURTHEST = timedelta(days=14)  # further ahead plans change
SUBJECT = "requests_app.spareoffer"  # of a decision
# Not the kind and what fits: people said yes to that.
EDITABLE = ("title", "places", "leaves_at", "note")


@transaction.atomic
def post(village: Village, *, author: User, words: Mapping[str, Any], now: datetime) -> SpareOffer:
    """On the board of ``village`` until its moment. The same thing posted twice is one.

    ``words``: kind, title, what, places, leaves_at and note.
    """
    home = _turn_of(author)
    if home is None or home.village_id != village.pk or not home.is_proven(now) or village.switched_on_at is None:
        raise NotAllowed(GONE)
    _in_time(words["leaves_at"], now)
    running = SpareOffer.objects.on_board_of(village.pk, now).filter(author=author)
    for spare in running:
        if (spare.kind, spare.title, spare.leaves_at) == (words["kind"], words["title"], words["leaves_at"]):
            return spare
    _not_too_many(running)
    pace.check_posted(author, now)
    return SpareOffer.objects.create(
        village=village, municipality_id=village.municipality_id, author=author, posted_at=now, **words
    )


@transaction.atomic
def change(pk: int, *, changes: Mapping[str, Any], now: datetime) -> SpareOffer:
    """Another moment, place or number; who joins is told. Fewer places than are taken is refused."""
    spare = _lock(pk)
    _still_to_come(spare, now)
    fields = [name for name in EDITABLE if name in changes and getattr(spare, name) != changes[name]]
    if not fields:
        return spare
    for name in fields:
        setattr(spare, name, changes[name])
    _in_time(spare.leaves_at, now)
    if spare.places < spare.places_taken:
        raise NotAllowed(
            _("%(count)s people are already coming. Choose %(count)s or more") % {"count": spare.places_taken}
        )
    spare.version += 1
    spare.save(update_fields=["version", *fields])
    if set(fields) != {"places"}:  # more room is no news to who has a place
        pace.check_told(_takers(spare).first(), going_notices.versions(spare), now)  # all hear the same
        going_notices.changed(spare, _takers(spare), now)
    return spare


@transaction.atomic
def call_off(pk: int, *, now: datetime) -> SpareOffer:
    """It does not go on; who joins is told, at once when it is today. Twice: a no-op."""
    spare = _lock(pk)
    if spare.withdrawn_at:
        return spare
    _still_to_come(spare, now)
    spare.withdrawn_at = now
    spare.version += 1
    spare.save(update_fields=["withdrawn_at", "version"])
    going_notices.called_off(spare, _takers(spare), now)
    return spare


@transaction.atomic
def put_back(pk: int, *, now: datetime) -> SpareOffer:
    """It goes on after all, while its moment is still to come; who had a place has it, and is told. Twice: a no-op."""
    spare = _lock(pk)
    if spare.withdrawn_at is None:
        return spare
    if spare.leaves_at <= now:
        raise NotAllowed(LEFT_ALREADY)
    _turn_of(spare.author)
    _not_too_many(SpareOffer.objects.on_board_of(spare.village_id, now).filter(author=spare.author_id))
    pace.check_told(_takers(spare).first(), going_notices.versions(spare), now)
    spare.withdrawn_at = None
    spare.version += 1
    spare.save(update_fields=["withdrawn_at", "version"])
    going_notices.on_again(spare, _takers(spare), now)
    return spare


@transaction.atomic
def hide(pk: int, *, reason: str, actor: Actor, now: datetime) -> SpareOffer:
    """Off the board by staff, with the reason; its author is told. Who joins keeps the page."""
    spare = _lock(pk)
    if spare.hidden_at:
        raise NotAllowed(_("This is not visible now"))
    if not reason.strip():
        raise NotAllowed(_("Write down the reason"))
    spare.hidden_at = now
    _decide(spare, Decision.Kind.HIDE, reason.strip(), actor, now)
    going_notices.hidden(spare, now)
    return spare


@transaction.atomic
def restore(pk: int, *, actor: Actor, now: datetime) -> SpareOffer:
    """Visible again, as far as its moment is still to come; its author is told."""
    spare = _lock(pk)
    if spare.hidden_at is None:
        raise NotAllowed(_("This is visible already"))
    spare.hidden_at = None
    _decide(spare, Decision.Kind.RESTORE, "", actor, now)
    going_notices.restored(spare, now)
    return spare


@transaction.atomic
def take(pk: int, *, taker: User, what: str, now: datetime) -> SpareOffer:
    """``taker`` joins, or gets a part. Doing so twice changes nothing.

    Of many at once exactly as many get a place as there are; the others are told so by ``TooLate``.
    """
    spare = _lock(pk)
    if taker == spare.author:
        raise NotAllowed(_("This is your own"))
    if spare.held.filter(taker=taker, ended_at=None).exists():
        return spare
    _may_take(spare, taker, now)
    if spare.withdrawn_at or spare.hidden_at or spare.leaves_at <= now:
        raise TooLate(LEFT_ALREADY)
    if spare.places_taken >= spare.places:
        raise TooLate(PLACE_GONE)
    if what == What.PERSON and spare.held.coming_along(blocked_with(taker.pk)).exists():
        raise TooLate(PLACE_GONE)  # the two would meet; they hear what anybody hears
    if what not in spare.what:
        raise NotAllowed(_("Choose what fits"))
    pace.check_taken(taker, now)
    taken = set(spare.held.filter(ended_at=None).values_list("slot", flat=True))
    slot = min(set(range(1, spare.places + 1)) - taken)
    place = spare.held.create(slot=slot, taker=taker, what=what, taken_at=now)
    spare.places_taken += 1
    spare.save(update_fields=["places_taken"])
    going_notices.taken(place, spare, now)
    return spare


@transaction.atomic
def give_back(pk: int, *, taker: User, now: datetime) -> SpareOffer:
    """Rather not after all: the place is free again, and the author is told. Twice: a no-op."""
    spare = _lock(pk)
    place = spare.held.filter(taker=taker, ended_at=None).first()
    if place is None:
        return spare
    _still_to_come(spare, now)
    _free(place, spare, now)
    going_notices.given_back(place, spare, now)
    return spare


@transaction.atomic
def part(pk: int, *, taker: User, by: User, now: datetime) -> None:
    """``by`` wants no contact with who is met here, so the place of ``taker`` is free again. None: a no-op.

    Also of what is called off, and could be put back. Whoever of author and taker is not ``by`` hears that it is off,
    never why.
    """
    spare = _lock(pk)
    place = spare.held.filter(taker=taker, ended_at=None).first()
    if place is None:
        return
    _free(place, spare, now)
    if spare.withdrawn_at:
        return  # who would have come heard that already
    tell = going_notices.place_ended if by == spare.author else going_notices.given_back
    tell(place, spare, now)


@transaction.atomic
def wish(pk: int, *, taker: User, words: str, now: datetime) -> SparePlace:
    """What the author may bring or should know, from who has a place; the author is told when it changes."""
    spare = _lock(pk)
    _still_to_come(spare, now)
    place = spare.held.filter(taker=taker, ended_at=None).first()
    if place is None:
        raise NotAllowed(GONE)
    if place.wish != words:
        pace.check_told(spare.author, going_notices.wishes(place), now)
        place.wish = words
        place.save(update_fields=["wish"])
        going_notices.wished(place, spare, now)
    return place


def _lock(pk: int) -> SpareOffer:
    """The row as it is now, held until the transaction ends."""
    rows = SpareOffer.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("author", "village__contact_person").get(pk=pk)


def _free(place: SparePlace, spare: SpareOffer, now: datetime) -> None:
    place.ended_at = now
    place.save(update_fields=["ended_at"])
    spare.places_taken -= 1
    spare.save(update_fields=["places_taken"])


def _decide(spare: SpareOffer, kind: Decision.Kind, reason: str, actor: Actor, now: datetime) -> None:
    spare.version += 1
    spare.save(update_fields=["hidden_at", "version"])
    Decision.objects.create(
        municipality_id=spare.municipality_id,
        subject_kind=SUBJECT,
        subject=spare.pk,
        kind=kind,
        reason=reason,
        by=actor.user,
        at=now,
    )


def _turn_of(author: User) -> Residency | None:
    """Their home, held: two posts of one person at once do not pass the limit together."""
    return Residency.objects.active().filter(user=author).select_for_update(of=("self",), no_key=True).first()


def _takers(spare: SpareOffer) -> QuerySet[User]:
    return User.objects.filter(spare_places__spare=spare, spare_places__ended_at=None)


def _may_take(spare: SpareOffer, taker: User, now: datetime) -> None:
    homes = Residency.objects.confirmed(now).filter(user=taker, village=spare.village_id)
    if not homes.exists() or blocked_with(taker.pk).filter(pk=spare.author_id).exists():
        raise NotAllowed(GONE)


def _still_to_come(spare: SpareOffer, now: datetime) -> None:
    if spare.withdrawn_at or spare.leaves_at <= now:
        raise NotAllowed(LEFT_ALREADY)


def _in_time(leaves_at: datetime, now: datetime) -> None:
    if leaves_at <= now:
        raise NotAllowed(_("This moment has already begun. Choose a later one, or another day"))
    if leaves_at > now + FURTHEST:
        raise NotAllowed(FURTHEST_SPARE)


def _not_too_many(running: SpareOfferQuerySet) -> None:
    if running.count() >= MOST_OPEN:  # of one person, by index
        raise NotAllowed(
            _("You have %(count)s on the board. That is enough for now. Call one off, or wait until it has passed")
            % {"count": MOST_OPEN}
        )


def reason_of(spare: SpareOffer) -> str:
    """Why staff hid it, as its author may read it."""
    decisions = Decision.objects.filter(subject_kind=SUBJECT, subject=spare.pk, kind=Decision.Kind.HIDE)
    return decisions.values_list("reason", flat=True).first() or ""
