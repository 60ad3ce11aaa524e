"""A district: a part of a town, made by staff out of postcode areas."""

import re
from collections.abc import Iterable
from datetime import datetime
from statistics import fmean

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Municipality
from villages.journal import note
from villages.models import PostcodeArea, Village
from villages.reference import free_slug
from villages.refusals import NotAllowed

NAME_LENGTH = 80
MOST_AREAS = 50  # more is a town, not a district


@transaction.atomic
def make_district(
    name: str, municipality: Municipality, pc4s: Iterable[str], *, actor: Actor, now: datetime
) -> Village:
    """A new district, switched off, of postcode areas that all lie in ``municipality``.

    Raises NotAllowed, with a sentence for staff, for a name that is taken there, an area that does not exist or
    lies elsewhere, or no area at all.
    """
    _refuse_strangers(actor, municipality)
    # One at a time per municipality, so that two of one name at once do not race for the address.
    Municipality.objects.select_for_update(of=("self",), no_key=True).get(pk=municipality.pk)
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH or not slugify(name):
        raise NotAllowed(_("Give the district a name of at most 80 characters."))
    if Village.objects.filter(municipality=municipality, name__iexact=name).exists():
        raise NotAllowed(_("%(name)s exists already in %(municipality)s.") % _names(name, municipality))
    areas = _areas(municipality, pc4s)
    same_name = Village.objects.filter(name__iexact=name)
    shares_name = same_name.update(shares_name=True) > 0
    taken = Village.objects.filter(slug__startswith=slugify(name)).values_list("slug", flat=True)
    district = Village.objects.create(
        municipality=municipality,
        name=name,
        slug=free_slug(name, municipality.name, set(taken)),
        kind=Village.Kind.DISTRICT,
        shares_name=shares_name,
        pc4s=sorted({area.pc4 for area in areas}),
        lat=fmean(area.lat for area in areas),
        lon=fmean(area.lon for area in areas),
    )
    note("district_made", district.pk, actor=actor, now=now)
    return district


def _refuse_strangers(actor: Actor, municipality: Municipality) -> None:
    if actor.user is None or not actor.user.municipalities().filter(pk=municipality.pk).exists():
        raise NotAllowed(_("You do not work for %(municipality)s.") % {"municipality": municipality.name})


def _areas(municipality: Municipality, pc4s: Iterable[str]) -> list[PostcodeArea]:
    wanted = {pc4.strip() for pc4 in pc4s} - {""}
    if not wanted:
        raise NotAllowed(_("Name at least one postcode area, like 2317."))
    if len(wanted) > MOST_AREAS or not all(re.fullmatch(r"[1-9][0-9]{3}", pc4) for pc4 in wanted):
        raise NotAllowed(_("Write each postcode area as four digits, like 2317."))
    areas = list(PostcodeArea.objects.filter(municipality=municipality, pc4__in=wanted))
    if missing := sorted(wanted - {area.pc4 for area in areas}):
        names = {"areas": ", ".join(missing), "municipality": municipality.name}
        raise NotAllowed(_("Not in %(municipality)s: %(areas)s.") % names)
    return areas


def _names(name: str, municipality: Municipality) -> dict[str, str]:
    return {"name": name, "municipality": municipality.name}
