"""A village goes on, once it has a face; and off again, once nothing is open there."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from villages.journal import note
from villages.models import Tally, Village
from villages.refusals import NotAllowed


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

    Raises NotAllowed while requests are open: each has somebody waiting for an answer.
    """
    village = _lock(village_pk)
    if village.switched_on_at is None:
        return village
    if Tally.objects.filter(pk=village.pk, open_requests__gt=0).exists():
        sentence = _("There are still open requests in %(village)s. Finish those first.")
        raise NotAllowed(sentence % {"village": village.label})
    village.switched_on_at = None
    village.save(update_fields=["switched_on_at"])
    note("village_switched_off", village.pk, actor=actor, now=now)
    return village


def _lock(pk: int) -> Village:
    rows = Village.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("municipality").get(pk=pk)
