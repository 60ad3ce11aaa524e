"""Who is told what about something that a neighbour does anyway. Keyed on its rows and their version: told once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from accounts.saying import local_day
from notifications import outbox
from requests_app import moments
from requests_app.models import SpareOffer, SparePlace

CANCELLATIONS = {"spare.called_off", "spare.place_ended"}


def taken(place: SparePlace, spare: SpareOffer, now: datetime) -> None:
    """The author: somebody joins."""
    _tell([spare.author], "spare.taken", f"spare-place-{place.pk}:taken", spare, now, place=place)


def wished(place: SparePlace, spare: SpareOffer, now: datetime) -> None:
    """The author: there is a word from who joins. Once a minute is enough: it stands on the page."""
    key = f"{wishes(place)}{now:%Y%m%d%H%M}"
    _tell([spare.author], "spare.wished", key, spare, now, place=place)


def given_back(place: SparePlace, spare: SpareOffer, now: datetime) -> None:
    """The author: somebody would rather not after all."""
    _tell([spare.author], "spare.given_back", f"spare-place-{place.pk}:given-back", spare, now, place=place)


def place_ended(place: SparePlace, spare: SpareOffer, now: datetime) -> None:
    """Who had a place: it does not work out after all."""
    _tell([place.taker], "spare.place_ended", f"spare-place-{place.pk}:ended", spare, now, place=place)


def changed(spare: SpareOffer, takers: Iterable[User], now: datetime) -> None:
    """Who joins: look whether it still suits."""
    _tell(takers, "spare.changed", _version(spare), spare, now)


def called_off(spare: SpareOffer, takers: Iterable[User], now: datetime) -> None:
    """Who would join: it does not go on."""
    _tell(takers, "spare.called_off", _version(spare), spare, now)


def on_again(spare: SpareOffer, takers: Iterable[User], now: datetime) -> None:
    """Who would join: it goes on after all."""
    _tell(takers, "spare.on_again", _version(spare), spare, now)


def hidden(spare: SpareOffer, now: datetime) -> None:
    """The author: not visible for now, and somebody will call."""
    _tell([spare.author], "spare.hidden", _version(spare), spare, now)


def restored(spare: SpareOffer, now: datetime) -> None:
    """The author: visible again."""
    _tell([spare.author], "spare.restored", _version(spare), spare, now)


def wishes(place: SparePlace) -> str:
    """How the keys begin of what the author is told about this one's wish."""
    return f"spare-place-{place.pk}:wished-"


def versions(spare: SpareOffer) -> str:
    """How the keys begin of what is told about a change of it."""
    return f"spare-{spare.pk}:version-"


def _version(spare: SpareOffer) -> str:
    return f"{versions(spare)}{spare.version}"


def _tell(
    people: Iterable[User],
    kind: str,
    fact: str,
    spare: SpareOffer,
    now: datetime,
    *,
    place: SparePlace | None = None,
) -> None:
    """Mail waits for the end of the village's quiet hours, unless it is for today; a cancellation then always goes."""
    params: dict[str, int | str] = {"spare": spare.pk, "version": spare.version}
    if place:
        params |= {"place": place.pk, "person": place.taker_id}
    is_today = local_day(spare.leaves_at) <= local_day(now)
    not_before = now if is_today else moments.awake_in(spare.village)(now)
    outbox.enqueue_many(
        [
            outbox.Fact(
                kind=kind,
                recipient=reader,
                key=f"{fact}:user-{reader.pk}",
                params=params,
                municipality=spare.municipality_id,
                not_before=not_before,
                urgent=is_today and kind in CANCELLATIONS,
            )
            for reader in people
        ],
        now=now,
    )
