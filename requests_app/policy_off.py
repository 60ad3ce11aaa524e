"""What switching a version off would mean, in words, before it is so. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.admin_lists import short_moment
from requests_app import moments, policy_preview
from requests_app.models import HelpRequest, Policy, RequestAsk, Status
from villages import daylight
from volunteers.models import Ask


@dataclass(frozen=True)
class Meaning:
    """Of one version: what happens to what runs under it, and what counts for new requests from then on."""

    policy: Policy
    sentences: list[str]
    from_then_on: str
    numbers: list[str]


def meanings(chosen: QuerySet[Policy], now: datetime) -> list[Meaning]:
    """Of each of these, when all of them are switched off."""
    rows = list(chosen)
    left = Policy.objects.exclude(pk__in=[row.pk for row in rows])
    return [_meaning(row, left.newest(row.municipality, row.category), now) for row in rows]


def _meaning(policy: Policy, then: Policy | None, now: datetime) -> Meaning:
    here = HelpRequest.objects.filter(municipality=policy.municipality_id, policy=policy)
    return Meaning(
        policy=policy,
        sentences=[*_running(here), *_who_gets_them(here, policy, now)],
        from_then_on=_from_then_on(then),
        numbers=policy_preview.in_words(then or Policy(municipality=policy.municipality)),
    )


def _running(here: QuerySet[HelpRequest]) -> list[str]:
    counts = here.aggregate(open=Count("pk", Q(status=Status.OPEN)), taken=Count("pk", Q(status=Status.TAKEN)))
    if not counts["open"]:
        sentences = [_("No open request runs under it.")]
    else:
        open_ones = ngettext(
            "%(count)s open request runs under it.", "%(count)s open requests run under it.", counts["open"]
        )
        asks = RequestAsk.objects.filter(
            help_request__in=here.filter(status=Status.OPEN), ask__answer=Ask.Answer.OPEN
        ).count()
        asked = ngettext(
            "%(count)s volunteer was asked and did not answer yet: that ask ends.",
            "%(count)s volunteers were asked and did not answer yet: those asks end.",
            asks,
        )
        sentences = [open_ones % {"count": counts["open"]}, asked % {"count": asks} if asks else _("No ask is open.")]
    if counts["taken"]:
        coming = ngettext(
            "For %(count)s more somebody comes: that goes on.",
            "For %(count)s more somebody comes: those go on.",
            counts["taken"],
        )
        sentences.append(coming % {"count": counts["taken"]})
    return sentences


def _who_gets_them(here: QuerySet[HelpRequest], policy: Policy, now: datetime) -> list[str]:
    open_ones = here.filter(status=Status.OPEN).order_by()
    waiting = open_ones.filter(owner=None).values_list("village__contact_person__name", "village__name")
    hours = policy.office_hours or moments.CONTACT_HOURS
    before = short_moment(daylight.working_deadline(now, hours))
    sentences = []
    for name, village, count in waiting.annotate(count=Count("pk")).order_by("village__name"):
        gets = _("%(name)s (%(village)s) gets %(count)s of them, to call before %(before)s or the help itself.")
        who = {"name": name or _("Nobody yet"), "village": village, "count": count, "before": before}
        sentences.append(gets % who)
    if theirs := open_ones.exclude(owner=None).count():
        stay = ngettext(
            "%(count)s is with the contact person already, and stays there.",
            "%(count)s are with the contact person already, and stay there.",
            theirs,
        )
        sentences.append(stay % {"count": theirs})
    return sentences


def _from_then_on(then: Policy | None) -> str:
    if then is None:
        return _("No other version is left. New requests get the numbers that SamSam begins with, as a new version:")
    which = {
        "version": then.version,
        "category": then.get_category_display() if then.category else _("all categories"),
    }
    return _("New requests get version %(version)s (%(category)s):") % which
