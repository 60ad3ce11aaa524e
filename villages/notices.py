"""Who is told what about living in a village."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import saying
from accounts.quiet import Rest
from notifications.kinds import Kind, Signature, Words, register, register_signer
from notifications.models import Channel, Message
from notifications.outbox import enqueue
from notifications.wishes import register_village_quiet
from villages import daylight
from villages.models import Residency, Village, home_of

# A subject has room for 60 characters.
LONGEST_NAME = 38


def register_kinds() -> None:
    """Tell the outbox what it can be asked to say about villages, who signs, and when a village sleeps."""
    register(
        "residency.confirmed",
        Kind(words=_confirmed_words, gather=_gather, still_true=_still_true, push=gettext_lazy("You have joined")),
    )
    register("account.welcome", Kind(words=_welcome_words, gather=_gather, channels=(Channel.MAIL,)))
    register_signer(_signature_of_reader)
    register_village_quiet(_quiet_of)


def welcome(home: Residency, now: datetime) -> None:
    """Welcome, when somebody first says where they live; once in a lifetime."""
    key = f"welcome:user-{home.user_id}"
    enqueue("account.welcome", home.user, key, {"residency": home.pk}, municipality=home.municipality_id, now=now)


def confirmed(home: Residency, now: datetime) -> None:
    """You have joined. Told again when a new proof follows an outdated one."""
    key = f"residency-{home.pk}:confirmed-{now:%Y%m%d%H%M%S}:user-{home.user_id}"
    params = {"residency": home.pk}
    enqueue("residency.confirmed", home.user, key, params, municipality=home.municipality_id, now=now)


def _gather(messages: Sequence[Message]) -> Mapping[int, Residency]:
    by_pk = Residency.objects.select_related("village__contact_person").in_bulk(
        {message.params["residency"] for message in messages if "residency" in message.params}
    )
    homes = {message.pk: by_pk.get(message.params.get("residency")) for message in messages}
    return {pk: home for pk, home in homes.items() if home is not None}


def _still_true(_message: Message, home: Residency, now: datetime) -> bool:
    return home.is_proven(now)


def _confirmed_words(_message: Message, home: Residency, _now: datetime) -> Words:
    village = home.village
    return Words(
        subject=_("You have joined in %(village)s") % {"village": village.name[:LONGEST_NAME]},
        body=_("You see the board and you can help. No obligation."),
        url=reverse("start"),
        button=_("Look at the board"),
        signature=_signature(village),
    )


def _welcome_words(_message: Message, home: Residency, _now: datetime) -> Words:
    village = home.village
    return Words(
        subject=_("Welcome to SamSam %(village)s") % {"village": village.name[:LONGEST_NAME]},
        body=_("You can ask something right away. No obligation."),
        url=reverse("start"),
        button=_("Go to SamSam"),
        signature=_signature(village),
    )


def _signature_of_reader(message: Message) -> Signature | None:
    home = home_of(message.user) if message.user else None
    return _signature(home.village) if home else None


def _quiet_of(users: Collection[int]) -> Mapping[int, Sequence[Rest]]:
    homes = Residency.objects.active().filter(user__in=users)
    chosen = ("quiet_from", "quiet_until", "quiet_days", "quiet_on_holidays")
    rows = homes.values_list("user", *(f"village__{name}" for name in chosen))
    return {user: daylight.rests(from_, until, tuple(days), holidays) for user, from_, until, days, holidays in rows}


def _signature(village: Village) -> Signature | None:
    contact = village.contact_person
    return Signature(village.name, saying.phone_in_words(contact.phone.as_national)) if contact else None
