"""A request before it is posted: stored after each step, so that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from requests_app.addresses import save_address
from requests_app.models import Audience, CircleInvite, HelpRequest, RequestAddress, Status
from requests_app.texts import GONE
from requests_app.transitions import NotAllowed
from villages.models import Village

# What an asker fills in. The street is the one on the board; the address is kept apart.
FIELDS = (
    "category",
    "title",
    "text",
    "part",
    "help_on",
    "help_at",
    "minutes",
    "place",
    "place_text",
    "slots",
    "match_mode",
    "volunteer_at_once",
    "audience",
    "street",
)


@transaction.atomic
def begin(author: User, village: Village, now: datetime, *, street: str = "") -> HelpRequest:
    """The draft this person is writing for this village: the newest one, or a new one."""
    drafts = HelpRequest.objects.filter(author=author, village=village, status=Status.DRAFT).order_by("-pk")
    newest = drafts.select_for_update(of=("self",), no_key=True).first()
    return newest or HelpRequest.objects.create(
        author=author,
        village=village,
        municipality_id=village.municipality_id,
        street=street,
        created_at=now,
    )


@transaction.atomic
def begin_with(
    author: User, village: Village, now: datetime, *, street: str, changes: Mapping[str, Any]
) -> HelpRequest:
    """A draft that says this; the same twice is one. Where this person wrote something else, that stays as it is."""
    newest = begin(author, village, now, street=street)
    if newest.text not in {"", changes["text"]}:
        newest = HelpRequest.objects.create(
            author=author, village=village, municipality_id=village.municipality_id, street=street, created_at=now
        )
    return save_draft(newest.pk, author=author, changes=changes)


@transaction.atomic
def save_draft(pk: int, *, author: User, changes: Mapping[str, Any]) -> HelpRequest:
    """Keep what was filled in so far. Refused for a draft that is posted by now, or somebody else's."""
    rows = HelpRequest.objects.select_for_update(of=("self",), no_key=True)
    draft = rows.filter(pk=pk, author=author, status=Status.DRAFT).first()
    if draft is None:
        raise NotAllowed(GONE)
    fields = [field for field in FIELDS if field in changes]
    for field in fields:
        setattr(draft, field, changes[field])
    draft.save(update_fields=fields)
    if "address" in changes:
        save_address(draft, changes["address"])
    return draft


@transaction.atomic
def throw_away(pk: int, *, author: User) -> None:
    """A draft nobody needs any more. Posted or not there: a no-op."""
    HelpRequest.objects.filter(pk=pk, author=author, status=Status.DRAFT).delete()


@transaction.atomic
def copy_to_draft(help_request: HelpRequest, now: datetime) -> HelpRequest:
    """Ask it again: a new draft with the same words and no day; the old request stays as it is.

    What began with the own circle begins there again, with the same people.
    """
    kept = {field: getattr(help_request, field) for field in FIELDS if field not in {"part", "help_on", "help_at"}}
    if kept["audience"] == Audience.NEIGHBOURS and help_request.circle_invites.welcome().exists():
        kept["audience"] = Audience.CIRCLE
    draft = HelpRequest.objects.create(
        author_id=help_request.author_id,
        village_id=help_request.village_id,
        municipality_id=help_request.municipality_id,
        created_at=now,
        **kept,
    )
    address = RequestAddress.objects.filter(pk=help_request.pk).first()
    if address:
        save_address(draft, address.address)
    asked = list(help_request.circle_invites.welcome().values_list("contact", flat=True))
    CircleInvite.objects.bulk_create(CircleInvite(help_request=draft, contact_id=contact) for contact in asked)
    return draft
