"""A village goes on, once it has a face; and off again, once nothing runs there."""

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from villages.journal import note
from villages.models import Tally, Village
from villages.refusals import NotAllowed

_looks: list[Callable[[int], bool]] = []


def register_running(look: Callable[[int], bool]) -> None:
    """Who knows whether something still runs in a village; asked before it goes off."""
    _looks.append(look)


def stays_on(village_pk: int) -> bool:
    """Whether this village is on, and it stays so until the transaction ends. Any number may hold it at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT switched_on_at IS NOT NULL FROM villages_village WHERE id = %s FOR SHARE", [village_pk])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def switch_on(village_pk: int, *, actor: Actor, now: datetime) -> Village:
    """From now on residents of this village can join. On already: nothing changes.

    Raises NotAllowed without a contact person: nobody would be there for what neighbours leave.
    """
    village = _lock(village_pk)
    if village.switched_on_at:
        return village
    if village.contact_person_id is None:
        sentence = _("%(village)s has no contact person yet. Choose one first.")
        raise NotAllowed(sentence % {"village": village.label})
    village.switched_on_at = now
    village.save(update_fields=["switched_on_at"])
    note("village_switched_on", village.pk, actor=actor, now=now)
    Tally.add(village.pk)  # its counters exist from now on
    return village


@transaction.atomic
def switch_off(village_pk: int, *, actor: Actor, now: datetime) -> Village:
    """Nobody can join any more. Off already: nothing changes.

    Raises NotAllowed while requests run: each has somebody waiting for an answer, or whose helper may still give back.
    """
    village = _lock(village_pk)
    if village.switched_on_at is None:
        return village
    if any(runs_in(village.pk) for runs_in in _looks):
        sentence = _("Not everything in %(village)s is done yet. Finish the requests first.")
        raise NotAllowed(sentence % {"village": village.label})
    village.switched_on_at = None
    village.save(update_fields=["switched_on_at"])
    note("village_switched_off", village.pk, actor=actor, now=now)
    return village


def _lock(pk: int) -> Village:
    rows = Village.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("municipality").get(pk=pk)
