"""A contact person on leave: the villages have another face meanwhile, on every page and for every step.

The face is changed in the row itself, so that pages, posters, mails and the ladder need not know of leaves.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.quiet import AMSTERDAM
from villages.models import ContactPerson, Village, VillageQuerySet


def begin_and_end(now: datetime) -> int:
    """Give each village the face of today; answers how many got another. Any number may run at once."""
    changed = 0
    for pk in _to_look_at(now).order_by("pk").values_list("pk", flat=True):
        changed += _face_of_today(pk, now)
    return changed


def chosen_anew(village_pk: int) -> None:
    """Staff chose another face by hand: that one stays, also when a leave ends."""
    Village.objects.filter(pk=village_pk).update(usual_contact=None)


def stays_away(user: User) -> None:
    """Somebody on leave does not come back: who stands in stays the face."""
    Village.objects.filter(usual_contact__user=user).update(usual_contact=None)


def nobody_there(now: datetime) -> VillageQuerySet:
    """Villages that are on, whose contact person is away today while nobody stands in: must always be empty."""
    rows: VillageQuerySet = Village.objects.switched_on().filter(_away(now, "contact_person__"))
    return rows


def stand_in_for(contact: ContactPerson, now: datetime) -> ContactPerson | None:
    """Whom the contact person named, else a colleague; nobody who is away as well or cannot log in."""
    there = ContactPerson.objects.filter(user__is_active=True).exclude(_away(now)).exclude(pk=contact.pk)
    named = there.filter(pk=contact.stand_in_id).first() if contact.stand_in_id else None
    return named or there.filter(municipality=contact.municipality_id).order_by("name", "pk").first()


@transaction.atomic
def _face_of_today(pk: int, now: datetime) -> int:
    rows = Village.objects.select_for_update(of=("self",), no_key=True)
    village = rows.select_related("contact_person", "usual_contact").get(pk=pk)
    usual = village.usual_contact or village.contact_person
    if usual is None:
        return 0
    face = (stand_in_for(usual, now) or village.contact_person) if is_away(usual, now) else usual
    back = None if face == usual else usual
    if (face, back) == (village.contact_person, village.usual_contact):
        return 0
    village.contact_person, village.usual_contact = face, back
    village.save(update_fields=["contact_person", "usual_contact"])
    return 1


def is_away(contact: ContactPerson, now: datetime) -> bool:
    """On leave today, in the Netherlands."""
    today = now.astimezone(AMSTERDAM).date()
    from_, until = contact.away_from_on, contact.away_until_on
    return from_ is not None and until is not None and from_ <= today <= until


def _to_look_at(now: datetime) -> VillageQuerySet:
    rows: VillageQuerySet = Village.objects.filter(_away(now, "contact_person__") | Q(usual_contact__isnull=False))
    return rows


def _away(now: datetime, path: str = "") -> Q:
    today = now.astimezone(AMSTERDAM).date()
    return Q(**{f"{path}away_from_on__lte": today, f"{path}away_until_on__gte": today})
