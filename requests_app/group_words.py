"""What a group is called on the pages and in the story of a request."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from requests_app.models import HelpRequest
from villages.models import Group, Village


def fitting(help_request: HelpRequest) -> str:
    """Before whom it comes: "the group of het Klokhuis". One query."""
    return named(places_of(help_request.village, help_request.category))


def before(help_request: HelpRequest) -> str:
    """Before whom it lies already. One query."""
    return named(help_request.group_asks.values_list("group__place__name", flat=True))


def named(places: Iterable[str]) -> str:
    """The group of a place; of several places the groups of the village."""
    found = sorted(set(places))
    return _("the group of %(place)s") % {"place": found[0]} if len(found) == 1 else _("the groups in the village")


def places_of(village: Village, category: str) -> list[str]:
    """Where groups meet that do such things; without a query where there are none."""
    if category not in village.group_categories:
        return []
    groups = Group.objects.with_host().filter(place__village=village, categories__contains=[category])
    return list(groups.values_list("place__name", flat=True))
