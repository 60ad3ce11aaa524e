"""How often somebody may do in a short time what another is told of: nobody is flooded.

For the verbs, inside their transaction, with the row locked that they write to. The newest rows are read by index, and
never more than the limit: it costs the same however much came before. What somebody must always be able to do, saying
that something is off for example, is not counted.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.pace import TOO_FAST, WINDOW
from notifications import outbox
from requests_app import circle_mail
from requests_app.models import CircleContact, HelpRequest, Offer, PickUp, SpareOffer, SparePlace, Status
from requests_app.transitions import NotAllowed
from villages.models import Member

MOST_MESSAGES = 30  # in one conversation: one every 20 seconds, for ten minutes
MOST_TIMES_ASKED = 6
MOST_ADDED = 12  # a whole circle at once, and a slip of the pen
MOST_YES = 3  # of one person to one request: each is told, and so is each time they can't after all
MOST_POSTED = 6
MOST_OPEN = 3  # requests of one person at a time: more is a talk with the contact person
MOST_REQUESTS = 10  # of one person in a day, withdrawn or not
MOST_TAKEN = 10
MOST_TOLD = 6  # that it changed, or what to bring


class TooFast(NotAllowed):
    """So much in a short time; the same can be done a little later."""


class EnoughToday(TooFast):
    """So much in a day; the message says when it can be done again."""


def check_requests(author: User, now: datetime) -> None:
    """One more request posted, also where the last were withdrawn."""
    lately = HelpRequest.objects.filter(author=author, posted_at__gt=now - circle_mail.DAY)
    if lately[:MOST_REQUESTS].count() >= MOST_REQUESTS:
        words = _("You posted %(count)s requests today. Tomorrow at this time you can post more")
        raise EnoughToday(words % {"count": MOST_REQUESTS})


def check_open(help_request: HelpRequest) -> None:
    """One more of this asker that is open, the asker held: NotAllowed, and whom to call."""
    others = HelpRequest.objects.filter(author=help_request.author, status=Status.OPEN)
    if others.count() >= MOST_OPEN:  # by index
        contact = help_request.village.contact_person
        words = {"count": MOST_OPEN, "name": contact.name if contact else "SamSam"}
        raise NotAllowed(_("You have %(count)s open requests. Wait until one is done, or call %(name)s") % words)


def check_circle_mails(author: User, now: datetime) -> None:
    """One more request to their circle; those already running are mailed as far as there is room."""
    if circle_mail.is_used_up(author, now):
        raise EnoughToday(_("Your circle had many e-mails today. Tomorrow at this time you can ask them again"))


def check_messages(pick_up: PickUp, by: User, now: datetime) -> None:
    """One more message of this person in this conversation."""
    _check(pick_up.messages.filter(author=by), "at", MOST_MESSAGES, now)


def check_times_asked(pick_up: PickUp, by: User, now: datetime) -> None:
    """One more other time for this appointment."""
    _check(pick_up.proposed_moments.filter(by=by), "made_at", MOST_TIMES_ASKED, now)


def check_added(owner: User, now: datetime) -> None:
    """One more person in their circle, also where others were taken out."""
    _check(CircleContact.objects.filter(owner=owner), "added_at", MOST_ADDED, now)


def check_yes(help_request: HelpRequest, who: User | CircleContact | Member, now: datetime) -> None:
    """One more yes of this person, a place or an offer, also where the last were given back or taken back."""
    by: dict[str, Any] = {"helper": who}
    if isinstance(who, CircleContact | Member):
        by = {"contact": who} if isinstance(who, CircleContact) else {"member": who}
    _check(PickUp.objects.filter(help_request=help_request, **by), "taken_at", MOST_YES, now)
    if not isinstance(who, CircleContact):  # the asker chose them already: there is nothing to offer
        _check(Offer.objects.filter(**{"help_request": help_request, "member": None, **by}), "made_at", MOST_YES, now)


def check_posted(author: User, now: datetime) -> None:
    """One more thing they do anyway, also where the last were called off."""
    _check(SpareOffer.objects.filter(author=author), "posted_at", MOST_POSTED, now)


def check_taken(taker: User, now: datetime) -> None:
    """One more place, also where the last were given back."""
    _check(SparePlace.objects.filter(taker=taker), "taken_at", MOST_TAKEN, now)


def check_told(reader: User | None, key_prefix: str, now: datetime) -> None:
    """One more word about the same thing to the same reader; nobody there, nobody told."""
    if reader and outbox.times_told(reader, key_prefix, now - WINDOW) >= MOST_TOLD:
        raise TooFast(TOO_FAST)


def _check(rows: QuerySet[Any], moment: str, most: int, now: datetime) -> None:
    last = rows.order_by("-pk").values_list(moment, flat=True)[most - 1 : most]
    if any(at > now - WINDOW for at in last):
        raise TooFast(TOO_FAST)
