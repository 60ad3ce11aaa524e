"""Villages, who lives there, where they meet, and who is the face of the social team."""

from villages.models.groups import Group, GroupQuerySet, Host, Member, MemberQuerySet, Place
from villages.models.tally import Tally
from villages.models.village import (
    MOST_QUIET,
    RESIDENCY_VALID,
    CodeAttempt,
    ContactPerson,
    PostcodeArea,
    Residency,
    ResidencyQuerySet,
    Village,
    VillageQuerySet,
    home_of,
    homes_of,
)

__all__ = [
    "MOST_QUIET",
    "RESIDENCY_VALID",
    "CodeAttempt",
    "ContactPerson",
    "Group",
    "GroupQuerySet",
    "Host",
    "Member",
    "MemberQuerySet",
    "Place",
    "PostcodeArea",
    "Residency",
    "ResidencyQuerySet",
    "Tally",
    "Village",
    "VillageQuerySet",
    "home_of",
    "homes_of",
]
