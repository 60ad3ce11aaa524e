"""Everything that happens to a residency: claimed, proven, renewed, ended. Nothing else writes one.

The village's tally of neighbours counts residencies that are proven and not ended; it changes with them.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from secrets import compare_digest

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from villages import attempts, notices
from villages.codes import CODE_VALID, new_code
from villages.journal import note
from villages.models import RESIDENCY_VALID, Residency, Tally, Village
from villages.refusals import NotAllowed

# So long before its end a proof can be renewed by saying so.
RENEWABLE = timedelta(days=60)


@transaction.atomic
def claim(user: User, village: Village, street: str, *, actor: Actor, now: datetime) -> Residency:
    """``user`` says to live in ``village``; not proven yet. Saying it again only changes the street.

    Somebody has one home: a home in another village ends, with its proof.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)  # one claim at a time
    home = _locked().filter(user=user, ended_at=None).first()
    if home is not None and home.village_id == village.pk:
        if street and street != home.street:
            home.street = street
            home.save(update_fields=["street"])
        return home
    if not Village.objects.switched_on().filter(pk=village.pk).exists():
        raise NotAllowed(_("SamSam is not in %(village)s yet.") % {"village": village.label})
    if home is not None:
        _end(home, actor, now)
    home = Residency.objects.create(
        municipality_id=village.municipality_id, village=village, user=user, street=street, claimed_at=now
    )
    note("home_claimed", home.pk, actor=actor, now=now)
    notices.welcome(home, now)
    return home


def confirm_by_code(user: User, code: str, *, actor: Actor, now: datetime, ip: str | None = None) -> Residency:
    """Prove that ``user`` lives in the village they claimed, by the code on its letters. Proven already: a no-op.

    Capitals, spaces and dashes do not matter. Raises NotAllowed for a wrong or outdated code or without a claim,
    TooFast after too many tries; each try counts, also when what follows is undone.
    """
    attempts.count(user, ip, now)
    return _confirm_by_code(user, code, actor, now)


@transaction.atomic
def _confirm_by_code(user: User, code: str, actor: Actor, now: datetime) -> Residency:
    home = _locked().filter(user=user, ended_at=None).first()
    if home is None:
        raise NotAllowed(_("Choose your village first."))
    if home.is_proven(now):
        return home
    village = home.village
    name = village.contact_person.name if village.contact_person else "SamSam"
    if not compare_digest(tidy_code(code).encode(), village.letter_code.encode()):
        sentence = _("This code is not right. Look at the letter again. Still no luck? Call %(name)s.")
        raise NotAllowed(sentence % {"name": name})
    if village.letter_code_until <= now:
        raise NotAllowed(_("This code is too old. Call %(name)s for a new letter.") % {"name": name})
    return _confirm(home, Residency.Proof.CODE, None, actor, now)


@transaction.atomic
def confirm_by_contact_person(residency_pk: int, *, by: User, actor: Actor, now: datetime) -> Residency:
    """``by``, who works for the municipality, saw or spoke to this neighbour. Proven already: a no-op."""
    home = _locked().get(pk=residency_pk)
    if not by.municipalities().filter(pk=home.municipality_id).exists():
        raise NotAllowed(_("You do not work for %(municipality)s.") % {"municipality": home.municipality.name})
    if home.ended_at:
        raise NotAllowed(_("This neighbour does not live here any more."))
    if home.is_proven(now):
        return home
    return _confirm(home, Residency.Proof.CONTACT_PERSON, by, actor, now)


@transaction.atomic
def renew(residency_pk: int, *, actor: Actor, now: datetime) -> Residency:
    """Still living here, somebody says: the proof holds again for its full time. Long before its end: a no-op.

    Raises NotAllowed once it has run out; then it takes a new proof.
    """
    home = _locked().get(pk=residency_pk)
    if not home.is_proven(now):
        raise NotAllowed(_("Show once more that you live here, with the code from a letter."))
    if is_renewable(home, now):
        home.expires_at = now + RESIDENCY_VALID
        home.save(update_fields=["expires_at"])
        note("proof_renewed", home.pk, actor=actor, now=now)
    return home


def saw_board(home: Residency, newest: datetime | None, now: datetime) -> None:
    """This neighbour looked at the board, on which ``newest`` is the last moment something was posted.

    A read mark: written only for who gets a digest, when there was something new to them; for all others, and for a
    board that is looked at again, it costs nothing.
    """
    hears_news: bool = getattr(home, "hears_news", True)  # as ``home_of`` found
    if hears_news and newest is not None and (home.board_seen_at is None or newest > home.board_seen_at):
        Residency.objects.filter(pk=home.pk).update(board_seen_at=now)


@transaction.atomic
def end(residency_pk: int, *, actor: Actor, now: datetime) -> Residency:
    """Somebody does not live there any more. Ended already: a no-op."""
    home = _locked().get(pk=residency_pk)
    if home.ended_at is None:
        _end(home, actor, now)
    return home


@transaction.atomic
def renew_letter_code(village_pk: int, *, actor: Actor, now: datetime) -> Village:
    """A new code for the letters of this village; the old one stops working at once."""
    village = Village.objects.select_for_update(of=("self",), no_key=True).get(pk=village_pk)
    village.letter_code = new_code()
    village.letter_code_until = now + CODE_VALID
    village.save(update_fields=["letter_code", "letter_code_until"])
    note("letter_code_renewed", village.pk, actor=actor, now=now)
    return village


def tidy_code(code: str) -> str:
    """A code as it was meant: without the spaces and dashes of paper, in capitals."""
    return re.sub(r"[\s\-‐‑–—.]", "", code).upper()


def is_renewable(home: Residency, now: datetime) -> bool:
    """Proven, and the end is near."""
    return home.is_proven(now) and home.expires_at is not None and home.expires_at < now + RENEWABLE


def _confirm(home: Residency, proof: Residency.Proof, by: User | None, actor: Actor, now: datetime) -> Residency:
    counted = home.confirmed_at is not None  # an outdated proof still counts
    home.proof, home.confirmed_at, home.confirmed_by = proof, now, by
    home.expires_at = now + RESIDENCY_VALID
    home.save(update_fields=["proof", "confirmed_at", "confirmed_by", "expires_at"])
    notices.confirmed(home, now)
    note("home_proven", home.pk, actor=actor, now=now)
    if not counted:
        Tally.add(home.village_id, neighbours=1)
    return home


def _end(home: Residency, actor: Actor, now: datetime) -> None:
    home.ended_at = now
    home.save(update_fields=["ended_at"])
    note("home_ended", home.pk, actor=actor, now=now)
    if home.confirmed_at is not None:
        Tally.add(home.village_id, neighbours=-1)


def _locked() -> models.QuerySet[Residency]:
    rows = Residency.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("village__contact_person", "municipality", "user")
