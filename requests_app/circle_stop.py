"""Somebody wants to be in no circle: said by their own link, for all circles at once, with a day to turn it back.

From that moment nobody sees, asks or mails them; after the day every word of them is erased.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from accounts import due_rows
from requests_app.models import CircleContact, CircleInvite, CircleRefusal, Status

BACK_WITHIN = timedelta(days=1)


@transaction.atomic
def stop(fingerprint: str, now: datetime) -> None:
    """Nobody may put this address or number in a circle any more; out of all circles it is in. Twice: a no-op.

    Who comes to help somebody stays known there until that is over: they said yes themselves.
    """
    end = now + BACK_WITHIN
    CircleRefusal.objects.get_or_create(fingerprint=fingerprint, defaults={"at": now, "erase_at": end})


@transaction.atomic
def come_back(fingerprint: str, now: datetime) -> bool:
    """Turn it back: in every circle as before, and their links work again. Later than a day after: False."""
    gone, _rows = CircleRefusal.objects.filter(pk=fingerprint, erase_at__gt=now).delete()
    return bool(gone)


def back_until(fingerprint: str, now: datetime) -> datetime | None:
    """Until when they may turn it back."""
    rows = CircleRefusal.objects.filter(pk=fingerprint, erase_at__gt=now)
    return rows.values_list("erase_at", flat=True).first()


def is_stopped(fingerprint: str) -> bool:
    """Whether its owner said so."""
    return CircleRefusal.objects.filter(pk=fingerprint).exists()


def askers(fingerprint: str) -> list[CircleInvite]:
    """Who asked them, the last invite of each: empty once all is erased."""
    rows = CircleInvite.objects.filter(contact__fingerprint=fingerprint).exclude(help_request__status=Status.DRAFT)
    rows = rows.select_related("help_request__author", "help_request__village__contact_person__user")
    return list(rows.order_by("help_request__author", "-pk").distinct("help_request__author"))


def sweep(now: datetime) -> int:
    """Erase whose day is over; answers how many people that were. Any number of sweeps may run at once."""
    return due_rows.walk(CircleRefusal.objects.all(), "erase_at", _erase_everywhere, now)


def _erase_everywhere(refusal: CircleRefusal, now: datetime) -> None:
    contacts = locked(CircleContact.objects.filter(fingerprint=refusal.pk).order_by("pk"))
    coming = [contact for contact in contacts if is_coming(contact)]
    for contact in contacts:
        if contact not in coming:
            erase(contact, now)
    refusal.erase_at = now + BACK_WITHIN if coming else None
    refusal.save(update_fields=["erase_at"])


# For the verbs of a circle


def locked(contacts: QuerySet[CircleContact]) -> QuerySet[CircleContact]:
    """The same rows, held."""
    return contacts.select_for_update(of=("self",), no_key=True)


def is_coming(contact: CircleContact) -> bool:
    """They have a place in something that is not over."""
    return contact.pick_ups.filter(ended_at=None).exists()


def erase(contact: CircleContact, now: datetime) -> None:
    """Every word of them, and their links."""
    contact.invites.all().delete()
    contact.name = contact.email = contact.fingerprint = ""
    contact.phone, contact.erased_at = "", now
    contact.save(update_fields=["name", "email", "phone", "fingerprint", "erased_at"])
