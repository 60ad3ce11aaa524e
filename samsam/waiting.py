"""What waits for the village team, for the first page of the admin: seven short lists, eight queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.models import Report
from notifications.models import Message, State
from requests_app.models import HelpRequest, Status, StaysBehind
from villages.models import Residency
from volunteers.models import NEWCOMER_WITHIN, Volunteer, VolunteerQuerySet

if TYPE_CHECKING:
    from samsam.admin_site import SamsamAdminSite

LENGTH = 20
FIRST = 5  # of what stays behind: most of it stands in the next list too
MOST_COUNTED = 100


@dataclass(frozen=True)
class Item:
    """One line: what, for or by whom, its moment, and where it is opened."""

    what: str
    detail: str
    at: datetime | None
    url: str


@dataclass(frozen=True)
class Waiting:
    """One list, the most urgent first, with where the rest stands."""

    title: str
    nothing: str
    moment: str
    items: list[Item]
    url: str
    count: str = ""  # how many there are, where that is more than a list tells


def lists(request: HttpRequest, site: SamsamAdminSite) -> list[Waiting]:
    """What this visitor may see of each: requests by need and deadline, reports, who waits for a yes, failed mail."""
    return [
        _stays_behind(_rows(request, site, StaysBehind)),
        Waiting(
            _("With the contact person"),
            _("No requests wait. Well done."),
            _("Reacts before"),
            [_request(row) for row in _owned(_rows(request, site, HelpRequest))],
            _list_of(HelpRequest, "rung__exact=contact&status__exact=open"),
        ),
        Waiting(
            _("What neighbours told us"),
            _("No reports wait."),
            _("Answer before"),
            [_report(row) for row in _open_reports(_rows(request, site, Report))],
            _list_of(Report, "decided=no"),
        ),
        Waiting(
            _("Neighbours who wait for a yes"),
            _("Nobody waits."),
            _("Since"),
            [_residency(row) for row in _unproven(_rows(request, site, Residency))],
            _list_of(Residency, "proof=waiting"),
        ),
        Waiting(
            _("Volunteers who wait for a yes"),
            _("No volunteer waits."),
            _("Since"),
            [_volunteer(row, row.joined_at) for row in _unwelcomed(_rows(request, site, Volunteer))],
            _list_of(Volunteer, "free=waiting"),
        ),
        Waiting(
            _("New volunteers, never asked in 14 days"),
            _("Every new volunteer was asked something."),
            _("Since"),
            [_volunteer(row, row.approved_at) for row in _never_asked(_rows(request, site, Volunteer))],
            _list_of(Volunteer, "free=newcomer"),
        ),
        Waiting(
            _("Messages that could not be sent"),
            _("All messages went out."),
            _("Written"),
            [_message(row) for row in _failed(_rows(request, site, Message))],
            _list_of(Message),
        ),
    ]


def _rows(request: HttpRequest, site: SamsamAdminSite, model: type[Model]) -> QuerySet[Any]:
    return site.get_model_admin(model).get_queryset(request)


def _stays_behind(rows: QuerySet[StaysBehind]) -> Waiting:
    number = len(rows.order_by().values_list("pk", flat=True)[: MOST_COUNTED + 1])
    return Waiting(
        _("What stays behind"),
        _("Nothing stays behind. Well done."),
        _("needed by"),
        [_behind(row) for row in rows[:FIRST]],
        _list_of(StaysBehind),
        f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number or ""),
    )


def _owned(rows: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
    owned = rows.filter(status=Status.OPEN, owner__isnull=False)
    return owned.order_by("owner_deadline_at", "pk")[:LENGTH]


def _open_reports(rows: QuerySet[Report]) -> QuerySet[Report]:
    return rows.filter(handled_at=None).order_by("answer_before", "pk")[:LENGTH]


def _unproven(rows: QuerySet[Residency]) -> QuerySet[Residency]:
    return rows.filter(ended_at=None, confirmed_at=None).order_by("claimed_at", "pk")[:LENGTH]


def _unwelcomed(rows: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    assert isinstance(rows, VolunteerQuerySet)
    return rows.waiting().order_by("joined_at", "pk")[:LENGTH]


def _never_asked(rows: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    assert isinstance(rows, VolunteerQuerySet)
    return rows.not_asked_yet(timezone.now() - NEWCOMER_WITHIN).order_by("approved_at", "pk")[:LENGTH]


def _failed(rows: QuerySet[Message]) -> QuerySet[Message]:
    return rows.filter(state=State.FAILED).order_by("-pk")[:LENGTH]


def _request(row: HelpRequest) -> Item:
    return Item(str(row), f"{row.village}, {row.owner}", row.owner_deadline_at, _page_of(row))


def _behind(row: StaysBehind) -> Item:
    return Item(str(row), f"{row.village}, {row.owner or row.get_rung_display()}", row.needed_by, _request_page(row))


def _request_page(row: HelpRequest) -> str:
    return reverse("admin:requests_app_helprequest_change", args=[row.pk])


def _report(row: Report) -> Item:
    return Item(row.get_reason_display(), str(row.municipality), row.answer_before, _page_of(row))


def _residency(row: Residency) -> Item:
    return Item(str(row.user), f"{row.street}, {row.village}".removeprefix(", "), row.claimed_at, _page_of(row))


def _volunteer(row: Volunteer, at: datetime | None) -> Item:
    return Item(str(row.user), str(row.village), at, _page_of(row))


def _message(row: Message) -> Item:
    return Item(f"{row.kind} ({row.get_channel_display()})", row.failure, row.created_at, _page_of(row))


def _page_of(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _list_of(model: type[Model], query: str = "") -> str:
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{path}?{query}" if query else path
