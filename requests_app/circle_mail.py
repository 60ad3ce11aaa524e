"""Whom of a circle we mail for somebody: for a confirmed neighbour, and not too many in a day.

Who is left out is asked by the asker, who gets a ready text. Counted are rows of the database, by index; dropping a
mail does not take it out of the count.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count

from accounts.models import User
from requests_app.models import CircleInvite, CircleMail, HelpRequest
from villages.models import Residency, Village

DAY = timedelta(days=1)
MOST_BY_ONE = 40  # four requests to a whole circle
MOST_TO_ONE = 6  # to one address, from all circles together


def may_mail(author: User | int, village: Village | int, now: datetime) -> bool:
    """Whether we write to this person's circle: only for who is known to live there."""
    return Residency.objects.confirmed(now).filter(user=author, village=village).exists()


def is_used_up(author: User, now: datetime) -> bool:
    """This person's circle got as many mails today as it may."""
    return _room(author.pk, now) <= 0


def counted(help_request: HelpRequest, invites: Iterable[CircleInvite], now: datetime) -> list[CircleInvite]:
    """Those of ``invites`` who get a mail now, each counted."""
    rows = [invite for invite in invites if invite.contact.email]
    if not rows or not may_mail(help_request.author_id, help_request.village_id, now):
        return []
    lately = CircleMail.objects.filter(fingerprint__in=[row.contact.fingerprint for row in rows], at__gt=now - DAY)
    often = lately.values("fingerprint").annotate(mails=Count("pk")).filter(mails__gte=MOST_TO_ONE)
    full = set(often.values_list("fingerprint", flat=True))
    room = max(_room(help_request.author_id, now), 0)
    chosen = [row for row in rows if row.contact.fingerprint not in full][:room]
    CircleMail.objects.bulk_create(
        CircleMail(owner_id=help_request.author_id, fingerprint=row.contact.fingerprint, at=now) for row in chosen
    )
    return chosen


def _room(author: int, now: datetime) -> int:
    written = CircleMail.objects.filter(owner=author, at__gt=now - DAY).order_by("-at")[:MOST_BY_ONE]
    return MOST_BY_ONE - written.count()
