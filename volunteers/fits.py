"""Which work suits a volunteer: what a request demands, beside the choices somebody made about themselves."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from volunteers.models import CARS, Volunteer, VolunteerQuerySet

Where = Volunteer.Where
# Where the help is, and who goes there.
GO_THERE = {
    "inside": (Where.ANYWHERE,),
    "outside": (Where.ANYWHERE, Where.OUTSIDE),
    "place": (Where.ANYWHERE, Where.OUTSIDE, Where.PLACE),
}


@dataclass(frozen=True)
class Work:
    """What is demanded of who is asked; nothing, unless said."""

    where: str = "place"  # "inside" somebody's home, "outside" or at the door, or at a "place" with others
    light: bool = True  # can be done by who cannot do much
    car: bool = False
    alone: bool = False  # one person is asked for


def who_fit(volunteers: VolunteerQuerySet, work: Work, *, wide: bool) -> VolunteerQuerySet:
    """Those of these whom the work suits. ``wide`` asks who would rather go together for one person's work too.

    Where somebody goes, and that they chose light work, are never widened.
    """
    volunteers = volunteers.filter(where__in=GO_THERE[work.where])
    if not work.light:
        volunteers = volunteers.filter(light=False)
    if work.car:
        volunteers = volunteers.filter(Q(transport=[]) | Q(transport__overlap=list(CARS)))
    if work.alone and not wide:
        volunteers = volunteers.filter(buddy=False)
    return volunteers
